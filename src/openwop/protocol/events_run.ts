// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { InterruptKind } from "./interrupts.ts";
import type { RunError, RunOwner } from "./runs.ts";

/** The run, its nodes, and what they leave behind. Payloads by version 2 name. Source: v2 §7.2, v1 §7.2 and §7.3. */
export interface RunPayloads {
  /** The run exists; the first event. */
  readonly "run.started": {
    readonly workflowId: string;
    readonly inputs?: JsonObject;
    readonly transport?: "rest" | "mcp" | "a2a" | "ui";
    readonly engineVersion?: number | string;
    readonly owner?: RunOwner;
    readonly tags?: readonly string[];
    readonly metadata?: JsonObject;
  };
  /** The run has ended well; the last event. */
  readonly "run.completed": {
    readonly outputs: JsonObject;
    readonly durationMs?: number;
  };
  /** The run has failed; the last event. */
  readonly "run.failed": {
    readonly error: RunError;
    readonly failedNodeId?: string;
    readonly durationMs?: number;
  };
  /** The run was cancelled; the last event. `parentRunId` only where the parent took it along. */
  readonly "run.cancelled": {
    readonly reason?: string;
    readonly cancelledBy?: string;
    readonly durationMs?: number;
    readonly parentRunId?: string;
  };
  /** Somebody paused the run. */
  readonly "run.paused": {
    readonly reason?: string;
    readonly drainPolicy?: "drain-current-node" | "immediate";
    readonly interruptedNodeId?: string;
    readonly interruptedAttempt?: number;
  };
  /** Somebody lifted the pause; some hosts write it after a crash too. */
  readonly "run.resumed": JsonObject;
  /** State rebuilt from a stored snapshot. */
  readonly "run.restored-from-snapshot": {
    readonly snapshotSeq?: number;
    readonly engineVersion?: number | string;
  };
  /** A suspended run is being picked up again. */
  readonly "run.resume-started": { readonly fromStatus?: string };
  /** Retries exhausted, run moved to a dead-letter sink. */
  readonly "run.dead-lettered": {
    readonly runId: string;
    readonly nodeId?: string;
    readonly reason: string;
    readonly attempts: number;
  };
  /** A node begins, or begins again. */
  readonly "node.started": {
    readonly nodeId: string;
    readonly typeId: string;
    readonly attempt?: number;
  };
  /** A node has ended well; outputs by port. */
  readonly "node.completed": {
    readonly nodeId: string;
    readonly outputs?: JsonObject;
    readonly durationMs?: number;
  };
  /** A node has failed for good. */
  readonly "node.failed": {
    readonly nodeId: string;
    readonly error: RunError;
    readonly attempts?: number;
  };
  /** A node waits for an answer. */
  readonly "node.suspended": {
    readonly nodeId: string;
    readonly interruptId: string;
    readonly kind?: InterruptKind;
    readonly key?: string;
  };
  /** The suspension itself could not be recorded. */
  readonly "node.suspend-failed": {
    readonly nodeId: string;
    readonly error: RunError;
  };
  /** A node has its answer. */
  readonly "node.resumed": {
    readonly nodeId: string;
    readonly interruptId?: string;
    readonly resumeValue?: JsonValue;
  };
  /** Another attempt is scheduled. */
  readonly "node.retried": {
    readonly nodeId: string;
    readonly attempt: number;
    readonly delayMs?: number;
    readonly lastError?: RunError;
  };
  /** A node will not run. */
  readonly "node.skipped": {
    readonly nodeId: string;
    readonly reason?: string;
  };
  /** A node was cut short. */
  readonly "node.cancelled": {
    readonly nodeId: string;
    readonly reason?: string;
  };
  /** Child run started by a dispatch or sub-workflow node. */
  readonly "node.dispatched": {
    readonly childRunId: string;
    readonly childWorkflowId: string;
    readonly childStatus?: string;
  };
  /** Workflow state restored. */
  readonly "workflow.restored": {
    readonly fromSnapshotSeq?: number;
    readonly engineVersion?: number | string;
  };
  /** Loop-back bound reached. */
  readonly "workflow.loopback-limit": {
    readonly nodeId: string;
    readonly iterations: number;
    readonly limit?: number;
  };
  /** No progress detected. */
  readonly "workflow.stalled": {
    readonly stalledForMs?: number;
    readonly lastNodeId?: string;
  };
  /** Code-version marker for replay. */
  readonly "version.pinned": {
    readonly changeId: string;
    readonly version: number;
    readonly nodeId?: string;
  };
  /** An engine limit was exceeded; a failure follows. */
  readonly "cap.breached": {
    readonly kind:
      | "clarification"
      | "schema"
      | "envelopes"
      | "node-executions"
      | "wasm-memory"
      | "wasm-fuel"
      | "wasm-execution-time"
      | "run-duration"
      | "loop-iterations"
      | "budget-tokens"
      | "budget-cost"
      | "budget-tool-calls"
      | "budget-retries";
    readonly limit: number;
    readonly observed: number;
    readonly nodeId?: string;
  };
  /** Run variable mutated. */
  readonly "variable.changed": {
    readonly name: string;
    readonly previous?: JsonValue;
    readonly next?: JsonValue;
    readonly nodeId?: string;
  };
  /** A line that code in a node wrote. */
  readonly "log.appended": {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly message: string;
    readonly nodeId?: string;
    readonly fields?: JsonObject;
  };
  /** Recorded streaming output. */
  readonly "output.chunk": {
    readonly nodeId: string;
    readonly runId: string;
    readonly chunk: string;
    readonly isLast: boolean;
    readonly channel?: string;
    readonly meta?: ChunkMeta;
  };
  /** An artifact can be fetched. */
  readonly "artifact.created": {
    readonly artifactId: string;
    readonly artifactType: string;
    readonly nodeId?: string;
    readonly version?: string;
    readonly summary?: string;
    readonly registered?: boolean;
    readonly registrationSource?: "pack" | "host";
  };
  /** One write to a channel. */
  readonly "channel.written": {
    readonly channel: string;
    readonly value: JsonValue;
    readonly reducer: string;
    readonly writtenAt: string;
    readonly nodeId?: string;
    readonly schemaVersion?: number;
    readonly sourceEngineId?: string;
    readonly sourceRunId?: string;
  };
  /** Who is there; short-lived, shaped by the host. */
  readonly "channel.presence": JsonObject;
  /** A context was shortened; shaped by the host. */
  readonly "context.summarized": JsonObject;
  /** A replay did something else than its source. The first two fields are of version 2, the others of version 1. */
  readonly "replay.diverged": {
    readonly originalEventId?: string;
    readonly replayEventId?: string;
    readonly sourceRunId?: string;
    readonly atSequence?: number;
    readonly divergenceKind?: "output" | "missing" | "extra" | "type-mismatch";
    readonly divergencePoint?: string;
  };
  /** Replay differs at a model refusal. */
  readonly "replay.diverged-at-refusal": {
    readonly sourceRunId: string;
    readonly atSequence: number;
    readonly originalEventId?: string;
    readonly nodeId?: string;
    readonly originalEnvelopeKind: "valid" | "refusal";
    readonly replayEnvelopeKind: "valid" | "refusal";
    readonly refusalReason?: string;
  };
  /** Execution lease taken. */
  readonly "lease.acquired": {
    readonly leaseId: string;
    readonly host: "browser" | "cloud";
    readonly instanceId?: string;
    readonly expiresAt?: string;
    readonly previousHost?: "browser" | "cloud";
  };
  /** Execution lease prolonged. */
  readonly "lease.renewed": {
    readonly leaseId: string;
    readonly host: "browser" | "cloud";
    readonly instanceId?: string;
    readonly expiresAt?: string;
    readonly previousHost?: "browser" | "cloud";
  };
  /** Execution lease lost. */
  readonly "lease.lost": {
    readonly leaseId: string;
    readonly host: "browser" | "cloud";
    readonly instanceId?: string;
    readonly expiresAt?: string;
    readonly previousHost?: "browser" | "cloud";
  };
  /** Lease moved between hosts. */
  readonly "lease.handed-off": {
    readonly leaseId: string;
    readonly fromHost: "browser" | "cloud";
    readonly toHost: "browser" | "cloud";
    readonly reason?: string;
  };
}

/** How a piece of streamed output came about. Source: v1 §7.2. */
export interface ChunkMeta {
  /** Why the model stopped; on the last piece. */
  readonly finishReason?: "stop" | "length" | "tool_calls" | "content_filter";
  /** As the provider gives them. */
  readonly logprobs?: JsonValue;
  /** As the provider gives them. */
  readonly toolCalls?: JsonValue;
  /** Which model. */
  readonly model?: string;
  /** Tokens. */
  readonly usage?: {
    readonly promptTokens?: number;
    readonly completionTokens?: number;
    readonly totalTokens?: number;
  };
  /** Whose model. */
  readonly provider?: string;
  /** Whatever else the provider says. */
  readonly providerExtensions?: JsonObject;
}
