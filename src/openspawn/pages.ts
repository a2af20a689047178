// Web standards only.
import { byOffset, byPageNumber, createList } from "../http/mod.ts";
import type { CallOptions, ListCallOptions, Pages } from "../http/mod.ts";
import type { AgentsResource } from "./agents.ts";
import type { CreditsResource } from "./credits.ts";
import type { DirectMessageMethods } from "./direct_messages.ts";
import type { EventsResource } from "./events.ts";
import type { MessageMethods } from "./messages.ts";
import type * as Wire from "./protocol/mod.ts";

/** How to go through a list: where to begin, how many at once, and options of the calls. */
export interface ListOptions<Key extends string | number>
  extends ListCallOptions<Key> {
  /** How many to ask for at once. @default 100 */
  readonly limit?: number | undefined;
}

/**
 * Goes through all events that fit, newest first, page by page. Events that happen meanwhile move the pages: some are
 * then seen twice. Give `endDate` to keep them out.
 *
 * @param client A client.
 * @param filter Which ones.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {OpenSpawnError} from the loop, as `events.list()` does.
 *
 * @example
 * ```ts
 * import { listEvents, OpenSpawnClient } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * const client = new OpenSpawnClient({
 *   baseUrl: "https://api.example.com",
 *   apiKey: "osp_example",
 *   fetch: ({ url }) => {
 *     const page = Number(new URL(url).searchParams.get("page"));
 *     return Response.json({
 *       data: [{ id: `event ${page}` }],
 *       meta: { total: 2, page: `${page}`, limit: "1" },
 *     });
 *   },
 * });
 * const ids: string[] = [];
 * for await (const event of listEvents(client, { severity: "error" }, { limit: 1 })) {
 *   ids.push(event.id);
 * }
 * assert.deepEqual(ids, ["event 1", "event 2"]);
 * ```
 */
export function listEvents(
  client: { readonly events: EventsResource },
  filter: Wire.EventFilter = {},
  options: ListOptions<number> = {},
): Pages<Wire.AgentEvent, number> {
  const { limit = 100, ...rest } = options;
  return createList(
    "the events",
    rest,
    byPageNumber(async (page, call: CallOptions) => {
      const query = { ...filter, page, limit };
      const { data, meta } = await client.events.list(query, call);
      return { items: data, total: meta.total };
    }, { limit }),
  );
}

/**
 * Goes through the history of the agent's credits, newest first. Entries that come meanwhile move the pages: some are
 * then seen twice.
 *
 * @param client A client of an agent.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {OpenSpawnError} from the loop, as `credits.history()` does.
 */
export function listTransactions(
  client: { readonly credits: Pick<CreditsResource<"agent">, "history"> },
  options: ListOptions<number> = {},
): Pages<Wire.CreditTransaction, number> {
  const { limit = 100, ...rest } = options;
  return createList(
    "the history of credits",
    rest,
    byOffset(async (offset, call: CallOptions) => {
      const query = { limit, offset };
      const { data, meta } = await client.credits.history(query, call);
      return { items: data, total: meta.total };
    }),
  );
}

/**
 * Goes through the changes of trust in an agent, newest first.
 *
 * @param client A client.
 * @param id UUID of the agent.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {OpenSpawnError} from the loop, as `agents.listReputation()` does.
 */
export function listReputation(
  client: {
    readonly agents: Pick<AgentsResource<"agent">, "listReputation">;
  },
  id: string,
  options: ListOptions<number> = {},
): Pages<Wire.ReputationEvent, number> {
  const { limit = 100, ...rest } = options;
  return createList(
    "the changes of trust",
    rest,
    byOffset(async (offset, call: CallOptions) => {
      const query = { limit, offset };
      const page = await client.agents.listReputation(id, query, call);
      return { items: page.data, total: page.total };
    }),
  );
}

/**
 * Goes back through the messages of a channel, newest first. The server can leave out one that was sent in the same
 * millisecond as the last one of a page.
 *
 * @param client A client.
 * @param channelId UUID of the channel.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {OpenSpawnError} from the loop, as `messages.list()` does.
 */
export function listMessages(
  client: { readonly messages: Pick<MessageMethods, "list"> },
  channelId: string,
  options: ListOptions<string> = {},
): Pages<Wire.Message, string> {
  return backwards(
    "the messages of the channel",
    options,
    (query, call) => client.messages.list({ channelId, ...query }, call),
  );
}

/**
 * Goes back through the messages with an agent, newest first; otherwise as {@linkcode listMessages}.
 *
 * @param client A client of an agent.
 * @param agentId UUID of the other agent.
 * @param options Where to begin, how many at once, and options of the calls.
 * @throws {OpenSpawnError} from the loop, as `directMessages.list()` does.
 */
export function listDirectMessages(
  client: { readonly directMessages: Pick<DirectMessageMethods, "list"> },
  agentId: string,
  options: ListOptions<string> = {},
): Pages<Wire.DirectMessage, string> {
  return backwards(
    "the messages with the agent",
    options,
    (query, call) => client.directMessages.list(agentId, query, call),
  );
}

/** A page is the newest ones before a message, oldest first: the next one is asked for by its first. */
function backwards<Item extends { readonly id: string }>(
  action: string,
  options: ListOptions<string>,
  fetch: (
    query: Wire.BackwardsQuery,
    call: CallOptions,
  ) => Promise<readonly Item[]>,
): Pages<Item, string> {
  const { limit = 100, ...rest } = options;
  return createList<Item, string>(action, rest, async (before, call) => {
    const page = await fetch({ limit, before }, call);
    return {
      items: [...page].reverse(),
      next: page.length < limit ? undefined : page[0]?.id,
    };
  });
}
