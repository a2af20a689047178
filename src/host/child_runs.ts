// Web standards only.
import { cancelRun, childEnded, dispatched, workEnded } from "../engine/mod.ts";
import type { ChildCommand, LogDraft, RunState } from "../engine/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { RunError } from "../openwop/protocol/mod.ts";
import { childRunId, executionIdOf } from "./ids.ts";
import { inputProblem } from "./inputs.ts";
import type { LiveRun } from "./live_run.ts";
import type { Registry } from "./registry.ts";
import type { Runs } from "./runs.ts";
import type { RunView } from "./run_view.ts";
import type { RunRecord, Store } from "./store.ts";

/** How many runs may stand above each other, so that a workflow that calls itself comes to an end. */
const MAX_DEPTH = 16;

/** What child runs are made with. */
export interface ChildParts {
  /** Where they are kept. */
  readonly store: Store;
  /** Those in memory. */
  readonly runs: Runs;
  /** What they run. */
  readonly registry: Registry;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Keeps one that may be there already, and starts it. */
  create(record: RunRecord): Promise<RunView>;
  /** Queues a job behind all others of a run. */
  enqueue(run: LiveRun, job: () => Promise<void>): void;
  /** Appends to a run, whoever holds it. */
  append(run: LiveRun, propose: () => readonly LogDraft[]): Promise<void>;
  /** Moves a run on, where it is held here. */
  proceed(run: LiveRun): Promise<void>;
}

/** The runs of sub-workflows: made, watched, and taken along when nobody waits for them any more. */
export class ChildRuns {
  readonly #parts: ChildParts;

  constructor(parts: ChildParts) {
    this.#parts = parts;
  }

  /** Starts what is wanted and not there, and cancels what is there and not wanted. */
  reconcile(
    run: LiveRun,
    wanted: ReadonlyMap<string, ChildCommand>,
  ): void {
    for (const [nodeId, child] of run.children) {
      const command = wanted.get(nodeId);
      if (
        command?.attempt === child.attempt && command.visit === child.visit
      ) continue;
      run.children.delete(nodeId);
      // One that has ended, or was sent off to live on its own, is left alone.
      if (run.state.nodes.get(nodeId)?.status === "completed") continue;
      if (child.propagate) this.#cancel(run, child.runId);
    }
    for (const command of wanted.values()) {
      if (!run.children.has(command.nodeId)) this.#adopt(run, command);
    }
  }

  /** A run that was cancelled takes along also those that it does not wait for. */
  cancelDetached({ record, state }: LiveRun): void {
    if (state.status !== "cancelled") return;
    for (const { id, config } of record.definition.nodes) {
      const node = state.nodes.get(id);
      if (node?.status !== "completed" || !node.child) continue;
      if (config["propagateCancellation"] === false) continue;
      this.#cancel({ record }, node.child.runId);
    }
  }

  /** Tells the parent of a run where it stands, once it waits, goes on or has ended. */
  async tell(run: LiveRun): Promise<void> {
    const { caller, definition, runId } = run.record;
    const { status } = run.state;
    if (!caller || run.told === status) return;
    run.told = status;
    const parent = await this.#parts.runs.get(caller.runId);
    if (parent === undefined) return;
    const { state } = run;
    this.#parts.enqueue(parent, async () => {
      await this.#parts.append(
        parent,
        () => newsOf(parent, caller.nodeId, runId, definition.id, state),
      );
      await this.#parts.proceed(parent);
    });
  }

  /** Whether the parent of a run is gone, so that it should be gone too. */
  async isOrphan({ record: { caller, runId } }: LiveRun): Promise<boolean> {
    if (!caller?.propagateCancellation) return false;
    const parent = await this.#parts.runs.get(caller.runId);
    if (parent === undefined) return false;
    const node = parent.state.nodes.get(caller.nodeId);
    // Not dispatched yet, or sent off and alive.
    if (node?.status === "running" && !node.child) return false;
    if (node?.status === "completed") {
      return parent.state.status === "cancelled";
    }
    return node?.child?.runId !== runId || node.status !== "running";
  }

  #adopt(run: LiveRun, command: ChildCommand): void {
    const { nodeId, attempt, visit } = command;
    const { record } = run;
    const { definition } = record;
    const isWanted = () => {
      const child = run.children.get(nodeId);
      return child?.attempt === attempt && child.visit === visit;
    };
    run.children.set(nodeId, {
      attempt,
      visit,
      runId: command.childRunId ?? "",
      propagate: command.propagateCancellation,
    });
    this.#parts.enqueue(run, async () => {
      if (!isWanted()) return;
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
      const { runId, definition: { id: workflowId } } = made.record;
      run.children.set(nodeId, {
        attempt,
        visit,
        runId,
        propagate: command.propagateCancellation,
      });
      const { status } = made.state;
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
      const child = await this.#parts.runs.get(command.childRunId);
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
    const known = await this.#parts.runs.get(runId);
    if (known) return known;
    const definition = this.#parts.registry.get(workflowId)?.definition;
    if (
      !definition || (version !== undefined && definition.version !== version)
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
    if (depth > MAX_DEPTH) {
      return failure(
        nodeId,
        "sub_chain_depth_exceeded",
        `more than ${MAX_DEPTH} runs stand above each other`,
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
      caller: {
        runId: record.runId,
        nodeId,
        propagateCancellation: command.propagateCancellation,
        depth,
      },
    });
  }

  /** In the background: the end of the parent does not wait for it. */
  #cancel({ record }: Pick<LiveRun, "record">, childId: string): void {
    if (childId === "") return;
    this.#parts.runs.get(childId).then((child) => {
      if (child === undefined) return;
      this.#parts.enqueue(child, async () => {
        await this.#parts.append(
          child,
          () =>
            cancelRun(child.record.definition, child.state, {
              reason: "parent-cancelled",
              parentRunId: record.runId,
            }),
        );
        await this.#parts.proceed(child);
      });
    });
  }
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
