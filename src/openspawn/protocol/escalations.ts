// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { AgentEntity } from "./agents.ts";
import type { EscalationReason } from "./enums.ts";
import type { Task } from "./tasks.ts";

/** A call for help with a task. */
export interface EscalateTask {
  /** Why. */
  readonly reason: EscalationReason;
  /** In words. */
  readonly notes?: string | undefined;
  /** UUID of the agent that shall have it. @default the parent of the assignee, or an agent one level up */
  readonly targetAgentId?: string | undefined;
}

/** A task that went up. */
export interface Escalation {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID. */
  readonly taskId: string;
  /** Who had it. */
  readonly fromAgentId: string;
  /** Who has it now. */
  readonly toAgentId: string;
  /** Why. */
  readonly reason: EscalationReason;
  /** How far up it went. */
  readonly levelsEscalated: number;
  /** In words. */
  readonly notes: string | null;
  /** Whether the server did it by itself. */
  readonly isAutomatic: boolean;
  /** ISO 8601; `null` while it is open. */
  readonly resolvedAt: string | null;
  /** Whatever belongs to it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  /** In lists. */
  readonly fromAgent?: AgentEntity;
  /** In lists. */
  readonly toAgent?: AgentEntity;
  /** In the list of open ones. */
  readonly task?: Task;
}
