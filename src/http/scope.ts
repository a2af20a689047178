// Web standards only.
import type { Clock } from "./clock.ts";
import { TimeoutError } from "./failures.ts";
import type { TimeoutBudget } from "./failures.ts";
import { obey, onAbort } from "./on_abort.ts";

/**
 * One signal for everything that can end a piece of work: the caller, the work around it, and its budgets of time.
 * The reason of the signal is always the error to throw. `close()` leaves no timer and no listener behind.
 */
export interface Scope {
  /** Aborted with the error to throw. */
  readonly signal: AbortSignal;
  /** Ends with the caller's `signal`, as an {@linkcode AbortedError} that carries its reason. */
  obey(signal: AbortSignal | undefined): unknown;
  /** Ends it with `error`, and closes it; `null` where nobody looks: for `undefined` an exception with a stack is made. */
  abort(error: unknown): void;
  /**
   * Starts a budget; the returned function stops it.
   *
   * @param since Where it begins anew with each piece that comes: when the last one did. Stop it by closing the scope.
   */
  budget(budget: TimeoutBudget, ms: number, since?: () => number): () => void;
  /** Waits for `ms` milliseconds, as {@linkcode Scope.guard} does. */
  sleep(ms: number): Promise<void>;
  /**
   * Waits for `promise`, or throws the reason of the signal as soon as it aborts, also when the promise itself does
   * not care.
   */
  guard<T>(promise: Promise<T>): Promise<T>;
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
  const close = (): void => {
    undos.forEach((undo) => undo());
  };
  const abort = (error: unknown): void => {
    controller.abort(error);
    close();
  };

  const after = (ms: number, wake: () => void): () => void => {
    if (ms === Infinity) return () => {};
    const stop = clock.schedule(ms, () => {
      undos.delete(stop);
      wake();
    });
    undos.add(stop);
    return stop;
  };
  const guard = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      promise.then(resolve, reject).then(onAbort(signal, reject));
    });

  if (outer) undos.add(onAbort(outer.signal, abort));
  return {
    signal,
    abort,
    obey: (other) => undos.add(obey(other, action, abort)),
    budget(budget, ms, since) {
      // One timer that looks at the time costs much less than one for each piece.
      const watch = (left: number): () => void =>
        after(left, () => {
          left = since ? since() + ms - clock.now() : 0;
          if (left > 0) watch(left);
          else abort(new TimeoutError(action, budget, ms));
        });
      return watch(ms);
    },
    guard,
    sleep: (ms) => guard(new Promise((wake) => after(ms, wake))),
    close,
  };
}
