// Web standards only.
import { abandoned, cancelRun, decide, fold, plan } from "../engine/mod.ts";
import type { LogDraft, Plan, RunState, WorkPart } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { JsonValue } from "../openwop/protocol/mod.ts";
import { ChildRuns, concerned } from "./child_runs.ts";
import { begin, draftsOf, grow } from "./drafts.ts";
import type { Growth } from "./drafts.ts";
import type { Claimed } from "./idempotency.ts";
import { eventIdAt } from "./ids.ts";
import type { FilledLimits } from "./limits.ts";
import {
  forgetChildren,
  missingCode,
  runsOf,
  stopUnwanted,
} from "./live_run.ts";
import type { LiveRun } from "./live_run.ts";
import type { Shelf } from "./registry.ts";
import { markDivergence, readRecording, repeat } from "./replay.ts";
import { alreadyActive, hostClosed } from "./refusal.ts";
import { firstState, foldLog, stamp } from "./run_log.ts";
import type {
  CreateOptions,
  Decision,
  ErrorSink,
  RunView,
} from "./run_view.ts";
import type { Runs } from "./runs.ts";
import type { Signals } from "./signals.ts";
import { type Mover, startStep } from "./step_runner.ts";
import type { KeyEffect, RunRecord, Store } from "./store.ts";
import { Waits } from "./waits.ts";

export type { ErrorSink, RunView } from "./run_view.ts";

/** How much code of one run is under way at once; the rest of the ready nodes waits. */
const MAX_CONCURRENT = 64;

/** What the scheduler works with. */
export interface SchedulerParts {
  /** The logs. */
  readonly store: Store;
  /** The runs in memory. */
  readonly runs: Runs;
  /** What child runs run. */
  readonly shelf: Shelf;
  /** Wakes readers. */
  readonly signals: Signals;
  /** Called after each thing that was written. */
  readonly onCommit: () => void;
  /** For timestamps and timers. */
  readonly clock: Clock;
  /** Failures of nodes and of the host itself. */
  readonly onError: ErrorSink;
  /** How deep children go, and how much a step may give. */
  readonly limits: Pick<FilledLimits, "childDepth" | "outputBytes">;
}

/**
 * Moves runs on: fold, decide, perform, and again. All writes to one run happen in its queue, one after the other, so
 * that callers at the same moment see each other's effect. The store checks the sequence once more, for writers that
 * are not in this process.
 */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #mover: Mover;
  readonly #children: ChildRuns;
  readonly #waits: Waits;
  /** Awaited at the end: a run that is kept after all were given back would be nobody's. */
  readonly #creating = new Set<Promise<RunView>>();
  #closed = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    const enqueue = (run: LiveRun, job: () => Promise<void>): void =>
      this.#enqueue(run, job);
    this.#mover = {
      clock: parts.clock,
      onError: parts.onError,
      outputBytes: parts.limits.outputBytes,
      enqueue,
      commit: async (run, propose) => void await this.#commit(run, propose),
      advance: (run) => this.#advance(run),
    };
    this.#waits = new Waits(this.#mover, parts.runs);
    this.#children = new ChildRuns({
      ...parts,
      maxDepth: parts.limits.childDepth,
      now: () => parts.clock.now(),
      view: (runId) => this.view(runId),
      create: (record) => this.create(record, { mayExist: true }),
      enqueue,
      append: async (run, propose) =>
        void await this.#commit(run, propose, false),
      proceed: (run) => this.#proceed(run),
    });
  }

  /** Goes on with a run that somebody else began, or wrote to. */
  resume(run: LiveRun): void {
    this.#enqueue(run, async () => {
      await this.#refresh(run);
      // What happened to them where this process did not see it.
      forgetChildren(run);
      if (await this.#children.isOrphan(run)) {
        const parentRunId = run.record.caller!.runId;
        await this.#commit(
          run,
          () =>
            cancelRun(run.record.definition, run.state, {
              reason: "parent-cancelled",
              parentRunId,
            }),
        );
      }
      await this.#advance(run);
    });
  }

  /**
   * Keeps a new run, together with all that follows from its start without anybody's help, and moves it on. Returns as
   * soon as it is kept: a run of built-in nodes alone has ended by then.
   */
  async create(
    record: RunRecord,
    options: CreateOptions = {},
  ): Promise<RunView> {
    if (this.#closed) throw hostClosed();
    const created = this.#create(record, options);
    this.#creating.add(created);
    try {
      return await created;
    } finally {
      this.#creating.delete(created);
    }
  }

  async #create(
    record: RunRecord,
    { history = [], mayExist = false, isAlone = false }: CreateOptions,
  ): Promise<RunView> {
    const { store, runs, clock } = this.#parts;
    const isNew = history.length === 0;
    const grown = (record: RunRecord): Growth =>
      isNew
        ? begin(record, clock.now())
        : grow(record, firstState(record), history);
    const { events, state } = grown(record);
    while (!await store.createRun(record, events, isNew, isAlone)) {
      const there = await this.view(record.runId);
      if (there && mayExist) {
        if (record.caller) return there;
        // As it was right after the first request had made it.
        return { record: there.record, state: grown(there.record).state };
      }
      if (there) {
        throw new Error(
          `Cannot create the run: the source of ids gave ${record.runId} twice`,
        );
      }
      const { owner: { tenant }, scopeId = "" } = record;
      const active = await store.openRunOf(tenant, scopeId);
      // Otherwise it has ended just now.
      if (active !== undefined) throw alreadyActive(active);
    }
    this.#parts.onCommit();
    const run = runs.add(record, state);
    const view = { record, state };
    if (record.caller || !isTerminalStatus(state.status)) {
      this.#enqueue(run, () => this.#advance(run));
    } else runs.touch(run);
    return view;
  }

  /** The run as it stands, `undefined` for an unknown one. */
  async view(runId: string): Promise<RunView | undefined> {
    const { runs, store } = this.#parts;
    const run = await runs.get(runId);
    // Nothing is written to a run that has ended.
    const isOld = store.isShared && run && !isTerminalStatus(run.state.status);
    if (isOld) await this.#refresh(run);
    return run;
  }

  /**
   * Decides something about a run on its latest state, keeps it, answers, and moves the run on.
   *
   * @param decision Called again with a newer state when somebody else was faster. What it throws is thrown here.
   * @param claimed The claim of the request, so that its answer is kept with what it does: whoever executes it again after
   * a crash gives that answer.
   * @returns `undefined` for an unknown run.
   */
  async change<T>(
    runId: string,
    decision: (view: RunView) => Decision<T>,
    claimed?: Claimed,
  ): Promise<T | undefined> {
    const { store, runs } = this.#parts;
    const before = claimed?.effects?.[runId];
    if (before !== undefined) return before as T;
    const run = await runs.get(runId);
    if (this.#closed) throw hostClosed();
    if (run === undefined) return undefined;
    return await new Promise((resolve, reject) => {
      runs.enqueue(run, async () => {
        let decided: Decision<T> | undefined;
        try {
          if (store.isShared) await this.#refresh(run);
          // Whoever holds the run: an answer is kept, and the holder hears of it.
          const state = await this.#commit(
            run,
            () => (decided = decision(run)).events,
            false,
            claimed && ((state) => ({
              scope: claimed.scope,
              answer: decided!.answer(state) as JsonValue,
            })),
          );
          if (decided) resolve(decided.answer(state));
        } catch (error) {
          return reject(error);
        }
        await this.#guard(run, () => this.#proceed(run));
      });
    });
  }

  /** Stops everything that is under way, without a word in any log: what was running counts as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waits.close();
    const tails: Promise<void>[] = [];
    for (const run of this.#parts.runs.all()) {
      stopUnwanted(run);
      tails.push(run.tail);
    }
    await Promise.allSettled([...this.#creating, ...tails]);
  }

  /** Takes in what others wrote. */
  async #refresh(run: LiveRun): Promise<void> {
    const state = await foldLog(this.#parts.store, run.record, run.state);
    if (state.lastSequence > run.state.lastSequence) run.state = state;
  }

  #enqueue(run: LiveRun, job: () => Promise<void>): void {
    this.#parts.runs.enqueue(run, () => this.#guard(run, job));
  }

  /** Does a job of the host's own; when it fails, the run cannot go on. */
  async #guard(run: LiveRun, job: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    try {
      await job();
    } catch (error) {
      if (error instanceof RunTaken) return this.#letGo(run);
      // What fails because the host closes is for the next one to do.
      if (this.#closed) return;
      await this.#giveUp(run, error);
    }
  }

  /**
   * Appends what `propose` gives for the latest state, in one transaction.
   *
   * @param mustHold Whether only the holder of the run may do so.
   * @param effect What to keep with them for the claim of a key, by the state right after them.
   * @returns the state right after them.
   * @throws {RunTaken} when another process holds it.
   */
  async #commit(
    run: LiveRun,
    propose: () => readonly LogDraft[],
    mustHold: boolean = true,
    effect?: (state: RunState) => KeyEffect,
  ): Promise<RunState> {
    const { store, signals, clock } = this.#parts;
    const { record } = run;
    for (;;) {
      const drafts = propose();
      if (drafts.length === 0) return run.state;
      const { state } = run;
      const after = state.lastSequence;
      const events = stamp(record, after, drafts, clock.now());
      const next = fold(record.definition, state, events);
      const children = abandoned(record.definition, state, events, next);
      const end = await store.append(
        record.runId,
        after,
        events,
        mustHold,
        concerned(record, next, children),
        effect?.(next),
      );
      if (end === "taken") throw new RunTaken();
      if (end === "kept") {
        // Unless a reader has seen more by now.
        if (next.lastSequence > run.state.lastSequence) run.state = next;
        signals.notify(record.runId);
        this.#parts.onCommit();
        this.#children.cancel(run, children);
        return next;
      }
      await this.#refresh(run);
    }
  }

  /** Moves a run on where nobody else does, and where its code is. */
  async #proceed(run: LiveRun): Promise<void> {
    const { record: { definition }, nodes } = run;
    if (missingCode(definition, nodes) !== undefined) return;
    if (await this.#parts.store.hold(run.record.runId)) {
      await this.#advance(run);
    }
  }

  /** Another process has it. */
  #letGo(run: LiveRun): void {
    stopUnwanted(run);
    forgetChildren(run);
    this.#waits.set(run);
  }

  /** Performs commands until only activities and timers are left, then starts or stops those. */
  async #advance(run: LiveRun): Promise<void> {
    while (!this.#closed) {
      const { state } = run;
      const next = plan(run.record.definition, state);
      const drafts = await this.#draftsFor(run, next);
      // Or code would start, and a timer tick, that nobody stops any more.
      if (this.#closed) return;
      if (drafts.length === 0) {
        this.#reconcile(run, next.work);
        if (run.record.caller) await this.#children.tell(run);
        return;
      }
      // After a lost race the drafts are stale: give them up and decide anew.
      await this.#commit(run, () => run.state === state ? drafts : []);
    }
  }

  async #draftsFor(
    run: LiveRun,
    next: Plan,
  ): Promise<readonly LogDraft[]> {
    const { record, record: { definition }, state } = run;
    const { replay } = record;
    if (replay === undefined) return draftsOf(run, next);
    run.recording ??= await readRecording(this.#parts.store, replay);
    if (next.events.length === 0) {
      const commands = decide(definition, state);
      return repeat(definition, state, commands, run.recording);
    }
    return markDivergence(
      state,
      next.events,
      run.recording,
      (index) => eventIdAt(record.runId, state.lastSequence + 1 + index),
    );
  }

  #reconcile(run: LiveRun, work: readonly WorkPart[]): void {
    this.#waits.set(run, work);
    stopUnwanted(run, work);
    for (const command of runsOf(work)) {
      if (run.activities.size >= MAX_CONCURRENT) break;
      if (!run.activities.has(command.nodeId)) {
        startStep(this.#mover, run, command);
      }
    }
    this.#children.reconcile(run, work);
  }

  /** Ends a run that the host cannot move on, so that nobody waits for it for ever. */
  async #giveUp(run: LiveRun, error: unknown): Promise<void> {
    this.#parts.onError(error, run.record.runId);
    this.#letGo(run);
    const drafts = (): readonly LogDraft[] =>
      isTerminalStatus(run.state.status) ? [] : [{
        type: "run.failed",
        payload: {
          error: {
            code: "internal_error",
            message: "the host could not move the run on",
          },
        },
      }];
    try {
      await this.#commit(run, drafts);
    } catch (error) {
      // Then it is no longer ours to end.
      if (!(error instanceof RunTaken)) throw error;
    }
  }
}

/** Another process moves the run on by now. */
class RunTaken extends Error {}
