// Web standards only.
import { DecodeError, path } from "../http/mod.ts";
import type { Transport } from "../http/mod.ts";
import { checkBody, toQuery } from "./check_input.ts";
import { readOperations } from "./protocol/mod.ts";

/** A method as the table makes it: ids first, then what it takes, then the options of the call. */
// deno-lint-ignore no-explicit-any
type Method = (...args: any[]) => Promise<unknown>;

/**
 * Makes the methods of a resource.
 *
 * @param transport The way to the server.
 * @param table Its lines of the table of operations.
 */
export function createMethods<Methods>(
  transport: Transport,
  table: string,
): Methods {
  return Object.fromEntries(
    readOperations(table).map(([name, method, below, body, member, marks]) => {
      const has = (mark: string): boolean => marks.includes(mark);
      const isList = has("*");

      const call: Method = async (...args) => {
        const at = below.replace(/:\w+/g, () => path`${args.shift()}`);
        const query = isList ? toQuery(args.shift(), marks) : undefined;
        const json = body && args.shift();
        let isLost = false;
        const reply = await transport.call({
          method,
          path: at,
          query,
          json: body && !has("=") ? checkBody(json) : json || undefined,
          contract: method !== "POST" || has("!") ? "safe" : "never",
          auth: !has("-"),
          isRetryable({ retryable }) {
            isLost ||= retryable;
            return retryable;
          },
          decode(body) {
            // Most answers are wrapped, some are not.
            const { data = body } = Object(body);
            const found = Object(data)[member];
            if (
              isList ? !Array.isArray(found) : member && found === undefined
            ) {
              throw new DecodeError(`${method} ${at}`, `no "${member}"`);
            }
            return isList ? found : data;
          },
        }, args[0]).catch((error) => {
          // The answer of an earlier try was lost: it is gone, as it should be.
          if (!isLost || method !== "DELETE" || error.status !== 404) {
            throw error;
          }
        });
        return reply?.data;
      };
      return [name, call];
    }),
  ) as Methods;
}
