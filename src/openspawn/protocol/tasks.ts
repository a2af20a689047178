// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { KnownTaskStatus, TaskPriority, TaskStatus } from "./enums.ts";

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
