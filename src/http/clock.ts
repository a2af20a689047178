// Web standards only.

/**
 * Where time comes from. Everything in Tutti that waits asks a clock, so that tests and simulations can supply their
 * own.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls `wake` once, after `ms` milliseconds and never synchronously.
   *
   * @returns a function that cancels; calling it late or twice does nothing.
   */
  schedule(ms: number, wake: () => void): () => void;
}

// Above 2 ** 31 setTimeout fires at once in every runtime.
const LONGEST = 1e9;

/** The clock of the runtime. Waits of any length work, also those that `setTimeout` alone cannot hold. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms: number, wake: () => void): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (left: number): void => {
      timer = setTimeout(
        () => left > LONGEST ? arm(left - LONGEST) : wake(),
        Math.min(left, LONGEST),
      );
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits for `ms` milliseconds of `clock`.
 *
 * When `signal` aborts, the timer is cancelled and the promise rejects at once with `signal.reason`, as it is. Nothing
 * stays behind in either case: neither the timer nor the listener.
 *
 * @param clock Whose time to wait for.
 * @param ms How long; zero, negative and `NaN` wait for the shortest time the clock has.
 * @param signal Ends the wait early.
 * @throws `signal.reason`, when `signal` is or gets aborted.
 *
 * @example
 * ```ts
 * import { sleep, systemClock } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * await sleep(systemClock, 5);
 *
 * const why = new Error("no longer needed");
 * await assert.rejects(sleep(systemClock, 60_000, AbortSignal.abort(why)), why);
 * ```
 */
export function sleep(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(ms > 0 ? ms : 0, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
