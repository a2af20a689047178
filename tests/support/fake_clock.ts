import { setImmediate } from "node:timers";
import type { Clock } from "@tutti/sdk/http";

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that moves only when a test says so. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  schedule(ms: number, wake: () => void): () => void {
    const timer = {
      due: this.#now + Math.max(0, ms),
      order: this.#order++,
      wake,
    };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that are neither due nor cancelled: 0 means that nothing leaked. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until each pending timer, soonest first. */
  get waits(): number[] {
    return [...this.#timers].map((timer) => timer.due - this.#now)
      .sort((a, b) => a - b);
  }

  /** Moves time on, waking whatever is due, in order, and letting everything that follows from it happen in between. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#next(target);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.wake();
      await settle();
    }
    this.#now = target;
  }

  /**
   * Moves time from timer to timer until `promise` is settled; fails when there is nothing left to wait for. Not for
   * work that uses Web Crypto or a socket: those answer in real time, and the timers would not wait for them.
   */
  async run<T>(promise: Promise<T>, turns = 10_000): Promise<T> {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    promise.then(mark, mark);
    for (let turn = 0; turn < turns; turn++) {
      await settle();
      if (done) return await promise;
      const next = this.#next(Infinity);
      if (next === undefined) continue;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.wake();
    }
    throw new Error(`not settled after ${turns} turns of the clock`);
  }

  #next(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > until) continue;
      if (
        next === undefined || timer.due < next.due ||
        (timer.due === next.due && timer.order < next.order)
      ) next = timer;
    }
    return next;
  }
}

/** Lets everything that is ready to happen happen: microtasks, and what they queue. No time passes. */
export async function settle(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Turns the event loop until `condition` holds. */
export async function until(
  condition: () => boolean,
  turns = 2_000,
): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    if (condition()) return;
    await settle(1);
  }
  throw new Error("the awaited condition never came true");
}
