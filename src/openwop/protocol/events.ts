// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { InterruptKind, InterruptPayload } from "./interrupts.ts";
import type { RunError, RunOwner, Subject } from "./runs.ts";

/** The payload of every event type that Tutti reads and writes, by version 2 name. Source: v2 §7.2. */
export interface RunEventPayloads {
  /** The run exists. */
  "run.started": {
    readonly workflowId: string;
    readonly inputs?: JsonObject;
    readonly transport?: "rest" | "mcp" | "a2a" | "ui";
    readonly owner?: RunOwner;
    readonly tags?: readonly string[];
    readonly metadata?: JsonObject;
  };
  /** The run has ended well; the last event. */
  "run.completed": {
    readonly outputs: JsonObject;
    readonly durationMs?: number;
  };
  /** The run has failed; the last event. */
  "run.failed": {
    readonly error: RunError;
    readonly failedNodeId?: string;
    readonly durationMs?: number;
  };
  /** The run was cancelled; the last event. */
  "run.cancelled": {
    readonly reason?: string;
    readonly cancelledBy?: string;
    readonly durationMs?: number;
    readonly parentRunId?: string;
  };
  /** A node begins, or begins again. */
  "node.started": {
    readonly nodeId: string;
    readonly typeId: string;
    readonly attempt?: number;
  };
  /** A node has ended well. */
  "node.completed": {
    readonly nodeId: string;
    readonly outputs?: JsonObject;
    readonly durationMs?: number;
  };
  /** A node has failed for good. */
  "node.failed": {
    readonly nodeId: string;
    readonly error: RunError;
    readonly attempts?: number;
  };
  /** A node waits for an answer. */
  "node.suspended": {
    readonly nodeId: string;
    readonly interruptId: string;
    readonly kind?: InterruptKind;
    readonly key?: string;
  };
  /** A node has its answer. */
  "node.resumed": {
    readonly nodeId: string;
    readonly interruptId?: string;
    readonly resumeValue?: JsonValue;
  };
  /** A node will not run. */
  "node.skipped": { readonly nodeId: string; readonly reason?: string };
  /** A node was cut short. */
  "node.cancelled": { readonly nodeId: string; readonly reason?: string };
  /** A question, word for word. */
  "interrupt.requested": InterruptPayload;
  /** A question has its answer. */
  "interrupt.resolved": {
    readonly nodeId: string;
    readonly interruptId: string;
    readonly kind?: InterruptKind;
    readonly resumeValue?: JsonValue;
    readonly resolvedBy?: Subject;
    readonly decision?: string;
    readonly action?: string;
  };
  /** One vote on an approval. */
  "approval.received": {
    readonly nodeId: string;
    readonly action: string;
    readonly decidedBy?: string;
    readonly decidedAt?: string;
    readonly feedback?: string;
    readonly refineFeedback?: JsonObject;
    readonly editedArtifactData?: JsonValue;
  };
  /** A line that code in a node wrote. */
  "log.appended": {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly message: string;
    readonly nodeId?: string;
    readonly fields?: JsonObject;
  };
  /** A replay did something else than its source. */
  "replay.diverged": {
    readonly originalEventId: string;
    readonly replayEventId: string;
    readonly divergencePoint?: string;
  };
}

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
}

/** An event whose type is known: `event.type` narrows `event.payload`. */
export type KnownRunEvent<Type extends RunEventType = RunEventType> = {
  readonly [T in Type]: EventEnvelope & {
    readonly type: T;
    readonly payload: RunEventPayloads[T];
  };
}[Type];

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
