// Web standards only.
import { TuttiError } from "../http/mod.ts";
import type { CallOptions, RetriedCallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Options of a method that makes several changes: each has a key of its own, and budgets of its own. */
export type StepsOptions = RetriedCallOptions;

/**
 * Tasks: their life, comments, dependencies, escalations and routing. All ids are UUIDs; `TASK-7` is for people.
 *
 * Reads are retried. Changes are sent under an idempotency key and retried, but never after a 500. A malformed id is
 * refused with `invalid-argument` before anything is sent.
 */
export interface TaskMethods {
  /** Gets all tasks that fit, newest first, without their dependencies. An unknown status gives none; priorities are compared here. */
  list(
    filter?: Wire.TaskFilter,
    options?: CallOptions,
  ): Promise<readonly Wire.Task[]>;
  /**
   * Gets a task.
   *
   * @throws {OpenSpawnError} 404 where there is none.
   */
  get(id: string, options?: CallOptions): Promise<Wire.Task>;
  /**
   * Makes a task, in `backlog`. `capabilities` and `estimatedCredits` of the vendor's guide, which the server refuses,
   * travel in the metadata.
   *
   * @throws {OpenSpawnError} 400 for fields that do not fit; 500 for an assignee or parent that is not there, and for
   * every task on servers whose task counter is not yet repaired.
   */
  create(task: Wire.CreateTask, options?: CallOptions): Promise<Wire.Task>;
  /**
   * Moves a task to another status; see {@linkcode nextTaskStatuses}.
   *
   * With an API key it takes effect and is answered with 500.
   *
   * @throws {OpenSpawnError} 422 where it cannot go there from where it is, 409 while something that blocks it is not
   * done, 403 while it lacks its approval or a webhook says no.
   * @throws {TuttiError} `task-sent-back`, where a webhook refused its completion: the server then answers with a
   * success and leaves it in `review`, with `metadata.rejectionFeedback`.
   */
  transition(
    id: string,
    to: Wire.TransitionTask,
    options?: CallOptions,
  ): Promise<Wire.Task>;
  /** Gives a task to an agent; its status stays, and it cannot be taken away again. With an API key it takes effect and is answered with 500. */
  assign(
    id: string,
    to: { readonly assigneeId: string },
    options?: CallOptions,
  ): Promise<Wire.Task>;
  /**
   * Takes a task for the agent that asks, and starts it: assigns it and moves it to `in_progress`, in the steps that
   * the server allows. The server has no such operation, so this is not atomic: two agents that claim a task in the
   * same moment both get it assigned, one after the other; the last one has it.
   *
   * @throws {TuttiError} `task-taken`, where another agent has it, or it is in `review`, `done` or `cancelled`.
   */
  claim(id: string, options?: StepsOptions): Promise<Wire.Task>;
  /**
   * Approves a task, and completes it where it is in `review`, as the vendor's guide promises. A task that wants no
   * approval, or has it, is completed without. `stampApproval()` is the server's part of it alone.
   *
   * @throws as `transition()` does.
   */
  approve(id: string, options?: StepsOptions): Promise<Wire.Task>;
  /**
   * Notes the approval of a task and leaves its status. With an API key it takes effect and is answered with 500.
   *
   * @throws {OpenSpawnError} 409 where it wants none or has it.
   */
  stampApproval(id: string, options?: CallOptions): Promise<Wire.Task>;
  /**
   * Lets a task wait for another one. With an API key it takes effect and is answered with 500.
   *
   * @throws {OpenSpawnError} 409 for itself, a circle, and what is there.
   */
  addDependency(
    id: string,
    on: {
      readonly dependsOnId: string;
      readonly blocking?: boolean | undefined;
    },
    options?: CallOptions,
  ): Promise<Wire.TaskDependency>;
  /** Lets a task wait no longer for another one, by the ids of both tasks. With an API key it takes effect and is answered with 500. */
  removeDependency(
    id: string,
    dependsOnId: string,
    options?: CallOptions,
  ): Promise<Wire.ServerMessage>;
  /** Gets what was said about a task, oldest first. */
  listComments(
    id: string,
    options?: CallOptions,
  ): Promise<readonly Wire.TaskComment[]>;
  /** Says something about a task. */
  addComment(
    id: string,
    comment: {
      readonly body: string;
      readonly parentCommentId?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<Wire.TaskComment>;
  /**
   * Hands a task up. Works with an API key, too.
   *
   * @throws {OpenSpawnError} 500 for an unassigned task, or nobody to hand it to.
   */
  escalate(
    id: string,
    escalation: Wire.EscalateTask,
    options?: CallOptions,
  ): Promise<Wire.Escalation>;
  /** Gets how often a task was handed up. */
  listEscalations(
    id: string,
    options?: CallOptions,
  ): Promise<readonly Wire.Escalation[]>;
  /** Gets the open escalations of all tasks. */
  listOpenEscalations(
    options?: CallOptions,
  ): Promise<readonly Wire.Escalation[]>;
  /**
   * Closes an escalation, by its id.
   *
   * @throws {OpenSpawnError} 500 for an unknown one.
   */
  resolveEscalation(
    id: string,
    options?: CallOptions,
  ): Promise<Wire.Escalation>;
  /** Finds agents for a task, by the `requiredCapabilities` in its metadata. */
  findCandidates(
    id: string,
    query?: Wire.RoutingQuery & { readonly maxResults?: number | undefined },
    options?: CallOptions,
  ): Promise<Wire.RoutingResult>;
  /** Finds agents that can do these things; five, if not said otherwise. */
  suggestAgents(
    query: {
      readonly capabilities: readonly string[];
      readonly limit?: number | undefined;
    },
    options?: CallOptions,
  ): Promise<readonly Wire.RoutingCandidate[]>;
  /** Gives a task to the agent that fits best. With an API key it takes effect and is answered with 500. */
  autoAssign(
    id: string,
    query?: Wire.RoutingQuery & {
      readonly excludeAgentIds?: readonly string[] | undefined;
    },
    options?: CallOptions,
  ): Promise<Wire.RoutingResult>;
}

/** {@linkcode TaskMethods}, for whoever the client stands for. */
export type TasksResource<Who extends Wire.Credential> = ForCredential<
  Who,
  TaskMethods,
  "create" | "claim" | "addComment",
  | "transition"
  | "assign"
  | "approve"
  | "stampApproval"
  | "addDependency"
  | "removeDependency"
  | "autoAssign"
>;

/** Makes the resource out of the operations of the server. */
export function createTasks(
  methods: TaskMethods,
  whoAmI: (options?: CallOptions) => Promise<string>,
): TaskMethods {
  const { assign, create, get, list, stampApproval, transition } = methods;

  const move: TaskMethods["transition"] = async (
    id,
    { notes, ...to },
    options,
  ) => {
    const wanted = { ...to, reason: to.reason ?? notes };
    const task = await transition(id, wanted, options);
    if (task.status === to.status) return task;
    throw new TuttiError(
      "task-sent-back",
      `Cannot move the task to "${to.status}": a webhook sent it back, it is "${task.status}"`,
      { hint: "metadata.rejectionFeedback of the task says why" },
    );
  };
  return {
    ...methods,
    transition: move,
    list: async ({ priority, ...filter } = {}, options) =>
      (await list(filter, options)).filter((task) =>
        !priority || task.priority === priority
      ),
    create: async ({ capabilities, estimatedCredits, ...task }, options) =>
      await create({
        ...task,
        // The server answers 500 where one stands twice.
        tags: task.tags && [...new Set(task.tags)],
        ...((capabilities ?? estimatedCredits) !== undefined && {
          metadata: {
            ...task.metadata,
            ...(capabilities && { requiredCapabilities: capabilities }),
            ...(estimatedCredits !== undefined && { estimatedCredits }),
          },
        }),
      }, options),
    async claim(id, options) {
      const call = separate(options);
      const me = await whoAmI(call);
      let task = await get(id, call);
      const { assigneeId } = task;
      if (
        (assigneeId && assigneeId !== me) ||
        /^(review|done|cancelled)$/.test(task.status)
      ) {
        throw new TuttiError(
          "task-taken",
          `Cannot claim the task: it is "${task.status}"${
            assigneeId ? " and has an assignee" : ""
          }, an open one is wanted`,
          { hint: "list the tasks in todo without an assignee" },
        );
      }
      if (!assigneeId) task = await assign(id, { assigneeId: me }, call);
      if (task.status === "backlog") {
        task = await move(id, { status: "todo" }, call);
      }
      return task.status === "in_progress"
        ? task
        : await move(id, { status: "in_progress" }, call);
    },
    async approve(id, options) {
      const call = separate(options);
      let task = await get(id, call);
      if (task.approvalRequired && !task.approvedAt) {
        task = await stampApproval(id, call);
      }
      return task.status === "review"
        ? await move(id, { status: "done" }, call)
        : task;
    },
  };
}

/** Options of several calls: under one key, the server would give the answer to the first one to all of them. */
function separate(options?: StepsOptions): CallOptions {
  return { ...options, idempotencyKey: undefined };
}
