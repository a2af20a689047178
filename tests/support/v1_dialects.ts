import type { JsonObject, JsonValue } from "@tutti/sdk/openwop";

/** The reference hosts of version 1: they all speak the protocol, and no two the same way. */
export type V1HostName = "memory" | "sqlite" | "postgres" | "python" | "app";

export const v1Hosts: readonly V1HostName[] = [
  "memory",
  "sqlite",
  "postgres",
  "python",
  "app",
];

/** An entry of the log, before a host writes it in its own way. */
export interface Entry {
  readonly type: string;
  readonly payload: JsonValue;
  readonly nodeId: string | undefined;
}

/** What ends a run. */
export const ends: readonly string[] = [
  "run.completed",
  "run.failed",
  "run.cancelled",
];

/** Writes an event as the host does, on a stream or in a page. */
export function writeEvent(
  name: V1HostName,
  runId: string,
  entry: Entry,
  sequence: number,
  isStream: boolean,
): JsonObject {
  const { type, nodeId } = entry;
  const timestamp = "2026-01-01T00:00:00.000Z";
  const node = nodeId === undefined ? {} : { nodeId };
  const id = `${runId}-${sequence}`;
  const payload = entry.payload ??
    (name === "python" || name === "app" ? {} : null);
  if (name === "memory" && isStream) {
    return { seq: sequence, runId, type, ...node, data: payload, timestamp };
  }
  if (name === "sqlite" || name === "postgres") {
    return {
      eventId: `evt-${id}`,
      seq: sequence,
      sequence,
      runId,
      type,
      nodeId: nodeId ?? null,
      data: payload,
      payload,
      timestamp,
    };
  }
  const eventId = name === "memory" ? id : `evt-${id}`;
  return { eventId, runId, type, sequence, payload, timestamp, ...node };
}

/** What a page is made of. */
export interface LogState {
  readonly runId: string;
  readonly events: readonly JsonObject[];
  readonly last: number;
  readonly status: string;
  readonly isOver: boolean;
  /** Of the app. */
  readonly pageSize: number;
}

/** Writes a page as the host does; `undefined` for a cursor that it refuses. */
export function writePage(
  name: V1HostName,
  query: URLSearchParams,
  { runId, events, last, status, isOver, pageSize }: LogState,
): JsonObject | undefined {
  const given = name === "memory"
    ? query.get("since")
    : name === "postgres"
    ? query.get("lastSequence")
    : query.get("lastSequence") ?? query.get("since");
  const cursor = given === null ? -1 : Number(given);
  if (name !== "app" && (!Number.isInteger(cursor) || cursor < -1)) {
    return undefined;
  }
  // The app takes the cursor as one further on than it is, and says that all is complete though its page is not.
  const after = given !== null && name === "app" ? cursor + 1 : cursor;
  const rest = events.filter(({ sequence }) => Number(sequence) > after);
  const long = {
    runId,
    events: rest,
    lastEventSeq: last,
    runStatus: status,
    isTerminal: isOver,
  };
  switch (name) {
    case "memory":
    case "sqlite":
      return long;
    case "python":
      return { ...long, isComplete: isOver && rest.length === 0 };
    case "postgres":
      return { events: rest, isComplete: isOver };
    case "app":
      return { events: rest.slice(0, pageSize), isComplete: isOver };
  }
}

/** What the hosts let through in a mode: hardly any of them filters. */
export function admits(name: V1HostName, mode: string, type: string): boolean {
  if (name !== "python" && name !== "app") return true;
  if (mode === "values") {
    return name === "python"
      ? ends.includes(type)
      : /^(node|run)\.completed$/.test(type);
  }
  return mode !== "messages";
}
