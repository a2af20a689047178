// Web standards only.
import { abandoned, fold } from "../engine/mod.ts";
import type { LogDraft, RunState } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { notKept, ofStore } from "./again.ts";
import { concerned } from "./child_runs.ts";
import type { Proposal } from "./drafts.ts";
import type { LiveRun } from "./live_run.ts";
import { foldLog, hasKept, stamp } from "./run_log.ts";
import type { Signals } from "./signals.ts";
import type { Appended, KeyEffect, Store } from "./store.ts";

/** What commits are made with. */
export interface CommitParts {
  /** The logs. */
  readonly store: Store;
  /** Wakes readers. */
  readonly signals: Signals;
  /** For timestamps. */
  readonly clock: Clock;
  /** Called after each. */
  readonly onCommit: () => void;
  /** Called with each run that is over then. */
  readonly onGone: (runId: string) => void;
  /** Called with the children that a run waits for no more. */
  readonly onAbandoned: (run: LiveRun, childIds: readonly string[]) => void;
}

/** Gives what is to be written, for the state of the run as it is then. */
export type Propose = (now: number) => readonly LogDraft[] | Proposal;

/** How something is written to a run. */
export interface CommitOptions {
  /** Whether only the holder of the run may do so. @default true */
  readonly mustHold?: boolean;
  /** What to keep with it for the claim of a key, by the state right after it. */
  readonly effect?: ((state: RunState) => KeyEffect) | undefined;
}

/** Another process moves the run on by now. */
export class RunTaken extends Error {}

/** Writes to the logs of runs. */
export class Commits {
  readonly #parts: CommitParts;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  /** Takes in what others wrote. @returns whether there was anything. */
  async refresh(run: LiveRun): Promise<boolean> {
    const state = await foldLog(this.#parts.store, run.record, run.state);
    if (state.lastSequence <= run.state.lastSequence) return false;
    run.state = state;
    return true;
  }

  /**
   * Appends what `propose` gives for the latest state, in one transaction.
   *
   * @param propose Is given the time of its events.
   * @returns the state right after it.
   * @throws {RunTaken} when another process holds it.
   */
  async commit(
    run: LiveRun,
    propose: Propose,
    { mustHold = true, effect }: CommitOptions = {},
  ): Promise<RunState> {
    const { store, signals, clock, onCommit, onGone, onAbandoned } =
      this.#parts;
    const { record } = run;
    for (;;) {
      const now = clock.now();
      const proposed = propose(now);
      const { state } = run;
      const { drafts, state: ahead } = "drafts" in proposed
        ? proposed
        : { drafts: proposed, state };
      if (drafts.length === 0) return state;
      const after = state.lastSequence;
      const events = stamp(record, after, drafts, now);
      const next = fold(record.definition, ahead, events);
      const children = abandoned(record.definition, state, events, next);
      const wake = concerned(record, next, children);
      const { runId } = record;
      let end: Appended;
      try {
        end = await store.append(
          runId,
          after,
          events,
          mustHold,
          wake,
          effect?.(next),
        );
      } catch (error) {
        if (!await hasKept(store, events)) throw notKept(error);
        end = "kept";
      }
      if (end === "taken") throw new RunTaken();
      if (end === "kept") {
        // Unless a reader has seen more by now.
        if (next.lastSequence > run.state.lastSequence) run.state = next;
        signals.notify(runId);
        onCommit();
        if (isTerminalStatus(next.status)) onGone(runId);
        onAbandoned(run, children);
        return next;
      }
      if (!await this.refresh(run) && run.state === state) {
        throw ofStore(
          new Error(
            `Cannot append to run ${runId}: nothing is behind ${after}`,
          ),
        );
      }
    }
  }
}
