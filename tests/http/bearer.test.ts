import assert from "node:assert/strict";
import test from "node:test";
import { bearer, createTransport, signWith } from "@tutti/sdk/http";
import type { Credentials, Transport } from "@tutti/sdk/http";

/** A transport that tells which header each try carried. */
function bench(credentials: Credentials): {
  readonly seen: (string | null)[];
  readonly call: (auth?: boolean) => Promise<unknown>;
} {
  const seen: (string | null)[] = [];
  const transport: Transport = createTransport({
    baseUrl: "https://api.test",
    sign: signWith(credentials),
    retry: { initialDelayMs: 0 },
    fetch: ({ headers }) => {
      seen.push(headers.get("authorization"));
      return Response.json({}, { status: seen.length === 1 ? 503 : 200 });
    },
  });
  const call = (auth?: boolean) =>
    transport.call({
      method: "GET",
      path: "/",
      auth,
      contract: "safe",
      decode: (body) => body,
    });
  return { seen, call };
}

test("bearer() asks a function anew for every try", async () => {
  let asked = 0;
  const { seen, call } = bench(bearer("apiKey", () => `token${++asked}`));
  await call();
  assert.deepEqual(seen, ["Bearer token1", "Bearer token2"]);
});

test("signWith() leaves out operations that carry no credential, and asks nobody for them", async () => {
  let asked = 0;
  const { seen, call } = bench(bearer("apiKey", () => `token${++asked}`));
  await call(false);
  assert.deepEqual(seen, [null, null]);
  assert.equal(asked, 0);
});

test("bearer() refuses a token that no header can carry, and does not show it", async () => {
  for (const token of ["", "two words", "ümlaut", "a\nb", 7, null]) {
    assert.throws(() => bearer("accessToken", token as string), {
      code: "invalid-argument",
      path: "accessToken",
      message:
        'Cannot use "accessToken": printable ASCII without spaces is wanted',
    });
  }
  for (const token of ["", "two words", undefined, null]) {
    const { seen, call } = bench(
      bearer("accessToken", () => token as string),
    );
    await assert.rejects(call(), {
      code: "invalid-argument",
      path: "accessToken",
    });
    assert.deepEqual(seen, []);
  }
});
