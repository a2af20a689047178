import assert from "node:assert/strict";
import test from "node:test";
import { initialState } from "../../../src/engine/mod.ts";
import { Again } from "../../../src/host/again.ts";
import { Quota } from "../../../src/host/quota.ts";
import { Recent } from "../../../src/host/recent.ts";
import type { RunView } from "../../../src/host/run_view.ts";
import { memoryStore } from "../../../src/host/stores/memory.ts";
import { Outbox } from "../../../src/host/webhooks/outbox.ts";
import type { Subscription } from "../../../src/host/webhooks/subscription.ts";
import type { Store } from "../../../src/host/store.ts";
import { ID, lines, record } from "../../../src/testing/store_samples.ts";
import { FakeClock, settle, until } from "../../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../../support/store_file.ts";
import { workflowOf } from "../../support/wire.ts";

test("Recent keeps the entries that were wanted last", () => {
  const recent = new Recent<number, string>(3);
  for (const n of [1, 2, 3]) recent.set(n, `${n}`);
  assert.equal(recent.get(1), "1");
  recent.set(4, "4");
  recent.set(4, "four");
  assert.deepEqual([...recent.keys()], [3, 1, 4]);
  assert.equal(recent.get(2), undefined);
  recent.delete(3);
  for (let n = 10; n < 1_000; n++) recent.set(n, "");
  assert.equal(recent.size, 3);
  recent.clear();
  assert.equal(recent.size, 0);
});

const view = (runId: string, status: "running" | "completed"): RunView => ({
  record: { ...record, runId },
  state: { ...initialState(record.definition), status },
});

test("Quota forgets runs that are over, and tenants without any", async () => {
  const quota = new Quota(
    2,
    (runId) => Promise.resolve(view(runId, "running")),
  );
  const running = (runId: string) =>
    quota.create(runId, () => Promise.resolve(view(runId, "running")));
  for (let n = 0; n < 1_000; n++) {
    const runId = (which: string) => `tenant-${n}/${which.repeat(16)}`;
    await running(runId("a"));
    await running(runId("b"));
    await assert.rejects(running(runId("c")), /rate_limited|open, which/);
    // A request that is made again is about the run that is counted.
    await running(runId("b"));
    quota.remove(runId("a"));
    const over = runId("d");
    await quota.create(over, () => Promise.resolve(view(over, "completed")));
    const bad = () => Promise.reject(new Error("bad"));
    await assert.rejects(quota.create(runId("e"), bad), /bad/);
    assert.deepEqual(quota.size, { tenants: 1, runs: 1 });
    quota.remove(runId("b"));
    assert.deepEqual(quota.size, { tenants: 0, runs: 0 });
  }
  // Over before its maker hears of it.
  await quota.create("t/aaaaaaaaaaaaaaaa", () => {
    quota.remove("t/aaaaaaaaaaaaaaaa");
    return Promise.resolve(view("t/aaaaaaaaaaaaaaaa", "running"));
  });
  assert.deepEqual(quota.size, { tenants: 0, runs: 0 });
});

/** An outbox whose receivers answer nothing good. */
async function failing(
  store: Store,
): Promise<{ outbox: Outbox; clock: FakeClock; sent: () => number }> {
  const clock = new FakeClock();
  const onError = (error: unknown): void => assert.fail(String(error));
  let sent = 0;
  await store.createRun({ ...record, createdAt: 0 }, []);
  const outbox = new Outbox({
    store,
    sender: {
      fetch: () => {
        sent++;
        return Promise.resolve(new Response(null, { status: 500 }));
      },
      pinned: undefined,
      resolve: () => Promise.resolve([]),
      allowPrivate: false,
      timeoutMs: 1_000,
      clock,
    },
    clock,
    onError,
    again: new Again(clock, onError),
  });
  return { outbox, clock, sent: () => sent };
}

const hook = (n: number): Subscription => ({
  webhookId: `acme/hook-${n}`,
  tenant: "acme",
  url: "https://hooks.example.com/",
  events: ["log.appended"],
  secret: "s".repeat(16),
});

test("Outbox remembers nothing of receivers that are gone", async () => {
  const store = memoryStore();
  const { outbox, clock, sent } = await failing(store);
  for (let n = 0; n < 20; n++) await store.addSubscription(hook(n));
  await store.append(ID, -1, lines(0, 1));
  outbox.poke();
  await until(() => sent() === 20);
  await settle(20);
  assert.equal(outbox.size, 20);
  for (let n = 0; n < 19; n++) {
    await store.removeSubscription(hook(n).webhookId);
    outbox.forget(hook(n).webhookId);
  }
  assert.equal(outbox.size, 1);
  // The last one fails until it is left alone; it goes in that time.
  for (let turn = 0; turn < 9; turn++) {
    await store.append(ID, turn, lines(turn + 1, 1));
    outbox.poke();
    await until(() => sent() >= Math.min(21 + turn, 27));
    await settle(20);
  }
  await store.removeSubscription(hook(19).webhookId);
  outbox.forget(hook(19).webhookId);
  await clock.advance(30_000);
  await settle(20);
  assert.equal(outbox.size, 0);
  await outbox.close();
});

test("sqliteStore() keeps a bounded number of definitions in memory", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    const store = file.open();
    const count = 300;
    const idOf = (n: number) => `acme/${String(n).padStart(16, "0")}`;
    for (let n = 0; n < count; n++) {
      const { definition } = workflowOf(`w${n}`, [
        { id: "n", typeId: "core.noop" },
      ]);
      const one = { ...record, runId: idOf(n), definition };
      await store.createRun(one, lines(0, 1));
    }
    const load = async (n: number) =>
      (await store.loadRun(idOf(n)))!.definition;
    const seen = [];
    for (let n = 0; n < count; n++) seen.push(await load(n));
    let kept = 0;
    // From the newest on, so that none is forgotten for one that is read again.
    for (let n = count - 1; n >= 0; n--) {
      if (await load(n) === seen[n]) kept++;
    }
    assert.equal(kept, 256);
    assert.equal(await load(0), await load(0));
  } finally {
    file.delete();
  }
});
