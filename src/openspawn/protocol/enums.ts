// Web standards only.

/** A string of which some values are known. Servers add values; a list must not fail for one. */
// deno-lint-ignore ban-types
export type Open<Known extends string> = Known | (string & {});

/** What an agent may do now; only `active` ones can sign requests. */
export type AgentStatus = Open<"pending" | "active" | "suspended" | "revoked">;

/** What an agent is. `hr` registers, updates and revokes; `founder` and `admin` demote; `hr` and `admin` adjust credits. */
export type AgentRole = Open<"worker" | "hr" | "founder" | "admin">;

/** How an agent works. Kept by the server and enforced nowhere. */
export type AgentMode = Open<"worker" | "orchestrator" | "observer">;

/** Where a task stands. {@linkcode nextTaskStatuses} says where it can go from there. */
export type KnownTaskStatus =
  | "backlog"
  | "todo"
  | "in_progress"
  | "review"
  | "done"
  | "blocked"
  | "cancelled";

/** Where a task stands, values of newer servers included. */
export type TaskStatus = Open<KnownTaskStatus>;

/** How urgent a task is. */
export type TaskPriority = Open<"urgent" | "high" | "normal" | "low">;

/** What a message is about. */
export type MessageType = Open<
  "text" | "handoff" | "status_update" | "request"
>;

/** What a channel is for; `agent` is the channel of two agents' direct messages. */
export type ChannelType = Open<"task" | "agent" | "broadcast" | "general">;

/** The direction of a transaction; its amount is always positive. */
export type CreditType = Open<"credit" | "debit">;

/** How serious an event is. The vendor's SDK also has `critical`, which the server refuses. */
export type EventSeverity = Open<"info" | "warning" | "error">;

/** How well an agent can do something. The vendor's SDK has other words, which `create()` is refused for. */
export type Proficiency = Open<"basic" | "standard" | "expert">;

/** Why a task was escalated. The server keeps any text; these are the words that it uses itself. */
export type EscalationReason = Open<
  | "BLOCKED_TIMEOUT"
  | "STALE_TASK"
  | "SLA_BREACH"
  | "ASSIGNEE_INACTIVE"
  | "QUALITY_ISSUES"
  | "MANUAL"
  | "CAPACITY_OVERFLOW"
>;

/** Where a vote among agents stands. */
export type ConsensusStatus = Open<
  "PENDING" | "APPROVED" | "REJECTED" | "EXPIRED" | "CANCELLED"
>;

/** What agents vote on. */
export type ConsensusType = Open<
  | "AGENT_PROMOTION"
  | "AGENT_DEMOTION"
  | "AGENT_REVOCATION"
  | "CREDIT_TRANSFER"
  | "TASK_APPROVAL"
  | "POLICY_CHANGE"
  | "CUSTOM"
>;

/** A vote. Closed, because the server counts every other text, `approve` among them, as an abstention. */
export type VoteValue = "APPROVE" | "REJECT" | "ABSTAIN";

/** Why the trust in an agent changed. */
export type ReputationEventType = Open<
  | "TASK_COMPLETED"
  | "TASK_FAILED"
  | "TASK_REWORK"
  | "ON_TIME_DELIVERY"
  | "LATE_DELIVERY"
  | "QUALITY_BONUS"
  | "QUALITY_PENALTY"
  | "LEVEL_UP"
  | "LEVEL_DOWN"
  | "INACTIVITY_DECAY"
  | "MANUAL_ADJUSTMENT"
>;

/** How far an agent is trusted, by its score: to 30, 40, 70, 85, 100. */
export type ReputationLevel = Open<
  "NEW" | "PROBATION" | "TRUSTED" | "VETERAN" | "ELITE"
>;

/** What an API key says it may do. Enforced on no route. */
export type ApiKeyScope = Open<"read" | "write" | "admin">;

/** What a user may do. */
export type UserRole = Open<"admin" | "operator" | "viewer">;

/** Whether a webhook is asked before something happens, or told afterwards. */
export type WebhookHookType = Open<"pre" | "post">;

/** What an event tells. */
export type AgentEventType = Open<
  | `agent.${
    | "registered"
    | "updated"
    | "revoked"
    | "spawned"
    | "activated"
    | "rejected"
    | "budget_set"
    | "capability_added"
    | "capability_updated"
    | "capability_removed"
    | "promoted"
    | "demoted"}`
  | "reputation.changed"
  | `task.${
    | "created"
    | "transitioned"
    | "completion_rejected"
    | "approved"
    | "assigned"
    | "auto_assigned"
    | "claimed"
    | "escalated"
    | "dependency.added"
    | "dependency.removed"
    | "comment.added"
    | "template.created"
    | "template.deleted"
    | "template.instantiated"}`
  | `consensus.${"created" | "voted" | "decided" | "expired"}`
  | "credit.adjusted"
  | "credit.budget_reset"
  | "credits.transferred"
  | "channel.created"
  | "message.sent"
  | "message.direct"
>;

/** What an event is about. */
export type EntityType = Open<
  "agent" | "task" | "template" | "consensus" | "channel" | "message"
>;
