// Web standards only.
import type { LogDraft, RunState } from "../engine/mod.ts";
import type { RunEvent } from "../openwop/protocol/mod.ts";
import type { RunRecord } from "./store.ts";

/** A run as a decision about it sees it. */
export interface RunView {
  /** What is fixed. */
  readonly record: RunRecord;
  /** The fold of its log. */
  readonly state: RunState;
}

/** Events, and the state that they lead to. */
export interface Growth {
  /** In the order of the log. */
  readonly events: readonly RunEvent[];
  /** Right after them. */
  readonly state: RunState;
}

/** Told about failures; `nodeId` is set when the code of a node threw. */
export type ErrorSink = (
  error: unknown,
  runId?: string,
  nodeId?: string,
) => void;

/** How a run is created. */
export interface CreateOptions {
  /** What it inherits; without that it begins with `run.started`. */
  readonly inherited?: Growth;
  /** Whether the run may be there already, from a request that this one repeats; then it is left as it is. */
  readonly mayExist?: boolean | undefined;
  /** Whether no other run of its tenant and `scopeId` may be open. */
  readonly isAlone?: boolean;
}

/** What a decision adds to the log of a run, and what it answers once that is kept. */
export interface Decision<T> {
  /** To be appended in one transaction. */
  readonly events: readonly LogDraft[];
  /** Called with the state right after it; gives JSON. */
  answer(state: RunState): T;
}
