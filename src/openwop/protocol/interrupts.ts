// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { RunStatus } from "./runs.ts";

/** A question that a run asks and waits for. Source: v2 §9.1. The object is closed and `data` belongs to `kind`. */
export type InterruptPayload =
  | InterruptOf<"approval", ApprovalData>
  | InterruptOf<"clarification", ClarificationData>
  | InterruptOf<"external-event", ExternalEventData>
  | InterruptOf<"custom", CustomData>;

/** The kinds that a host may raise without an optional capability. */
export type InterruptKind = InterruptPayload["kind"];

/** A question that a host raises only with an optional capability. Source: v2 §9.1. */
export type GatedInterruptPayload =
  | InterruptOf<"credential", CredentialData>
  | InterruptOf<"low-confidence", LowConfidenceData>
  | InterruptOf<
    "conversation.start" | "conversation.exchange" | "conversation.close",
    ConversationData
  >;

/** The frame of every {@linkcode InterruptPayload}. */
export interface InterruptOf<Kind extends string, Data> {
  /** What is asked for. */
  readonly kind: Kind;
  /** Deterministic per run, node and visit; raised at most once per run. */
  readonly key: string;
  /** The question. */
  readonly data: Data;
  /** JSON Schema of the answer. */
  readonly resumeSchema?: JsonObject;
  /** After this many milliseconds the interrupt answers itself with a rejection. */
  readonly timeoutMs?: number;
}

/** What an approver may do. Source: v2 §9.2. */
export type ApprovalAction =
  | "accept"
  | "reject"
  | "refine"
  | "edit-accept"
  | "ask";

/** The question of an approval about an `Artifact`. Source: v2 §9.1. */
export interface ApprovalData<Artifact = JsonValue> {
  /** What is to be approved. */
  readonly artifactId: string;
  /** Of what sort it is. */
  readonly artifactType: string;
  /** The question in one line. */
  readonly title: string;
  /** What an approver may answer. */
  readonly actions: readonly ApprovalAction[];
  /** More words. */
  readonly description?: string;
  /** The thing itself. */
  readonly artifactData?: Artifact;
  /** How many must accept. @default 1 */
  readonly requiredApprovals?: number;
  /** Who may answer; a host that advertises `interrupt` refuses others. */
  readonly approversList?: readonly string[];
  /** Whether one rejection suffices. @default "single-veto" */
  readonly rejectionPolicy?: "single-veto" | "majority";
}

/** The questions of a clarification. */
export interface ClarificationData {
  /** At least one. */
  readonly questions: readonly {
    readonly id: string;
    readonly question: string;
    readonly schema?: JsonObject;
  }[];
  /** What the questions are about. */
  readonly contextType?: string;
}

/** The event that a run waits for. */
export interface ExternalEventData {
  /** Its name. */
  readonly eventType: string;
  /** Keys that the event must repeat with equal values. */
  readonly correlation: JsonObject;
}

/** A question that only the workflow understands. */
export interface CustomData {
  /** Which one. */
  readonly customKind: string;
  /** Its content. */
  readonly payload?: JsonValue;
}

/** What a run needs access to: somebody follows `connectUrl`. Source: v2 §9.1. */
export interface CredentialData {
  /** Whose service. */
  readonly provider: string;
  /** What it must allow. */
  readonly scopes: readonly string[];
  /** For people. */
  readonly reason: string;
  /** Where access is given. */
  readonly connectUrl: string;
}

/** An agent that is less sure than it must be. Source: v2 §9.1. */
export interface LowConfidenceData {
  /** Which one. */
  readonly agentId: string;
  /** How sure it must be. */
  readonly threshold: number;
  /** How sure it is. */
  readonly observed: number;
  /** What it would do. */
  readonly decision?: JsonValue;
}

/** A turn of a conversation, its beginning or its end. Source: v2 §9.1, v1 §10.1. */
export interface ConversationData {
  /** Which one. */
  readonly conversationId: string;
  /** Of an exchange: what to answer. */
  readonly prompt?: JsonValue;
  /** Of an exchange: JSON Schema of the answer. */
  readonly outcomeSchema?: JsonObject;
  /** Of an exchange: which turn it is. */
  readonly turnIndex?: number;
  /** Of the beginning. */
  readonly title?: string;
  /** Of the beginning. */
  readonly initialPrompt?: JsonValue;
  /** Of the end. */
  readonly reason?: string;
}

/** The answer to an approval. Source: v2 §9.2. */
export interface ApprovalResume {
  /** Must be one of `data.actions`. */
  readonly action: ApprovalAction;
  /** Words of the approver. */
  readonly feedback?: string;
  /** Only with `refine`: what to change. */
  readonly refineFeedback?: JsonObject;
  /** Only with `edit-accept`: the edited thing. */
  readonly editedArtifactData?: JsonValue;
  /** Who decided; the host fills it from the credential. */
  readonly decidedBy?: string;
  /** When; the host fills it. ISO 8601. */
  readonly decidedAt?: string;
}

/**
 * How to write an action for an approval that offers these: hosts of version 1 have older words for two of them, one of
 * which they want back. Source: v1 §10.2, and the reference application, whose approvals offer `approve` by default.
 *
 * @param action What is decided.
 * @param offered As the host spells them.
 * @returns `undefined` when the approval does not offer it.
 */
export function spellAction(
  action: ApprovalAction,
  offered: readonly JsonValue[],
): string | undefined {
  if (offered.includes(action)) return action;
  if (action === "edit-accept" && offered.includes("edit")) return action;
  return action === "accept" && offered.includes("approve")
    ? "approve"
    : undefined;
}

/** The body of both resolve operations. Source: v2 §9.2. */
export interface ResolveRequest {
  /** Shaped by the interrupt. */
  readonly resumeValue: JsonValue;
}

/** The answer to a resolve by run. The status may still be waiting while a quorum is open. */
export interface ResolveResponse {
  /** The run. */
  readonly runId: string;
  /** The node that asked. */
  readonly nodeId: string;
  /** Of the run, right after the answer was taken. */
  readonly status: RunStatus;
}

/** The status of a run that waits at an interrupt of `kind`. Source: v2 §9.1. */
export function waitingStatus(
  kind: InterruptKind,
): "waiting-approval" | "waiting-input" | "waiting-external" {
  if (kind === "approval") return "waiting-approval";
  return kind === "external-event" ? "waiting-external" : "waiting-input";
}
