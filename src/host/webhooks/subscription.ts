// Web standards only.
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import { wireTypeOf } from "../../openwop/protocol/mod.ts";

/** Somebody who wants to hear of events. */
export interface Subscription {
  /** `<tenant>/<opaque>`. */
  readonly webhookId: string;
  /** Whose runs it hears of. */
  readonly tenant: string;
  /** Where to. */
  readonly url: string;
  /** Event types, in the names of version 2. */
  readonly events: readonly string[];
  /** Only runs that share one of them. */
  readonly tags?: readonly string[];
  /** Signs what is delivered. */
  readonly secret: string;
  /** Whether deliveries carry the headers of Standard Webhooks too; the secret is of that form then. */
  readonly isStandard?: boolean;
  /** Since when the secret is the one that it is, if it was another before. Milliseconds since the epoch. */
  readonly rotatedAt?: number;
  /** The secret before this one, which signs as well until `until`, in milliseconds since the epoch. */
  readonly previous?: { readonly secret: string; readonly until: number };
}

/** One event on its way to one subscription. */
export interface Delivery {
  /** Of this delivery, within the store. */
  readonly id: number;
  /** To whom. */
  readonly webhookId: string;
  /** The run whose event it is. */
  readonly runId: string;
  /** Which event. */
  readonly sequence: number;
  /** How often it was tried without success. */
  readonly attempts: number;
}

/** What became of an attempt. */
export type DeliveryEnd =
  | { readonly state: "done" }
  /** To be tried again, not before `due`, in milliseconds since the epoch. */
  | { readonly state: "again"; readonly due: number }
  /** Given up. */
  | { readonly state: "dead"; readonly at: number };

/** A delivery that was given up. */
export interface DeadDelivery extends Delivery {
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** What of a run decides who hears of it. */
interface NewsSource {
  readonly owner: { readonly tenant: string };
  readonly tags?: readonly string[];
  readonly replay?: object;
}

/** The events that a subscription is to hear of. What a replay repeats and what a fork inherits is no news. */
export function wantedBy(
  subscription: Pick<Subscription, "events" | "tags" | "tenant">,
  record: NewsSource,
  events: readonly RunEvent[],
): readonly RunEvent[] {
  if (record.replay !== undefined) return [];
  if (record.owner.tenant !== subscription.tenant) return [];
  const { tags } = subscription;
  if (tags !== undefined && !tags.some((tag) => record.tags?.includes(tag))) {
    return [];
  }
  return events.filter((event) =>
    subscription.events.includes(wireTypeOf(event))
  );
}
