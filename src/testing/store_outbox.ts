// Web standards only.
import type { Delivery, Store, Subscription } from "../host/mod.ts";
import { claim, ended, ID, lines, record, same } from "./store_samples.ts";

type Look = (store: Store) => Promise<void>;

/** What a store promises about subscriptions. */
export const outboxPromises: Readonly<Record<string, Look>> = {
  "a subscription is kept until it is removed": async (store) => {
    same(await store.hasSubscriptions(), false);
    same(await store.addSubscription(hook()), "kept");
    same(await store.addSubscription(hook({ secret: "other" })), "known");
    same(await store.hasSubscriptions(), true);
    const foreign = hook({ tenant: "acme-2", webhookId: "acme-2/hook-1" });
    same(await store.addSubscription(foreign), "kept");
    same(await store.removeSubscription("acme-2/hook-1"), true);
    same(await store.loadSubscription("acme/hook-1"), hook());
    same(await store.removeSubscription("acme/hook-1"), true);
    same(await store.removeSubscription("acme/hook-1"), false);
    same((await store.loadSubscription("acme/hook-1")) === undefined, true);
    same(await store.hasSubscriptions(), false);
  },
  "a tenant has no more subscriptions than it may, also when two come at once":
    async (store) => {
      const add = (name: string, tenant = "acme") =>
        store.addSubscription(
          hook({ tenant, webhookId: `${tenant}/hook-${name}` }),
          2,
        );
      same(await add("1"), "kept");
      const ends = await Promise.all([add("2"), add("3")]);
      same([...ends].sort(), ["full", "kept"]);
      // One that is there is no more of them.
      same(await add("1"), "known");
      same(await add("1", "acme-2"), "kept");
    },
  "the end of a subscription is kept for the claim of who made it": async (
    store,
  ) => {
    await store.addSubscription(hook());
    await store.claimKey(claim("d", "s1"));
    const effect = { scope: "k", answer: true };
    await store.removeSubscription("acme/hook-2", effect);
    await store.removeSubscription("acme/hook-1", effect);
    await store.release();
    same(await store.claimKey(claim("d", "s2")), {
      state: "claimed",
      seed: "s1",
      effects: { "acme/hook-1": true },
    });
  },
  "each event that is wanted waits, from the transaction that keeps it": async (
    store,
  ) => {
    await store.addSubscription(hook());
    await store.createRun(record, lines(0, 2));
    await store.append(ID, 1, lines(2, 1));
    await store.append(ID, 1, lines(2, 1));
    same(await drain(store), [0, 1, 2]);
    same((await store.nextDelivery([])) === undefined, true);
  },
  "nobody hears of what is no news, of other types, tags and tenants": async (
    store,
  ) => {
    await store.addSubscription(hook({ tags: ["a"] }));
    await store.addSubscription(hook({ tenant: "evil", webhookId: "evil/h" }));
    await store.addSubscription(
      hook({ events: ["run.completed"], webhookId: "acme/hook-2" }),
    );
    await store.createRun(record, lines(0, 2));
    const tagged = { ...record, runId: `${ID}2`, tags: ["b", "a"] };
    await store.createRun(tagged, lines(0, 1), false);
    await store.append(`${ID}2`, 0, lines(1, 1));
    const scope = { runId: ID, fromSeq: 0, lastSequence: 1 };
    const replay = { ...tagged, runId: `${ID}3`, replay: scope };
    await store.createRun(replay, lines(0, 1));
    same(await drain(store), [1]);
  },
  "a delivery is taken once, the one that waits longest for each subscription":
    async (store) => {
      await store.addSubscription(hook());
      await store.addSubscription(hook({ webhookId: "acme/hook-2" }));
      await store.createRun(record, lines(0, 2));
      const first = await store.takeDeliveries(0, [], 10);
      same(first.map(({ sequence }) => sequence), [0, 0]);
      same(new Set(first.map(({ webhookId }) => webhookId)).size, 2);
      const busy = ["acme/hook-1"];
      const second = await store.takeDeliveries(0, busy, 10);
      same(second.map(({ webhookId, sequence }) => [webhookId, sequence]), [
        ["acme/hook-2", 1],
      ]);
      same((await store.takeDeliveries(0, [], 10)).length, 1);
      same(await store.takeDeliveries(0, [], 10), []);
      await store.release();
      same((await store.takeDeliveries(0, [], 1)).length, 1);
    },
  "a delivery waits for its time, and is done or dead in the end": async (
    store,
  ) => {
    await store.addSubscription(hook());
    await store.createRun(record, lines(0, 1));
    const [one] = await store.takeDeliveries(0, [], 1);
    same(one?.attempts, 0);
    await store.settleDelivery(one!, { state: "again", due: 500 });
    same(await store.nextDelivery([]), 500);
    same((await store.nextDelivery(["acme/hook-1"])) === undefined, true);
    same(await store.takeDeliveries(499, [], 1), []);
    const [two] = await store.takeDeliveries(500, [], 1);
    same(two, { ...one, attempts: 1 });
    await store.settleDelivery(two!, { state: "dead", at: 600 });
    same(await store.takeDeliveries(9_999, [], 1), []);
    const dead = { ...one, attempts: 2, at: 600 };
    const all = Number.MAX_SAFE_INTEGER;
    same(await store.deadDeliveries("acme/hook-1", all, 9), [dead]);
    same(await store.deadDeliveries("acme/hook-1", one!.id, 9), []);
    same(await store.deadDeliveries("acme/hook-2", all, 9), []);
  },
  "what was given up is read from the newest on": async (store) => {
    await store.addSubscription(hook());
    await store.createRun(record, lines(0, 3));
    for (let at = 1; at <= 3; at++) {
      const [one] = await store.takeDeliveries(0, [], 1);
      await store.settleDelivery(one!, { state: "dead", at });
    }
    const read = async (before: number, limit: number) =>
      await store.deadDeliveries("acme/hook-1", before, limit);
    const first = await read(Number.MAX_SAFE_INTEGER, 2);
    same(first.map(({ sequence }) => sequence), [2, 1]);
    const rest = await read(first.at(-1)!.id, 2);
    same(rest.map(({ sequence }) => sequence), [0]);
  },
  "a subscription is changed in its place": async (store) => {
    await store.addSubscription(hook());
    const previous = { secret: "s", until: 7 };
    const next = hook({ secret: "t", previous });
    const change = (old: Subscription): Subscription => ({
      ...old,
      secret: "t",
      previous: { secret: old.secret, until: 7 },
    });
    same(await store.changeSubscription("acme/hook-1", change), next);
    same(await store.loadSubscription("acme/hook-1"), next);
    same(
      (await store.changeSubscription("acme/hook-2", change)) === undefined,
      true,
    );
  },
  "what waits goes with its subscription, and with its run": async (store) => {
    await store.addSubscription(hook());
    await store.addSubscription(hook({ webhookId: "acme/hook-2" }));
    await store.createRun(record, lines(0, 1));
    await store.append(ID, 0, [ended(1, 1_000)]);
    await store.removeSubscription("acme/hook-2");
    same((await store.takeDeliveries(9_999, [], 9)).length, 1);
    await store.release();
    same(await store.prune(2_000), 1);
    same(await store.takeDeliveries(9_999, [], 9), []);
  },
};

/** What a shared store promises about them. */
export const sharedOutboxPromises: Readonly<
  Record<
    string,
    (one: Store, two: Store, kill: () => Promise<void>) => Promise<void>
  >
> = {
  "of two processes that add the last subscription of a tenant one does":
    async (
      one,
      two,
    ) => {
      const add = (store: Store, n: number) =>
        store.addSubscription(hook({ webhookId: `acme/hook-${n}` }), 1);
      const ends = await Promise.all([add(one, 1), add(two, 2)]);
      same([...ends].sort(), ["full", "kept"]);
    },
  "a delivery is at one process at a time, until that one dies": async (
    one,
    two,
    kill,
  ) => {
    await one.addSubscription(hook());
    await two.createRun(record, lines(0, 1));
    same((await one.takeDeliveries(0, [], 9)).length, 1);
    same(await two.takeDeliveries(0, [], 9), []);
    await kill();
    same((await two.takeDeliveries(0, [], 9)).length, 1);
  },
  "what a process says too late is nothing to a delivery that another took":
    async (one, two, kill) => {
      await one.addSubscription(hook());
      await two.createRun(record, lines(0, 1));
      const [late] = await one.takeDeliveries(0, [], 9);
      await kill();
      const [taken] = await two.takeDeliveries(0, [], 9);
      await one.settleDelivery(late!, { state: "done" });
      await two.settleDelivery(taken!, { state: "again", due: 7 });
      same(await two.nextDelivery([]), 7);
      const [again] = await two.takeDeliveries(7, [], 9);
      await two.settleDelivery(again!, { state: "done" });
      // Whatever came in its place is another's.
      await two.append(ID, 0, lines(1, 1));
      await one.settleDelivery(late!, { state: "dead", at: 7 });
      same((await two.takeDeliveries(7, [], 9)).length, 1);
    },
};

function hook(more: Partial<Subscription> = {}): Subscription {
  return {
    webhookId: "acme/hook-1",
    tenant: "acme",
    url: "https://hooks.example.com/",
    events: ["log.appended"],
    secret: "s",
    ...more,
  };
}

/** Delivers everything. */
async function drain(store: Store): Promise<number[]> {
  const sequences: number[] = [];
  for (;;) {
    const taken: readonly Delivery[] = await store.takeDeliveries(0, [], 9);
    if (taken.length === 0) return sequences;
    for (const delivery of taken) {
      sequences.push(delivery.sequence);
      await store.settleDelivery(delivery, { state: "done" });
    }
  }
}
