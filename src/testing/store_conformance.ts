// Web standards only.
import type { RunEvent } from "../openwop/protocol/mod.ts";
import type { Store } from "../host/mod.ts";
import {
  claim,
  claimed,
  DAY_MS,
  definition,
  ended,
  ID,
  inFlight,
  lines,
  read,
  record,
  same,
} from "./store_samples.ts";
import {
  keyPromises,
  sharedWorkflowPromises,
  workflowPromises,
} from "./store_keys.ts";
import { outboxPromises, sharedOutboxPromises } from "./store_outbox.ts";

/** The store that is looked at. */
export interface StoreSubject {
  /** Opens a store on a new, empty place. */
  readonly open: () => Store | Promise<Store>;
  /**
   * Only of a shared store: opens one more store object on the place of `store`, as another process would, and says what
   * ends the life of `store` without a last word.
   */
  readonly share?: {
    /** One more on the same place. */
    readonly again: (store: Store) => Store | Promise<Store>;
    /** From now on `store` gives no sign of life, and all its leases are over. */
    readonly kill: (store: Store) => void | Promise<void>;
  };
}

/** One promise of a store, and how to look whether it keeps it. */
export interface StoreCheck {
  /** The promise. */
  readonly name: string;
  /** Rejects with what was found instead. */
  run(): Promise<void>;
}

/**
 * The promises of a {@linkcode Store}, as checks for any test runner: for whoever writes a store for another database.
 *
 * @param subject How to make one. Each check opens its own.
 * @returns the checks; those about several processes only where `subject.share` is given.
 *
 * @example
 * ```ts
 * import { memoryStore } from "@tutti/sdk/host";
 * import { storeConformance } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const checks = storeConformance({ open: () => memoryStore() });
 * for (const check of checks) await check.run();
 * assert.ok(checks.length >= 8);
 * ```
 */
export function storeConformance(subject: StoreSubject): readonly StoreCheck[] {
  const { open, share } = subject;
  const alone: StoreCheck[] = Object.entries({
    ...promises,
    ...keyPromises,
    ...workflowPromises,
    ...outboxPromises,
  }).map(([name, look]) => ({
    name,
    run: async () => await look(await open()),
  }));
  if (!share) return alone;
  const together = Object.entries({
    ...sharedPromises,
    ...sharedWorkflowPromises,
    ...sharedOutboxPromises,
  }).map(([name, look]) => ({
    name,
    run: async () => {
      const one = await open();
      const two = await share.again(one);
      await look(one, two, async () => await share.kill(one));
    },
  }));
  return [...alone, ...together];
}

const promises: Readonly<Record<string, (store: Store) => Promise<void>>> = {
  "a run is kept with its record and its first events": async (store) => {
    same(await store.createRun(record, lines(0, 3)), true);
    same(await store.loadRun(ID), record);
    same(await read(store), [0, 1, 2]);
    same(await store.readEvents(ID, -1, 10), lines(0, 3));
  },
  "an unknown run has no record, no events and takes none": async (store) => {
    same((await store.loadRun(ID)) === undefined, true);
    same(await read(store), []);
    same(await store.append(ID, -1, lines(0, 1)), "behind");
    same(await store.hold(ID), false);
  },
  "an id is used once": async (store) => {
    await store.createRun(record, lines(0, 1));
    const other = { ...record, createdAt: 7 };
    same(await store.createRun(other, lines(0, 2)), false);
    same(await store.loadRun(ID), record);
    same(await read(store), [0]);
  },
  "events are appended right behind the last one, or not at all": async (
    store,
  ) => {
    await store.createRun(record, lines(0, 2));
    same(await store.append(ID, 0, lines(1, 1)), "behind");
    same(await store.append(ID, 2, lines(3, 1)), "behind");
    same(await store.append(ID, 1, lines(2, 3)), "kept");
    same(await store.append(ID, 1, lines(2, 1)), "behind");
    same(await read(store), [0, 1, 2, 3, 4]);
  },
  "of two writers at once one is behind": async (store) => {
    await store.createRun(record, lines(0, 1));
    const ends = await Promise.all([
      store.append(ID, 0, lines(1, 1)),
      store.append(ID, 0, lines(1, 2)),
    ]);
    same([...ends].sort(), ["behind", "kept"]);
  },
  "a log is read from an exclusive cursor, up to a limit": async (store) => {
    await store.createRun(record, lines(0, 10));
    same(await read(store, -1, 3), [0, 1, 2]);
    same(await read(store, 2, 3), [3, 4, 5]);
    same(await read(store, 8, 3), [9]);
    same(await read(store, 9, 3), []);
    same(await read(store, 1_000, 3), []);
    same(await read(store, -1, Infinity), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  },
  "what was handed in and out may be changed as a list": async (store) => {
    const events = lines(0, 2);
    await store.createRun(record, events);
    events.pop();
    ((await store.readEvents(ID, -1, 10)) as RunEvent[]).pop();
    same(await read(store), [0, 1]);
  },
  "text of any kind comes back as it was": async (store) => {
    const tags = [
      "",
      "\u0000",
      "\ud83d\ude00",
      "'\"; DROP TABLE runs",
      "__proto__",
    ];
    await store.createRun({ ...record, tags }, lines(0, 1));
    same((await store.loadRun(ID))?.tags, tags);
  },
  "a definition belongs to the run that started with it": async (store) => {
    const newer = { ...definition, version: "2.0.0" };
    await store.createRun(record, lines(0, 1));
    const second = { ...record, runId: `${ID}2`, definition: newer };
    await store.createRun(second, lines(0, 1));
    same((await store.loadRun(ID))?.definition, definition);
    same((await store.loadRun(`${ID}2`))?.definition, newer);
  },
  "a key belongs to one claim until that is given back": async (store) => {
    same(await store.claimKey(claim("d", "s1")), claimed("s1"));
    same(await store.claimKey(claim("e", "s2")), inFlight("d"));
    same(await store.claimKey(claim("d", "s3")), inFlight("d"));
    await store.releaseKey("k");
    same(await store.claimKey(claim("e", "s4")), claimed("s4"));
  },
  "the answer to a key is kept for a day": async (store) => {
    const reply = { status: 201, headers: { etag: '"1"' }, body: { a: [1] } };
    await store.claimKey(claim("d", "s1"));
    await store.settleKey("k", reply);
    const done = { state: "done", digest: "d", reply };
    same(await store.claimKey(claim("d", "s2")), done);
    same(await store.claimKey(claim("e", "s3", DAY_MS - 1)), done);
    await store.settleKey("unknown", reply);
  },
  "of many claims at once one gets the key": async (store) => {
    const states = await Promise.all(
      Array.from({ length: 8 }, (_, n) => store.claimKey(claim("d", `s${n}`))),
    );
    same(states.filter(({ state }) => state === "claimed").length, 1);
  },
  "what is held is nobody's work until it is released": async (store) => {
    await store.createRun(record, lines(0, 1));
    same(await store.takeWork(10), []);
    await store.release();
    same(await store.append(ID, 0, lines(1, 1), true), "taken");
    same(await store.takeWork(10), [ID]);
    same(await store.takeWork(10), []);
    same(await store.append(ID, 0, lines(1, 1), true), "kept");
  },
  "work is found a few at a time, and none of it is over": async (store) => {
    for (let n = 0; n < 5; n++) {
      await store.createRun({ ...record, runId: `${ID}${n}` }, lines(0, 1));
    }
    await store.append(`${ID}3`, 0, [ended(1)]);
    await store.release();
    const found: string[] = [];
    for (;;) {
      const some = await store.takeWork(2);
      found.push(...some);
      if (some.length < 2) break;
    }
    same(found.sort(), [0, 1, 2, 4].map((n) => `${ID}${n}`));
  },
  "work that a host cannot do is left for another": async (store) => {
    const other = { ...definition, id: "other" };
    await store.createRun(record, lines(0, 1));
    const runId = `${ID}2`;
    await store.createRun({ ...record, runId, definition: other }, lines(0, 1));
    await store.release();
    const asked: string[] = [];
    const canDo = ({ id }: typeof definition, runId: string): boolean => {
      asked.push(runId);
      return id === "other";
    };
    same(await store.takeWork(1, canDo), [runId]);
    same(await store.takeWork(1, canDo), []);
    same(asked.includes(ID), true);
    same(await store.append(ID, 0, lines(1, 1), true), "taken");
    same(await store.takeWork(10), [ID]);
  },
  "a replay is work for every host, since it needs no code": async (store) => {
    const source = `${ID}1`;
    const replay = { runId: source, fromSeq: 0, lastSequence: 0 };
    await store.createRun({ ...record, runId: source }, lines(0, 1));
    await store.createRun({ ...record, replay }, lines(0, 1));
    await store.release();
    same(await store.takeWork(10, () => false), [ID]);
    same(await store.takeWork(10, () => false), []);
    same(await store.takeWork(10), [source]);
  },
  "a claim that was released is made again with its first seed": async (
    store,
  ) => {
    await store.claimKey(claim("d", "s1"));
    await store.release();
    same(await store.claimKey(claim("e", "s2")), inFlight("d"));
    same(await store.claimKey(claim("d", "s3")), claimed("s1"));
    same(await store.claimKey(claim("d", "s4")), inFlight("d"));
  },
  "runs that ended long ago are pruned, others are not": async (store) => {
    for (let n = 0; n < 3; n++) {
      await store.createRun({ ...record, runId: `${ID}${n}` }, lines(0, 1));
    }
    await store.append(`${ID}0`, 0, [ended(1, 1_000)]);
    await store.append(`${ID}1`, 0, [ended(1, 2_000)]);
    const scope = { runId: `${ID}1`, fromSeq: 0, lastSequence: 1 };
    const replay = { ...record, runId: `${ID}3`, replay: scope };
    await store.createRun(replay, lines(0, 1));
    same(await store.prune(2_000), 1);
    same(await read(store, -1, 9, `${ID}0`), []);
    same((await store.loadRun(`${ID}0`)) === undefined, true);
    // A replay still reads it.
    same(await store.prune(3_000), 0);
    await store.append(`${ID}3`, 0, [ended(1, 9_000)]);
    same(await store.prune(3_000), 1);
    same(await read(store, -1, 9, `${ID}2`), [0]);
    same((await store.loadRun(`${ID}2`))?.definition, definition);
  },
  "the child of a run that is not over is not pruned": async (store) => {
    const [parent, child] = [`${ID}1`, `${ID}2`];
    const caller = {
      runId: parent,
      nodeId: "n",
      propagateCancellation: true,
      depth: 1,
    };
    await store.createRun({ ...record, runId: parent }, lines(0, 1));
    await store.createRun({ ...record, runId: child, caller }, lines(0, 1));
    await store.append(child, 0, [ended(1, 1_000)]);
    same(await store.prune(9_000), 0);
    same(await read(store, -1, 9, child), [0, 1]);
    await store.append(parent, 0, [ended(1, 8_000)]);
    same(await store.prune(8_000), 1);
    same(await read(store, -1, 9, child), []);
    same(await store.prune(9_000), 1);
    // Its parent is gone.
    await store.createRun({ ...record, runId: child, caller }, lines(0, 1));
    await store.append(child, 0, [ended(1, 1_000)]);
    same(await store.prune(9_000), 1);
  },
  "what a run awaits that is not over is not pruned": async (store) => {
    const [fork, child] = [`${ID}1`, `${ID}2`];
    const awaits = [child];
    await store.createRun({ ...record, runId: fork, awaits }, lines(0, 1));
    await store.createRun({ ...record, runId: child }, lines(0, 1));
    await store.append(child, 0, [ended(1, 1_000)]);
    same((await store.loadRun(fork))?.awaits, awaits);
    same(await store.prune(9_000), 0);
    same(await read(store, -1, 9, child), [0, 1]);
    await store.append(fork, 0, [ended(1, 1_000)]);
    same(await store.prune(9_000), 2);
  },
};

const sharedPromises: Readonly<
  Record<
    string,
    (one: Store, two: Store, kill: () => Promise<void>) => Promise<void>
  >
> = {
  "another process reads everything": async (one, two) => {
    await one.createRun(record, lines(0, 2));
    same(await two.loadRun(ID), record);
    same(await read(two), [0, 1]);
  },
  "a run is held by one process at a time": async (one, two) => {
    await one.createRun(record, lines(0, 1));
    same(await two.hold(ID), false);
    same(await two.takeWork(10), []);
    same(await two.append(ID, 0, lines(1, 1), true), "taken");
    await one.release();
    same(await two.hold(ID), true);
    same(await one.hold(ID), false);
  },
  "the holder hears once of what another process wrote": async (one, two) => {
    await one.createRun(record, lines(0, 1));
    same(await two.append(ID, 0, lines(1, 1)), "kept");
    same(await two.takeWork(10), []);
    same(await one.takeWork(10), [ID]);
    same(await one.takeWork(10), []);
  },
  "the holder hears once of the end that another process wrote": async (
    one,
    two,
  ) => {
    await one.createRun(record, lines(0, 1));
    same(await two.append(ID, 0, [ended(1)]), "kept");
    same(await one.takeWork(10), [ID]);
    same(await one.takeWork(10), []);
  },
  "the holder hears once of a run that another process woke": async (
    one,
    two,
  ) => {
    const other = `${ID}2`;
    await one.createRun(record, lines(0, 1));
    await two.createRun({ ...record, runId: other }, lines(0, 1));
    same(await two.append(other, 7, lines(8, 1), true, [ID]), "behind");
    same(await one.takeWork(10), []);
    const wake = [ID, `${ID}3`];
    same(await two.append(other, 0, [ended(1)], true, wake), "kept");
    same(await two.takeWork(10), []);
    same(await one.takeWork(10), [ID]);
    same(await one.takeWork(10), []);
  },
  "what is taken hold of is given once as work": async (one, two) => {
    await one.createRun(record, lines(0, 1));
    await one.release();
    same(await two.hold(ID), true);
    same(await one.takeWork(10), []);
    same(await two.takeWork(10), [ID]);
    same(await two.takeWork(10), []);
  },
  "the runs of a dead process are taken over by one other": async (
    one,
    two,
    kill,
  ) => {
    await one.createRun(record, lines(0, 1));
    await kill();
    same(await two.takeWork(10), [ID]);
    same(await two.takeWork(10), []);
    same(await one.append(ID, 0, lines(1, 1), true), "taken");
    same(await two.append(ID, 0, lines(1, 1), true), "kept");
  },
  "a key that a dead process claimed is claimed again with its seed": async (
    one,
    two,
    kill,
  ) => {
    await one.claimKey(claim("d", "s1"));
    same(await two.claimKey(claim("d", "s2")), inFlight("d"));
    await kill();
    same(await two.claimKey(claim("e", "s3")), inFlight("d"));
    same(await two.claimKey(claim("d", "s4")), claimed("s1"));
    // What the first one says too late is nothing to that claim.
    await one.releaseKey("k");
    await one.releaseKey("k", true);
    await one.settleKey("k", { status: 500, headers: {}, body: {} });
    same(await one.claimKey(claim("d", "s5")), inFlight("d"));
    const reply = { status: 201, headers: {}, body: {} };
    await two.settleKey("k", reply);
    const done = { state: "done", digest: "d", reply };
    same(await one.claimKey(claim("d", "s6")), done);
  },
};
