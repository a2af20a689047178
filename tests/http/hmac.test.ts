import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { InvalidArgumentError, signHmac, verifyHmac } from "@tutti/sdk/http";
import type { BinaryEncoding, HmacSecret } from "@tutti/sdk/http";
import fc from "fast-check";
import { bodyVectors, requestVectors } from "../support/vectors.ts";

const encodings: readonly BinaryEncoding[] = ["hex", "base64", "base64url"];

/** Counts the keys that Web Crypto imports while `work` runs. */
async function imports(
  work: () => Promise<unknown>,
): Promise<readonly unknown[][]> {
  const subtle = crypto.subtle as unknown as {
    importKey: (...given: unknown[]) => unknown;
  };
  const real = subtle.importKey;
  const calls: unknown[][] = [];
  subtle.importKey = (...given) => {
    calls.push(given);
    return real.apply(crypto.subtle, given);
  };
  try {
    await work();
  } finally {
    delete (subtle as { importKey?: unknown }).importKey;
    if (subtle.importKey !== real) subtle.importKey = real;
  }
  return calls;
}

test("signHmac() gives the digests of RFC 4231", async () => {
  const cases: [HmacSecret, string, string][] = [
    [
      new Uint8Array(20).fill(0x0b),
      "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      { text: "Jefe" },
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      { hex: "aa".repeat(131) },
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ];
  for (const [secret, message, digest] of cases) {
    assert.equal(await signHmac(secret, message), digest);
    assert.ok(await verifyHmac(secret, message, digest));
  }
});

test("signHmac() gives the signatures that a server accepts, for every request vector", async () => {
  assert.ok(requestVectors.length >= 9);
  for (const vector of requestVectors) {
    const secret = { hex: vector.secretHex };
    const { canonicalString, signature } = vector;
    assert.equal(await signHmac(secret, canonicalString), signature);
    assert.ok(await verifyHmac(secret, canonicalString, signature));
    for (const [mistake, wrong] of Object.entries(vector.rejectedVariants)) {
      assert.equal(
        await verifyHmac(secret, canonicalString, wrong),
        false,
        `${vector.name}: ${mistake}`,
      );
    }
    assert.equal(
      await signHmac({ text: vector.secretHex }, canonicalString),
      vector.rejectedVariants["secret_as_utf8_text"],
      "the same characters as text are another secret",
    );
  }
});

test("signHmac() gives the signature of the vector that signs a body with a text secret", async () => {
  assert.equal(bodyVectors.length, 1);
  for (const { secretText, body, headerValue } of bodyVectors) {
    const signature = await signHmac({ text: secretText }, body);
    assert.equal(`sha256=${signature}`, headerValue);
  }
});

test("signHmac() agrees with an independent implementation, whatever is signed, in each encoding", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(...encodings),
      async (secret, message, encoding) => {
        const wanted = createHmac("sha256", secret).update(message).digest(
          encoding,
        );
        const options = { encoding };
        assert.equal(await signHmac(secret, message, options), wanted);
        assert.ok(await verifyHmac(secret, message, wanted, options));
      },
    ),
    { numRuns: 60 },
  );
});

test("verifyHmac() refuses a signature with any one bit changed", async () => {
  const secret = { text: "secret" };
  const digest = createHmac("sha256", "secret").update("message").digest();
  for (let bit = 0; bit < 256; bit++) {
    const changed = Uint8Array.from(digest);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const hex = Array.from(
      changed,
      (byte) => byte.toString(16).padStart(2, "0"),
    ).join("");
    assert.equal(await verifyHmac(secret, "message", hex), false);
  }
});

test("verifyHmac() reads capitals in hex, and base64 of either alphabet with or without padding", async () => {
  const secret = { text: "secret" };
  // Chosen so that its digest has both characters in which the alphabets differ.
  let message = "";
  let base64 = "";
  for (let n = 0; !/\+.*\/|\/.*\+/.test(base64); n++) {
    message = `message ${n}`;
    base64 = createHmac("sha256", "secret").update(message).digest("base64");
  }
  const hex = createHmac("sha256", "secret").update(message).digest("hex");
  const url = base64.replaceAll("+", "-").replaceAll("/", "_");
  assert.ok(await verifyHmac(secret, message, hex.toUpperCase()));
  for (const encoding of ["base64", "base64url"] as const) {
    for (const text of [base64, url, base64.slice(0, -1), url.slice(0, -1)]) {
      assert.ok(await verifyHmac(secret, message, text, { encoding }));
    }
  }
});

test("verifyHmac() says false for what is no signature", async () => {
  const secret = { text: "secret" };
  const hex = await signHmac(secret, "message");
  const wrong = [
    "",
    "no hex",
    hex.slice(1),
    hex.slice(2),
    `${hex}00`,
    ` ${hex}`,
    `0x${hex}`,
  ];
  for (const text of wrong) {
    assert.equal(await verifyHmac(secret, "message", text), false, text);
  }
  for (const text of ["", "*", "A", "é", await signHmac(secret, "other")]) {
    const options = { encoding: "base64" } as const;
    assert.equal(await verifyHmac(secret, "message", text, options), false);
  }
});

test("signHmac() and verifyHmac() write hex when nothing is said", async () => {
  const secret = { text: "secret" };
  const signature = await signHmac(secret, "");
  assert.match(signature, /^[0-9a-f]{64}$/);
  assert.equal(signature, await signHmac(secret, "", { encoding: "hex" }));
  assert.equal(signature, await signHmac(secret, "", { encoding: undefined }));
});

test("signHmac() takes the same secret in each form, and messages as text or bytes", async () => {
  const text = "pässword";
  const bytes = new TextEncoder().encode(text);
  const forms: HmacSecret[] = [
    { text },
    { hex: "70c3a47373776f7264" },
    { hex: "70C3A47373776F7264" },
    { base64: "cMOkc3N3b3Jk" },
    bytes,
    new Uint8Array([0, ...bytes, 0]).subarray(1, -1),
  ];
  const wanted = createHmac("sha256", text).update("mëssage").digest("hex");
  for (const secret of forms) {
    assert.equal(await signHmac(secret, "mëssage"), wanted);
    const message = new TextEncoder().encode("mëssage");
    assert.equal(await signHmac(secret, message), wanted);
  }
});

test("signHmac() refuses a secret that is empty or not written as it says, without repeating it", async () => {
  const wrong: unknown[] = [
    { text: "" },
    { hex: "" },
    { hex: "canary" },
    { hex: "abc" },
    { base64: "*canary*" },
    { base64: "" },
    { text: undefined },
    {},
    "canary",
    undefined,
    null,
    new Uint8Array(),
  ];
  for (const secret of wrong) {
    for (
      const work of [
        () => signHmac(secret as HmacSecret, "message"),
        () => verifyHmac(secret as HmacSecret, "message", "00"),
      ]
    ) {
      await assert.rejects(work, (error) => {
        assert.ok(InvalidArgumentError.is(error));
        assert.equal(error.path, "secret");
        assert.doesNotMatch(String(error), /canary/);
        return true;
      });
    }
  }
});

test("signHmac() imports the key of a secret once, and not so that it could be read back", async () => {
  const secret = { text: "imported once" };
  const calls = await imports(async () => {
    await Promise.all([signHmac(secret, "1"), signHmac(secret, "2")]);
    await verifyHmac(secret, "3", "00");
  });
  assert.equal(calls.length, 1);
  const [format, , , extractable] = calls[0]!;
  assert.equal(format, "raw");
  assert.equal(extractable, false);
});

test("signHmac() keeps the keys of equal secrets apart", async () => {
  const calls = await imports(async () => {
    await signHmac({ text: "owned twice" }, "1");
    await signHmac({ text: "owned twice" }, "1");
  });
  assert.equal(calls.length, 2);
});

test("signHmac() still signs after the bytes of the secret were wiped", async () => {
  const secret = new TextEncoder().encode("secret");
  const before = await signHmac(secret, "message");
  secret.fill(0);
  assert.equal(await signHmac(secret, "message"), before);
});

test("signHmac() signs what the message was when it was called", async () => {
  const message = new TextEncoder().encode("message");
  const pending = signHmac({ text: "secret" }, message);
  message.fill(0);
  assert.equal(await pending, await signHmac({ text: "secret" }, "message"));
});
