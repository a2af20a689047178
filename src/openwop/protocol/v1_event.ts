// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import { fromV1EventType } from "./codemap.ts";
import { objectOf, text } from "./envelope.ts";
import type { RunEvent } from "./events.ts";
import { toRunEvent } from "./read_event.ts";
import { readOwner } from "./v1_snapshot.ts";

/**
 * Reads an event of version 1, with the dialects of its older hosts, into the shared model; one of version 2 passes as it
 * is, so that it serves where the major is not known. Source: v1 §7.1, v2 §7.3.
 *
 * @param value From outside.
 * @returns the event, or `undefined` when `value` has no usable envelope.
 */
export function readV1Event(
  value: JsonValue | undefined,
): RunEvent | undefined {
  const from = objectOf(value);
  const wireType = text(from?.type);
  if (!from || wireType === undefined) return undefined;
  const type = fromV1EventType(wireType);
  const sequence = from.sequence ?? from.seq ?? null;
  const version = from.engineVersion;
  const event = toRunEvent({
    ...from,
    type,
    sequence,
    // As the one host that leaves it out of its streams spells it everywhere else.
    eventId: from.eventId ?? `${text(from.runId) ?? ""}-${String(sequence)}`,
    payload: readPayload(type, from),
    engineVersion: typeof version === "string" && /^\d+$/.test(version)
      ? Number(version)
      : version ?? null,
  });
  return event && wireType !== type ? { ...event, wireType } : event;
}

/** Fills in what version 2 promises and version 1 does not. */
function readPayload(type: string, from: JsonObject): JsonValue {
  const given = from.payload ?? from.data ?? {};
  let payload = objectOf(given);
  if (!payload) return given;
  if (
    /^(node|approval|clarification)\.|^interrupt\.resolved$/.test(type) &&
    payload.nodeId === undefined && typeof from.nodeId === "string"
  ) payload = { ...payload, nodeId: from.nodeId };
  if (type === "run.completed") payload = { outputs: {}, ...payload };
  if (type === "run.started" && payload.owner !== undefined) {
    payload = { ...payload, owner: readOwner(payload) };
  }
  if (type === "approval.requested" && Array.isArray(payload.actions)) {
    const actions = payload.actions as readonly JsonValue[];
    payload = {
      ...payload,
      actions: actions.map((it) => it === "edit" ? "edit-accept" : it),
    };
  }
  return payload;
}
