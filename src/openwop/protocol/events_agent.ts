// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { RunError } from "./runs.ts";

/** Agents: what they think, call, remember and say. Payloads by version 2 name. Source: v2 §7.2, v1 §7.2 and §7.3. */
export interface AgentPayloads {
  /** Finished reasoning text. */
  readonly "agent.reasoned": {
    readonly agentId: string;
    readonly reasoning: string;
    readonly verbosity?: "summary" | "full" | "off";
    readonly causationHostId?: string;
  };
  /** Active agent changes. */
  readonly "agent.handoff": {
    readonly fromAgentId: string;
    readonly toAgentId: string;
    readonly reason?: string;
    readonly causationHostId?: string;
  };
  /** Agent decision with confidence. */
  readonly "agent.decided": {
    readonly agentId: string;
    readonly decision: JsonValue;
    readonly confidence?: number;
    readonly causationHostId?: string;
  };
  /** Verifier verdict. */
  readonly "agent.verified": {
    readonly agentId: string;
    readonly target: string;
    readonly verdict: "pass" | "fail" | "revise";
    readonly criteria?: readonly string[];
    readonly confidence?: number;
    readonly causationHostId?: string;
  };
  /** Incremental reasoning text. */
  readonly "agent.reasoning-delta": {
    readonly agentId: string;
    readonly delta: string;
    readonly sequence: number;
    readonly verbosity?: "summary" | "full" | "off";
  };
  /** Which template layer won. */
  readonly "agent.prompt-resolved": {
    readonly nodeId: string;
    readonly kind: string;
    readonly agentId?: string;
    readonly chain: readonly ({
      readonly layer:
        | "run-configurable"
        | "node"
        | "agent-intrinsic"
        | "agent-overrides"
        | "agent-library-default"
        | "workflow-defaults"
        | "host-defaults";
      readonly source?: string;
      readonly applied: boolean;
      readonly reason?: string;
    })[];
    readonly resolved: string | null;
    readonly causationHostId?: string;
  };
  /** Tool call begins (pair by `callId`). */
  readonly "agent.tool-called": {
    readonly agentId: string;
    readonly toolName: string;
    readonly callId: string;
    readonly inputs?: JsonValue;
    readonly argsHash?: string;
    readonly principal?: string;
    readonly transport?: "mcp" | "http" | "native";
    readonly causationHostId?: string;
  };
  /** Tool call ends. */
  readonly "agent.tool-returned": {
    readonly agentId: string;
    readonly toolName: string;
    readonly callId: string;
    readonly outcome?: JsonValue;
    readonly error?: RunError;
    readonly status?: "ok" | "error" | "forbidden" | "rate_limited";
    readonly durationMs?: number;
    readonly causationHostId?: string;
  };
  /** Manifest agent run begins. */
  readonly "agent.invocation-started": {
    readonly invocationId: string;
    readonly agentId: string;
    readonly source: "workflow-node" | "run-api" | "chat-mention";
    readonly modelClass?: string;
    readonly resolvedModel?: string;
    readonly resolvedProvider?: string;
    readonly resolvedAgentVersion?: string;
    readonly resolvedChannel?: string;
    readonly toolSurfaceCount?: number;
    readonly memoryBound?: boolean;
  };
  /** Manifest agent run ends. */
  readonly "agent.invocation-completed": {
    readonly invocationId: string;
    readonly agentId: string;
    readonly outcome:
      | "completed"
      | "handed-off"
      | "escalated"
      | "refused"
      | "failed";
    readonly schemaValidated?: boolean;
    readonly confidence?: number;
    readonly enqueuedRunId?: string;
  };
  /** An agent sorted its memories. */
  readonly "agent.memory-consolidated": {
    readonly memoryRef: string;
    readonly inputCount: number;
    readonly outputCount: number;
    readonly mergedIds?: readonly string[];
    readonly trigger?: "host-managed" | "scheduled" | "on-demand";
  };
  /** Supervisor decision. */
  readonly "orchestrator.decided": {
    readonly agentId: string;
    readonly decision: OrchestratorDecision;
    readonly iteration?: number;
    readonly causationHostId?: string;
  };
  /** Work went out to several children; shaped by the host. */
  readonly "dispatch.fanned-out": JsonObject;
  /** The children are back; shaped by the host. */
  readonly "dispatch.joined": JsonObject;
  /** Supervisor hand-off step. */
  readonly "workflow-chain.event": {
    readonly phase:
      | "dispatch.began"
      | "dispatch.succeeded"
      | "dispatch.failed"
      | "child.completed"
      | "child.failed"
      | "child.cancelled"
      | "output.harvested";
    readonly workerId: string;
    readonly parentRunId: string;
    readonly childRunId?: string;
    readonly harvestedKeys?: readonly string[];
    readonly attestation?: {
      readonly checksum: string;
      readonly algorithm: "sha256";
    };
    readonly error?: RunError;
    readonly causationHostId?: string;
  };
  /** Low-confidence hand-off stopped. */
  readonly "workflow-chain.confidence-escalated": {
    readonly confidence: number;
    readonly floor: number;
    readonly escalationKind: "clarify" | "escalate";
    readonly workerId?: string;
    readonly parentRunId: string;
    readonly originalDecision?: OrchestratorDecision;
    readonly causationHostId?: string;
  };
  /** Fallback model used. */
  readonly "model.capability-substituted": {
    readonly nodeId: string;
    readonly originalProvider: string;
    readonly originalModel: string;
    readonly fallbackProvider: string;
    readonly fallbackModel: string;
    readonly missingCapabilities: readonly string[];
  };
  /** No model satisfies the node. */
  readonly "model.capability-insufficient": {
    readonly nodeId: string;
    readonly provider: string;
    readonly model: string;
    readonly missingCapabilities: readonly string[];
    readonly fallbackAttempted?: boolean;
  };
  /** Token counts of one model call. */
  readonly "provider.usage": {
    readonly provider: string;
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly totalTokens?: number;
    readonly costEstimateUsd?: number;
    readonly currency?: string;
    readonly cacheHit?: boolean;
    readonly cacheReadTokens?: number;
    readonly cacheWriteTokens?: number;
    readonly nodeId?: string;
    readonly traceId?: string;
  };
  /** Prompt built from templates (hash always, text optional). */
  readonly "prompt.composed": {
    readonly nodeId: string;
    readonly refs: readonly string[];
    readonly kind:
      | "system+user"
      | "system-only"
      | "user-only"
      | "agent-reasoning";
    readonly hash: string;
    readonly composed?: string;
    readonly systemPrompt?: string;
    readonly userPrompt?: string;
    readonly variableBindings?: JsonObject;
    readonly variableHashes?: JsonObject;
    readonly contentTrust?: "trusted" | "untrusted";
    readonly causationHostId?: string;
  };
  /** Model refused. */
  readonly "envelope.refusal": {
    readonly nodeId: string;
    readonly provider: string;
    readonly model: string;
    readonly refusalText?: string | null;
    readonly safetyCategory?: string | null;
  };
  /** Model output cut off. */
  readonly "envelope.truncated": {
    readonly nodeId: string;
    readonly provider: string;
    readonly model: string;
    readonly stopReason: "max_tokens" | "length" | "stop_sequence" | "unknown";
    readonly partialPayloadAvailable?: boolean;
    readonly outputTokenCount?: number | null;
  };
  /** Structured output retried. */
  readonly "envelope.retry-attempted": {
    readonly nodeId: string;
    readonly attempt: number;
    readonly reason: string;
    readonly previousError?: string | null;
  };
  /** Structured output gave up. */
  readonly "envelope.retry-exhausted": {
    readonly nodeId: string;
    readonly totalAttempts: number;
    readonly finalReason: string;
    readonly finalError?: string | null;
  };
  /** Prose-to-JSON fallback call. */
  readonly "envelope.nl-to-format-engaged": {
    readonly nodeId: string;
    readonly originalEnvelopeType: string;
    readonly fallbackCalls?: number;
  };
  /** Lenient parse repaired output. */
  readonly "envelope.recovery-applied": {
    readonly nodeId: string;
    readonly path:
      | "direct"
      | "jsonrepair"
      | "markdown-fence"
      | "brace-walker"
      | "custom";
    readonly byteOffset?: number | null;
  };
  /** A session with a tool begins. */
  readonly "tool.session-opened": {
    readonly sessionId: string;
    readonly toolId: string;
  };
  /** A session with a tool has ended. */
  readonly "tool.session-closed": {
    readonly sessionId: string;
    readonly toolId: string;
    readonly outcome: "completed" | "failed" | "cancelled";
  };
  /** Memories were made into fewer. */
  readonly "memory.compacted": {
    readonly memoryRef: string;
    readonly outputId: string;
    readonly sourceIds?: readonly string[];
    readonly sourceCount: number;
    readonly trigger: "host-managed" | "client-requested" | "both";
    readonly byteSize: number;
    readonly distillation?: {
      readonly tokenBudget: number;
      readonly tokensUsed: number;
      readonly indexUpdated?: boolean;
    };
  };
  /** A memory was written. */
  readonly "memory.written": {
    readonly memoryRef: string;
    readonly memoryId: string;
    readonly nodeId?: string;
    readonly agentId?: string;
    readonly tags?: readonly string[];
  };
  /** Something that an agent meant to do is due. */
  readonly "commitment.fired": {
    readonly commitmentId: string;
    readonly memoryRef: string;
    readonly memoryId?: string;
    readonly condition: "time" | "predicate";
    readonly enqueuedRunId?: string;
  };
  /** What was understood so far. */
  readonly "voice.transcript": {
    readonly text: string;
    readonly isFinal: boolean;
    readonly committedPrefix?: string;
    readonly stability?: number;
    readonly formatted?: boolean;
    readonly atMs: number;
    readonly contentTrust: "untrusted";
  };
  /** Speech was cut off. */
  readonly "voice.cancelled": {
    readonly atMs: number;
    readonly reason?: "barge-in" | "explicit";
  };
  /** Somebody begins to speak. */
  readonly "voice.speech-start": { readonly atMs: number };
  /** Somebody may have finished speaking. */
  readonly "voice.endpoint-candidate": {
    readonly atMs: number;
    readonly confidence?: number;
  };
  /** A turn is final. */
  readonly "voice.turn-commit": {
    readonly atMs: number;
    readonly finalText: string;
  };
  /** A piece of speech. */
  readonly "voice.synthesis-chunk": {
    readonly seq: number;
    readonly mimeType: string;
    readonly durationMs?: number;
    readonly url?: string;
    readonly streamRef?: string;
    readonly base64?: string;
    readonly final?: boolean;
  };
  /** Somebody interrupts. */
  readonly "voice.barge-in": { readonly atMs: number };
}

/** What a supervisor decides to do next. Source: v1 §7.3. */
export type OrchestratorDecision =
  | {
    readonly kind: "next-worker";
    readonly nextWorkerIds: readonly string[];
    readonly confidence?: number;
  }
  | { readonly kind: "ask-user"; readonly prompt: string }
  | {
    readonly kind: "terminate";
    readonly reason?: string;
    readonly confidence?: number;
    readonly successCriteria?: readonly {
      readonly key: string;
      readonly met: boolean;
    }[];
  };
