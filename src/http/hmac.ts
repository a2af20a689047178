// Web standards only.
import { fromText, toText } from "./binary_text.ts";
import type { BinaryEncoding } from "./binary_text.ts";
import { InvalidArgumentError } from "./failures.ts";

/**
 * A shared secret: its bytes, or how it is written. There is no default, because the same 64 characters are one secret
 * as hex and another one as text, and only the other side knows which.
 *
 * Make it once and keep it: the key is imported at the first use and lives as long as this object does. What is in it
 * is not read again, so the bytes may be wiped after that use, and must not be replaced by another secret.
 */
export type HmacSecret =
  | Uint8Array
  | {
    /** The secret is the UTF-8 bytes of this text. */
    readonly text: string;
  }
  | {
    /** The secret is what these hex digits stand for. */
    readonly hex: string;
  }
  | {
    /** The secret is what this base64 or base64url text stands for. */
    readonly base64: string;
  };

/** How a signature is written. */
export interface HmacOptions {
  /** Read without regard to case (hex), alphabet and padding (base64). @default "hex" */
  readonly encoding?: BinaryEncoding | undefined;
}

/**
 * Signs a message with HMAC-SHA256.
 *
 * Needs Web Crypto, which browsers offer to pages from `https:` and `localhost` only.
 *
 * @param secret Shared with the one who verifies.
 * @param message Text is signed as UTF-8. Bytes are copied, so that they may change afterwards.
 * @param options How to write it.
 * @returns the signature as text.
 * @throws {InvalidArgumentError} `invalid-argument`: the secret is empty or not written as it says. It is not in the
 * message.
 *
 * @example
 * ```ts
 * import { signHmac, verifyHmac } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const secret = { text: "key" };
 * const signature = await signHmac(secret, "The quick brown fox jumps over the lazy dog");
 * assert.equal(signature, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
 * assert.ok(await verifyHmac(secret, "The quick brown fox jumps over the lazy dog", signature));
 * ```
 */
export async function signHmac(
  secret: HmacSecret,
  message: string | Uint8Array,
  options: HmacOptions = {},
): Promise<string> {
  const bytes = toBytes(message);
  return toText(await hmacOf(secret, bytes), options.encoding ?? "hex");
}

/**
 * Says whether somebody who knows the secret signed this message. Compares in constant time.
 *
 * It does not say when: without a timestamp or a nonce in the message, whoever saw it once can send it again.
 *
 * @param secret Shared with the one who signed.
 * @param message Exactly the bytes that were signed: a body before it is parsed.
 * @param signature As text in `options.encoding`; one that cannot be read is wrong.
 * @param options How it is written.
 * @throws {InvalidArgumentError} `invalid-argument`: the secret is empty or not written as it says.
 *
 * @example
 * ```ts
 * import { verifyHmac } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const signature = "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=";
 * const message = "The quick brown fox jumps over the lazy dog";
 * const options = { encoding: "base64" } as const;
 * assert.equal(await verifyHmac({ text: "key" }, message, signature, options), true);
 * assert.equal(await verifyHmac({ text: "key" }, `${message}.`, signature, options), false);
 * ```
 */
export async function verifyHmac(
  secret: HmacSecret,
  message: string | Uint8Array,
  signature: string,
  options: HmacOptions = {},
): Promise<boolean> {
  const bytes = toBytes(message);
  const given = fromText(signature, options.encoding ?? "hex");
  const key = await keyOf(secret);
  return given !== undefined &&
    await crypto.subtle.verify("HMAC", key, given, bytes);
}

/** The signature as bytes. */
export async function hmacOf(
  secret: HmacSecret,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(
    await crypto.subtle.sign("HMAC", await keyOf(secret), message),
  );
}

/** Text as UTF-8, bytes as a copy. */
export function toBytes(
  message: string | Uint8Array,
): Uint8Array<ArrayBuffer> {
  return typeof message === "string"
    ? new TextEncoder().encode(message)
    : new Uint8Array(message);
}

// Bounded by the life of the secrets themselves: a cache by content would keep those that their owner has dropped.
const keys = new WeakMap<HmacSecret, Promise<CryptoKey>>();

function keyOf(secret: HmacSecret): Promise<CryptoKey> {
  let key = keys.get(secret);
  if (!key) {
    key = crypto.subtle.importKey(
      "raw",
      bytesOf(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign", "verify"],
    );
    keys.set(secret, key);
  }
  return key;
}

function bytesOf(secret: HmacSecret): Uint8Array<ArrayBuffer> {
  const { text, hex, base64 } = (secret ?? {}) as Partial<
    Record<string, string>
  >;
  const bytes = ArrayBuffer.isView(secret) || text !== undefined
    ? toBytes(text ?? secret as Uint8Array)
    : hex !== undefined
    ? fromText(hex, "hex")
    : fromText(base64 ?? "", "base64");
  if (bytes?.length) return bytes;
  throw new InvalidArgumentError(
    "secret",
    "bytes, { text }, { hex } or { base64 } that is not empty is wanted",
  );
}
