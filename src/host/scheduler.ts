// Web standards only.
import { cancelRun, plan } from "../engine/mod.ts";
import type { LogDraft, Plan, WorkPart } from "../engine/mod.ts";
import type { Clock } from "../http/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { JsonValue } from "../openwop/protocol/mod.ts";
import { isOfStore, nextTurn, notKept, ofStore } from "./again.ts";
import type { Again } from "./again.ts";
import { ChildRuns } from "./child_runs.ts";
import { Commits, RunTaken } from "./commits.ts";
import { begin, draftsOf, givenUp } from "./drafts.ts";
import type { Claimed } from "./idempotency.ts";
import type { FilledLimits } from "./limits.ts";
import {
  forgetChildren,
  missingCode,
  runsOf,
  stopUnwanted,
} from "./live_run.ts";
import type { LiveRun } from "./live_run.ts";
import type { Shelf } from "./registry.ts";
import { readRecording, replayed } from "./replay.ts";
import { alreadyActive, hostClosed } from "./refusal.ts";
import type {
  CreateOptions,
  Decision,
  ErrorSink,
  Growth,
  RunView,
} from "./run_view.ts";
import type { Runs } from "./runs.ts";
import type { Signals } from "./signals.ts";
import { type Mover, startStep } from "./step_runner.ts";
import type { RunRecord, Store } from "./store.ts";
import { Waits } from "./waits.ts";

export type { ErrorSink, RunView } from "./run_view.ts";

type Job = () => Promise<void>;

/** How much code of one run is under way at once; the rest of the ready nodes waits. */
const MAX_CONCURRENT = 64;

/** So many events at once take some of a second. */
const LONG = 1_000;

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
  /** Called with each run that is over, or moved on by somebody else. */
  readonly onGone: (runId: string) => void;
  /** For timestamps and timers. */
  readonly clock: Clock;
  /** Comes back to what the store could not do. */
  readonly again: Again;
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
  readonly #commits: Commits;
  readonly #mover: Mover;
  readonly #children: ChildRuns;
  readonly #waits: Waits;
  /** Awaited at the end: a run that is kept after all were given back would be nobody's. */
  readonly #creating = new Set<Promise<RunView>>();
  #closed = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#commits = new Commits({
      ...parts,
      onAbandoned: (run, childIds) => this.#children.cancel(run, childIds),
    });
    const enqueue = (run: LiveRun, job: Job): void => this.#enqueue(run, job);
    this.#mover = {
      clock: parts.clock,
      onError: parts.onError,
      outputBytes: parts.limits.outputBytes,
      enqueue,
      commit: (run, propose) => this.#commits.commit(run, propose),
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
      append: (run, propose) =>
        this.#commits.commit(run, propose, { mustHold: false }),
      proceed: (run) => this.#proceed(run),
    });
  }

  /** Goes on with a run that somebody else began, or wrote to. */
  resume(run: LiveRun): void {
    this.#enqueue(run, async () => {
      await this.#commits.refresh(run);
      // What happened to them where this process did not see it.
      forgetChildren(run);
      if (await this.#children.isOrphan(run)) {
        const parentRunId = run.record.caller!.runId;
        await this.#commits.commit(
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
    { inherited, mayExist = false, isAlone = false }: CreateOptions,
  ): Promise<RunView> {
    const { store, runs, clock } = this.#parts;
    const grown = (record: RunRecord): Growth =>
      inherited ?? begin(record, clock.now());
    const { events, state } = grown(record);
    for (;;) {
      try {
        if (await store.createRun(record, events, !inherited, isAlone)) break;
      } catch (error) {
        void this.#moveOn(record.runId);
        throw notKept(error);
      }
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

  /** Another process may have ended what runs here wait for. */
  readonly look = (): void => this.#children.look();

  /** The run as it stands, `undefined` for an unknown one. */
  async view(runId: string): Promise<RunView | undefined> {
    const { runs, store } = this.#parts;
    const run = await runs.get(runId);
    // Nothing is written to a run that has ended.
    const isOld = store.isShared && run && !isTerminalStatus(run.state.status);
    if (isOld) await this.#commits.refresh(run);
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
          if (store.isShared) await this.#commits.refresh(run);
          // Whoever holds the run: an answer is kept, and the holder hears of it.
          const state = await this.#commits.commit(
            run,
            () => (decided = decision(run)).events,
            {
              mustHold: false,
              effect: claimed && ((state) => ({
                scope: claimed.scope,
                answer: decided!.answer(state) as JsonValue,
              })),
            },
          );
          if (decided) resolve(decided.answer(state));
        } catch (error) {
          if (isOfStore(error)) void this.#moveOn(runId);
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

  /** Goes on with a run that the store may have more of than anybody here knows, because it failed to say so. */
  async #moveOn(runId: string): Promise<void> {
    const { again, runs } = this.#parts;
    await again.soon(async () => {
      const run = await runs.get(runId);
      if (run === undefined) return;
      this.#enqueue(run, async () => {
        await this.#commits.refresh(run);
        await this.#proceed(run);
      });
    }, runId);
  }

  #enqueue(run: LiveRun, job: Job, times: number = 1): void {
    this.#parts.runs.enqueue(run, () => this.#guard(run, job, times));
  }

  /**
   * Does a job of the host's own, which must stand being done again: it is when the store fails, as often as that takes.
   * After any other failure the run cannot go on.
   */
  async #guard(run: LiveRun, job: Job, times: number = 1): Promise<void> {
    if (this.#closed) return;
    try {
      await job();
      // It may have done its part before, and failed on the way from there.
      if (times > 1) await this.#proceed(run);
    } catch (error) {
      if (error instanceof RunTaken) return this.#letGo(run);
      // What fails because the host closes is for the next one to do.
      if (this.#closed) return;
      if (!isOfStore(error)) return this.#giveUp(run, error);
      const { again, onError } = this.#parts;
      onError(error, run.record.runId);
      again.later(times, () => this.#enqueue(run, job, times + 1));
    }
  }

  /** Moves a run on where nobody else does, and where its code is. */
  async #proceed(run: LiveRun): Promise<void> {
    const { record: { runId, definition, replay }, nodes } = run;
    if (!replay && missingCode(definition, nodes) !== undefined) return;
    let isHeld: boolean;
    try {
      isHeld = await this.#parts.store.hold(runId);
    } catch (error) {
      throw ofStore(error);
    }
    if (isHeld) await this.#advance(run);
  }

  /** Another process has it. */
  #letGo(run: LiveRun): void {
    stopUnwanted(run);
    forgetChildren(run);
    this.#waits.set(run);
    this.#parts.onGone(run.record.runId);
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
      await this.#commits.commit(
        run,
        () => run.state === state ? drafts : [],
      );
      if (drafts.length < LONG) continue;
      // Others have their turn, and those first who want something of the run.
      await nextTurn();
      return this.#enqueue(run, () => this.#advance(run));
    }
  }

  async #draftsFor(run: LiveRun, next: Plan): Promise<readonly LogDraft[]> {
    const { record, record: { replay }, state } = run;
    if (replay === undefined) return draftsOf(run, next);
    run.recording ??= await readRecording(this.#parts.store, record, replay);
    return replayed(record, state, next.events, run.recording);
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

  /** Ends a run that cannot be moved on, so that nobody waits for it for ever. */
  #giveUp(run: LiveRun, error: unknown): void {
    this.#parts.onError(error, run.record.runId);
    this.#letGo(run);
    const drafts = (): readonly LogDraft[] =>
      isTerminalStatus(run.state.status) ? [] : [givenUp(error)];
    this.#enqueue(run, async () => {
      try {
        await this.#commits.commit(run, drafts);
        await this.#children.tell(run);
      } catch (error) {
        if (error instanceof RunTaken || isOfStore(error)) throw error;
        this.#parts.onError(error, run.record.runId);
      }
    });
  }
}
