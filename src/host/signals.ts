// Web standards only.
import type { Clock } from "../http/mod.ts";

/** Why a wait for news ended. */
export type WaitEnd = "news" | "timeout" | "ended";

/** A reader that is about to look at a log and may then wait for more of it. */
export interface Listener {
  /** Waits for news since the listener was made, for at most `ms`, or until `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<WaitEnd>;
  /** Must be called when done. */
  close(): void;
}

/** Tells readers of a log that there is more to read. It carries no events: readers pull them from the store. */
export class Signals {
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many readers listen, to any run. */
  get size(): number {
    let size = 0;
    for (const listeners of this.#listeners.values()) size += listeners.size;
    return size;
  }

  /** Something was appended to the log of `runId`. */
  notify(runId: string): void {
    for (const wake of this.#listeners.get(runId) ?? []) wake();
  }

  /** Somebody else may have appended to any log. */
  notifyAll(): void {
    for (const runId of this.#listeners.keys()) this.notify(runId);
  }

  /** Starts to listen. Do it before reading the log, so that nothing falls between the read and the wait. */
  listen(runId: string): Listener {
    let news = false;
    let resume: (() => void) | undefined;
    const wake = (): void => {
      news = true;
      resume?.();
    };
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(wake));
    return {
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted || news) {
            return resolve(signal.aborted ? "ended" : "news");
          }
          const end = (why: WaitEnd): void => {
            cancel();
            signal.removeEventListener("abort", onAbort);
            resume = undefined;
            resolve(why);
          };
          const onAbort = (): void => end("ended");
          const cancel = this.#clock.schedule(ms, () => end("timeout"));
          signal.addEventListener("abort", onAbort, { once: true });
          resume = () => end("news");
        }),
      close: () => {
        listeners.delete(wake);
        if (listeners.size === 0 && this.#listeners.get(runId) === listeners) {
          this.#listeners.delete(runId);
        }
      },
    };
  }
}
