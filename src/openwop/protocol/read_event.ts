// Web standards only.
import { isJsonObject } from "../../http/mod.ts";
import type { JsonValue } from "../../http/mod.ts";
import { count, text } from "./envelope.ts";
import { EVENT_TYPES } from "./event_names.ts";
import type { RunEvent, RunEventType } from "./events.ts";

type Kind = "string" | "object" | "error" | "interrupt";

/** What the payload of the types that Tutti itself reads must have for the type to be believed. Source: v2 §7.2. */
const required: {
  readonly [Type in RunEventType]?: Readonly<Record<string, Kind>>;
} = {
  "run.started": { workflowId: "string" },
  "run.completed": { outputs: "object" },
  "run.failed": { error: "error" },
  "node.started": { nodeId: "string", typeId: "string" },
  "node.completed": { nodeId: "string" },
  "node.failed": { nodeId: "string", error: "error" },
  "node.suspended": { nodeId: "string", interruptId: "string" },
  "node.resumed": { nodeId: "string" },
  "node.skipped": { nodeId: "string" },
  "node.cancelled": { nodeId: "string" },
  "interrupt.requested": { kind: "interrupt", key: "string", data: "object" },
  "interrupt.resolved": { nodeId: "string", interruptId: "string" },
  "approval.received": { nodeId: "string", action: "string" },
  "log.appended": { level: "string", message: "string" },
};

const types = new Map(Object.entries(required));

/**
 * Reads an event as a host wrote it. A type that is not known, or whose payload lacks what the type promises, becomes
 * the `unknown` arm with its name in `wireType`; nothing is thrown.
 *
 * @param value From outside.
 * @returns the event, or `undefined` when `value` has no usable envelope: no type, or no whole `sequence`.
 */
export function toRunEvent(value: JsonValue | undefined): RunEvent | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type } = value;
  const sequence = count(value.sequence);
  if (
    typeof type !== "string" || sequence === undefined || sequence < 0
  ) return undefined;
  const envelope = {
    eventId: text(value.eventId) ?? "",
    runId: text(value.runId) ?? "",
    timestamp: text(value.timestamp) ?? "",
    sequence,
    schemaVersion: count(value.schemaVersion) ?? 1,
    ...optional("nodeId", text(value.nodeId)),
    ...optional("engineVersion", count(value.engineVersion)),
    ...optional("causationId", text(value.causationId)),
  };
  const payload = value.payload ?? {};
  const believed = EVENT_TYPES.has(type) && isJsonObject(payload) &&
    Object.entries(types.get(type) ?? {}).every(([name, kind]) =>
      isKind(payload[name], kind)
    );
  return believed
    // Just checked against the table of its type.
    ? { ...envelope, type, payload } as unknown as RunEvent
    : { ...envelope, type: "unknown", wireType: type, payload };
}

/** The type of `event` in the spelling of version 2; where it is not known, as the wire spelled it. */
export function wireTypeOf(event: RunEvent): string {
  return event.type === "unknown" ? event.wireType : event.type;
}

function isKind(value: JsonValue | undefined, kind: Kind): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "object":
      return isJsonObject(value);
    case "error":
      return isJsonObject(value) && typeof value.code === "string" &&
        typeof value.message === "string";
    case "interrupt":
      return value === "approval" || value === "clarification" ||
        value === "external-event" || value === "custom";
  }
}

function optional<Name extends string, T>(
  name: Name,
  value: T | undefined,
): { readonly [N in Name]?: T } {
  return value === undefined ? {} : { [name]: value } as { [N in Name]: T };
}
