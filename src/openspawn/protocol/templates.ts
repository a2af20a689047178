// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { TaskPriority } from "./enums.ts";

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

/** What the tasks of a template look like. */
export interface TemplateContent {
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
  /** Kept with it. */
  readonly metadata: JsonObject;
}

/** What tasks are made from. */
export interface TaskTemplate extends TemplateContent {
  /** `tmpl_…`, no UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID of the agent. */
  readonly createdBy: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A new template. */
export type CreateTemplate =
  & Pick<TemplateContent, "name" | "title">
  & Partial<TemplateContent>;

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
