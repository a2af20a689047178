// Web standards only.
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { Again } from "./again.ts";
import { missingCode } from "./live_run.ts";
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
import type { LiveRun } from "./live_run.ts";
import { Recent } from "./recent.ts";
import { PAGE } from "./run_log.ts";
import type { Runs } from "./runs.ts";
import type { ErrorSink } from "./scheduler.ts";
import type { Signals } from "./signals.ts";
import type { Store } from "./store.ts";

/** What a takeover works with. */
export interface TakeoverParts {
  /** Where the work is found. */
  readonly store: Store;
  /** The runs in memory. */
  readonly runs: Runs;
  /** Wakes readers of what other processes wrote. */
  readonly signals: Signals;
  /** Failures of the host itself, and runs that it cannot go on with. */
  readonly onError: ErrorSink;
  /** Comes back when the store failed. */
  readonly again: Again;
  /** Other processes may have written. */
  readonly onChange: () => void;
  /** Goes on with a run. */
  readonly resume: (run: LiveRun) => void;
}

/**
 * Finds the runs that have to be moved on here though nobody here touched them: at the start all that the last process
 * left behind, later what comes free when another one ends, and what others wrote to our own.
 */
export class Takeover {
  readonly #parts: TakeoverParts;
  readonly #unwatch: (() => void) | undefined;
  /** Runs that could not be read: each search tries them again. */
  readonly #unread = new Set<string>();
  /** What was missing, so far. */
  readonly #lacks = new Recent<string, true>(256);
  /** Searches in a row that did not get all. */
  #failures = 0;
  #comesBack = false;
  #search: Promise<void> | undefined;
  #isStale = false;
  #closed = false;

  /** Starts at once. */
  constructor(parts: TakeoverParts) {
    this.#parts = parts;
    this.#look();
    this.#unwatch = parts.store.watch?.(() => {
      parts.signals.notifyAll();
      parts.onChange();
      this.#look();
    });
  }

  /** Stops. @returns when the search that was under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch?.();
    await this.#search;
  }

  /** One search at a time; who asks during one gets another one after it. */
  #look(): void {
    this.#isStale = true;
    this.#search ??= this.#searchAll()
      .then(() => this.#unread.size === 0, (error) => {
        this.#parts.onError(error);
        return false;
      })
      .then((isDone) => {
        this.#search = undefined;
        if (this.#closed) return;
        // Asked for after the last search had begun.
        if (this.#isStale) return this.#look();
        this.#failures = isDone ? 0 : this.#failures + 1;
        if (isDone || this.#comesBack) return;
        this.#comesBack = true;
        this.#parts.again.later(this.#failures, () => {
          this.#comesBack = false;
          this.#look();
        });
      });
  }

  async #searchAll(): Promise<void> {
    const { store } = this.#parts;
    while (this.#isStale && !this.#closed) {
      this.#isStale = false;
      const found = await store.takeWork(PAGE, this.#canDo);
      if (found.length === PAGE) this.#isStale = true;
      for (const runId of [...this.#unread, ...found]) {
        await this.#resume(runId);
      }
    }
  }

  /** Whether its code is here; otherwise somebody hears of it, once for all runs that lack the same. */
  readonly #canDo = (
    definition: WorkflowDefinition,
    runId: string,
  ): boolean => {
    const { runs, onError } = this.#parts;
    const missing = missingCode(definition, runs.nodesOf(definition));
    if (missing === undefined) return true;
    const lack = `${definition.id} ${missing}`;
    if (this.#lacks.get(lack)) return false;
    this.#lacks.set(lack, true);
    onError(
      new Error(
        `Cannot go on with run ${runId}: nothing here performs "${missing}"`,
      ),
      runId,
    );
    return false;
  };

  async #resume(runId: string): Promise<void> {
    const { runs, onError, resume } = this.#parts;
    try {
      const run = await runs.get(runId);
      this.#unread.delete(runId);
      if (run === undefined || this.#closed) return;
      const { record: { definition, replay }, state: { status } } = run;
      if (
        isTerminalStatus(status) || replay || this.#canDo(definition, runId)
      ) {
        resume(run);
      }
    } catch (error) {
      // The others are not to wait for it, and the store gives each only once.
      if (!this.#unread.has(runId)) onError(error, runId);
      this.#unread.add(runId);
    }
  }
}
