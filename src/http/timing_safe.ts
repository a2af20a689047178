// Web standards only.

/**
 * Compares a secret with what somebody claims it to be, without telling by the time it takes how much of it was right.
 *
 * Use it for tokens and digests. The time depends on the length of `given` alone: not on where the two differ, and not
 * on the length of `secret`. A just-in-time compiler gives no stronger promise than that.
 *
 * @param given What came from outside: text, compared by UTF-16 code unit, or bytes.
 * @param secret What it must be; text and bytes are never equal.
 * @returns whether they are equal; two empty values are.
 *
 * @example
 * ```ts
 * import { timingSafeEqual } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(timingSafeEqual("tok_1", "tok_1"), true);
 * assert.equal(timingSafeEqual("tok_1", "tok_12"), false);
 * ```
 */
export function timingSafeEqual(
  given: string | Uint8Array,
  secret: string | Uint8Array,
): boolean {
  let differences = given.length ^ secret.length ^
    Number(typeof given !== typeof secret);
  for (let i = 0; i < given.length; i++) {
    // Past its end the secret is read from its start again, so that a longer guess takes no branch of its own.
    differences |= unit(given, i) ^ unit(secret, i % secret.length);
  }
  return differences === 0;
}

function unit(value: string | Uint8Array, index: number): number {
  return typeof value === "string"
    ? value.charCodeAt(index)
    : value[index] ?? 0;
}
