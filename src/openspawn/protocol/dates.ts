// Web standards only.

/**
 * Reads a date of the server. Answers keep dates as the texts that came, so that nothing is lost on the way.
 *
 * @param text ISO 8601 with its zone, as the server writes it.
 * @returns `undefined` for `null`, and for what is no such date.
 *
 * @example
 * ```ts
 * import { parseDate } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * const date = parseDate("2026-11-21T00:06:50.877Z");
 * assert.equal(date?.getTime(), 1795219610877);
 * assert.equal(parseDate(null), undefined);
 * ```
 */
export function parseDate(text: string | null | undefined): Date | undefined {
  const isDate = typeof text === "string" &&
    /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text);
  const date = new Date(isDate ? text : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
