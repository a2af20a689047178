// Web standards only.
import { refuse } from "./failures.ts";

/**
 * Refuses a token that no header can carry. Clients call it before they use one, because runtimes name a bad header with
 * its value in their message.
 *
 * @param path Name of the option, for the message.
 * @param token Whatever was handed in; that there is none is for the client to judge.
 * @returns the token.
 * @throws {InvalidArgumentError} `invalid-argument`: it is no text, empty, or has other than printable ASCII in it. The
 * token is not in the message.
 *
 * @example
 * ```ts
 * import { checkToken } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(checkToken("apiKey", "a.b.c"), "a.b.c");
 * assert.throws(() => checkToken("apiKey", "two words"), {
 *   code: "invalid-argument",
 * });
 * ```
 */
export function checkToken<Token extends string | undefined>(
  path: string,
  token: Token,
): Token {
  return token === undefined ||
      (typeof token === "string" && /^[!-~]+$/.test(token))
    ? token
    : refuse(path, "printable ASCII without spaces is wanted");
}
