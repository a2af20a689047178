import assert from "node:assert/strict";
import test from "node:test";
import {
  createHeaderSignature,
  InvalidArgumentError,
  parseSecret,
  SignatureError,
} from "@tutti/sdk/http";
import type {
  HeaderSignature,
  HeaderSignatureScheme,
  SignatureOptions,
} from "@tutti/sdk/http";
import { atTime } from "../support/fake_clock.ts";
import {
  bodyVectors,
  deliveryVectors,
  headerFamilies,
} from "../support/vectors.ts";
import type { DeliveryVector } from "../support/vectors.ts";

const now = 1_700_000_000_000;
const scheme = { signatureHeader: "x-signature", timestampHeader: "x-time" };
const secret = parseSecret({ text: "secret" });

function at(
  ms: number,
  secrets: Uint8Array | readonly Uint8Array[] = secret,
  more: Partial<HeaderSignatureScheme> = {},
  options: SignatureOptions = {},
): HeaderSignature {
  return createHeaderSignature(secrets, { ...scheme, ...more }, {
    clock: { now: () => ms },
    ...options,
  });
}

/** What a client does with the spellings of its platform: take the first pair that is complete. */
function ofVector(vector: DeliveryVector): [HeaderSignature, Headers] {
  const headers = new Headers(vector.headers);
  const [signatureHeader = "", timestampHeader] =
    headerFamilies.find((family) =>
      family.every((name) => headers.has(name))
    ) ??
      headerFamilies[1]!;
  const signature = createHeaderSignature(
    parseSecret({ text: vector.secret }),
    { signatureHeader, timestampHeader, prefix: ["sha256=", "v1="] },
    {
      clock: { now: () => vector.verifyAtUnixSeconds * 1_000 },
      toleranceMs: vector.freshnessWindowSeconds * 1_000,
    },
  );
  return [signature, headers];
}

// The label of the algorithm is a header of the platform, which its client looks at.
const vectors = deliveryVectors.filter(({ reason }) =>
  reason !== "unsupported_algorithm"
);

test("createHeaderSignature() accepts every delivery vector that is valid", async () => {
  const valid = vectors.filter((vector) => vector.expect === "valid");
  assert.ok(valid.length >= 8);
  for (const vector of valid) {
    const [signature, headers] = ofVector(vector);
    assert.equal(
      await signature.verify(headers, vector.bodyUtf8),
      vector.timestamp * 1_000,
      vector.name,
    );
    const bytes = new TextEncoder().encode(vector.bodyUtf8);
    await signature.verify(headers, bytes);
  }
});

test("createHeaderSignature() refuses every delivery vector that is not, and says which check it failed", async () => {
  const checks: Record<string, string> = {
    signature_mismatch: "mismatch",
    timestamp_expired: "expired",
    timestamp_too_far_in_future: "early",
    malformed_signature_header: "malformed",
    malformed_timestamp_header: "malformed",
    missing_signature_header: "missing",
  };
  const invalid = vectors.filter((vector) => vector.expect === "invalid");
  assert.equal(invalid.length, 9);
  for (const vector of invalid) {
    const [signature, headers] = ofVector(vector);
    await assert.rejects(signature.verify(headers, vector.bodyUtf8), {
      name: "SignatureError",
      check: checks[vector.reason ?? ""],
    }, vector.name);
  }
});

test("createHeaderSignature() makes the signatures of all delivery vectors", async () => {
  for (const vector of deliveryVectors) {
    const signature = at(
      vector.timestamp * 1_000,
      parseSecret({ text: vector.secret }),
    );
    assert.deepEqual(await signature.sign(vector.bodyUtf8), {
      "x-time": String(vector.timestamp),
      "x-signature": `sha256=${vector.expectedSignatureHex}`,
    });
  }
});

test("createHeaderSignature() signs the body alone where the scheme has no timestamp", async () => {
  for (const vector of bodyVectors) {
    const signature = createHeaderSignature(
      parseSecret({ text: vector.secretText }),
      { signatureHeader: "x-signature" },
    );
    const headers = await signature.sign(vector.body);
    assert.deepEqual(headers, { "x-signature": vector.headerValue });
    const verified = await signature.verify(new Headers(headers), vector.body);
    assert.equal(verified, undefined);
    await assert.rejects(
      signature.verify(new Headers(headers), `${vector.body} `),
      { check: "mismatch", header: "x-signature" },
    );
  }
});

test("createHeaderSignature() accepts 300 s in both directions and not a second more when nothing is said", async () => {
  const headers = new Headers(await at(now).sign("{}"));
  for (const seconds of [-300, -1, 0, 1, 300]) {
    await at(now + seconds * 1_000).verify(headers, "{}");
  }
  // Whole seconds count on both sides.
  await at(now + 300_999).verify(headers, "{}");
  await assert.rejects(at(now + 301_000).verify(headers, "{}"), {
    check: "expired",
    header: "x-time",
  });
  await assert.rejects(at(now - 300_001).verify(headers, "{}"), {
    check: "early",
    header: "x-time",
  });
});

test("createHeaderSignature() takes a window of the caller's, and none at all", async () => {
  const headers = new Headers(await at(now).sign("{}"));
  const narrow = { toleranceMs: 2_000 };
  await at(now + 2_000, secret, {}, narrow).verify(headers, "{}");
  await assert.rejects(
    at(now + 3_000, secret, {}, narrow).verify(headers, "{}"),
    { check: "expired" },
  );
  const any = { toleranceMs: Infinity };
  await at(now * 2, secret, {}, any).verify(headers, "{}");
});

test("createHeaderSignature() uses the time of the runtime when no clock is given", async () => {
  const signature = createHeaderSignature(secret, scheme);
  await atTime(now + 999, async () => {
    const headers = new Headers(await signature.sign("{}"));
    assert.equal(headers.get("x-time"), String(now / 1_000));
    await signature.verify(headers, "{}");
  });
});

test("createHeaderSignature() accepts every secret while they rotate, and signs with the newest", async () => {
  const [old, fresh] = [
    parseSecret({ text: "old" }),
    parseSecret({ text: "fresh" }),
  ];
  const both = at(now, [fresh, old]);
  for (const signer of [at(now, old), at(now, fresh)]) {
    await both.verify(new Headers(await signer.sign("{}")), "{}");
  }
  assert.deepEqual(await both.sign("{}"), await at(now, fresh).sign("{}"));
  await assert.rejects(
    both.verify(new Headers(await at(now).sign("{}")), "{}"),
    { check: "mismatch" },
  );
});

test("createHeaderSignature() writes the first prefix and accepts each, and base64 where the scheme has it", async () => {
  const many = at(now, secret, { prefix: ["v1=", "sha256=", ""] });
  assert.match((await many.sign("{}"))["x-signature"] ?? "", /^v1=/);
  for (const prefix of ["sha256=", "v1=", ""]) {
    const headers = await at(now, secret, { prefix }).sign("{}");
    await many.verify(new Headers(headers), "{}");
  }
  const base64 = at(now, secret, { encoding: "base64", prefix: "" });
  const headers = new Headers(await base64.sign("{}"));
  assert.match(headers.get("x-signature") ?? "", /^[\w+/]{43}=$/);
  await base64.verify(headers, "{}");
});

test("createHeaderSignature() refuses headers that are missing, doubled or cannot be read", async () => {
  const good = await at(now).sign("{}");
  const cases: [Record<string, string>, string, string][] = [
    [{ "x-signature": "" }, "missing", "x-signature"],
    [{ "x-time": "" }, "missing", "x-time"],
    [{ "x-time": "1700000000.0" }, "malformed", "x-time"],
    [{ "x-time": "-1700000000" }, "malformed", "x-time"],
    [{ "x-time": "1e9" }, "malformed", "x-time"],
    [{ "x-time": "1700000000000000" }, "malformed", "x-time"],
    [{ "x-time": "1700000000, 1700000000" }, "malformed", "x-time"],
    [{ "x-signature": "sha256=xyz" }, "malformed", "x-signature"],
    [{ "x-signature": "SHA512=00" }, "malformed", "x-signature"],
    [{ "x-signature": "sha256=" }, "mismatch", "x-signature"],
    [{ "x-signature": "sha256=00" }, "mismatch", "x-signature"],
  ];
  for (const [change, check, header] of cases) {
    await assert.rejects(
      at(now).verify(new Headers({ ...good, ...change }), "{}"),
      { check, header },
      JSON.stringify(change),
    );
  }
});

test("createHeaderSignature() refuses to be made without a secret or with a tolerance that is none", () => {
  const wrong: unknown[] = [
    [],
    undefined,
    [undefined],
    [secret, undefined],
    new Uint8Array(),
    [secret, new Uint8Array()],
    "canary",
    { text: "canary" },
  ];
  for (const secrets of wrong) {
    assert.throws(
      () => createHeaderSignature(secrets as Uint8Array, scheme),
      (error) => {
        assert.ok(InvalidArgumentError.is(error));
        assert.equal(error.path, "secrets");
        assert.doesNotMatch(String(error), /canary/);
        return true;
      },
    );
  }
  for (const toleranceMs of [0, -1, NaN, "300" as never]) {
    assert.throws(
      () => at(now, secret, {}, { toleranceMs }),
      (error) => InvalidArgumentError.is(error) && error.path === "toleranceMs",
    );
  }
});

test("SignatureError names the check and the header, and nothing of the secret, the signature or the body", async () => {
  const signer = at(now, parseSecret({ text: "canary-secret" }));
  const headers = new Headers(await signer.sign("canary-body"));
  const value = headers.get("x-signature")!;
  const error: unknown = await at(now, parseSecret({ text: "canary-other" }))
    .verify(headers, "canary-body").catch((thrown: unknown) => thrown);
  assert.ok(SignatureError.is(error));
  assert.equal(error.code, "signature-invalid");
  assert.equal(error.retryable, false);
  const all = JSON.stringify(error, Object.getOwnPropertyNames(error)) +
    error.stack;
  assert.doesNotMatch(all, /canary/);
  assert.ok(!all.includes(value.slice("sha256=".length)));
  assert.match(
    error.message,
    /^Cannot verify .*: header "x-signature" .*[^.]$/,
  );
});

test("SignatureError.is() tells it from other errors", () => {
  assert.ok(SignatureError.is(new SignatureError("missing", "x")));
  assert.equal(SignatureError.is(new InvalidArgumentError("x", "y")), false);
  assert.equal(SignatureError.is(undefined), false);
});
