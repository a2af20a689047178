// Web standards only.
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import type { RunRecord, Store } from "../store.ts";
import { DEAD_LIFE_DAYS } from "../webhooks/policy.ts";
import { wantedBy } from "../webhooks/subscription.ts";
import type { Delivery, Subscription } from "../webhooks/subscription.ts";
import type { Note } from "./memory_workflows.ts";

/** How long a delivery that was given up can be read. */
export const DEAD_LIFE_MS: number = DEAD_LIFE_DAYS * 24 * 60 * 60 * 1000;

interface Entry {
  delivery: Delivery;
  due: number;
  held: boolean;
  /** Set when it was given up. */
  at?: number;
}

/** The part of a store that is about subscriptions. */
export type OutboxStore = Pick<
  Store,
  | "addSubscription"
  | "hasSubscriptions"
  | "loadSubscription"
  | "changeSubscription"
  | "removeSubscription"
  | "takeDeliveries"
  | "nextDelivery"
  | "settleDelivery"
  | "deadDeliveries"
>;

/** Subscriptions and deliveries in memory. */
export class MemoryOutbox {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #entries = new Map<number, Entry>();
  readonly #note: Note;
  #lastId = 0;

  constructor(note: Note) {
    this.#note = note;
  }

  /** Lets what is wanted of these events wait. */
  announce(record: RunRecord, events: readonly RunEvent[]): void {
    for (const subscription of this.#subscriptions.values()) {
      for (const event of wantedBy(subscription, record, events)) {
        const id = ++this.#lastId;
        this.#entries.set(id, {
          delivery: {
            id,
            webhookId: subscription.webhookId,
            runId: record.runId,
            sequence: event.sequence,
            attempts: 0,
          },
          due: Date.parse(event.timestamp),
          held: false,
        });
      }
    }
  }

  /** Lets go of what is on its way. */
  release(): void {
    for (const entry of this.#entries.values()) entry.held = false;
  }

  /** Forgets what is about a run. */
  forget(runId: string): void {
    for (const [id, { delivery }] of this.#entries) {
      if (delivery.runId === runId) this.#entries.delete(id);
    }
  }

  /** As methods of a store. */
  methods(): OutboxStore {
    return {
      addSubscription: (subscription, most = Infinity) => {
        const { webhookId, tenant } = subscription;
        if (this.#subscriptions.has(webhookId)) return Promise.resolve("known");
        const own = [...this.#subscriptions.values()]
          .filter((one) => one.tenant === tenant);
        if (own.length >= most) return Promise.resolve("full");
        this.#subscriptions.set(webhookId, subscription);
        return Promise.resolve("kept");
      },
      hasSubscriptions: () => Promise.resolve(this.#subscriptions.size > 0),
      loadSubscription: (webhookId) =>
        Promise.resolve(this.#subscriptions.get(webhookId)),
      changeSubscription: (webhookId, change) => {
        const there = this.#subscriptions.get(webhookId);
        const next = there && change(there);
        if (next) this.#subscriptions.set(webhookId, next);
        return Promise.resolve(next);
      },
      removeSubscription: (webhookId, effect) => {
        for (const [id, { delivery }] of this.#entries) {
          if (delivery.webhookId === webhookId) this.#entries.delete(id);
        }
        const wasThere = this.#subscriptions.delete(webhookId);
        if (wasThere) this.#note(webhookId, effect);
        return Promise.resolve(wasThere);
      },
      takeDeliveries: (now, except, limit) => {
        const taken = new Map<string, Delivery>();
        for (const entry of this.#waiting(except)) {
          const { webhookId } = entry.delivery;
          if (taken.size === limit) break;
          if (entry.due > now || taken.has(webhookId)) continue;
          entry.held = true;
          taken.set(webhookId, entry.delivery);
        }
        return Promise.resolve([...taken.values()]);
      },
      nextDelivery: (except) => {
        const [first] = this.#waiting(except);
        return Promise.resolve(first?.due);
      },
      settleDelivery: ({ id }, end) => {
        const entry = this.#entries.get(id);
        if (entry === undefined) return Promise.resolve();
        entry.held = false;
        if (end.state === "done") this.#entries.delete(id);
        else {
          const { attempts } = entry.delivery;
          entry.delivery = { ...entry.delivery, attempts: attempts + 1 };
          if (end.state === "again") entry.due = end.due;
          else this.#bury(entry, end.at);
        }
        return Promise.resolve();
      },
      deadDeliveries: (webhookId, before, limit) =>
        Promise.resolve(
          // Ids rise, and so does the order of a map.
          [...this.#entries.values()].reverse().flatMap(({ delivery, at }) =>
            at !== undefined && delivery.webhookId === webhookId &&
              delivery.id < before
              ? [{ ...delivery, at }]
              : []
          ).slice(0, limit),
        ),
    };
  }

  #waiting(except: readonly string[]): Entry[] {
    return [...this.#entries.values()]
      .filter(({ held, at, delivery }) =>
        !held && at === undefined && !except.includes(delivery.webhookId)
      )
      .sort((one, two) => one.due - two.due);
  }

  #bury(entry: Entry, at: number): void {
    entry.at = at;
    for (const [id, other] of this.#entries) {
      if (other.at !== undefined && other.at < at - DEAD_LIFE_MS) {
        this.#entries.delete(id);
      }
    }
  }
}
