// Web standards only.
import { createList } from "../http/mod.ts";
import type {
  CallOptions,
  JsonValue,
  ListCallOptions,
  Pages,
} from "../http/mod.ts";
import { toQuery } from "./check_input.ts";
import type { MessagesResource } from "./messages.ts";
import type {
  AgentMessage,
  PageQuery,
  SandboxSummary,
  WorkspaceSummary,
} from "./protocol/mod.ts";
import type { SandboxesResource } from "./sandboxes.ts";
import type { WorkspacesResource } from "./workspaces.ts";

/** How to go through a list: where to begin, how many at once, and options of the calls. */
export interface ListOptions extends PageQuery, ListCallOptions<number> {}

/**
 * Goes through your workspaces, at most the first 100: the server gives no others. In no promised order.
 *
 * @param client A client.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {InvalidArgumentError} `invalid-argument`, at once, for an offset or a limit that the server would refuse.
 * @throws {RoundTableError} from the loop, as `workspaces.list()` does.
 *
 * @example
 * ```ts
 * import { listWorkspaces, RoundTableClient } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const client = new RoundTableClient({
 *   baseUrl: "http://localhost:8000/api/v1",
 *   apiKey: "a.b.c",
 *   fetch: ({ url }) => {
 *     const offset = Number(new URL(url).searchParams.get("offset"));
 *     const workspaces = offset < 2 ? [{ name: `lab ${offset}` }] : [];
 *     return Response.json({ success: true, data: { workspaces } });
 *   },
 * });
 * const names: string[] = [];
 * for await (const { name } of listWorkspaces(client, { limit: 1 })) names.push(name);
 * assert.deepEqual(names, ["lab 0", "lab 1"]);
 * ```
 */
export function listWorkspaces(
  client: { readonly workspaces: Pick<WorkspacesResource, "list"> },
  options?: ListOptions,
): Pages<WorkspaceSummary, number> {
  return listPages(
    "the workspaces",
    100,
    (query, call) => client.workspaces.list(query, call),
    options,
  );
}

/**
 * Goes through the sandboxes of a workspace, at most the first 100: the server gives no others. In no promised order.
 *
 * @param client A client.
 * @param workspaceId Whose.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {InvalidArgumentError} `invalid-argument`, at once, for an offset or a limit that the server would refuse.
 * @throws {RoundTableError} from the loop, as `sandboxes.list()` does.
 */
export function listSandboxes(
  client: { readonly sandboxes: Pick<SandboxesResource, "list"> },
  workspaceId: string,
  options?: ListOptions,
): Pages<SandboxSummary, number> {
  return listPages(
    "the sandboxes of the workspace",
    100,
    (query, call) => client.sandboxes.list(workspaceId, query, call),
    options,
  );
}

/**
 * Goes through what a sandbox has logged; nothing, on today's server.
 *
 * @param client A client.
 * @param sandboxId Which one.
 * @param options Where to begin, how many at once, up to 1000, and options of the calls.
 * @throws {InvalidArgumentError} `invalid-argument`, at once, for an offset or a limit that the server would refuse.
 * @throws {RoundTableError} from the loop, as `sandboxes.logs()` does.
 */
export function listLogs(
  client: { readonly sandboxes: Pick<SandboxesResource, "logs"> },
  sandboxId: string,
  options?: ListOptions,
): Pages<JsonValue, number> {
  return listPages(
    "the log of the sandbox",
    Infinity,
    (query, call) => client.sandboxes.logs(sandboxId, query, call),
    options,
  );
}

/**
 * Goes through the messages that a sandbox sent or got, newest first, at most the newest 100: the server gives no others.
 * Those of one second are in no promised order.
 *
 * With pages smaller than 100, a message that arrives between two of them moves the others down, so that one is seen
 * twice.
 *
 * @param client A client.
 * @param sandboxId Whose.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {InvalidArgumentError} `invalid-argument`, at once, for an offset or a limit that the server would refuse.
 * @throws {RoundTableError} from the loop, as `messages.list()` does.
 */
export function listMessages(
  client: { readonly messages: Pick<MessagesResource, "list"> },
  sandboxId: string,
  options?: ListOptions,
): Pages<AgentMessage, number> {
  return listPages(
    "the messages of the sandbox",
    100,
    (query, call) => client.messages.list(sandboxId, query, call),
    options,
  );
}

/** Goes through a list as far as the server's reach: behind it, the server would answer with an empty page. */
function listPages<Item>(
  action: string,
  reach: number,
  fetch: (query: PageQuery, call: CallOptions) => Promise<readonly Item[]>,
  options: ListOptions = {},
): Pages<Item, number> {
  const { offset = 0, limit = 100, ...rest } = options;
  toQuery({ offset, limit }, reach < Infinity ? 100 : 1_000);
  return createList<Item, number>(action, rest, async (from = offset, call) => {
    const count = Math.min(limit, reach - from);
    if (count <= 0) return { items: [], next: undefined };
    const items = await fetch({ offset: from, limit: count }, call);
    const next = from + items.length;
    // The server's "count" is the size of this page, and no total.
    return { items, next: items.length < count ? undefined : next };
  });
}
