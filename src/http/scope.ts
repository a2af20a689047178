// Web standards only.
import type { Clock } from "./clock.ts";
import { AbortedError, TimeoutError } from "./failures.ts";
import type { TimeoutBudget } from "./failures.ts";

/**
 * One signal for everything that can end a piece of work: the caller, the work around it, and its budgets of time.
 * The reason of the signal is always the error to throw. `close()` leaves no timer and no listener behind.
 */
export class Scope {
  readonly #controller = new AbortController();
  readonly #timers = new Set<() => void>();
  readonly #links = new Set<() => void>();
  readonly #clock: Clock;
  readonly #action: string;

  /**
   * @param clock For the budgets.
   * @param action What is under way, for the messages.
   * @param outer The scope around this one.
   */
  constructor(clock: Clock, action: string, outer?: Scope) {
    this.#clock = clock;
    this.#action = action;
    if (outer) this.#follow(outer.signal, () => outer.signal.reason);
  }

  /** Aborted with the error to throw. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends with the caller's `signal`, as an {@linkcode AbortedError} that carries its reason. */
  obey(signal: AbortSignal | undefined): void {
    if (signal) {
      this.#follow(
        signal,
        () => new AbortedError(this.#action, signal.reason),
      );
    }
  }

  /** Ends it with `error`. */
  abort(error: unknown): void {
    this.#controller.abort(error);
  }

  /** Starts a budget; the returned function stops it. */
  budget(budget: TimeoutBudget, ms: number): () => void {
    if (ms === Infinity) return nothing;
    const cancel = this.#clock.schedule(
      ms,
      () => this.abort(new TimeoutError(this.#action, budget, ms)),
    );
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  /**
   * Waits for `promise`, or throws the reason of the signal as soon as it aborts, also when the promise itself does
   * not care. `discard` is given a value that came too late.
   */
  guard<T>(promise: Promise<T>, discard?: (late: T) => void): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      let late = false;
      const onAbort = (): void => {
        late = true;
        reject(signal.reason);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
      promise.then((value) => {
        signal.removeEventListener("abort", onAbort);
        if (late) discard?.(value);
        else resolve(value);
      }, (error) => {
        signal.removeEventListener("abort", onAbort);
        reject(error);
      });
    });
  }

  /** Lets go of all timers, and of the signals too unless it is to go on obeying them. Does not abort. */
  close(keepSignals = false): void {
    const held = keepSignals ? [this.#timers] : [this.#timers, this.#links];
    for (const undos of held) {
      for (const undo of undos) undo();
      undos.clear();
    }
  }

  #follow(signal: AbortSignal, reason: () => unknown): void {
    const onAbort = (): void => this.abort(reason());
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    this.#links.add(() => signal.removeEventListener("abort", onAbort));
  }
}

function nothing(): void {}
