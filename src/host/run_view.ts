// Web standards only.
import type { RunState } from "../engine/mod.ts";
import type { RunRecord } from "./store.ts";

/** A run as a decision about it sees it. */
export interface RunView {
  /** What is fixed. */
  readonly record: RunRecord;
  /** The fold of its log. */
  readonly state: RunState;
}

/** Told about failures; `nodeId` is set when the code of a node threw. */
export type ErrorSink = (
  error: unknown,
  runId?: string,
  nodeId?: string,
) => void;
