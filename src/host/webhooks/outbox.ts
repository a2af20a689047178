// Web standards only.
import { maskEvent } from "../../engine/mod.ts";
import type { Clock } from "../../http/mod.ts";
import { type Again, delayAfter } from "../again.ts";
import { Recent } from "../recent.ts";
import type { ErrorSink } from "../scheduler.ts";
import type { Store } from "../store.ts";
import { MAX_ATTEMPTS } from "./policy.ts";
import { send } from "./send.ts";
import type { Sender } from "./send.ts";
import type { Delivery, DeliveryEnd } from "./subscription.ts";

/** After the first failure; doubled after each further one. */
const BASE_MS = 500;

/** Subscriptions that are delivered to at once. */
const MAX_AT_ONCE = 32;

/** Failures in a row after which a receiver is left alone for a while, whatever waits for it. */
const BREAK_AFTER = 8;
const BREAK_MS = 30_000;

/** What an outbox works with. */
export interface OutboxParts {
  /** Where deliveries wait. */
  readonly store: Store;
  /** What delivers. */
  readonly sender: Sender;
  /** Time. */
  readonly clock: Clock;
  /** Failures of the host itself. */
  readonly onError: ErrorSink;
  /** Comes back to what the store could not do. */
  readonly again: Again;
}

/**
 * Delivers what waits in the store, at least once each: one event at a time to each subscription, so that a slow receiver
 * delays nobody else. Holds a timer only while something waits for its next attempt.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  #controller: AbortController | undefined;
  readonly #busy = new Set<string>();
  /** In a row, by receiver. Whoever is not among the last that failed begins anew. */
  readonly #failures = new Recent<string, number>(1_024);
  readonly #sending = new Set<Promise<void>>();
  #cancelTimer: (() => void) | undefined;
  #look: Promise<void> | undefined;
  #isStale = false;
  #isHeard = true;
  #isClosed = false;
  #failedLooks = 0;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.poke();
  }

  /** Something was written here; costs nothing while nobody wants to hear of it. */
  onCommit(): void {
    if (this.#isHeard) this.poke();
  }

  /** Something may wait. */
  poke(): void {
    if (this.#isClosed) return;
    this.#isStale = true;
    this.#look ??= this.#start()
      .catch((error) => {
        this.#parts.onError(error);
        this.#comeBackIn(delayAfter(++this.#failedLooks));
      })
      .finally(() => {
        this.#look = undefined;
        // Asked for after the last look had begun.
        if (this.#isStale && this.#hasRoom()) this.poke();
      });
  }

  /** Made when it is asked for: some runtimes have none to give while a program is loaded. */
  get #abort(): AbortController {
    return this.#controller ??= new AbortController();
  }

  #hasRoom(): boolean {
    return this.#sending.size < MAX_AT_ONCE;
  }

  /** How many receivers it has something to remember of. */
  get size(): number {
    return new Set([...this.#busy, ...this.#failures.keys()]).size;
  }

  /** A subscription is there no more. */
  forget(webhookId: string): void {
    this.#failures.delete(webhookId);
  }

  /** Starts nothing any more, and lets go of what is on its way: it is delivered again by the next host. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#abort.abort();
    this.#cancelTimer?.();
    await this.#look;
    await Promise.all(this.#sending);
  }

  async #start(): Promise<void> {
    const { store, clock } = this.#parts;
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      // Each that ends asks again.
      if (!this.#hasRoom()) return;
      const room = MAX_AT_ONCE - this.#sending.size;
      const due = await store.takeDeliveries(
        clock.now(),
        [...this.#busy],
        room,
      );
      for (const delivery of due) {
        // Another process may be at the same subscription, this one never twice.
        this.#busy.add(delivery.webhookId);
        const sent = this.#parts.again.soon(() => this.#attempt(delivery))
          .finally(() => {
            this.#sending.delete(sent);
            this.poke();
          });
        this.#sending.add(sent);
      }
    }
    this.#isHeard = await store.hasSubscriptions();
    await this.#arm();
    this.#failedLooks = 0;
  }

  /** Comes back when the next attempt is due. */
  async #arm(): Promise<void> {
    const { store, clock } = this.#parts;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const next = await store.nextDelivery([...this.#busy]);
    if (next !== undefined) this.#comeBackIn(Math.max(0, next - clock.now()));
  }

  #comeBackIn(ms: number): void {
    if (this.#isClosed) return;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.clock.schedule(ms, () => this.poke());
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { store, sender, again } = this.#parts;
    const { webhookId, runId, sequence } = delivery;
    const { signal } = this.#abort;
    const [subscription, record, [recorded]] = await Promise.all([
      store.loadSubscription(webhookId),
      store.loadRun(runId),
      store.readEvents(runId, sequence - 1, 1),
    ]);
    let end: DeliveryEnd = { state: "done" };
    let isBroken = false;
    // Unregistered or pruned meanwhile: then there is nothing to say.
    if (subscription && record && recorded) {
      const event = maskEvent(record.definition, recorded);
      const ok = await send(sender, subscription, delivery, event, signal);
      if (signal.aborted) return;
      const failures = ok ? 0 : (this.#failures.get(webhookId) ?? 0) + 1;
      if (ok) this.#failures.delete(webhookId);
      else this.#failures.set(webhookId, failures);
      isBroken = failures >= BREAK_AFTER;
      if (!ok) end = this.#after(delivery);
    }
    if (subscription === undefined) this.forget(webhookId);
    // Whether it was taken is known here alone: while the store cannot keep it, nothing else is sent there.
    let isLate = false;
    await again.soon(async () => {
      await store.settleDelivery(delivery, end);
      if (isBroken) this.#leaveAlone(webhookId);
      else this.#busy.delete(webhookId);
      if (isLate) this.poke();
    });
    isLate = true;
  }

  /** Sends nothing to a receiver for a while. */
  #leaveAlone(webhookId: string): void {
    const { clock } = this.#parts;
    const { signal } = this.#abort;
    if (signal.aborted) return;
    const cancel = clock.schedule(BREAK_MS, () => {
      signal.removeEventListener("abort", cancel);
      this.#busy.delete(webhookId);
      // One attempt decides whether the break goes on, unless the receiver is gone.
      if (this.#failures.get(webhookId) !== undefined) {
        this.#failures.set(webhookId, BREAK_AFTER - 1);
      }
      this.poke();
    });
    signal.addEventListener("abort", cancel, { once: true });
  }

  #after({ attempts }: Delivery): DeliveryEnd {
    const now = this.#parts.clock.now();
    return attempts + 1 >= MAX_ATTEMPTS
      ? { state: "dead", at: now }
      : { state: "again", due: now + BASE_MS * 2 ** attempts };
  }
}
