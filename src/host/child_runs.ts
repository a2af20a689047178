// Web standards only.
import { cancelRun, childEnded, dispatched, workEnded } from "../engine/mod.ts";
import type {
  ChildCommand,
  LogDraft,
  RunState,
  WorkPart,
} from "../engine/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { RunError } from "../openwop/protocol/mod.ts";
import type { Again } from "./again.ts";
import { childRunId, executionIdOf } from "./ids.ts";
import { inputProblem } from "./inputs.ts";
import type { LiveRun } from "./live_run.ts";
import type { Shelf } from "./registry.ts";
import type { Runs } from "./runs.ts";
import type { RunView } from "./run_view.ts";
import type { RunRecord, Store } from "./store.ts";

/** What child runs are made with. */
export interface ChildParts {
  /** Where they are kept. */
  readonly store: Store;
  /** Those in memory. */
  readonly runs: Runs;
  /** What they run. */
  readonly shelf: Shelf;
  /** How many runs may stand above each other, so that a workflow that calls itself comes to an end. */
  readonly maxDepth: number;
  /** Comes back to what the store could not do. */
  readonly again: Again;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A run as the store has it now, whoever moves it on. */
  view(runId: string): Promise<RunView | undefined>;
  /** Keeps one that may be there already, and starts it. */
  create(record: RunRecord): Promise<RunView>;
  /** Queues a job behind all others of a run. */
  enqueue(run: LiveRun, job: () => Promise<void>): void;
  /** Appends to a run, whoever holds it. */
  append(run: LiveRun, propose: () => readonly LogDraft[]): Promise<unknown>;
  /** Moves a run on, where it is held here. */
  proceed(run: LiveRun): Promise<void>;
}

/** The runs of sub-workflows: made, watched, and taken along when nobody waits for them any more. */
export class ChildRuns {
  readonly #parts: ChildParts;
  /** By child: the forks that wait for it as the run does that made it. */
  readonly #forks = new Map<string, Set<string>>();

  constructor(parts: ChildParts) {
    this.#parts = parts;
  }

  /** Starts what is wanted and not there. */
  reconcile(run: LiveRun, work: readonly WorkPart[]): void {
    for (const part of work) {
      if (run.adopted.has(part)) continue;
      run.adopted.add(part);
      for (const command of part) {
        if (command.kind !== "child" || isAdopted(run, command)) continue;
        this.#adopt(run, command);
      }
    }
  }

  /** Tells those who wait for a run where it stands, once it waits, goes on or has ended. */
  async tell(run: LiveRun): Promise<void> {
    const { caller, definition, runId } = run.record;
    const { state } = run;
    if (!caller || run.told === state.status) return;
    for (const parentId of [caller.runId, ...this.#forks.get(runId) ?? []]) {
      const parent = await this.#parts.runs.get(parentId);
      if (parent === undefined) continue;
      this.#parts.enqueue(parent, async () => {
        await this.#parts.append(
          parent,
          () => newsOf(parent, caller.nodeId, runId, definition.id, state),
        );
        await this.#parts.proceed(parent);
      });
    }
    run.told = state.status;
    if (isTerminalStatus(state.status)) this.#forks.delete(runId);
  }

  /** Looks for what became elsewhere of the children that forks wait for: nobody there knows of these. */
  look(): void {
    const { again, runs, view } = this.#parts;
    for (const childId of this.#forks.keys()) {
      void again.soon(async () => {
        await view(childId);
        const child = await runs.get(childId);
        if (child) await this.tell(child);
      }, childId);
    }
  }

  /** Whether the parent of a run waits for it no more, so that it should be gone too. */
  async isOrphan({ record: { caller, runId } }: LiveRun): Promise<boolean> {
    if (!caller?.propagateCancellation) return false;
    const parent = await this.#parts.view(caller.runId);
    if (parent === undefined) return false;
    const { state, record: { owner, definition } } = parent;
    const node = state.nodes.get(caller.nodeId);
    // Sent off, and alive as long as nobody cancels its parent.
    if (node?.status === "completed") return state.status === "cancelled";
    if (node?.status !== "running" || node.retry) return true;
    if (node.child) return node.child.runId !== runId;
    // Not dispatched yet: this one, or the one of a later attempt.
    const { nodeId } = caller;
    const execution = executionIdOf(
      caller.runId,
      definition,
      nodeId,
      node.visits,
    );
    const next = await childRunId(owner.tenant, execution, node.attempt);
    return next !== runId;
  }

  #adopt(run: LiveRun, command: ChildCommand): void {
    const { nodeId, attempt, visit } = command;
    const { record } = run;
    const { definition } = record;
    run.children.set(nodeId, { attempt, visit });
    this.#parts.enqueue(run, async () => {
      if (!isAdopted(run, command)) return;
      const made = await this.#find(run, command);
      if ("code" in made) {
        const end = {
          type: "node.failed",
          nodeId,
          payload: { nodeId, error: made },
        } as const;
        await this.#parts.append(
          run,
          () => workEnded(definition, run.state, end),
        );
        return await this.#parts.proceed(run);
      }
      const { runId, caller, definition: { id: workflowId } } = made.record;
      const { status } = made.state;
      if (caller?.runId !== record.runId && !isTerminalStatus(status)) {
        const forks = this.#forks.get(runId) ?? new Set();
        this.#forks.set(runId, forks.add(record.runId));
      }
      await this.#parts.append(run, () => {
        const first = command.childRunId === undefined
          ? dispatched(definition, run.state, nodeId, {
            runId,
            workflowId,
            status: isTerminalStatus(status) ? "running" : status,
          })
          : newsOf(run, nodeId, runId, workflowId, made.state);
        return first;
      });
      // Let go by another process before it was dispatched: nobody else knows of it.
      const known = run.state.nodes.get(nodeId)?.child?.runId;
      if (known !== runId && command.propagateCancellation) {
        this.cancel(run, [runId]);
      }
      await this.#parts.proceed(run);
    });
  }

  /** The child of a command, made if it is not there. */
  async #find(
    { record }: LiveRun,
    command: ChildCommand,
  ): Promise<RunView | RunError> {
    const { nodeId, visit, attempt, inputs, workflowId, version } = command;
    if (command.childRunId !== undefined) {
      const child = await this.#parts.view(command.childRunId);
      return child ??
        failure(nodeId, "unknown_child_workflow", "its run is gone");
    }
    const execution = executionIdOf(
      record.runId,
      record.definition,
      nodeId,
      visit,
    );
    const runId = await childRunId(record.owner.tenant, execution, attempt);
    const known = await this.#parts.view(runId);
    if (known) return known;
    const registered = await this.#parts.shelf.find(
      workflowId,
      record.owner.tenant,
    );
    const definition = registered?.definition;
    if (
      !definition || registered.lacks ||
      (version !== undefined && definition.version !== version)
    ) {
      return failure(
        nodeId,
        "unknown_child_workflow",
        `there is no workflow "${workflowId}"${
          version === undefined ? "" : ` of version ${version}`
        } here`,
      );
    }
    const depth = (record.caller?.depth ?? 0) + 1;
    const { maxDepth } = this.#parts;
    if (depth > maxDepth) {
      return failure(
        nodeId,
        "sub_chain_depth_exceeded",
        `more than ${maxDepth} runs stand above each other`,
      );
    }
    const found = inputProblem(definition, inputs);
    if (found) {
      return failure(
        nodeId,
        "validation_error",
        `its workflow ${found.problem}`,
      );
    }
    return await this.#parts.create({
      runId,
      owner: record.owner,
      definition,
      createdAt: this.#parts.now(),
      inputs,
      ...(record.limits && { limits: record.limits }),
      caller: {
        runId: record.runId,
        nodeId,
        propagateCancellation: command.propagateCancellation,
        depth,
      },
    });
  }

  /** Cancels children of a run, in the background: the end of the parent does not wait for it. */
  cancel({ record }: LiveRun, childIds: readonly string[]): void {
    const { again } = this.#parts;
    for (const childId of childIds) {
      void again.soon(() => this.#cancelOne(record.runId, childId), childId);
    }
  }

  async #cancelOne(parentRunId: string, childId: string): Promise<void> {
    const child = await this.#parts.runs.get(childId);
    // A fork names the children of its source, which are not its own.
    if (child?.record.caller?.runId !== parentRunId) return;
    const { definition } = child.record;
    this.#parts.enqueue(child, async () => {
      await this.#parts.append(
        child,
        () =>
          cancelRun(definition, child.state, {
            reason: "parent-cancelled",
            parentRunId,
          }),
      );
      await this.#parts.proceed(child);
    });
  }
}

/** The runs that a write concerns beside its own: who waits for its end, and whom it waits for no more. */
export function concerned(
  { caller }: RunRecord,
  next: RunState,
  children: readonly string[],
): readonly string[] {
  return caller && isTerminalStatus(next.status)
    ? [caller.runId, ...children]
    : children;
}

function isAdopted(
  { children }: LiveRun,
  { nodeId, visit, attempt }: ChildCommand,
): boolean {
  const adopted = children.get(nodeId);
  return adopted?.visit === visit && adopted.attempt === attempt;
}

/** What a parent records about where a child of it stands. */
function newsOf(
  { record: { definition }, state }: LiveRun,
  nodeId: string,
  runId: string,
  workflowId: string,
  child: RunState,
): readonly LogDraft[] {
  const { status, variables, outputs, error } = child;
  return isTerminalStatus(status)
    ? childEnded(definition, state, nodeId, {
      runId,
      status,
      variables: { ...variables, ...child.channels },
      ...(outputs && { outputs }),
      ...(error && { error }),
    })
    : dispatched(definition, state, nodeId, {
      runId,
      workflowId,
      status: status.startsWith("waiting-") ? status : "running",
    });
}

function failure(nodeId: string, code: string, problem: string): RunError {
  return {
    code,
    message: `Cannot start the child run of node "${nodeId}": ${problem}`,
    details: { nodeId },
    retryable: false,
  };
}
