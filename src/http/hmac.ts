// Web standards only.

/**
 * Signs a message with HMAC-SHA256.
 *
 * The key is imported at the first use of `secret` and kept as long as that very array is, so make it once (see
 * `parseSecret`) and keep it. It is not read again: it may be wiped after the first use, and must not be filled with
 * another secret. Needs Web Crypto, which browsers offer to pages from `https:` and `localhost` only.
 *
 * @param secret Shared with the one who verifies.
 * @param message Text is signed as UTF-8. Bytes are copied, so that they may change afterwards.
 * @returns the 32 bytes of the signature, for `toHex`, `toBase64` or `toBase64Url`.
 * @throws {TypeError} when the secret is not made of bytes, or of none.
 *
 * @example
 * ```ts
 * import { parseHex, parseSecret, signHmac, toHex, verifyHmac } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const secret = parseSecret({ text: "key" });
 * const message = "The quick brown fox jumps over the lazy dog";
 * const signature = toHex(await signHmac(secret, message));
 * assert.equal(signature, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
 * assert.ok(await verifyHmac(secret, message, parseHex(signature)));
 * ```
 */
export async function signHmac(
  secret: Uint8Array,
  message: string | Uint8Array,
): Promise<Uint8Array> {
  const bytes = copy(message);
  return new Uint8Array(
    await crypto.subtle.sign("HMAC", await keyOf(secret), bytes),
  );
}

/**
 * Says whether somebody who knows the secret signed this message. Web Crypto compares, in constant time.
 *
 * It does not say when: without a timestamp or a nonce in the message, whoever saw it once can send it again.
 *
 * @param secret Shared with the one who signed; kept as `signHmac` does.
 * @param message Exactly the bytes that were signed: a body before it is parsed.
 * @param signature From `parseHex` or `parseBase64`; `undefined`, for one that could not be read, is wrong.
 * @throws {TypeError} when the secret is not made of bytes, or of none.
 *
 * @example
 * ```ts
 * import { parseBase64, parseSecret, verifyHmac } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const secret = parseSecret({ text: "key" });
 * const signature = parseBase64("97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=");
 * const message = "The quick brown fox jumps over the lazy dog";
 * assert.equal(await verifyHmac(secret, message, signature), true);
 * assert.equal(await verifyHmac(secret, `${message}.`, signature), false);
 * ```
 */
export async function verifyHmac(
  secret: Uint8Array,
  message: string | Uint8Array,
  signature: Uint8Array | undefined,
): Promise<boolean> {
  const bytes = copy(message);
  const given = copy(signature ?? "");
  const key = await keyOf(secret);
  return crypto.subtle.verify("HMAC", key, given, bytes);
}

// Bounded by the life of the secrets themselves: a cache by content would keep those that their owner has dropped.
const keys = new WeakMap<Uint8Array, Promise<CryptoKey>>();

function keyOf(secret: Uint8Array): Promise<CryptoKey> {
  let key = keys.get(secret);
  if (!key) {
    // Not a TuttiError: it is a mistake in the program, and the class would weigh more than all of this.
    if (!ArrayBuffer.isView(secret) || secret.length === 0) {
      throw new TypeError('Cannot use "secret": at least one byte is wanted');
    }
    key = crypto.subtle.importKey(
      "raw",
      copy(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign", "verify"],
    );
    keys.set(secret, key);
  }
  return key;
}

/** Text as UTF-8, bytes as they are now. */
function copy(message: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof message === "string"
    ? new TextEncoder().encode(message)
    : new Uint8Array(message);
}
