// Web standards only.
import type { Clock } from "../http/mod.ts";

/** When a run is to be looked at again. */
interface Alarm {
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly due: number;
  /** Of alarms for the same moment the one that was set first rings first. */
  readonly order: number;
}

/** Alarms that were set anew stay in the heap until there are this many more than live ones. */
const SPARE = 64;

/**
 * The alarms of all runs on one timer of the clock, that of the earliest: a run that waits for a day costs an entry here,
 * and need not be in memory for it.
 *
 * Cost: the logarithm of their number for one that is set.
 */
export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (runId: string) => void;
  readonly #of = new Map<string, Alarm>();
  /** A binary heap, the earliest first. */
  #heap: Alarm[] = [];
  #order = 0;
  #armed: { readonly due: number; readonly cancel: () => void } | undefined;

  /** @param ring Called when the time of a run has come; its alarm is gone by then. */
  constructor(clock: Clock, ring: (runId: string) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** How many runs have one. */
  get size(): number {
    return this.#of.size;
  }

  /** What it keeps for them, with those that were set anew and are not swept yet. */
  get entries(): number {
    return this.#heap.length;
  }

  /** Sets the alarm of a run, in place of the one that it has; `undefined` for none. */
  set(runId: string, due: number | undefined): void {
    if (this.#of.get(runId)?.due === due) return;
    this.#of.delete(runId);
    if (due !== undefined) {
      const alarm = { runId, due, order: this.#order++ };
      this.#of.set(runId, alarm);
      this.#push(alarm);
    }
    this.#arm();
  }

  /** Forgets all of them. */
  clear(): void {
    this.#of.clear();
    this.#heap = [];
    this.#arm();
  }

  /** Keeps one timer, for the first alarm. */
  #arm(): void {
    const due = this.#first()?.due;
    if (due === this.#armed?.due) return;
    this.#armed?.cancel();
    this.#armed = due === undefined ? undefined : {
      due,
      cancel: this.#clock.schedule(
        Math.max(0, due - this.#clock.now()),
        () => this.#wake(),
      ),
    };
  }

  #wake(): void {
    this.#armed = undefined;
    // A timer may be early by a little: what is not due yet gets another one.
    const now = this.#clock.now();
    for (;;) {
      const first = this.#first();
      if (first === undefined || first.due > now) break;
      this.#of.delete(first.runId);
      this.#ring(first.runId);
    }
    this.#arm();
  }

  /** The earliest that was not set anew since. */
  #first(): Alarm | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || this.#of.get(first.runId) === first) {
        return first;
      }
      this.#pop();
    }
  }

  #push(alarm: Alarm): void {
    const heap = this.#heap;
    if (heap.length > 2 * this.#of.size + SPARE) {
      // Sorted is a heap too.
      this.#heap = [...this.#of.values()].sort((a, b) =>
        isBefore(a, b) ? -1 : 1
      );
      return;
    }
    let at = heap.push(alarm) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(alarm, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = alarm;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) {
        below++;
      }
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.due < other.due ||
    one.due === other.due && one.order < other.order;
}
