// Web standards only.

/**
 * How long a server asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date.
 *
 * Source: RFC 9110 §10.2.3; `retry-after-ms` is a convention of several APIs and wins, being the finer one.
 *
 * @param headers Headers of the answer.
 * @param now Milliseconds since the epoch, for the form with a date.
 * @returns `undefined` where there is no hint or none that can be understood; never negative.
 *
 * @example
 * ```ts
 * import { parseRetryAfter } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseRetryAfter(new Headers({ "retry-after": "3" }), 0), 3_000);
 * assert.equal(parseRetryAfter(new Headers(), 0), undefined);
 * ```
 */
export function parseRetryAfter(
  headers: Headers,
  now: number,
): number | undefined {
  const fine = headers.get("retry-after-ms");
  if (fine !== null && /^\d{1,12}(\.\d+)?$/.test(fine)) return Number(fine);
  const plain = headers.get("retry-after");
  if (plain === null) return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(plain)) return Number(plain) * 1_000;
  // Date.parse alone would also read "1" or "soon 5" as dates in some runtimes.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*GMT$/.test(plain)) {
    return undefined;
  }
  const at = Date.parse(plain);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
