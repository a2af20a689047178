// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { GatedInterruptPayload, InterruptPayload } from "./interrupts.ts";
import type { Subject } from "./runs.ts";

/** Questions, answers and conversations. Payloads by version 2 name. Source: v2 §7.2, v1 §7.2 and §7.3. */
export interface InterruptPayloads {
  /** Older companion of `interrupt.requested` for approvals. */
  readonly "approval.requested": {
    readonly nodeId: string;
    readonly interruptId?: string;
    readonly artifactId: string;
    readonly artifactType: string;
    readonly title?: string;
    readonly actions:
      readonly ("accept" | "reject" | "refine" | "edit-accept" | "ask")[];
    readonly approversList?: readonly string[];
    readonly requiredApprovals?: number;
  };
  /** One vote on an approval. */
  readonly "approval.received": {
    readonly nodeId: string;
    readonly action: string;
    readonly decidedBy?: string;
    readonly decidedAt?: string;
    readonly comment?: string;
    readonly feedback?: string;
    readonly refineFeedback?: JsonObject;
    readonly editedArtifactData?: JsonValue;
  };
  /** Governed gate: one grant. */
  readonly "approval.granted": {
    readonly gateId: string;
    readonly principal: string;
    readonly quorumProgress?: {
      readonly granted?: number;
      readonly required?: number;
    };
  };
  /** Governed gate: a rejection. */
  readonly "approval.rejected": {
    readonly gateId: string;
    readonly principal: string;
    readonly reason?: string;
  };
  /** Governed gate: override path used. */
  readonly "approval.overridden": {
    readonly gateId: string;
    readonly principal: string;
    readonly reason: string;
  };
  /** Older companion of `interrupt.requested` for questions. */
  readonly "clarification.requested": {
    readonly nodeId: string;
    readonly interruptId?: string;
    readonly questions: readonly {
      readonly id: string;
      readonly question: string;
      readonly schema?: JsonObject;
    }[];
  };
  /** Answers arrived. */
  readonly "clarification.resolved": {
    readonly nodeId: string;
    readonly answers: JsonObject;
    readonly answeredBy?: string;
  };
  /** A question, word for word. */
  readonly "interrupt.requested": InterruptPayload | GatedInterruptPayload;
  /** A question has its answer. */
  readonly "interrupt.resolved": {
    readonly nodeId: string;
    readonly interruptId: string;
    readonly kind?: (InterruptPayload | GatedInterruptPayload)["kind"];
    readonly resumeValue?: JsonValue;
    readonly resolvedBy?: Subject;
    readonly decision?: string;
    readonly action?: string;
  };
  /** A conversation begins. */
  readonly "conversation.opened": {
    readonly conversationId: string;
    readonly openedBy?: string;
  };
  /** One conversation turn answered. */
  readonly "conversation.exchanged": {
    readonly conversationId: string;
    readonly turnIndex: number;
    readonly outcome?: JsonValue;
  };
  /** A conversation has ended. */
  readonly "conversation.closed": {
    readonly conversationId: string;
    readonly reason?: string;
    readonly turnCount?: number;
  };
}
