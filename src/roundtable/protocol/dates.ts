// Web standards only.

/**
 * The moment that a timestamp of the server means. REST timestamps are UTC without saying so, which every parser of
 * JavaScript takes for local time; those of a socket are Unix seconds.
 *
 * @param timestamp As the server wrote it.
 * @returns an invalid date for what is no timestamp.
 *
 * @example
 * ```ts
 * import { toDate } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const sent = toDate("2026-01-11T10:00:00");
 * assert.equal(sent.toISOString(), "2026-01-11T10:00:00.000Z");
 * assert.deepEqual(toDate(1768125600), sent);
 * ```
 */
export function toDate(timestamp: string | number): Date {
  return new Date(
    typeof timestamp === "number"
      ? timestamp * 1000
      : /(Z|[+-]\d\d:?\d\d)$/i.test(timestamp)
      ? timestamp
      : `${timestamp}Z`,
  );
}
