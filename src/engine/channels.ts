// Web standards only.
import type {
  ChannelDeclaration,
  JsonObject,
  JsonValue,
  RunEventPayloads,
} from "../openwop/protocol/mod.ts";
import { type Graph, nodeOf } from "./graph.ts";
import { isObject, merge, own, put } from "./json.ts";

/** How the entries of a channel are kept. */
interface Keeping {
  readonly ttlMs: number | undefined;
  readonly maxSize: number | undefined;
}

/** Reducers whose entries can get too old. Source: v1 §17.6. */
const aging: ReadonlySet<string> = new Set(["append", "votes", "feedback"]);

/** The state of all channels before the first write. */
export function initialChannels({ definition }: Graph): JsonObject {
  const channels: Record<string, JsonValue> = {};
  for (
    const [name, { default: value }] of Object.entries(
      definition.channels ?? {},
    )
  ) if (value !== undefined) put(channels, name, value);
  return channels;
}

/**
 * The state of all channels after a write. What the reducer cannot take, as a text for a counter, changes nothing.
 *
 * Entries are pruned when something is written, by the recorded times: so a log folds to the same state whenever it is
 * folded.
 *
 * Source: v1 §17.6.
 *
 * @param at Time of the event, ISO 8601.
 */
export function write(
  graph: Graph,
  channels: JsonObject,
  payload: RunEventPayloads["channel.written"],
  at: string,
): JsonObject {
  const { channel, value, reducer } = payload;
  const kept = keepingOf(graph, channel, payload.nodeId);
  const state = own(channels, channel);
  const next = aging.has(reducer) && kept.ttlMs !== undefined
    ? addAging(state, value, reducer, { ...kept, ttlMs: kept.ttlMs }, at)
    : add(state, value, reducer, kept);
  return next === undefined ? channels : merge([channels, { [channel]: next }]);
}

/** Whether what follows from a write depends on when it is recorded. */
export function isAging(
  graph: Graph,
  { channel, reducer, nodeId }: RunEventPayloads["channel.written"],
): boolean {
  return aging.has(reducer) &&
    keepingOf(graph, channel, nodeId).ttlMs !== undefined;
}

function add(
  state: JsonValue | undefined,
  value: JsonValue,
  reducer: string,
  { maxSize }: Keeping,
): JsonValue | undefined {
  const list = Array.isArray(state) ? state as readonly JsonValue[] : [];
  switch (reducer) {
    case "append":
    case "feedback":
      return newest([...list, value], maxSize);
    case "merge":
      return isObject(value)
        ? merge([isObject(state) ? state : {}, value])
        : undefined;
    case "counter":
      return typeof value === "number"
        ? (typeof state === "number" ? state : 0) + value
        : undefined;
    case "votes":
      return newest(
        [...list.filter((other) => voterOf(other) !== voterOf(value)), value],
        maxSize,
      );
    case "message": {
      const id = messageIdOf(value);
      const known = id !== undefined &&
        list.some((other) => messageIdOf(other) === id);
      return known ? undefined : newest([...list, value], maxSize);
    }
    default:
      // `replace`, and what only its vendor knows.
      return value;
  }
}

function addAging(
  state: JsonValue | undefined,
  value: JsonValue,
  reducer: string,
  { ttlMs, maxSize }: Keeping & { readonly ttlMs: number },
  at: string,
): JsonValue {
  const now = Date.parse(at);
  const list = Array.isArray(state) ? state as readonly JsonValue[] : [];
  const young = list.filter((entry) => {
    const time = isObject(entry) ? own(entry, "_ts") : undefined;
    return !(typeof time === "number" && time < now - ttlMs);
  });
  const others = reducer === "votes"
    ? young.filter((entry) =>
      voterOf(isObject(entry) ? own(entry, "value") : undefined) !==
        voterOf(value)
    )
    : young;
  return newest([...others, { value, _ts: now }], maxSize);
}

function newest(
  list: readonly JsonValue[],
  maxSize: number | undefined,
): readonly JsonValue[] {
  return maxSize !== undefined && list.length > maxSize
    ? list.slice(list.length - maxSize)
    : list;
}

function voterOf(vote: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(vote)) return undefined;
  for (const key of ["voter", "userId", "user"]) {
    const voter = own(vote, key);
    if (voter !== undefined) return voter;
  }
  return undefined;
}

function messageIdOf(message: JsonValue): JsonValue | undefined {
  return isObject(message) ? own(message, "messageId") : undefined;
}

/** The declaration says; where it does not, the node that writes. */
function keepingOf(
  graph: Graph,
  channel: string,
  nodeId: string | undefined,
): Keeping {
  const declared = declarationOf(graph, channel);
  const config = nodeId === undefined
    ? {}
    : nodeOf(graph, nodeId)?.node.config ?? {};
  const number = (key: "ttlMs" | "maxSize"): number | undefined => {
    const value = declared?.[key] ?? own(config, key);
    return typeof value === "number" && value >= 1 ? value : undefined;
  };
  return { ttlMs: number("ttlMs"), maxSize: number("maxSize") };
}

/** The declaration of a channel, `undefined` for one that is only written to. */
export function declarationOf(
  { definition: { channels } }: Graph,
  name: string,
): ChannelDeclaration | undefined {
  return channels && Object.hasOwn(channels, name) ? channels[name] : undefined;
}

/**
 * Whether a node is among those that may read or write a channel. `private` keeps other runs out, which never get in
 * here anyway. Source: v1 §17.6.
 */
export function mayUse(
  { access = "public" }: ChannelDeclaration,
  how: "readers" | "writers",
  nodeId: string,
  typeId: string,
): boolean {
  if (access === "public" || access === "private") return true;
  const allowed = access[how];
  return allowed === undefined ||
    allowed.some((entry) =>
      entry === "*" || entry === nodeId || entry === typeId ||
      (entry.endsWith(".*") && typeId.startsWith(entry.slice(0, -1)))
    );
}
