// Web standards only.

/** Writes bytes as lower-case hex digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Writes bytes as base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Writes bytes as base64url without padding. Source: RFC 4648 §5. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_")
    .replace(/=/g, "");
}

/**
 * Reads hex digits, in lower case or capitals.
 *
 * @returns `undefined` for what is none, so that text from outside needs no `try`.
 *
 * @example
 * ```ts
 * import { parseHex, toHex } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(toHex(parseHex("00FF")!), "00ff");
 * assert.equal(parseHex("0x"), undefined);
 * ```
 */
export function parseHex(text: string): Uint8Array | undefined {
  return /^([\da-f]{2})*$/i.test(text)
    ? Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
    : undefined;
}

/**
 * Reads base64 or base64url, with padding or without.
 *
 * @returns `undefined` for what is none, so that text from outside needs no `try`.
 *
 * @example
 * ```ts
 * import { parseBase64, toBase64Url } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(toBase64Url(parseBase64("+/8=")!), "-_8");
 * assert.equal(parseBase64("*"), undefined);
 * ```
 */
export function parseBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
