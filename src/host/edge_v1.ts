// Web standards only.
import {
  hostCodecV1,
  isBoundId,
  isJsonObject,
  projectId,
  tenantOf,
  unprojectId,
} from "../openwop/protocol/mod.ts";
import type {
  ErrorEnvelope,
  JsonObject,
  JsonValue,
  RunEvent,
} from "../openwop/protocol/mod.ts";
import { notFound } from "./refusal.ts";
import type { Reply } from "./refusal.ts";

/** What an answer of version 1 is written from, beside the answer of version 2. */
export interface V1Context {
  /** The operation, where the path has one. */
  readonly name: string;
  /** Whose ids lose their tenant; empty for an answer by token. */
  readonly tenant: string;
  /** The ids of the path. */
  readonly ids: readonly string[];
}

/** Members that hold an id with a tenant. Source: v2 §4. */
const BOUND: ReadonlySet<string> = new Set([
  "a",
  "b",
  "runId",
  "parentRunId",
  "sourceRunId",
  "childRunId",
  "interruptId",
  "webhookId",
  "deliveryId",
  "activeRunId",
]);

/**
 * The ids of a path with the tenant of the caller: version 1 leaves it out. Source: v2 §4, "bare id".
 *
 * @param path As the table of routes has it.
 */
export function boundIds(
  path: string,
  ids: readonly string[],
  tenant: string,
): readonly string[] {
  const [name] = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const [first, ...rest] = ids;
  return first !== undefined && (name === "runId" || name === "webhookId")
    ? [boundSegment(first, tenant), ...rest]
    : ids;
}

/** The segment of an id that may have no tenant. */
export function boundSegment(segment: string, tenant: string): string {
  const id = unprojectId(segment);
  if (id === undefined || id.includes("/")) return segment;
  const bound = `${tenant}/${id}`;
  // No id of this host: version 1 has no grammar that it could break.
  if (!isBoundId(bound)) {
    throw notFound("Cannot find what the path names: this host has none");
  }
  return projectId(bound);
}

/** The body of a request of version 1 in the words of version 2. */
export function readV1Body(
  name: string,
  body: JsonValue | undefined,
  tenant: string,
): JsonValue | undefined {
  if (!isJsonObject(body)) return body;
  const { tenantId, eventTypes, ...rest } = body;
  const own = tenantId === undefined || tenantId === tenant
    ? rest
    : { ...rest, tenantId };
  const events = own["events"] ?? eventTypes;
  const read = hostCodecV1.readBody(name, {
    ...own,
    ...(events !== undefined && name === "webhooks.register" && { events }),
  });
  const { runIds } = read;
  return name === "runs.bulkCancel" && Array.isArray(runIds)
    ? {
      ...read,
      runIds: runIds.map((id) =>
        typeof id === "string" && !id.includes("/") ? `${tenant}/${id}` : id
      ),
    }
    : read;
}

/** An event as version 1 spells it. */
export function writeV1Event(event: RunEvent, tenant: string): JsonObject {
  const written = bare(hostCodecV1.writeEvent(event), tenant);
  const { payload } = written;
  return isJsonObject(payload)
    ? { ...written, payload: bare(payload, tenant) }
    : written;
}

/** A snapshot as version 1 spells it, with the question that the run waits for at its root. Source: v1 §6.5, §10.4. */
export function writeV1Snapshot(body: JsonObject, tenant: string): JsonObject {
  const { currentNodeId, nodeStates, completedAt } = body;
  const nodes = Object.entries(isJsonObject(nodeStates) ? nodeStates : {})
    .map(([id, node]): [string, JsonValue] => [
      id,
      nested(node, ["interrupt", "child"], tenant),
    ]);
  const at = nodes.find(([id]) => id === currentNodeId)?.[1];
  const asked = isJsonObject(at) ? at["interrupt"] : undefined;
  return {
    ...bare(hostCodecV1.writeBody("runs.get", body), tenant),
    nodeStates: Object.fromEntries(nodes),
    ...(completedAt !== undefined && { endedAt: completedAt }),
    ...(isJsonObject(asked) && {
      interrupt: {
        nodeId: String(currentNodeId),
        ...asked,
        ...(isJsonObject(asked["payload"]) ? asked["payload"] : {}),
      },
    }),
  };
}

/** An answer of version 2 as version 1 spells it. Source: v2 §5. */
export function toV1(reply: Reply, context: V1Context): Reply {
  const { body } = reply;
  if (!isJsonObject(body as JsonValue)) return reply;
  if (reply.status >= 400) {
    return refusalOf(reply, body as ErrorEnvelope, context);
  }
  return { ...reply, body: bodyOf(body as JsonObject, context) };
}

function refusalOf(
  reply: Reply,
  { error, details, ...rest }: ErrorEnvelope,
  { name, tenant, ids }: V1Context,
): Reply {
  if (name === "runs.cancel" && error === "run_terminal") {
    // A finished run is cancelled in the sense of version 1: nothing changes. Source: v1 §11.
    const runId = bareId(unprojectId(ids[0] ?? "") ?? "", tenant);
    return {
      status: 200,
      body: { runId, status: details?.["runStatus"] ?? null },
    };
  }
  // Version 1 has the hint in the body as well. Source: v1 §14.4.
  const retryAfter = reply.headers?.["retry-after"];
  const more = retryAfter === undefined && details === undefined ? undefined : {
    ...bare(details ?? {}, tenant),
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
  };
  const spelled = (status: number, code: string): Reply => ({
    ...reply,
    status,
    body: { error: code, ...rest, ...(more && { details: more }) },
  });
  if (error === "interrupt_token_invalid") {
    return spelled(404, "invalid_interrupt_token");
  }
  return name === "webhooks.unregister" && error === "not_found"
    ? spelled(404, "subscription_not_found")
    : spelled(reply.status, error);
}

function bodyOf(body: JsonObject, { name, tenant }: V1Context): JsonObject {
  // An answer by token tells by itself whose run it is about.
  const owner = tenant || (tenantOf(String(body["runId"] ?? "")) ?? "");
  const events = (value: JsonValue | undefined): JsonValue[] =>
    (Array.isArray(value) ? value : []).map((event) =>
      writeV1Event(event as unknown as RunEvent, owner)
    );
  switch (name) {
    case "discovery.openapi":
    case "workflows.get":
    case "interrupts.inspectByToken":
      return body;
    case "runs.get":
      return writeV1Snapshot(body, owner);
    case "runs.poll":
      return bare(
        hostCodecV1.writeBody(name, {
          ...body,
          events: events(body["events"]),
        }),
        owner,
      );
    case "runs.debugBundle":
      return {
        ...body,
        run: writeV1Snapshot(body["run"] as JsonObject, owner),
        events: events(body["events"]),
      };
    case "runs.create":
    case "runs.fork": {
      const written = bare(body, owner);
      const statusUrl = `/v1/runs/${
        encodeURIComponent(String(written["runId"]))
      }`;
      return { ...written, statusUrl, eventsUrl: `${statusUrl}/events` };
    }
    case "runs.diff":
      return {
        ...bare(body, owner),
        eventDiffs: (body["eventDiffs"] as readonly JsonValue[]).map((diff) => {
          const { aEvent, bEvent, ...rest } = diff as JsonObject;
          const [a] = events(aEvent === undefined ? [] : [aEvent]);
          const [b] = events(bEvent === undefined ? [] : [bEvent]);
          return {
            ...rest,
            ...(a !== undefined && { aEvent: a }),
            ...(b !== undefined && { bEvent: b }),
          };
        }),
      };
    default: {
      const { results, deliveries } = body;
      const list = (value: JsonValue | undefined): JsonValue =>
        Array.isArray(value)
          ? value.map((it) => isJsonObject(it) ? bare(it, owner) : it)
          : value ?? null;
      return {
        ...bare(hostCodecV1.writeBody(name, body), owner),
        ...(results !== undefined && { results: list(results) }),
        ...(deliveries !== undefined && { deliveries: list(deliveries) }),
        ...(isJsonObject(body["parent"]) &&
          { parent: bare(body["parent"], owner) }),
      };
    }
  }
}

function nested(
  value: JsonValue,
  members: readonly string[],
  tenant: string,
): JsonValue {
  if (!isJsonObject(value)) return value;
  const found = members.flatMap((name): [string, JsonValue][] => {
    const inner = value[name];
    return isJsonObject(inner) ? [[name, bare(inner, tenant)]] : [];
  });
  return { ...value, ...Object.fromEntries(found) };
}

function bare(body: JsonObject, tenant: string): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === "string" && BOUND.has(name)
        ? bareId(value, tenant)
        : value,
    ]),
  );
}

function bareId(id: string, tenant: string): string {
  return id.startsWith(`${tenant}/`) ? id.slice(tenant.length + 1) : id;
}
