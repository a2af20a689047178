import assert from "node:assert/strict";
import test from "node:test";
import { createRequestSigner, OpenSpawnClient } from "@tutti/sdk/openspawn";
import type { OpenSpawnClientOptions } from "@tutti/sdk/openspawn";
import vectors from "../vectors/openspawn_hmac.json" with { type: "json" };
import { inPage } from "../support/browser.ts";

const agentId = "worker1";
const secret =
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const url = "https://api.test/api/v1/agents";

test("createRequestSigner() gives the signature that the server accepts, for every vector", async () => {
  assert.equal(vectors.requestVectors.length, 9);
  for (const vector of vectors.requestVectors) {
    const { method, nonce, path, query, signature, timestamp, wireBody } =
      vector;
    const sign = createRequestSigner({ agentId, secret: vector.secretHex });
    const request = {
      method,
      url: `https://api.test${path}${query && `?${query}`}`,
      body: wireBody ?? undefined,
    };
    assert.deepEqual(
      await sign(request, Number(timestamp) * 1_000, nonce),
      {
        "x-agent-id": agentId,
        "x-timestamp": timestamp,
        "x-nonce": nonce,
        "x-signature": signature,
      },
      vector.name,
    );
  }
});

test("createRequestSigner() gives none of the signatures that the server refuses, and its variants give those of the mistakes", async () => {
  for (const vector of vectors.requestVectors) {
    const { method, nonce, path, query, timestamp, wireBody } = vector;
    const identity = { agentId, secret: vector.secretHex };
    const request = {
      method,
      url: `https://api.test${path}${query && `?${query}`}`,
      body: wireBody ?? undefined,
    };
    const now = Number(timestamp) * 1_000;
    const signed = await createRequestSigner(identity)(request, now, nonce);
    const wrong: Readonly<Record<string, string | undefined>> =
      vector.rejectedVariants;
    assert.ok(!Object.values(wrong).includes(signed["x-signature"]));
    // The same text with the secret as text is the first of them.
    const asText = await createRequestSigner(identity, { secret: "text" })(
      request,
      now,
      nonce,
    );
    assert.equal(asText["x-signature"], wrong.secret_as_utf8_text);
    if (wrong.query_included_in_path) {
      const withQuery = createRequestSigner(identity, {
        path: ({ pathname, search }) => pathname + search,
      });
      assert.equal(
        (await withQuery(request, now, nonce))["x-signature"],
        wrong.query_included_in_path,
      );
    }
  }
});

test("createRequestSigner() signs the server's own writing of a body: compact, unescaped, numbers and keys as JSON has them", async () => {
  const sign = createRequestSigner({ agentId, secret });
  const of = async (body: string | undefined): Promise<string | undefined> =>
    (await sign({ method: "POST", url, body }, 0, "n"))["x-signature"];
  const wanted = '{"2":1,"b":1000,"text":"é"}';
  assert.equal(
    await of('{ "b": 1e3,\n "2": 1.0, "text": "\\u00e9" }'),
    await of(wanted),
  );
  assert.equal(await of(undefined), await of("{}"));
  assert.equal(await of("no JSON"), await of("{}"));
});

test("createRequestSigner() refuses a malformed secret or slug before anything is signed, without repeating it", () => {
  const canary = "canary".repeat(11);
  for (const secret of ["", "ab", canary, `${"0".repeat(63)}g`]) {
    assert.throws(() => createRequestSigner({ agentId, secret }), (error) => {
      assert.ok(error instanceof Error);
      assert.equal((error as { code?: string }).code, "invalid-argument");
      assert.ok(!error.message.includes("canary"));
      return true;
    });
  }
  for (const agentId of ["", "a b", "a\nb"]) {
    assert.throws(() => createRequestSigner({ agentId, secret }), {
      path: "agentId",
    });
  }
});

test("OpenSpawnClient refuses a secret in a browser, whatever it is, and takes a function or a permission", () => {
  const baseUrl = "https://api.test";
  const agent = { baseUrl, agentId: "worker1", secret: "0f".repeat(32) };
  const make = (options: OpenSpawnClientOptions): OpenSpawnClient =>
    inPage(() => new OpenSpawnClient(options));
  for (
    const [path, options] of [
      ["secret", agent],
      ["apiKey", { baseUrl, apiKey: "osp_public" }],
      ["accessToken", { baseUrl, accessToken: "a.b.c" }],
    ] as const
  ) {
    assert.throws(() => make(options), (error: unknown) => {
      const { code, path: at, message, hint } = error as Record<string, string>;
      assert.equal(code, "invalid-argument");
      assert.equal(at, path);
      assert.match(hint!, /allowSecretsInBrowser/);
      assert.doesNotMatch(message! + hint, /0f0f|osp_public|a\.b\.c/);
      return true;
    });
    assert.ok(
      make({ ...options, allowSecretsInBrowser: true }) instanceof
        OpenSpawnClient,
    );
  }
  assert.ok(
    make({ baseUrl, accessToken: () => "a.b.c" }) instanceof OpenSpawnClient,
  );
});

test("OpenSpawnClient signs what it sends, on whatever runtime", async () => {
  const signer = createRequestSigner({ agentId, secret });
  let signed = 0;
  const client = new OpenSpawnClient({
    baseUrl: "https://api.test",
    agentId,
    secret,
    allowSecretsInBrowser: true,
    fetch: async (request) => {
      const { method, url, headers } = request;
      const timestamp = Number(headers.get("x-timestamp"));
      const wanted = await signer(
        { method, url, body: await request.text() },
        timestamp * 1_000,
        headers.get("x-nonce") ?? "",
      );
      for (const [name, value] of Object.entries(wanted)) {
        assert.equal(headers.get(name), value);
      }
      signed++;
      return Response.json({ data: [] });
    },
  });
  await client.tasks.list({ status: "todo" });
  await client.tasks.create({ title: "Révision ✓ \ud83d\ude00" });
  await client.agents.reject("3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f");
  assert.equal(signed, 3);
});

test("a secret that is a text may be any, and never goes out itself", async () => {
  const secret = "pass phrase, näher";
  let sent = "";
  const client = new OpenSpawnClient({
    baseUrl: "https://api.test",
    agentId,
    secret,
    signing: { secret: "text" },
    allowSecretsInBrowser: true,
    fetch: ({ headers }) => {
      sent = JSON.stringify([...headers]);
      return Response.json({ data: [] });
    },
  });
  assert.deepEqual(await client.agents.list(), []);
  assert.match(sent, /"x-signature","[0-9a-f]{64}"/);
  assert.doesNotMatch(sent, /phrase/);
  assert.throws(
    () =>
      new OpenSpawnClient({
        baseUrl: "https://api.test",
        agentId,
        secret: "",
        signing: { secret: "text" },
        allowSecretsInBrowser: true,
      }),
    { code: "invalid-argument", path: "secret" },
  );
});

test("createRequestSigner() refuses a nonce when the server could not store it", async () => {
  const sign = createRequestSigner({ agentId, secret });
  const request = { method: "GET", url };
  for (const nonce of ["", "x".repeat(65), "a b", "a\r\nb", "ü"]) {
    await assert.rejects(sign(request, 0, nonce), {
      code: "invalid-argument",
      path: "nonce",
    });
  }
  const longest = "x".repeat(64);
  assert.equal((await sign(request, 0, longest))["x-nonce"], longest);
});
