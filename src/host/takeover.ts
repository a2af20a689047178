// Web standards only.
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { missingCode } from "./live_run.ts";
import type { LiveRun } from "./live_run.ts";
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
      .catch((error) => this.#parts.onError(error))
      .finally(() => {
        this.#search = undefined;
        // Asked for after the last search had begun.
        if (this.#isStale && !this.#closed) this.#look();
      });
  }

  async #searchAll(): Promise<void> {
    const { store } = this.#parts;
    while (this.#isStale && !this.#closed) {
      this.#isStale = false;
      const found = await store.takeWork(PAGE);
      if (found.length === PAGE) this.#isStale = true;
      for (const runId of found) await this.#resume(runId);
    }
  }

  async #resume(runId: string): Promise<void> {
    const { runs, onError, resume } = this.#parts;
    const run = await runs.get(runId);
    if (run === undefined || this.#closed) return;
    const missing = isTerminalStatus(run.state.status)
      ? undefined
      : missingCode(run);
    if (missing === undefined) return resume(run);
    onError(
      new Error(
        `Cannot go on with run ${runId}: nothing here performs "${missing}"`,
      ),
      runId,
    );
  }
}
