import {
  boom,
  byAge,
  limitOf,
  refuse,
  text,
  uuid,
  validate,
} from "./openspawn_server_state.ts";
import type { Actor, Any, Route, State } from "./openspawn_server_state.ts";

const self = (actor: Actor, message = "Agent not found"): Any =>
  actor.agent ?? refuse(404, message);

/** The newest ones before a message, oldest first. */
function backwards(all: Any[], query: URLSearchParams): Any[] {
  const before = query.get("before");
  const at = before === null
    ? undefined
    : all.find(({ id }) => id === uuid(before))?.createdAt;
  return all.filter(({ createdAt }) => at === undefined || createdAt < at)
    .slice(-limitOf(query));
}

/** A place for two; `agent` channels carry both ids in their name. */
function channelOf(state: State, one: Any, other: Any): Any {
  const name = [one.id, other.id].sort().join(":");
  const found = state.channels.find((channel) => channel.name === name);
  if (found) return found;
  const channel = state.row({
    name,
    type: "agent",
    taskId: null,
    metadata: {},
    updatedAt: state.date(),
  });
  state.channels.push(channel);
  return channel;
}

export const messageRoutes: readonly Route[] = [
  ["POST", "/messages", ({ actor, body }, state) => {
    const given = validate(body, {
      channelId: "uuid*",
      type: "string:(text|handoff|status_update|request)*",
      body: "string*",
      parentMessageId: "uuid",
      metadata: "object",
    });
    if (actor.kind !== "agent") boom();
    if (!state.channels.some(({ id }) => id === given.channelId)) boom();
    const row = state.row({
      channelId: given.channelId,
      senderId: actor.id,
      recipientId: null,
      type: given.type,
      body: text(given.body),
      parentMessageId: given.parentMessageId ?? null,
      metadata: given.metadata ?? {},
    });
    state.messages.push(row);
    state.emit(actor, "message.sent", row.id);
    return { data: row };
  }],
  ["GET", "/messages", ({ query }, state) => ({
    data: backwards(
      state.messages.filter(({ channelId }) =>
        channelId === query.get("channelId")
      ),
      query,
    ),
  })],
  ["GET", "/messages/:id", ({ params }, state) => ({
    data: state.messages.find(({ id }) => id === uuid(params.id)) ??
      refuse(404, "Message not found"),
  })],
  ["GET", "/messages/:id/thread", ({ params }, state) => ({
    data: state.messages.filter(({ parentMessageId }) =>
      parentMessageId === uuid(params.id)
    ),
  })],
  ["POST", "/channels", ({ actor, body }, state) => {
    const given = validate(body, {
      name: "string:100*",
      type: "string:(task|agent|broadcast|general)*",
      taskId: "uuid",
      metadata: "object",
    });
    if (state.channels.some(({ name }) => name === given.name)) {
      refuse(409, `Channel "${given.name}" already exists`);
    }
    const row = state.row({
      taskId: null,
      metadata: {},
      ...given,
      updatedAt: state.date(),
    });
    state.channels.push(row);
    state.emit(actor, "channel.created", row.id);
    return { data: row };
  }],
  ["GET", "/channels", (_, state) => ({
    data: [...state.channels].sort(byAge),
  })],
  ["GET", "/channels/:id", ({ params }, state) => ({
    data: state.channels.find(({ id }) => id === uuid(params.id)) ??
      refuse(404, "Channel not found"),
  })],
  ["POST", "/dm", ({ actor, body }, state) => {
    const from = self(actor, "Sender agent not found");
    const to = state.agent(body?.toAgentId, "Recipient agent not found");
    const row = state.row({
      channelId: channelOf(state, from, to).id,
      senderId: from.id,
      recipientId: to.id,
      type: body.type ?? "text",
      body: text(body.body),
      parentMessageId: null,
      metadata: { ...body.metadata, read: false },
    });
    state.messages.push(row);
    state.emit(actor, "message.direct", row.id);
    return { data: row };
  }],
  ["GET", "/dm/conversations", ({ actor }, state) => ({
    data: state.channels.filter(({ name, type }) =>
      type === "agent" && name.includes(actor.id)
    ).map(({ id, name }) => {
      const otherId = name.split(":").find((one: string) => one !== actor.id);
      const other = state.agent(otherId);
      const all = state.messages.filter(({ channelId }) => channelId === id);
      return {
        channelId: id,
        otherAgentId: other.id,
        otherAgentName: other.name,
        otherAgentLevel: other.level,
        lastMessage: all.at(-1)?.body ?? "",
        lastMessageAt: all.at(-1)?.createdAt ?? state.date(),
        unreadCount: 0,
      };
    }),
  })],
  ["GET", "/dm/unread", ({ actor }, state) => ({
    data: {
      count: state.messages.filter(({ recipientId, metadata }) =>
        recipientId === actor.id && metadata.read === false
      ).length,
    },
  })],
  ["GET", "/dm/:agentId", ({ actor, params, query }, state) => {
    const me = self(actor);
    const other = state.agent(params.agentId!);
    const { id } = channelOf(state, me, other);
    const nameOf = (one: string): string => state.agent(one).name;
    return {
      data: backwards(
        state.messages.filter(({ channelId }) => channelId === id),
        query,
      ).map((one) => ({
        id: one.id,
        fromAgentId: one.senderId,
        fromAgentName: nameOf(one.senderId),
        toAgentId: one.recipientId,
        toAgentName: nameOf(one.recipientId),
        body: one.body,
        type: one.type,
        createdAt: one.createdAt,
        read: one.metadata.read,
      })),
    };
  }],
  ["PATCH", "/dm/:agentId/read", ({ actor, params }, state) => {
    const unread = state.messages.filter(({ recipientId, senderId }) =>
      recipientId === actor.id && senderId === uuid(params.agentId)
    );
    for (const one of unread) one.metadata.read = true;
    return { data: { markedRead: unread.length } };
  }],
  ["GET", "/events", ({ query }, state) => {
    validate(Object.fromEntries(query), {
      type: "string",
      actorId: "uuid",
      entityType: "string",
      entityId: "uuid",
      severity: "string:(info|warning|error)",
      startDate: "date",
      endDate: "date",
      page: "string",
      limit: "string",
    });
    const number = (name: string, preset: number): number =>
      Number(query.get(name) ?? preset);
    const [page, limit] = [number("page", 1), number("limit", 50)];
    if (!(page >= 1) || !(limit >= 0)) boom();
    const found = state.events.filter((event) =>
      ["type", "actorId", "entityType", "entityId", "severity"].every((name) =>
        !query.has(name) || event[name] === query.get(name)
      ) &&
      event.createdAt >= (query.get("startDate") ?? "") &&
      event.createdAt <= (query.get("endDate") ?? "9")
    );
    return {
      data: found.slice((page - 1) * limit, page * limit),
      // What was sent comes back as text.
      meta: {
        total: found.length,
        page: query.get("page") ?? 1,
        limit: query.get("limit") ?? 50,
      },
    };
  }],
  ["GET", "/events/:id", ({ params }, state) => ({
    data: state.events.find(({ id }) => id === uuid(params.id)) ?? null,
  })],
];
