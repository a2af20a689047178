// Web standards only.
import { toHex } from "./binary_text.ts";

/**
 * Random bytes that nobody can guess, in lower-case hex digits: a nonce, the id of a span, an idempotency key.
 *
 * @param bytes How many, two digits each. @default 16
 *
 * @example
 * ```ts
 * import { randomHex } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.match(randomHex(), /^[0-9a-f]{32}$/);
 * assert.notEqual(randomHex(), randomHex());
 * ```
 */
export function randomHex(bytes = 16): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
