// Web standards only.
import { refuse } from "./failures.ts";
import { definedEntries } from "./headers.ts";

/**
 * Writes a query, as it stands behind the `?`.
 *
 * @param query Names and values; `undefined` leaves one out, a list repeats one.
 * @throws {InvalidArgumentError} `invalid-argument`, naming the value: it is an object, which would be sent as
 * `[object Object]`, or has a lone surrogate, for which another character would be sent.
 *
 * @example
 * ```ts
 * import { writeQuery } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(writeQuery({ tag: ["a", "b&c"], limit: 5 }), "tag=a&tag=b%26c&limit=5");
 * assert.throws(() => writeQuery({ tag: "\ud800" }), { path: "tag" });
 * ```
 */
export function writeQuery(query: object | undefined): string {
  const entries = definedEntries(query);
  for (const [name, value] of entries) {
    if (typeof value === "object" || /\p{Cs}/u.test(value)) {
      refuse(name, "well-formed text is wanted");
    }
  }
  return String(new URLSearchParams(entries));
}
