// Web standards only.
import type { Clock } from "../http/mod.ts";
import { settle } from "./settle.ts";

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock that moves only when a test says so.
 *
 * Hand it to a transport, a client or a host as its `clock`: hours of back-off pass in no time, and `pending` tells
 * whether a timer was left behind. It does not touch the timers of the runtime.
 *
 * @example
 * ```ts
 * import { sleep } from "@tutti/sdk/http";
 * import { FakeClock } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const clock = new FakeClock();
 * const started = clock.now();
 * await clock.run(sleep(clock, 3_600_000));
 * assert.equal(clock.now() - started, 3_600_000);
 * assert.equal(clock.pending, 0);
 * ```
 */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /**
   * Makes one that stands still.
   *
   * @param start Milliseconds since the epoch. @default the first of January 2026, UTC
   */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now;
  }

  /** Calls `wake` once, as soon as time was moved on by `ms`; the returned function cancels. */
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

  /**
   * Moves time on, waking whatever is due, in order, and letting everything that follows from it happen in between.
   *
   * @param ms By how many milliseconds.
   */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    while (this.#wakeNext(target)) await settle();
    this.#now = target;
  }

  /**
   * Moves time from timer to timer until `promise` is settled.
   *
   * Not for work that uses Web Crypto or a socket: those answer in real time, and the timers would not wait for them.
   *
   * @param promise What is waited for.
   * @param turns After so many timers it gives up. @default 10_000
   * @returns what the promise gives; it throws what the promise throws.
   * @throws {Error} the promise never settled.
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
      this.#wakeNext(Infinity);
    }
    throw new Error(`not settled after ${turns} turns of the clock`);
  }

  /** Wakes the first timer that is due until then; `false` when there is none. */
  #wakeNext(until: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > until) continue;
      if (
        next === undefined || timer.due < next.due ||
        (timer.due === next.due && timer.order < next.order)
      ) next = timer;
    }
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.due);
    next.wake();
    return true;
  }
}
