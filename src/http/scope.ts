// Web standards only.
import type { Clock } from "./clock.ts";
import { TuttiError } from "./errors.ts";
import { AbortedError, NetworkError, TimeoutError } from "./failures.ts";
import type { TimeoutBudget } from "./failures.ts";

/**
 * One signal for everything that can end a piece of work: the caller, the work around it, and its budgets of time.
 * The reason of the signal is always the error to throw. `close()` leaves no timer and no listener behind.
 */
export class Scope {
  readonly #controller = new AbortController();
  readonly #timers = new Set<() => void>();
  readonly #links: (() => void)[] = [];
  readonly #clock: Clock;
  readonly #action: string;
  /** Aborted with the error to throw. */
  readonly signal: AbortSignal = this.#controller.signal;

  /**
   * @param clock For the budgets.
   * @param action What is under way, for the messages.
   * @param outer The scope around this one.
   */
  constructor(clock: Clock, action: string, outer?: Scope) {
    this.#clock = clock;
    this.#action = action;
    this.#follow(outer?.signal, (reason) => reason);
  }

  /** Ends with the caller's `signal`, as an {@linkcode AbortedError} that carries its reason. */
  obey(signal: AbortSignal | undefined): void {
    this.#follow(signal, (reason) => new AbortedError(this.#action, reason));
  }

  /** Ends it with `error`. */
  abort(error: unknown): void {
    this.#controller.abort(error);
  }

  /** Starts a budget; the returned function stops it. */
  budget(budget: TimeoutBudget, ms: number): () => void {
    return this.#after(
      ms,
      () => this.abort(new TimeoutError(this.#action, budget, ms)),
    );
  }

  /** Waits for `ms` milliseconds, or throws the reason of the signal as soon as it aborts. */
  sleep(ms: number): Promise<void> {
    let stop: (() => void) | undefined;
    return this.guard(
      new Promise<void>((resolve) => stop = this.#after(ms, resolve)),
    ).finally(stop);
  }

  /**
   * Waits for `promise`, or throws the reason of the signal as soon as it aborts, also when the promise itself does
   * not care. `discard` is given a value that came too late.
   */
  guard<T>(promise: Promise<T>, discard?: (late: T) => void): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const free = onAbort(signal, reject);
      promise.then((value) => {
        free();
        if (!signal.aborted) return resolve(value);
        discard?.(value);
        reject(signal.reason);
      }, (error) => {
        free();
        reject(error);
      });
    });
  }

  /**
   * Waits for something that the network does, as {@linkcode Scope.guard}. What fails for reasons of its own becomes a
   * {@linkcode NetworkError}; an injected `fetch` may know better and throw a `TuttiError`.
   */
  async reach<T>(
    work: () => T | Promise<T>,
    discard?: (late: T) => void,
  ): Promise<T> {
    try {
      return await this.guard(Promise.resolve(work()), discard);
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason;
      throw TuttiError.is(error)
        ? error
        : new NetworkError(this.#action, error);
    }
  }

  /** Lets go of all timers, and of the signals too unless it is to go on obeying them. Does not abort. */
  close(keepSignals = false): void {
    for (const undo of this.#timers) undo();
    if (keepSignals) return;
    for (const undo of this.#links) undo();
  }

  #after(ms: number, wake: () => void): () => void {
    if (ms === Infinity) return nothing;
    const cancel = this.#clock.schedule(ms > 0 ? ms : 0, wake);
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  #follow(
    signal: AbortSignal | undefined,
    toError: (reason: unknown) => unknown,
  ): void {
    if (signal) {
      this.#links.push(
        onAbort(signal, (reason) => this.abort(toError(reason))),
      );
    }
  }
}

/** Calls `act` with the reason once `signal` is aborted, at once where it is; the returned function forgets it. */
function onAbort(
  signal: AbortSignal,
  act: (reason: unknown) => void,
): () => void {
  const listener = (): void => act(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

function nothing(): void {}
