// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { AgentEntity } from "./agents.ts";
import type {
  EscalationReason,
  KnownTaskStatus,
  TaskPriority,
  TaskStatus,
} from "./enums.ts";

/** A task. */
export interface Task {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** For people: `TASK-7`. No call takes it. */
  readonly identifier: string;
  /** Up to 255 characters. */
  readonly title: string;
  /** What is to be done. */
  readonly description: string | null;
  /** Where it stands. */
  readonly status: TaskStatus;
  /** How urgent it is. */
  readonly priority: TaskPriority;
  /** UUID of the agent that has it. */
  readonly assigneeId: string | null;
  /** UUID of the agent that made it. */
  readonly creatorId: string;
  /** UUID of the task it is a part of. */
  readonly parentTaskId: string | null;
  /** Whether it can be done only once approved. */
  readonly approvalRequired: boolean;
  /** UUID of the agent that approved it. */
  readonly approvedBy: string | null;
  /** ISO 8601. */
  readonly approvedAt: string | null;
  /** ISO 8601. Called `dueAt` when a task is made. */
  readonly dueDate: string | null;
  /** ISO 8601. */
  readonly completedAt: string | null;
  /** ISO 8601. */
  readonly deletedAt: string | null;
  /** `requiredCapabilities`, and `rejectionFeedback` where a webhook sent it back, are words of the server. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** One object for each tag. */
  readonly tags: readonly TaskTag[];
  /** What it waits for; absent in lists. */
  readonly dependencies?: readonly TaskDependency[];
  /** What waits for it; absent in lists. */
  readonly dependents?: readonly TaskDependency[];
}

/** A tag of a task. */
export interface TaskTag {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID. */
  readonly taskId: string;
  /** The tag. */
  readonly tag: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** That a task waits for another one. */
export interface TaskDependency {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** The one that waits. */
  readonly taskId: string;
  /** The one that it waits for. */
  readonly dependsOnId: string;
  /** Whether it cannot be done before. */
  readonly blocking: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Which tasks to list. */
export interface TaskFilter {
  /** How urgent they are. From the vendor's guide; the server does not know it, so they are left out here. */
  readonly priority?: TaskPriority | undefined;
  /** Where they stand. */
  readonly status?: TaskStatus | undefined;
  /** UUID. */
  readonly assigneeId?: string | undefined;
  /** UUID. */
  readonly creatorId?: string | undefined;
  /** UUID. */
  readonly parentTaskId?: string | undefined;
}

/** A new task. */
export interface CreateTask {
  /** Up to 255 characters. */
  readonly title: string;
  /** What is to be done. */
  readonly description?: string | undefined;
  /** How urgent it is. @default "normal" */
  readonly priority?: TaskPriority | undefined;
  /** UUID of the agent that gets it. */
  readonly assigneeId?: string | undefined;
  /** UUID of the task it is a part of. */
  readonly parentTaskId?: string | undefined;
  /** Whether it can be done only once approved. @default false */
  readonly approvalRequired?: boolean | undefined;
  /** By when; a text must name its zone. */
  readonly dueAt?: string | Date | undefined;
  /** Up to 100 characters each, each once. */
  readonly tags?: readonly string[] | undefined;
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
  /** What an agent must be able to do. Sent as `metadata.requiredCapabilities`, which routing reads. */
  readonly capabilities?: readonly string[] | undefined;
  /** From the vendor's guide. The server has no such field: sent as `metadata.estimatedCredits`. */
  readonly estimatedCredits?: number | undefined;
}

/** Where a task shall go. */
export interface TransitionTask {
  /** See {@linkcode nextTaskStatuses}. */
  readonly status: KnownTaskStatus;
  /** Why. */
  readonly reason?: string | undefined;
  /** The same, as the vendor's guide calls it. */
  readonly notes?: string | undefined;
}

/** Something said about a task. */
export interface TaskComment {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID. */
  readonly taskId: string;
  /** UUID of the agent that said it. */
  readonly authorId: string;
  /** The text. */
  readonly body: string;
  /** What it answers. */
  readonly parentCommentId: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

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

/** How to look for agents for a task. */
export interface RoutingQuery {
  /** How much of the wanted they must be able to do, in percent. */
  readonly minCoverage?: number | undefined;
}

/** An agent that a task could go to. */
export interface RoutingCandidate {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** From 1 to 10. */
  readonly level: number;
  /** What of the wanted it can do. */
  readonly matchedCapabilities: readonly string[];
  /** What it cannot. */
  readonly missingCapabilities: readonly string[];
  /** How much of the wanted it can do. */
  readonly coveragePercent: number;
  /** How well. */
  readonly avgProficiency: number;
  /** How many it has. */
  readonly currentTaskCount: number;
  /** The higher the better. */
  readonly score: number;
}

/** Whom a task could go to, or went to. */
export interface RoutingResult {
  /** UUID. */
  readonly taskId: string;
  /** From the metadata of the task; without them there are no candidates. */
  readonly requiredCapabilities: readonly string[];
  /** The best first. */
  readonly candidates: readonly RoutingCandidate[];
  /** The best. */
  readonly bestMatch: RoutingCandidate | null;
  /** Whether it got the task. */
  readonly autoAssigned: boolean;
}

/** A part of a template. */
export interface TemplateSubtask {
  /** Of the task. */
  readonly title: string;
  /** What is to be done. */
  readonly description?: string;
  /** How urgent it is. */
  readonly priority: TaskPriority;
  /** What an agent must be able to do. */
  readonly requiredCapabilities: readonly string[];
  /** Which of the others it waits for, counted from 0. */
  readonly dependsOnIndex?: number;
}

/** What tasks are made from. */
export interface TaskTemplate {
  /** `tmpl_…`, no UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly description?: string;
  /** Of the task. */
  readonly title: string;
  /** Of the task. */
  readonly taskDescription?: string;
  /** How urgent it is. */
  readonly priority: TaskPriority;
  /** How long it takes. */
  readonly estimatedMinutes?: number;
  /** What an agent must be able to do. */
  readonly requiredCapabilities: readonly string[];
  /** As texts. */
  readonly tags: readonly string[];
  /** Whether the task can be done only once approved. */
  readonly approvalRequired: boolean;
  /** Its parts. */
  readonly subtasks: readonly TemplateSubtask[];
  /** UUID of the agent. */
  readonly createdBy: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Kept with it. */
  readonly metadata: JsonObject;
}

/** A new template. */
export type CreateTemplate =
  & Pick<TaskTemplate, "name" | "title">
  & Partial<Omit<TaskTemplate, "id" | "orgId" | "createdBy" | "createdAt">>;

/** Tasks from a template. */
export interface InstantiateTemplate {
  /** `tmpl_…`. */
  readonly templateId: string;
  /** In place of its title. */
  readonly titleOverride?: string | undefined;
  /** In place of its description. */
  readonly descriptionOverride?: string | undefined;
  /** UUID of the agent that gets them. */
  readonly assigneeId?: string | undefined;
  /** By when; a text must name its zone. */
  readonly dueAt?: string | Date | undefined;
  /** What stands for `{{name}}` in its texts. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}
