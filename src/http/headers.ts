// Web standards only.
import { orRefuse } from "./failures.ts";

/** Header names and values; `undefined` leaves one out. */
export type HeaderRecord = Readonly<Record<string, string | undefined>>;

/**
 * Makes headers, later sources over earlier ones.
 *
 * @throws {InvalidArgumentError} `invalid-argument` for a name or value that no header can have; a line break could
 * smuggle in a header of its own. The value is not in the message.
 */
export function toHeaders(
  ...sources: readonly (HeaderRecord | undefined)[]
): Headers {
  const headers = new Headers();
  for (const [name, value] of sources.flatMap(definedEntries)) {
    orRefuse(
      `headers[${JSON.stringify(name)}]`,
      "a valid header is wanted",
      // Headers would quietly trim line breaks at both ends; nothing lets a NUL through.
      () => headers.set(name, value.replace(/[\r\n]/, "\0")),
    );
  }
  return headers;
}

/** What a record holds, without what is left out; a list is as many entries of one name. */
export function definedEntries(
  source: Readonly<Record<string, unknown>> = {},
): [string, string][] {
  return Object.entries(source).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one as string])
  );
}
