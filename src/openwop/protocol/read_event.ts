// Web standards only.
import { isJsonObject } from "../../http/mod.ts";
import type { JsonValue } from "../../http/mod.ts";
import { count, text } from "./envelope.ts";
import { EVENT_TYPES } from "./event_names.ts";
import type { RunEvent } from "./events.ts";

// What the payload of the types that Tutti itself reads must have for the type to be believed: texts, objects where `{}`
// follows, `!` for an error, `?` for the kind of a question. Source: v2 §7.2.
const required: ReadonlyMap<string, readonly (readonly string[])[]> =
  /* @__PURE__ */ new Map(
    /* @__PURE__ */ [
      "run.started workflowId",
      "run.completed outputs{}",
      "run.failed error!",
      "node.started nodeId typeId",
      "node.completed nodeId",
      "node.failed nodeId error!",
      "node.suspended nodeId interruptId",
      "node.resumed nodeId",
      "node.skipped nodeId",
      "node.cancelled nodeId",
      "interrupt.requested kind? key data{}",
      "interrupt.resolved nodeId interruptId",
      "approval.received nodeId action",
      "log.appended level message",
    ].map((line) => {
      const [type, ...fields] = line.split(" ");
      return [type!, fields.map((field) => field.split(/\b(?=\W)/))] as const;
    }),
  );

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
    (required.get(type) ?? []).every(([name, kind]) =>
      isKind(payload[name!], kind)
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

function isKind(value: JsonValue | undefined, kind?: string): boolean {
  if (!kind) return typeof value === "string";
  return kind === "?"
    ? isKind(value) &&
      /^(approval|clarification|external-event|custom|credential|low-confidence|conversation\.(start|exchange|close))$/
        .test(value as string)
    : isJsonObject(value) &&
      (kind !== "!" || (isKind(value.code) && isKind(value.message)));
}

function optional<Name extends string, T>(
  name: Name,
  value: T | undefined,
): { readonly [N in Name]?: T } {
  return value === undefined ? {} : { [name]: value } as { [N in Name]: T };
}
