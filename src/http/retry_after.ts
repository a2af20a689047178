// Web standards only.

/**
 * How long a server asks to wait, in milliseconds: `retry-after-ms`, `Retry-After` in seconds or as a date, and for
 * answers that refuse a call for its rate (429), `ratelimit-reset` or `x-ratelimit-reset`, in seconds or as seconds or
 * milliseconds since the epoch. The first of them that can be understood counts.
 *
 * Source: RFC 9110 §10.2.3; the others are conventions of many APIs, `retry-after-ms` being the finer one.
 *
 * @param headers Headers of the answer.
 * @param now Milliseconds since the epoch, for the forms with a date.
 * @param status Of the answer; servers send the reset headers with every answer, where they say nothing about a retry.
 * @returns `undefined` where there is no hint or none that can be understood; never negative.
 *
 * @example
 * ```ts
 * import { parseRetryAfter } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseRetryAfter(new Headers({ "retry-after": "3" }), 0), 3_000);
 * assert.equal(parseRetryAfter(new Headers({ "x-ratelimit-reset": "9" }), 0, 429), 9_000);
 * assert.equal(parseRetryAfter(new Headers(), 0), undefined);
 * ```
 */
export function parseRetryAfter(
  headers: Headers,
  now: number,
  status?: number,
): number | undefined {
  for (
    const name of "retry-after-ms retry-after ratelimit-reset x-ratelimit-reset"
      .split(" ")
  ) {
    if (status !== 429 && /limit/.test(name)) return;
    // Of none nothing can be understood.
    const text = headers.get(name)!;
    const ms = /^\d{1,13}(\.\d+)?$/.test(text)
      ? Number(text) * (/ms\d|\d{13}/.test(name + text) ? 1 : 1_000)
      // Date.parse alone would read "1" as a date, too.
      : Date.parse(/.*, .*:.* GMT$/.exec(text) as never) - now;
    // Nobody asks for a wait of 30 years: what is that large is a time.
    if (ms === ms) return Math.max(0, ms < 1e12 ? ms : ms - now);
  }
}
