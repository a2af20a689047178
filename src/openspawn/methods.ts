// Web standards only.
import { DecodeError, refuse } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";
import type { MarkedOperation, OpenSpawnApi } from "./api.ts";
import { checkField, checkInput } from "./check_input.ts";
import { stripSecrets } from "./protocol/mod.ts";
import type { OperationMark } from "./protocol/mod.ts";

/** A method as the table makes it: ids first, then what it takes, then the options of the call. */
// deno-lint-ignore no-explicit-any
export type Method = (...args: any[]) => Promise<any>;

/**
 * Makes the methods of a resource.
 *
 * @param api The way to the server.
 * @param table Its lines of the table of operations.
 */
export function createMethods<Methods>(
  api: OpenSpawnApi,
  table: string,
): Methods {
  const [base, ...lines] = table.split("\n");
  return Object.fromEntries(lines.map((line) => {
    const [, name = "", method = "", below = "", takes, mark] =
      /^(\w+) (\w+) ?([\w/:-]*)(\?|{}|) ?(.*)$/.exec(line) as string[];

    const call: Method = async (...args) => {
      const path = (api.prefix + base + below).replace(
        /:(\w+)/g,
        (_, id) => String(checkField(id, args.shift())),
      );
      const input = takes
        ? checkInput(args.shift() ?? {}, /^.(register|spawn)$/.test(below))
        : {};
      const action = `${method} ${path}`;
      checkCredential(api, mark as OperationMark, action);
      const isQuery = takes === "?";
      const isRead = method === "GET";
      const isAgent = api.credential === "agent";
      const operation: MarkedOperation = {
        method,
        path,
        mark: mark as OperationMark,
        auth: mark !== "-",
        query: isQuery ? toQuery(input) : undefined,
        // The server reads an empty object where a change has no body, and some handlers cannot do without.
        json: isQuery || (!takes && /^(GET|DELETE)$/.test(method))
          ? undefined
          : input,
        // The server remembers keys for agents alone.
        contract: mark!.endsWith("~")
          ? "never"
          : isRead || !isAgent
          ? "safe"
          : "keyed",
        isRetryable(error) {
          const { status } = error as { status?: number };
          // A 429 comes before anything is done; a 500 often after it.
          return isRead || (isAgent && status !== 500)
            ? error.retryable
            : status === 429;
        },
        decode: (body) =>
          readEnvelope(
            action,
            // There is nothing to tell about what is gone.
            body ?? (method === "DELETE" ? {} : body),
            name.startsWith("list"),
          ),
      };
      return (await api.transport.call(operation, args[0])).data;
    };
    return [name, call];
  })) as Methods;
}

/** A list is one value with commas; what is `null` is left out. */
function toQuery(input: object): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, value?.toString()]),
  );
}

/** Refuses what the server would refuse, or pretend to do. */
export function checkCredential(
  { credential }: Pick<OpenSpawnApi, "credential">,
  mark: OperationMark,
  action: string,
): void {
  const [wanted, means] = mark.startsWith("!")
    ? ["agent", "agentId and secret"]
    : mark === "@"
    ? ["accessToken", "the accessToken of a user"]
    : [credential];
  if (credential === wanted) return;
  refuse(credential, `${action} does not work with it`, {
    hint: `make the client with ${means}`,
  });
}

/** What is in an answer: its data, with what stands beside it where that is more than words. */
function readEnvelope(
  action: string,
  body: JsonValue | undefined,
  isList: boolean,
): unknown {
  stripSecrets(body);
  const { data = body, meta, total, secret } = Object(body);
  if (isList ? !Array.isArray(data) : Object(body) !== body) {
    throw new DecodeError(
      action,
      `a ${isList ? "list" : "JSON object"} is wanted`,
    );
  }
  if (meta) {
    // Numbers that were sent as a query come back as texts.
    const numbers = Object.entries(meta).map(([name, value]) => [
      name,
      Number(value),
    ]);
    return { data, meta: Object.fromEntries(numbers) };
  }
  return (total ?? secret) === undefined ? data : body;
}
