// Web standards only.

/**
 * Reads a timestamp of the server. REST timestamps are UTC without saying so, which every parser of JavaScript takes for
 * local time; those of a socket are Unix seconds.
 *
 * @param timestamp As the server wrote it.
 * @returns `undefined` for `null`, and for what is no timestamp.
 *
 * @example
 * ```ts
 * import { parseDate } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const sent = parseDate("2026-01-11T10:00:00");
 * assert.equal(sent?.toISOString(), "2026-01-11T10:00:00.000Z");
 * assert.deepEqual(parseDate(1768125600), sent);
 * assert.equal(parseDate(null), undefined);
 * ```
 */
export function parseDate(
  timestamp: string | number | null | undefined,
): Date | undefined {
  const date = new Date(
    typeof timestamp === "number"
      ? timestamp * 1000
      : /(Z|[+-]\d\d:?\d\d)$/i.test(`${timestamp}`)
      ? timestamp!
      : `${timestamp}Z`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}
