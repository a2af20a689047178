// Web standards only.
import { DecodeError } from "../http/mod.ts";
import type { Operation, OperationLine } from "../http/mod.ts";
import { checkBody, toQuery } from "./check_input.ts";

/** Says how a call of the table of operations is made. */
export function describe(
  [, method, , takes, marks]: OperationLine,
  path: string,
  input: unknown,
): Operation {
  const has = (mark: string): boolean => marks.includes(mark);
  const member = marks.replace(/\W/g, "");
  const isList = takes === "?";
  // Where the answer to an earlier deletion was lost, the next try finds nothing, as it should be.
  const gone: number[] = [];
  return {
    method,
    path,
    ...(isList
      ? { query: toQuery(input, has("~") ? 1_000 : 100, has("+")) }
      : takes && { json: has("=") ? input : checkBody(input) }),
    contract: method !== "POST" || has("!") ? "safe" : "never",
    auth: !has("-"),
    allow: gone,
    isRetryable({ retryable }) {
      if (retryable && method === "DELETE") gone[0] = 404;
      return retryable;
    },
    decode(body) {
      // Most answers are wrapped, some are not.
      const { data = body } = Object(body);
      const found = Object(data)[member];
      if (isList ? !Array.isArray(found) : member && found === undefined) {
        throw new DecodeError(`${method} ${path}`, `no "${member}"`);
      }
      return isList ? found : data;
    },
  };
}
