// Web standards only.
import type { Clock } from "./clock.ts";
import { checkDuration } from "./options.ts";
import { createScope } from "./scope.ts";

/** What bounds a piece of work that consists of several calls. */
export interface WithinOptions {
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
  /** For all of it, in milliseconds. @default Infinity */
  readonly timeoutMs?: number | undefined;
}

/**
 * Does a piece of work that consists of several calls under one signal and one budget.
 *
 * @param clock Whose time to use.
 * @param action What is done, for the message: `the wait for interrupt "gate"`.
 * @param options The bounds.
 * @param work Must hand the signal on to everything that waits.
 * @returns what `work` gives.
 * @throws {TimeoutError} `timeout`, budget `total`.
 * @throws {AbortedError} `aborted`, with the reason of the caller's signal as its cause.
 */
export async function within<T>(
  clock: Clock,
  action: string,
  options: WithinOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const scope = createScope(clock, action);
  scope.obey(options.signal);
  if (options.timeoutMs !== undefined) {
    scope.budget("total", checkDuration("timeoutMs", options.timeoutMs));
  }
  try {
    scope.signal.throwIfAborted();
    return await scope.guard(work(scope.signal));
  } finally {
    scope.close();
  }
}
