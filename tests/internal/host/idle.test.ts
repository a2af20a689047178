import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "../../../src/host/mod.ts";
import type { RunRecord, Store } from "../../../src/host/mod.ts";
import { fillLimits } from "../../../src/host/limits.ts";
import { Again } from "../../../src/host/again.ts";
import { Shelf } from "../../../src/host/registry.ts";
import { Runs } from "../../../src/host/runs.ts";
import { Scheduler } from "../../../src/host/scheduler.ts";
import { Signals } from "../../../src/host/signals.ts";
import { initialState } from "../../../src/engine/mod.ts";
import { liveRun } from "../../../src/host/live_run.ts";
import { Waits } from "../../../src/host/waits.ts";
import { FakeClock, found, settle, until } from "../../support/fake_clock.ts";
import { delay, gate, workflowOf } from "../../support/wire.ts";
import { hasSqlite, StoreFile } from "../../support/store_file.ts";

const COUNT = 600;

/** A scheduler, and what it keeps in memory. */
function hosting(store: Store): {
  clock: FakeClock;
  runs: Runs;
  signals: Signals;
  scheduler: Scheduler;
  errors: unknown[];
} {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const workflows = [gate(), delay];
  const shelf = new Shelf(workflows);
  const signals = new Signals(clock);
  const runs = new Runs(store, shelf.own, onError);
  const scheduler = new Scheduler({
    store,
    runs,
    shelf,
    signals,
    clock,
    again: new Again(clock, onError),
    onError,
    onCommit: () => {},
    onGone: () => {},
    limits: fillLimits(),
  });
  return { clock, runs, signals, scheduler, errors };
}

function recordOf(n: number, definition: RunRecord["definition"]): RunRecord {
  return {
    runId: `local/${String(n).padStart(16, "0")}`,
    owner: {
      tenant: "local",
      subject: {
        issuer: "urn:x",
        kind: "user",
        lane: "session",
        subjectId: "s",
        tenant: "local",
      },
    },
    definition,
    createdAt: Date.UTC(2026, 0, 1),
  };
}

/** In memory, and in a file where the runtime can. */
async function onEach(use: (store: Store) => Promise<void>): Promise<void> {
  await use(memoryStore());
  if (!hasSqlite()) return;
  const file = new StoreFile();
  try {
    await use(file.open());
  } finally {
    file.delete();
  }
}

/** Creates so many runs, and waits until nothing is under way for them. */
async function fill(
  { scheduler, runs }: ReturnType<typeof hosting>,
  definition: RunRecord["definition"],
): Promise<void> {
  for (let n = 0; n < COUNT; n++) {
    await scheduler.create(recordOf(n, definition));
  }
  await until(() => [...runs.all()].every(({ jobs }) => jobs === 0));
}

const nested = workflowOf("nested", [{
  id: "call",
  typeId: "core.subWorkflow",
  config: { workflowId: "gated" },
}]);

for (
  const [what, { definition }, timers] of [
    ["a person", gate(), 0],
    ["a person, and a deadline", gate({ timeoutMs: 60_000 }), 1],
    ["a delay", delay, 1],
    ["a child that waits for a person", nested, 0],
  ] as const
) {
  test(`a run that waits for ${what} leaves memory, with ${timers} timers for all of them`, async () => {
    await onEach(async (store) => {
      const host = hosting(store);
      await fill(host, definition);
      assert.deepEqual(host.errors, []);
      assert.ok([...host.runs.all()].length <= 256);
      assert.equal(host.clock.pending, timers);
      assert.equal(host.signals.size, 0);
      await host.scheduler.close();
      assert.equal(host.clock.pending, 0);
    });
  });
}

test("waits that are over wake the runs that have left memory", async () => {
  await onEach(async (store) => {
    const host = hosting(store);
    await fill(host, delay.definition);
    await host.clock.advance(29_000);
    await host.scheduler.create(recordOf(COUNT, delay.definition));
    const open = await host.scheduler.view(recordOf(0, delay.definition).runId);
    assert.equal(open?.state.status, "running");
    await host.clock.advance(1_000);
    for (let n = 0; n < COUNT; n++) {
      const { runId } = recordOf(n, delay.definition);
      await found(async () => {
        const view = await host.scheduler.view(runId);
        return view?.state.status === "completed" ? true : undefined;
      }, () => `${runId} was not woken`);
    }
    assert.equal(host.clock.pending, 1);
    await host.clock.advance(29_000);
    assert.equal(host.clock.pending, 0);
    assert.deepEqual(host.errors, []);
    await host.scheduler.close();
  });
});

test("a wait rings again when the store could not be read", async () => {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const asked: number[] = [];
  const record = recordOf(0, delay.definition);
  const run = liveRun(record, new Map(), initialState(record.definition));
  const done: string[] = [];
  const waits = new Waits({
    clock,
    onError: (error) => errors.push(error),
    outputBytes: undefined,
    enqueue: (_, job) => void job(),
    commit: () => Promise.resolve(),
    advance: ({ record: { runId } }) => Promise.resolve(void done.push(runId)),
  }, {
    get: () => {
      asked.push(clock.now() - record.createdAt);
      return asked.length < 3
        ? Promise.reject(new Error("disk gone"))
        : Promise.resolve(run);
    },
  });
  const since = new Date(record.createdAt).toISOString();
  waits.set(run, [[{ kind: "wait", since, ms: 500 }]]);
  await clock.advance(10_000);
  assert.deepEqual(asked, [500, 1_500, 2_500]);
  assert.equal(errors.length, 2);
  assert.deepEqual(done, [record.runId]);
  assert.equal(clock.pending, 0);
});

test("close() leaves no timer behind, whatever a run is about to do at that moment", async () => {
  for (let moment = 0; moment < 40; moment++) {
    const host = hosting(memoryStore());
    await host.scheduler.create(recordOf(0, delay.definition));
    for (let n = 0; n < moment; n++) await Promise.resolve();
    await host.scheduler.close();
    await settle(20);
    assert.equal(host.clock.pending, 0, `closed after ${moment}`);
  }
});

test("close() waits for a run that is being created, so that it is given back with the others", async () => {
  await onEach(async (store) => {
    let go = (): void => {};
    const held = new Promise<void>((resolve) => go = resolve);
    const slow = new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        if (name !== "createRun") return value.bind(target);
        return async (...given: unknown[]) => {
          await held;
          return value.apply(target, given);
        };
      },
    });
    const host = hosting(slow);
    const record = recordOf(0, delay.definition);
    const created = host.scheduler.create(record);
    const closed = host.scheduler.close().then(() => store.release());
    await settle(5);
    go();
    await Promise.all([created, closed]);
    assert.deepEqual(await store.takeWork(10), [record.runId]);
  });
});

test("Runs has a run once that was created while somebody read it", async () => {
  const store = memoryStore();
  const record = recordOf(0, delay.definition);
  await store.createRun(record, []);
  const runs = new Runs(store, new Map(), () => {});
  const reading = runs.get(record.runId);
  const created = runs.add(record, initialState(record.definition));
  assert.equal(await reading, created);
  assert.equal(await runs.get(record.runId), created);
});
