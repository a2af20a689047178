// Web standards only.
import type { RunState } from "../engine/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
import { ofStore } from "./again.ts";
import { isIdle, liveRun, missingCode } from "./live_run.ts";
import type { LiveRun } from "./live_run.ts";
import type { Registry } from "./registry.ts";
import { foldLog } from "./run_log.ts";
import type { RunRecord, Store } from "./store.ts";

/** Idle runs that stay folded in memory; the others are read from the store when somebody asks. */
const KEEP_IDLE = 256;

/** The runs that are in memory, each at most once, and one queue of jobs for each. */
export class Runs {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #nodes: LiveRun["nodes"];
  readonly #onError: (error: unknown, runId: string) => void;
  readonly #live = new Map<string, LiveRun>();
  readonly #loading = new Map<string, Promise<LiveRun | undefined>>();
  /** Those that may be forgotten, the one that was used last at the end. */
  readonly #idle = new Map<string, LiveRun>();
  /** Those that are forgotten, as long as somebody still has one at hand: there must not be a second one beside it. */
  readonly #forgotten = new Map<string, WeakRef<LiveRun>>();
  readonly #gone = new FinalizationRegistry<string>((runId) => {
    if (this.#forgotten.get(runId)?.deref() === undefined) {
      this.#forgotten.delete(runId);
    }
  });

  constructor(
    store: Store,
    registry: Registry,
    onError: (error: unknown, runId: string) => void,
    nodes: LiveRun["nodes"] = new Map(),
  ) {
    this.#nodes = nodes;
    this.#store = store;
    this.#registry = registry;
    this.#onError = onError;
  }

  /** Everything in memory. */
  all(): Iterable<LiveRun> {
    return this.#live.values();
  }

  /** Takes in a run that was just created. */
  add(record: RunRecord, state: RunState): LiveRun {
    const run = liveRun(record, this.nodesOf(record.definition), state);
    this.#live.set(record.runId, run);
    return run;
  }

  /** The run in memory, read from the store if need be; `undefined` for an unknown one. */
  async get(runId: string): Promise<LiveRun | undefined> {
    for (;;) {
      const live = this.#live.get(runId) ??
        this.#forgotten.get(runId)?.deref();
      if (live !== undefined) {
        this.#remember(live);
        this.touch(live);
        return live;
      }
      let loading = this.#loading.get(runId);
      if (loading === undefined) {
        loading = this.#load(runId)
          .finally(() => this.#loading.delete(runId));
        this.#loading.set(runId, loading);
      }
      // Between the read and this line the run may have been forgotten again: look once more.
      if (await loading === undefined) return undefined;
    }
  }

  /**
   * Runs `job` after all earlier jobs of the same run. Never rejects; the job is expected to report its own failure,
   * what it throws all the same goes to `onError`.
   */
  enqueue(run: LiveRun, job: () => Promise<void>): Promise<void> {
    this.#remember(run);
    this.#idle.delete(run.record.runId);
    run.jobs++;
    run.tail = this.#after(run.tail, run, job);
    return run.tail;
  }

  async #after(
    earlier: Promise<void>,
    run: LiveRun,
    job: () => Promise<void>,
  ): Promise<void> {
    await earlier;
    try {
      await job();
    } catch (error) {
      this.#onError(error, run.record.runId);
    }
    run.jobs--;
    this.touch(run);
  }

  async #load(runId: string): Promise<LiveRun | undefined> {
    let record: RunRecord | undefined;
    try {
      record = await this.#store.loadRun(runId);
    } catch (error) {
      throw ofStore(error);
    }
    if (record === undefined) return undefined;
    const state = await foldLog(this.#store, record);
    // Whoever created it may have been faster than the read that found it.
    const run = this.#live.get(runId) ?? this.add(record, state);
    this.touch(run);
    return run;
  }

  #remember(run: LiveRun): void {
    const { runId } = run.record;
    if (this.#live.has(runId)) return;
    this.#live.set(runId, run);
    this.#forgotten.delete(runId);
  }

  /** Lets a run that nothing is under way for be forgotten, after those that were touched before it. */
  touch(run: LiveRun): void {
    const { runId } = run.record;
    this.#idle.delete(runId);
    if (!isIdle(run)) return;
    this.#idle.set(runId, run);
    if (this.#idle.size <= KEEP_IDLE) return;
    for (const [oldest, idle] of this.#idle) {
      this.#idle.delete(oldest);
      this.#live.delete(oldest);
      // Of one that has ended there may be two: nothing is written to it.
      if (isTerminalStatus(idle.state.status)) return;
      this.#forgotten.set(oldest, new WeakRef(idle));
      this.#gone.register(idle, oldest);
      return;
    }
  }

  /** The code for the nodes of a definition. */
  nodesOf(definition: WorkflowDefinition): LiveRun["nodes"] {
    const own = this.#registry.get(definition.id);
    if (own?.definition === definition) return own.nodes;
    // Of a workflow that came over the wire, and may be gone, the steps are still known here.
    return own && missingCode(definition, own.nodes) === undefined
      ? own.nodes
      : this.#nodes;
  }
}
