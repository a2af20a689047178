// Web standards only.
import type { Clock } from "./clock.ts";
import { AbortedError, TimeoutError } from "./failures.ts";
import type { TimeoutBudget } from "./failures.ts";

/**
 * One signal for everything that can end a piece of work: the caller, the work around it, and its budgets of time.
 * The reason of the signal is always the error to throw. `close()` leaves no timer and no listener behind.
 */
export interface Scope {
  /** Aborted with the error to throw. */
  readonly signal: AbortSignal;
  /** Ends with the caller's `signal`, as an {@linkcode AbortedError} that carries its reason. */
  obey(signal: AbortSignal | undefined): unknown;
  /** Ends it with `error`. */
  abort(error: unknown): void;
  /** Starts a budget; the returned function stops it. */
  budget(budget: TimeoutBudget, ms: number): () => void;
  /** Calls `wake` after `ms` milliseconds, unless the scope is closed before; the returned function cancels. */
  after(ms: number, wake: () => void): () => void;
  /**
   * Waits for `promise`, or throws the reason of the signal as soon as it aborts, also when the promise itself does
   * not care. `discard` is given a value that came too late.
   */
  guard<T>(promise: Promise<T>, discard?: (late: T) => void): Promise<T>;
  /** Lets go of all timers and signals. Does not abort. */
  close(): void;
}

/**
 * Opens a scope.
 *
 * @param clock For the budgets.
 * @param action What is under way, for the messages.
 * @param outer The scope around this one; anything with a signal whose reason is the error to throw.
 */
export function createScope(
  clock: Clock,
  action: string,
  outer?: Pick<Scope, "signal">,
): Scope {
  const controller = new AbortController();
  const { signal } = controller;
  const undos = new Set<() => void>();
  const abort = (error: unknown): void => controller.abort(error);

  const after = (ms: number, wake: () => void): () => void => {
    if (ms === Infinity) return () => {};
    const cancel = clock.schedule(ms, wake);
    undos.add(cancel);
    return () => {
      undos.delete(cancel);
      cancel();
    };
  };

  if (outer) undos.add(onAbort(outer.signal, abort));
  return {
    signal,
    abort,
    after,
    obey: (other) =>
      other &&
      undos.add(
        onAbort(other, (reason) => abort(new AbortedError(action, reason))),
      ),
    budget: (budget, ms) =>
      after(ms, () => abort(new TimeoutError(action, budget, ms))),
    guard: (promise, discard) =>
      new Promise((resolve, reject) => {
        const free = onAbort(signal, reject);
        promise.then((value) => {
          if (signal.aborted) return discard?.(value);
          free();
          resolve(value);
        }, reject);
      }),
    close() {
      for (const undo of undos) undo();
    },
  };
}

/** Calls `act` with the reason once `signal` is aborted, at once where it is; the returned function forgets it. */
export function onAbort(
  signal: AbortSignal,
  act: (reason: unknown) => void,
): () => void {
  const listener = (): void => act(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener);
  return () => signal.removeEventListener("abort", listener);
}
