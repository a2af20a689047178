// Web standards only.
import { orRefuse, refuse } from "./failures.ts";

/** Header names and values; `undefined` leaves one out. */
export type HeaderRecord = Readonly<Record<string, string | undefined>>;

/**
 * Makes headers, later sources over earlier ones.
 *
 * @throws {InvalidArgumentError} `invalid-argument` for a name or value that no header can have; a line break could
 * smuggle in a header of its own. The value is not in the message.
 */
export function toHeaders(
  ...sources: readonly (object | null | undefined)[]
): Headers {
  const headers = new Headers();
  for (const source of sources) {
    const record = source ?? {};
    // In what is no record none would be found, Headers among it, or each letter be taken for one.
    if (typeof record !== "object" || Symbol.iterator in record) {
      refuse("headers", "an object is wanted");
    }
    for (const [name, value] of definedEntries(record)) {
      orRefuse(
        `headers[${JSON.stringify(name)}]`,
        "a valid header is wanted",
        // Headers would quietly trim line breaks at both ends; nothing lets a NUL through.
        () => headers.set(name, value.replace(/[\r\n]/, "\0")),
      );
    }
  }
  return headers;
}

/** What a record holds, without what is left out; a list is as many entries of one name. */
export function definedEntries(source: object = {}): [string, string][] {
  return Object.entries(source).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one as string])
  );
}
