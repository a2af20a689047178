// Web standards only.
import { isBuiltin, nodeTypesOf } from "../engine/mod.ts";
import type { RunCommand, RunState } from "../engine/mod.ts";
import { executionKey } from "./activity.ts";
import type { Activity } from "./activity.ts";
import type { RegisteredWorkflow } from "./registry.ts";
import type { Recording } from "./replay.ts";
import type { RunRecord } from "./store.ts";

/** An execution whose child run was looked for, and made where there was none. */
export type Adopted = Pick<RunCommand, "visit" | "attempt">;

/** A run in memory: what the store knows of it, and what is under way for it here. */
export interface LiveRun {
  /** What is fixed. */
  readonly record: RunRecord;
  /** The code of its nodes. */
  readonly nodes: RegisteredWorkflow["nodes"];
  /** The fold of its log, as far as this process knows it. */
  state: RunState;
  /** By node id. */
  readonly activities: Map<string, Activity>;
  /** Nodes whose child tells this run where it stands, by node id. */
  readonly children: Map<string, Adopted>;
  /** The status that its parent was told last. */
  told?: string;
  /** Jobs run one after the other behind it. */
  tail: Promise<void>;
  /** How many jobs are queued; the run stays in memory while there is one. */
  jobs: number;
  /** Only of a replay, once it is read: what its source recorded. */
  recording?: Recording | undefined;
}

/** A run that nothing is under way for yet. */
export function liveRun(
  record: RunRecord,
  nodes: RegisteredWorkflow["nodes"],
  state: RunState,
): LiveRun {
  return {
    record,
    nodes,
    state,
    activities: new Map(),
    children: new Map(),
    tail: Promise.resolve(),
    jobs: 0,
  };
}

/** Whether the run can be forgotten and read again from the store, when a request, an alarm or a child touches it. */
export function isIdle(run: LiveRun): boolean {
  return run.jobs === 0 && run.activities.size === 0;
}

/** A type of node that the run needs and that nothing here performs. */
export function missingCode({ record, nodes }: LiveRun): string | undefined {
  return nodeTypesOf(record.definition)
    .find((typeId) => !isBuiltin(typeId) && !nodes.has(typeId));
}

/** Stops the code that is under way and not wanted; all of it when nothing is. */
export function stopUnwanted(
  run: LiveRun,
  wanted?: ReadonlyMap<string, RunCommand>,
): void {
  for (const [nodeId, activity] of run.activities) {
    const command = wanted?.get(nodeId);
    if (command && executionKey(command) === activity.key) continue;
    run.activities.delete(nodeId);
    activity.abort();
  }
}
