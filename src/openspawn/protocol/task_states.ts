// Web standards only.
import type { KnownTaskStatus, TaskStatus } from "./enums.ts";

/** Where a task can go from each status, as a type. */
export interface TaskTransitions {
  /** New. */
  readonly backlog: "todo" | "cancelled";
  /** Ready to be worked on. */
  readonly todo: "in_progress" | "blocked" | "cancelled";
  /** Somebody works on it. */
  readonly in_progress: "review" | "blocked" | "cancelled";
  /** Done, and to be looked at. */
  readonly review: "done" | "in_progress" | "cancelled";
  /** Waits for something. */
  readonly blocked: "todo" | "in_progress" | "cancelled";
  /** The end. */
  readonly done: never;
  /** The other end. */
  readonly cancelled: never;
}

/** Where a task can go from `From`; for a status that is not known, anywhere. */
export type NextTaskStatus<From extends TaskStatus> = From extends
  keyof TaskTransitions ? TaskTransitions[From]
  : KnownTaskStatus;

/**
 * Where a task can go from a status. Any agent of the organisation may move any task.
 *
 * The way to `done` has gates of its own: blocking dependencies (409), an approval where the task wants one (403), and
 * webhooks that may say no.
 *
 * @param from Where it stands.
 * @returns nothing for `done`, `cancelled` and what is not known.
 *
 * @example
 * ```ts
 * import { nextTaskStatuses } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(nextTaskStatuses("review"), ["done", "in_progress", "cancelled"]);
 * assert.deepEqual(nextTaskStatuses("done"), []);
 * ```
 */
export function nextTaskStatuses<From extends TaskStatus>(
  from: From,
): readonly NextTaskStatus<From>[] {
  const known: Readonly<Record<string, string>> = {
    backlog: "todo cancelled",
    todo: "in_progress blocked cancelled",
    in_progress: "review blocked cancelled",
    review: "done in_progress cancelled",
    blocked: "todo in_progress cancelled",
  };
  const next = Object.hasOwn(known, from) ? known[from]!.split(" ") : [];
  return next as NextTaskStatus<From>[];
}
