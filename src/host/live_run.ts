// Web standards only.
import { isBuiltin, nodeTypesOf } from "../engine/mod.ts";
import type { RunCommand, RunState, WorkPart } from "../engine/mod.ts";
import { executionKey } from "./activity.ts";
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
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
  /** Parts of its work whose children were all looked for. */
  adopted: WeakSet<WorkPart>;
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
    adopted: new WeakSet(),
    tail: Promise.resolve(),
    jobs: 0,
  };
}

/** Looks for all children anew: what became of them may have passed this process by. */
export function forgetChildren(run: LiveRun): void {
  run.children.clear();
  run.adopted = new WeakSet();
}

/** Whether the run can be forgotten and read again from the store, when a request, an alarm or a child touches it. */
export function isIdle(run: LiveRun): boolean {
  return run.jobs === 0 && run.activities.size === 0;
}

/** A type of node that a definition needs and that nothing here performs. */
export function missingCode(
  definition: WorkflowDefinition,
  nodes: LiveRun["nodes"],
): string | undefined {
  return nodeTypesOf(definition)
    .find((typeId) => !isBuiltin(typeId) && !nodes.has(typeId));
}

/** The code that should be under way, in order. */
export function* runsOf(
  work: readonly WorkPart[],
): Generator<RunCommand, void, undefined> {
  for (const part of work) {
    for (const command of part) if (command.kind === "run") yield command;
  }
}

/** Stops the code that is under way and not wanted; all of it when nothing is. */
export function stopUnwanted(
  run: LiveRun,
  work: readonly WorkPart[] = [],
): void {
  const wanted = new Set<Activity>();
  // What was started first stands in front: to find it costs what is under way here, not all that should be.
  for (const command of runsOf(work)) {
    if (wanted.size === run.activities.size) break;
    const activity = run.activities.get(command.nodeId);
    if (activity?.key === executionKey(command)) wanted.add(activity);
  }
  if (wanted.size === run.activities.size) return;
  for (const [nodeId, activity] of run.activities) {
    if (wanted.has(activity)) continue;
    run.activities.delete(nodeId);
    activity.abort();
  }
}
