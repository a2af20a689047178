// Web standards only.
import { DecodeError, refuse } from "../http/mod.ts";
import type { HttpError, JsonValue, OperationLine } from "../http/mod.ts";
import type { MarkedOperation, OpenSpawnApi } from "./api.ts";
import { checkInput, mapMembers } from "./check_input.ts";
import type { OperationMark } from "./protocol/mod.ts";

/**
 * Says how a call of the table of operations is made.
 *
 * @param api Who makes it.
 * @param line Which one.
 * @param below Its path, behind the prefix.
 * @param given What it was called with.
 */
export function describe(
  api: OpenSpawnApi,
  [name, method, , takes, marks]: OperationLine,
  below: string,
  given: unknown,
): MarkedOperation {
  const mark = marks as OperationMark;
  const path = (below === "/health" ? "" : api.prefix) + below;
  const input = takes ? checkInput(given ?? {}, below) : {};
  const action = `${method} ${path}`;
  checkCredential(api, mark, action);
  const isRead = method === "GET";
  const isAgent = api.credential === "agent";
  const isOnce = mark.endsWith("~");
  return {
    method,
    path,
    mark,
    auth: mark !== "-",
    // A list is one value with commas; what is `null` is left out.
    query: takes === "?"
      ? mapMembers(
        input,
        (value) => Array.isArray(value) ? value.join() : value as string,
      )
      : undefined,
    // The server reads an empty object where a change has no body, and some handlers cannot do without.
    json: takes === "{}" || /^P/.test(method) ? input : undefined,
    // The server remembers keys for agents alone.
    contract: isOnce ? "never" : isRead || !isAgent ? "safe" : "keyed",
    isRetryable(error) {
      if (isOnce) return false;
      const { status } = error as Partial<HttpError>;
      // A 500 often comes after the work is done, and without a key only a 429 surely comes before it.
      return isRead || (isAgent && status !== 500)
        ? error.retryable
        : status === 429;
    },
    decode: (body) =>
      readEnvelope(
        action,
        // There is nothing to tell about what is gone.
        body ?? (method === "DELETE" ? {} : body),
        /^(list|history)/.test(name),
      ),
  };
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
  const { data = body, meta, total, secret } = Object(body);
  const wanted = isList ? "list" : "JSON object";
  const isWanted = isList ? Array.isArray(data) : Object(body) === body;
  // Whoever turns pages goes by their total.
  const isCounted = !isList || !/(events|history)$/.test(action) ||
    Object(meta ?? body).total !== undefined;
  if (!isWanted || !isCounted) {
    throw new DecodeError(action, `a ${wanted} is wanted`);
  }
  // Numbers that were sent as a query come back as texts.
  if (meta) return { data, meta: mapMembers(meta, Number) };
  // A page by offset has its total beside the data, a new agent its secret.
  const beside = total ?? secret;
  return beside === undefined ? data : body;
}
