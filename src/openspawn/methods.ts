// Web standards only.
import { DecodeError, InvalidArgumentError } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";
import type { OpenSpawnApi } from "./api.ts";
import { checkId, checkInput } from "./check_input.ts";
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
    const [, name, method, below, takes, mark] =
      /^(\w+) (\w+) ?([\w/:-]*)(\?|{}|) ?(.*)$/.exec(line) as unknown as [
        string,
        string,
        string,
        string,
        string,
        OperationMark,
      ];
    const template = /^\//.test(below) ? below : `${base}/${below}`;
    const call: Method = async (...args) => {
      const path = api.prefix +
        template.replace(/\/$/, "")
          .replace(/:(\w+)/g, (_, id) => checkId(id, args.shift()));
      const input = takes
        ? checkInput(args.shift(), /^(register|spawn)$/.test(below))
        : {};
      const action = `${method} ${path}`;
      checkCredential(api, mark, action);
      return await api.call({
        method,
        path,
        mark,
        auth: mark !== "-",
        ...(takes === "?"
          ? { query: input as Record<string, string> }
          // The server reads an empty object where a change has no body, and some handlers cannot do without.
          : (takes || !/^(GET|DELETE)$/.test(method)) && { json: input }),
        decode: (body) =>
          readEnvelope(
            action,
            // There is nothing to tell about what is gone.
            body ?? (method === "DELETE" ? {} : body),
            /^list/.test(name),
          ),
      }, args[0]);
    };
    return [name, call];
  })) as Methods;
}

/** Refuses what the server would refuse, or pretend to do. */
export function checkCredential(
  { credential }: Pick<OpenSpawnApi, "credential">,
  mark: OperationMark,
  action: string,
): void {
  const wanted = mark.startsWith("!")
    ? "agent"
    : mark === "@"
    ? "accessToken"
    : credential;
  if (credential === wanted) return;
  throw new InvalidArgumentError(
    credential,
    `${action} does not work with it`,
    {
      hint: wanted === "agent"
        ? "make the client with agentId and secret"
        : "make the client with the accessToken of a user",
    },
  );
}

/** What is in an answer: its data, with what stands beside it where that is more than words. */
function readEnvelope(
  action: string,
  body: JsonValue | undefined,
  isList: boolean,
): unknown {
  stripSecrets(body);
  if (!body || typeof body !== "object") {
    throw new DecodeError(action, "a JSON object is wanted");
  }
  const { data = body, meta } = body as { readonly [key: string]: JsonValue };
  if (isList && !Array.isArray(data)) {
    throw new DecodeError(action, "a list is wanted");
  }
  if (meta) {
    // Numbers that were sent as a query come back as texts.
    return {
      data,
      meta: Object.fromEntries(
        Object.entries(meta).map(([name, value]) => [name, Number(value)]),
      ),
    };
  }
  return "total" in body || "secret" in body ? body : data;
}
