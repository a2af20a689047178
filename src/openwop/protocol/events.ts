// Web standards only.
import type { JsonValue } from "../../http/mod.ts";
import type { AgentPayloads } from "./events_agent.ts";
import type { InterruptPayloads } from "./events_interrupt.ts";
import type { OperationPayloads } from "./events_operation.ts";
import type { RunPayloads } from "./events_run.ts";

/**
 * The payload of every registered event type, by version 2 name. Fields of a type that {@linkcode toRunEvent} does not
 * look into are the word of the host. Source: v2 §7.2 and §7.3.
 */
export interface RunEventPayloads
  extends RunPayloads, InterruptPayloads, AgentPayloads, OperationPayloads {}

/** The names of {@linkcode RunEventPayloads}. */
export type RunEventType = keyof RunEventPayloads;

/** What every event carries around its payload. Source: v2 §7.1. */
export interface EventEnvelope {
  /** Opaque, unique. */
  readonly eventId: string;
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** ISO 8601. Order by `sequence`, never by this. */
  readonly timestamp: string;
  /** 0 for the first event, then strictly increasing. */
  readonly sequence: number;
  /** Version of the payload. */
  readonly schemaVersion: number;
  /** On node-scoped events. */
  readonly nodeId?: string;
  /** Version of the engine that wrote it. */
  readonly engineVersion?: number;
  /** The event that caused this one. */
  readonly causationId?: string;
  /** How a version 1 host spelled the type, where that differs. */
  readonly wireType?: string;
}

/** An event whose type is known: `event.type` narrows `event.payload`. */
export type KnownRunEvent<Type extends RunEventType = RunEventType> =
  KnownRunEvents[Type];

/** The events by their type. */
export type KnownRunEvents = {
  readonly [Type in RunEventType]: TypedEvent<Type>;
};

/** An event of one type. */
export interface TypedEvent<Type extends RunEventType> extends EventEnvelope {
  /** What has happened. */
  readonly type: Type;
  /** What is known of it. */
  readonly payload: RunEventPayloads[Type];
}

/**
 * An event whose type this version does not know. Consumers fold what they know and never fail on the rest
 * (v2 §7.1); the name on the wire is kept in `wireType`.
 */
export interface UnknownRunEvent extends EventEnvelope {
  /** The arm to match on. */
  readonly type: "unknown";
  /** The type as it came. */
  readonly wireType: string;
  /** As it came. */
  readonly payload: JsonValue;
}

/** Any event of a run, told apart by `type`. */
export type RunEvent = KnownRunEvent | UnknownRunEvent;

/** An event before the host gave it an id, a time and a sequence. */
export type EventDraft = {
  readonly [T in RunEventType]: {
    readonly type: T;
    readonly payload: RunEventPayloads[T];
    readonly nodeId?: string;
  };
}[RunEventType];

/** Whether `type` ends the log of a run: exactly one such event exists and nothing follows it. */
export function isTerminalEvent(
  type: string,
): type is "run.completed" | "run.failed" | "run.cancelled" {
  return type === "run.completed" || type === "run.failed" ||
    type === "run.cancelled";
}
