// Web standards only.
import { InvalidArgumentError } from "./failures.ts";

/** Header names and values; `undefined` leaves one out. */
export type HeaderRecord = Readonly<Record<string, string | undefined>>;

/**
 * Sets headers on `target`, later sources over earlier ones.
 *
 * @throws {InvalidArgumentError} `invalid-argument` for a name or value that no header can have; a line break could
 * smuggle in a header of its own. The value is not in the message.
 */
export function setHeaders(
  target: Headers,
  ...sources: readonly (HeaderRecord | undefined)[]
): void {
  for (const source of sources) {
    for (const [name, value] of Object.entries(source ?? {})) {
      if (value === undefined) continue;
      try {
        // Headers would quietly trim line breaks at both ends.
        // deno-lint-ignore no-control-regex
        if (/[\u0000\r\n]/.test(value)) throw undefined;
        target.set(name, value);
      } catch {
        throw new InvalidArgumentError(
          `headers[${JSON.stringify(name)}]`,
          "the name or the value holds characters that no header may have",
        );
      }
    }
  }
}
