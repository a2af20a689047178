import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { RunRecord, Store } from "@tutti/sdk/host";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { gate, stepOf, Wire } from "../support/wire.ts";

/** In memory, and in a file where the runtime can: each call of `open` is another process. */
async function onEach(
  use: (open: () => Store) => Promise<void>,
): Promise<void> {
  const store = memoryStore();
  await use(() => store);
  if (!hasSqlite()) return;
  const file = new StoreFile();
  try {
    await use(() => file.open());
  } finally {
    file.delete();
  }
}

/** A store whose process dies as soon as it has kept a run that `isLast`. */
function mortal(
  store: Store,
  isLast: (record: RunRecord) => boolean,
): { store: Store; isDead: () => boolean } {
  let isDead = false;
  const never = new Promise<never>(() => {});
  const proxy = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...given: unknown[]) => {
        if (isDead) return await never;
        const end = await value.apply(target, given);
        isDead ||= name === "createRun" && isLast(given[0] as RunRecord);
        return isDead ? await never : end;
      };
    },
  });
  return { store: proxy, isDead: () => isDead };
}

test("a replay that was cut off goes on at a host that has no code for its steps", async () => {
  await onEach(async (open) => {
    let calls = 0;
    const workflows = [stepOf(() => ({ n: ++calls }))];
    const dying = open();
    const first = mortal(dying, ({ replay }) => replay !== undefined);
    const wire = new Wire(createHost({ workflows, store: first.store }));
    const source = await wire.start("one-step");
    await wire.reach(source, "completed");
    const key = { "idempotency-key": "r".repeat(22) };
    const body = { mode: "replay", fromSeq: 0 };
    wire.post(`${source}:fork`, body, key);
    await until(() => first.isDead());
    await dying.release();

    const told: string[] = [];
    const second = createHost({
      workflows: [],
      store: open(),
      onError: (error) => told.push(String(error)),
    });
    const other = new Wire(second);
    const forked = await other.post(`${source}:fork`, body, key);
    assert.equal(forked.status, 201, JSON.stringify(forked.body));
    const run = `/runs/${encodeURIComponent(forked.body.runId)}`;
    const { nodeStates } = await other.reach(run, "completed");
    assert.deepEqual(nodeStates.step.outputs, { n: 1 });
    assert.equal(calls, 1);
    assert.deepEqual(told, []);
    await second.close();
  });
});

test("a run whose code is missing is left for the next host that has it", async () => {
  await onEach(async (open) => {
    let calls = 0;
    const workflows = [stepOf(() => ({ n: ++calls }))];
    const first = open();
    const dying = mortal(first, () => true);
    const wire = new Wire(createHost({ workflows, store: dying.store }));
    wire.post("/runs", { workflowId: "one-step" });
    await until(() => dying.isDead());
    await first.release();
    const told: string[] = [];
    const poor = createHost({
      workflows: [],
      store: open(),
      onError: (error) => told.push(String(error)),
    });
    await until(() => told.length === 1);
    await poor.close();
    assert.equal(calls, 0);
    const rich = createHost({ workflows, store: open() });
    await until(() => calls === 1);
    await rich.close();
  });
});

test("a search for what was left behind that fails is made again, later after each failure", async () => {
  const store = memoryStore();
  const first = createHost({ workflows: [gate()], store });
  const wire = new Wire(first);
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await first.close();
  const clock = new FakeClock();
  const asked: number[] = [];
  const started = clock.now();
  const errors: unknown[] = [];
  const second = createHost({
    workflows: [gate()],
    store: {
      ...store,
      takeWork: (...given) => {
        asked.push(clock.now() - started);
        return asked.length <= 3
          ? Promise.reject(new Error("busy"))
          : store.takeWork(...given);
      },
    },
    clock,
    onError: (error) => errors.push(error),
  });
  for (const ms of [100, 200, 400]) {
    await settle(5);
    await clock.advance(ms);
  }
  await settle(5);
  assert.deepEqual(asked, [0, 100, 300, 700]);
  assert.equal(errors.length, 3);
  assert.equal(clock.pending, 0);
  await second.close();
});

test("close() drops what would be tried again", async () => {
  const store = memoryStore();
  const clock = new FakeClock();
  let tries = 0;
  const host = createHost({
    workflows: [],
    store: {
      ...store,
      takeWork: () => {
        tries++;
        return Promise.reject(new Error("busy"));
      },
    },
    clock,
    onError: () => {},
  });
  await settle(5);
  assert.equal(clock.pending, 1);
  await host.close();
  assert.equal(clock.pending, 0);
  await clock.advance(60_000);
  assert.equal(tries, 1);
});
