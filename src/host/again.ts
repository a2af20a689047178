// Web standards only.
import type { Clock } from "../http/mod.ts";
import type { ErrorSink } from "./run_view.ts";

/** After the first failure; doubled after each further one. */
const FIRST_MS = 100;
const LONGEST_MS = 30_000;

const faults = new WeakSet<object>();

/** Marks what a store threw: what was asked of it can be asked again. @returns what to throw. */
export function ofStore(error: unknown): object {
  const fault = typeof error === "object" && error !== null
    ? error
    : new Error(`The store failed: ${String(error)}`);
  faults.add(fault);
  return fault;
}

/** Whether a failure was the store's, and not one of the host's own. */
export function isOfStore(error: unknown): boolean {
  return typeof error === "object" && error !== null && faults.has(error);
}

/** Something that the store can never keep, in whatever state it is. */
export class Unkeepable extends Error {}

/** What to throw for what a store threw when it was given something to keep. */
export function notKept(error: unknown): object {
  return error instanceof RangeError
    ? new Unkeepable("Cannot keep it: the store never can", { cause: error })
    : ofStore(error);
}

/** Lets everything else go first that is ready. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** How long to wait after so many failures in a row, in milliseconds. */
export function delayAfter(times: number): number {
  return Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS);
}

/** Comes back to what the store could not do, each time a little later, so that one that is down is left alone. */
export class Again {
  readonly #clock: Clock;
  readonly #onError: ErrorSink;
  readonly #cancels = new Set<() => void>();
  #closed = false;

  /** @param onError Told each failure. */
  constructor(clock: Clock, onError: ErrorSink) {
    this.#clock = clock;
    this.#onError = onError;
  }

  /** How much it will come back to. */
  get size(): number {
    return this.#cancels.size;
  }

  /** Calls `work` after it has failed so many times; never, once this is closed. */
  later(times: number, work: () => void): void {
    if (this.#closed) return;
    const cancel = this.#clock.schedule(delayAfter(times), () => {
      this.#cancels.delete(cancel);
      work();
    });
    this.#cancels.add(cancel);
  }

  /**
   * Does `work`, and does it again until it succeeds. Never rejects.
   *
   * @returns when it was tried for the first time.
   */
  async soon(work: () => Promise<void>, runId?: string): Promise<void> {
    await this.#try(work, runId, 1);
  }

  /** Comes back to nothing any more. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  async #try(
    work: () => Promise<void>,
    runId: string | undefined,
    times: number,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      // What fails because the host closes is for the next one to do.
      if (this.#closed) return;
      this.#onError(error, runId);
      this.later(times, () => void this.#try(work, runId, times + 1));
    }
  }
}
