import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import {
  parseBase64,
  parseHex,
  parseSecret,
  signHmac,
  toHex,
  verifyHmac,
} from "@tutti/sdk/http";
import fc from "../support/properties.ts";
import { bodyVectors, requestVectors } from "../support/vectors.ts";

const secret = parseSecret({ text: "secret" });

/** Signs and verifies, as text on both sides. */
async function sign(
  secret: Uint8Array,
  message: string | Uint8Array,
): Promise<string> {
  return toHex(await signHmac(secret, message));
}

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
  const cases: [Uint8Array, string, string][] = [
    [
      new Uint8Array(20).fill(0x0b),
      "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      parseSecret({ text: "Jefe" }),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      parseSecret({ hex: "aa".repeat(131) }),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ];
  for (const [secret, message, digest] of cases) {
    assert.equal(await sign(secret, message), digest);
    assert.ok(await verifyHmac(secret, message, parseHex(digest)));
  }
});

test("signHmac() gives the signatures that a server accepts, for every request vector", async () => {
  assert.ok(requestVectors.length >= 9);
  for (const vector of requestVectors) {
    const secret = parseSecret({ hex: vector.secretHex });
    const { canonicalString, signature } = vector;
    assert.equal(await sign(secret, canonicalString), signature);
    assert.ok(await verifyHmac(secret, canonicalString, parseHex(signature)));
    for (const [mistake, wrong] of Object.entries(vector.rejectedVariants)) {
      assert.equal(
        await verifyHmac(secret, canonicalString, parseHex(wrong)),
        false,
        `${vector.name}: ${mistake}`,
      );
    }
    assert.equal(
      await sign(parseSecret({ text: vector.secretHex }), canonicalString),
      vector.rejectedVariants["secret_as_utf8_text"],
      "the same characters as text are another secret",
    );
  }
});

test("signHmac() gives the signature of the vector that signs a body with a text secret", async () => {
  assert.equal(bodyVectors.length, 1);
  for (const { secretText, body, headerValue } of bodyVectors) {
    const signature = await sign(parseSecret({ text: secretText }), body);
    assert.equal(`sha256=${signature}`, headerValue);
  }
});

test("signHmac() agrees with an independent implementation, whatever is signed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
      fc.uint8Array({ maxLength: 300 }),
      async (secret, message) => {
        const wanted = createHmac("sha256", secret).update(message).digest();
        const signature = await signHmac(secret, message);
        assert.deepEqual([...signature], [...wanted]);
        assert.ok(await verifyHmac(secret, message, signature));
        assert.ok(await verifyHmac(secret, message, wanted));
      },
    ),
    { numRuns: 60 },
  );
});

test("signHmac() takes messages as text or bytes, a part of a larger array among them", async () => {
  const wanted = createHmac("sha256", "secret").update("mëssage").digest("hex");
  const bytes = new TextEncoder().encode("mëssage");
  const part = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
  for (const message of ["mëssage", bytes, part]) {
    assert.equal(await sign(secret, message), wanted);
  }
});

test("verifyHmac() refuses a signature with any one bit changed, and of any other length", async () => {
  const digest = await signHmac(secret, "message");
  for (let bit = 0; bit < 256; bit++) {
    const changed = Uint8Array.from(digest);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(await verifyHmac(secret, "message", changed), false);
  }
  for (let length = 0; length < 32; length++) {
    const cut = digest.slice(0, length);
    assert.equal(await verifyHmac(secret, "message", cut), false);
  }
  const long = new Uint8Array([...digest, 0]);
  assert.equal(await verifyHmac(secret, "message", long), false);
});

test("verifyHmac() says false for a signature that could not be read, and for another message", async () => {
  assert.equal(await verifyHmac(secret, "message", undefined), false);
  assert.equal(await verifyHmac(secret, "message", parseHex("no")), false);
  assert.equal(await verifyHmac(secret, "message", parseBase64("*")), false);
  const other = await signHmac(secret, "other");
  assert.equal(await verifyHmac(secret, "message", other), false);
});

test("signHmac() and verifyHmac() refuse a secret that is empty or not made of bytes, without repeating it", async () => {
  const wrong: unknown[] = [
    new Uint8Array(),
    "canary",
    { text: "canary" },
    7,
    undefined,
    null,
  ];
  for (const secret of wrong) {
    for (
      const work of [
        () => signHmac(secret as Uint8Array, "message"),
        () => verifyHmac(secret as Uint8Array, "message", new Uint8Array(32)),
      ]
    ) {
      await assert.rejects(work, (error) => {
        assert.ok(error instanceof TypeError);
        assert.doesNotMatch(String(error), /canary/);
        return true;
      });
    }
  }
});

test("signHmac() imports the key of a secret once, and not so that it could be read back", async () => {
  const secret = parseSecret({ text: "imported once" });
  const calls = await imports(async () => {
    await Promise.all([signHmac(secret, "1"), signHmac(secret, "2")]);
    await verifyHmac(secret, "3", new Uint8Array(32));
  });
  assert.equal(calls.length, 1);
  const [format, , , extractable] = calls[0]!;
  assert.equal(format, "raw");
  assert.equal(extractable, false);
});

test("signHmac() keeps the keys of equal secrets apart", async () => {
  const calls = await imports(async () => {
    await signHmac(parseSecret({ text: "owned twice" }), "1");
    await signHmac(parseSecret({ text: "owned twice" }), "1");
  });
  assert.equal(calls.length, 2);
});

test("signHmac() still signs after the bytes of the secret were wiped", async () => {
  const secret = parseSecret({ text: "wiped" });
  const before = await sign(secret, "message");
  secret.fill(0);
  assert.equal(await sign(secret, "message"), before);
});

test("signHmac() and verifyHmac() take the message as it was when they were called", async () => {
  const wanted = await signHmac(secret, "message");
  const message = new TextEncoder().encode("message");
  const given = Uint8Array.from(wanted);
  const signed = signHmac(secret, message);
  const verified = verifyHmac(secret, message, given);
  message.fill(0);
  given.fill(0);
  assert.deepEqual(await signed, wanted);
  assert.ok(await verified);
});
