// Web standards only.
import type { RunCommand, RunState, WaitCommand } from "../engine/mod.ts";
import { executionKey } from "./activity.ts";
import type { Activity } from "./activity.ts";
import type { RegisteredWorkflow } from "./registry.ts";
import type { Recording } from "./replay.ts";
import type { RunRecord } from "./store.ts";

/** A wait that is under way. */
export interface Timer {
  /** Tells one wait of a node from another. */
  readonly key: string;
  /** Stops it. */
  readonly cancel: () => void;
}

/** A child run that its parent waits for. */
export interface WatchedChild {
  /** Of the execution that wants it. */
  readonly visit: number;
  /** Of the execution that wants it. */
  readonly attempt: number;
  /** Empty until it is made. */
  readonly runId: string;
  /** Whether the end of the parent is its end. */
  readonly propagate: boolean;
}

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
  /** By node id; the timer of the run itself under "". */
  readonly timers: Map<string, Timer>;
  /** Runs that it waits for, by node id. */
  readonly children: Map<string, WatchedChild>;
  /** The status that its parent was told last. */
  told?: string;
  /** Jobs run one after the other behind it. */
  tail: Promise<void>;
  /** How many jobs are queued; the run stays in memory while there is one. */
  jobs: number;
  /** Only of a replay, once it is read: what its source recorded. */
  recording?: Recording | undefined;
}

/** What is to be under way for a run, by node id. */
export interface Wanted {
  /** Code. */
  readonly runs: ReadonlyMap<string, RunCommand>;
  /** Timers. */
  readonly waits: ReadonlyMap<string, WaitCommand>;
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
    timers: new Map(),
    children: new Map(),
    tail: Promise.resolve(),
    jobs: 0,
  };
}

/** Whether the run can be forgotten and read again from the store. */
export function isIdle(run: LiveRun): boolean {
  return run.jobs === 0 && run.activities.size === 0 && run.timers.size === 0 &&
    run.children.size === 0;
}

/** Tells one wait of a node from another. */
export function waitKey(command: WaitCommand): string {
  return `${command.since}+${command.ms}`;
}

/** Lets go of everything that is under way and not wanted; of everything when nothing is. */
export function stopUnwanted(run: LiveRun, wanted?: Wanted): void {
  for (const [nodeId, activity] of run.activities) {
    const command = wanted?.runs.get(nodeId);
    if (command && executionKey(command) === activity.key) continue;
    run.activities.delete(nodeId);
    activity.abort();
  }
  for (const [nodeId, timer] of run.timers) {
    const command = wanted?.waits.get(nodeId);
    if (command && waitKey(command) === timer.key) continue;
    run.timers.delete(nodeId);
    timer.cancel();
  }
}
