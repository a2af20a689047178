// Web standards only.
import type { JsonObject } from "../../http/mod.ts";

/** Everything around runs: evaluation, deployment, triggers, budgets, permissions, compensation. Payloads by version 2 name. Source: v2 §7.2, v1 §7.2 and §7.3. */
export interface OperationPayloads {
  /** An evaluation begins. */
  readonly "eval.started": {
    readonly suiteId: string;
    readonly suiteVersion: string;
    readonly taskCount: number;
    readonly modes: readonly (
      | "golden"
      | "rubric"
      | "adversarial"
      | "regression"
      | "live-shadow"
    )[];
    readonly baselineRunId?: string;
  };
  /** One task of an evaluation has its score. */
  readonly "eval.scored": {
    readonly taskId: string;
    readonly score: number;
    readonly passed: boolean;
    readonly costUsd?: number;
    readonly latencyMs?: number;
    readonly schemaValid?: boolean;
    readonly safetyFindingCount?: number;
  };
  /** An evaluation has ended. */
  readonly "eval.completed": {
    readonly aggregateScore: number;
    readonly passed: boolean;
    readonly taskCount: number;
    readonly passedCount: number;
    readonly regressionVsBaseline?: number;
  };
  /** A version of an agent was promoted. */
  readonly "deployment.promoted": {
    readonly agentId: string;
    readonly fromVersion?: string;
    readonly toVersion: string;
    readonly toState:
      | "draft"
      | "test"
      | "staged"
      | "active"
      | "paused"
      | "deprecated"
      | "rolled-back";
    readonly channel?: string;
    readonly canaryPercent?: number;
    readonly evalRunId?: string;
    readonly approvalGateId?: string;
  };
  /** A version of an agent was rolled back. */
  readonly "deployment.rolled-back": {
    readonly agentId: string;
    readonly fromVersion: string;
    readonly toVersion: string;
    readonly rollbackPointer: string;
    readonly reason?: string;
  };
  /** An agent got another share of the traffic. */
  readonly "deployment.canary-adjusted": {
    readonly agentId: string;
    readonly version: string;
    readonly fromPercent: number;
    readonly toPercent: number;
  };
  /** A version of an agent changed its state. */
  readonly "deployment.state-changed": {
    readonly agentId: string;
    readonly version: string;
    readonly fromState:
      | "draft"
      | "test"
      | "staged"
      | "active"
      | "paused"
      | "deprecated"
      | "rolled-back";
    readonly toState:
      | "draft"
      | "test"
      | "staged"
      | "active"
      | "paused"
      | "deprecated"
      | "rolled-back";
  };
  /** Roster-started run. */
  readonly "roster.run-initiated": {
    readonly rosterId: string;
    readonly persona: string;
    readonly agentId: string;
    readonly workflowId: string;
    readonly triggerSource: string;
    readonly triggerSubscriptionId?: string;
  };
  /** Outbound-call decision. */
  readonly "egress.decided": {
    readonly decision:
      | "allowed"
      | "denied"
      | "downgraded"
      | "approval-required";
    readonly destination: string;
    readonly credentialId?: string;
    readonly reason?:
      | "ok"
      | "out-of-audience"
      | "expired"
      | "ssrf-blocked"
      | "provenance-unevaluable"
      | "scope-denied"
      | "policy-denied";
    readonly auditCorrelationId?: string;
  };
  /** A trigger subscription changed its state. */
  readonly "trigger.subscription-state-changed": {
    readonly subscriptionId: string;
    readonly source: "webhook" | "schedule" | "queue" | "email" | "form";
    readonly fromState: "active" | "paused" | "failed" | "dead-lettered";
    readonly toState: "active" | "paused" | "failed" | "dead-lettered";
    readonly reason?:
      | "retry-exhausted"
      | "operator-paused"
      | "signature-invalid"
      | "backpressure"
      | "source-removed"
      | "provenance-unevaluable";
  };
  /** One attempt to start a run from a trigger. */
  readonly "trigger.delivery-attempted": {
    readonly subscriptionId: string;
    readonly dedupKey: string;
    readonly attempt: number;
    readonly outcome: "delivered" | "retrying" | "dead-lettered";
    readonly runId?: string;
  };
  /** A budget was set. */
  readonly "budget.reserved": {
    readonly effectiveBudget: {
      readonly maxTokens?: number;
      readonly maxCostUsd?: number;
      readonly maxToolCalls?: number;
      readonly maxRetries?: number;
    };
    readonly scope: "run" | "workflow" | "agent" | "project";
  };
  /** Part of a budget is spent. */
  readonly "budget.consumed": {
    readonly dimension: "tokens" | "cost" | "toolCalls" | "retries";
    readonly consumed: number;
    readonly limit: number;
    readonly remaining?: number;
  };
  /** All of a budget is spent. */
  readonly "budget.exhausted": {
    readonly dimension: "tokens" | "cost" | "toolCalls" | "retries";
    readonly consumed: number;
    readonly limit: number;
  };
  /** Much of a budget is spent. */
  readonly "budget.threshold-crossed": {
    readonly dimension: "tokens" | "cost" | "toolCalls" | "retries";
    readonly consumed: number;
    readonly limit: number;
    readonly percent: number;
  };
  /** A connector got its access. */
  readonly "connector.authorized": {
    readonly provider: string;
    readonly credentialRef: string;
    readonly scopes?: readonly string[];
  };
  /** A connector lost its access. */
  readonly "connector.auth-expired": {
    readonly provider: string;
    readonly credentialRef: string;
    readonly reason?: string;
  };
  /** Somebody was allowed or refused something. */
  readonly "authorization.decided": {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly allowed: boolean;
    readonly reason?: string;
  };
  /** A change was proposed. */
  readonly "proposal.created": {
    readonly proposalId: string;
    readonly kind:
      | "agent-pack"
      | "workflow-chain-pack"
      | "prompt-template"
      | "automation";
    readonly sourceRunIds?: readonly string[];
    readonly duplicateOf?: string | null;
  };
  /** A proposed change was made. */
  readonly "proposal.activated": {
    readonly proposalId: string;
    readonly kind:
      | "agent-pack"
      | "workflow-chain-pack"
      | "prompt-template"
      | "automation";
    readonly approvalId?: string | null;
    readonly installedArtifactRef: string;
  };
  /** A goal was looked at. */
  readonly "goal.evaluated": {
    readonly goalId: string;
    readonly satisfied: boolean;
    readonly confidence?: number;
    readonly runId: string;
    readonly iterations: number;
  };
  /** A goal is settled. */
  readonly "goal.closed": {
    readonly goalId: string;
    readonly finalState:
      | "satisfied"
      | "escalated"
      | "abandoned"
      | "bound-exceeded";
  };
  /** A bundle was imported. */
  readonly "import.applied": {
    readonly bundleOrigin: string;
    readonly counts: {
      readonly created?: number;
      readonly updated?: number;
      readonly skipped?: number;
      readonly failed?: number;
    };
    readonly secretsToRebind?: readonly string[];
  };
  /** A file of the workspace changed. */
  readonly "workspace.updated": {
    readonly path: string;
    readonly version: number;
  };
  /** Effects are to be undone; shaped by the host. */
  readonly "compensation.requested": JsonObject;
  /** Undoing begins; shaped by the host. */
  readonly "compensation.started": JsonObject;
  /** Effects are undone; shaped by the host. */
  readonly "compensation.completed": JsonObject;
  /** Effects could not be undone; shaped by the host. */
  readonly "compensation.failed": JsonObject;
  /** Undoing waits; shaped by the host. */
  readonly "compensation.paused": JsonObject;
  /** A person must undo the effects; shaped by the host. */
  readonly "compensation.manual-intervention-required": JsonObject;
  /** A version was agreed on; shaped by the host. */
  readonly "negotiation.decided": JsonObject;
}
