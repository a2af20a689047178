import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { HostOptions, Store } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import {
  countingIds,
  delay,
  gate,
  noop,
  Wire,
  workflowOf,
} from "../support/wire.ts";

/** Two steps of code, which tell how they were called. */
function counted(
  calls: string[],
  second: () => unknown = () => ({}),
): RunnableWorkflow {
  const step = (name: string, run: () => unknown) => ({
    typeId: `local.test.${name}`,
    run: (_: unknown, { idempotencyKey }: { idempotencyKey: string }) => {
      calls.push(`${name} ${idempotencyKey}`);
      return run() as Record<string, never>;
    },
  });
  return workflowOf("counted", [
    { id: "one", typeId: "local.test.one" },
    { id: "two", typeId: "local.test.two", after: ["one"] },
  ], [step("one", () => ({})), step("two", second)]);
}

/** A process that hosts, until it is killed: then nothing of it reaches the store any more. */
function processOn(
  store: Store,
  options: Partial<HostOptions> & Pick<HostOptions, "workflows">,
): { wire: Wire; close: () => Promise<void>; kill: () => void } {
  let dead = false;
  const never = new Promise<never>(() => {});
  const mortal = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => dead ? never : value.apply(target, given);
    },
  });
  const host = createHost({ store: mortal, ...options });
  return {
    wire: new Wire(host),
    close: () => host.close(),
    kill: () => dead = true,
  };
}

/** Runs a test on a file; on a runtime without SQLite in memory, where the next process is a next host. */
async function withStore(
  use: (open: () => Store, file: StoreFile | undefined) => Promise<void>,
): Promise<void> {
  if (!hasSqlite()) {
    const store = memoryStore();
    return await use(() => store, undefined);
  }
  const file = new StoreFile();
  try {
    await use(() => file.open(), file);
  } finally {
    file.delete();
  }
}

test("createHost() goes on with what waits for a person when the last host on the store was closed", async () => {
  await withStore(async (open) => {
    const first = processOn(open(), { workflows: [gate()] });
    const run = await first.wire.start("gated");
    await first.wire.reach(run, "waiting-approval");
    await first.close();

    const second = processOn(open(), { workflows: [gate()] });
    assert.equal((await second.wire.get(run)).body.status, "waiting-approval");
    assert.equal((await second.wire.accept(run)).status, 200);
    await second.wire.reach(run, "completed");
    const log = await second.wire.log(run);
    assert.deepEqual(
      log.map(({ sequence }) => sequence),
      log.map((_, index) => index),
    );
    await second.close();
  });
});

test("createHost() repeats the step that was cut off, with its key, and no other", async () => {
  await withStore(async (open, file) => {
    const calls: string[] = [];
    const store = open();
    const first = processOn(store, {
      workflows: [counted(calls, () => new Promise(() => {}))],
    });
    const run = await first.wire.start("counted");
    while (calls.length < 2) await settle(1);
    first.kill();
    if (file) file.outlive();
    else await store.release();

    const second = processOn(file ? open() : store, {
      workflows: [counted(calls)],
    });
    await second.wire.reach(run, "completed");
    assert.equal(calls.length, 3);
    assert.equal(calls[2], calls[1]);
    assert.notEqual(calls[0]?.split(" ")[1], calls[1]?.split(" ")[1]);
    const log = await second.wire.log(run);
    assert.equal(
      log.filter(({ type }) => type === "node.completed").length,
      2,
    );
    await second.close();
  });
});

test("createHost() keeps the time of a timer over a restart", async () => {
  await withStore(async (open) => {
    const clock = new FakeClock();
    const first = processOn(open(), { workflows: [delay], clock });
    const inputs = { delayMs: 10_000 };
    const run = await first.wire.start("conformance-cancellable", { inputs });
    await first.wire.reach(run, "running");
    await settle();
    await clock.advance(4_000);
    await first.close();
    await clock.advance(3_000);

    const second = processOn(open(), { workflows: [delay], clock });
    while (clock.pending === 0) await settle(1);
    await clock.advance(2_900);
    assert.equal((await second.wire.get(run)).body.status, "running");
    await clock.advance(100);
    await second.wire.reach(run, "completed");
    await second.close();
  });
});

test("createHost() ends a run with the definition that it started with", async () => {
  await withStore(async (open) => {
    const first = processOn(open(), { workflows: [gate()] });
    const run = await first.wire.start("gated");
    await first.wire.reach(run, "waiting-approval");
    await first.close();
    const newer = workflowOf("gated", [{ id: "other", typeId: "core.noop" }]);
    const second = processOn(open(), { workflows: [newer] });
    await second.wire.accept(run);
    await second.wire.reach(run, "completed");
    const ran = (await second.wire.log(run))
      .filter(({ type }) => type === "node.completed")
      .map(({ nodeId }) => nodeId);
    assert.deepEqual(ran, ["gate", "done"]);
    await second.close();
  });
});

test("createHost() leaves a run alone whose code it does not have, and tells onError", async () => {
  await withStore(async (open) => {
    const calls: string[] = [];
    const first = processOn(open(), {
      workflows: [counted(calls, () => new Promise(() => {}))],
    });
    const run = await first.wire.start("counted");
    while (calls.length < 2) await settle(1);
    await first.close();

    const told: string[] = [];
    const second = processOn(open(), {
      workflows: [noop],
      onError: (error, { runId }) => told.push(`${runId}: ${error}`),
    });
    while (told.length === 0) await settle(1);
    assert.match(
      told[0]!,
      /^local\/.*nothing here performs "local\.test\.one"/,
    );
    assert.equal((await second.wire.get(run)).body.status, "running");
    await second.close();

    const third = processOn(open(), { workflows: [counted(calls)] });
    await third.wire.reach(run, "completed");
    await third.close();
  });
});

test("a host leaves runs whose code it does not have to another host on the same file", async () => {
  if (!hasSqlite()) return assert.equal(memoryStore().isShared, false);
  const file = new StoreFile();
  try {
    const calls: string[] = [];
    const first = processOn(file.open(), {
      workflows: [counted(calls, () => new Promise(() => {})), gate()],
    });
    const run = await first.wire.start("counted");
    while (calls.length < 2) await settle(1);
    const gated = await first.wire.start("gated");
    await first.wire.reach(gated, "waiting-approval");
    await first.close();

    const told: string[] = [];
    const without = processOn(file.open(), {
      workflows: [gate()],
      onError: (error) => told.push(String(error)),
    });
    // What it has the code for is not held up by what it lacks.
    await without.wire.accept(gated);
    await without.wire.reach(gated, "completed");
    file.poll();
    await until(() => told.length > 0);
    const withCode = processOn(file.open(), { workflows: [counted(calls)] });
    await withCode.wire.reach(run, "completed");
    file.poll();
    await settle(5);
    assert.equal(told.length, 1);
    await withCode.close();
    await without.close();
  } finally {
    file.delete();
  }
});

test("a run that cannot be read holds up no other, and is tried again", async () => {
  await withStore(async (open, file) => {
    const first = processOn(open(), {
      workflows: [delay],
      clock: new FakeClock(),
    });
    const runs = [
      await first.wire.start(delay.definition.id),
      await first.wire.start(delay.definition.id),
    ];
    await first.close();

    const store = open();
    const lost = new Set<string>();
    const reads: string[] = [];
    let isBad = true;
    const faulty = new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          if (name === "loadRun") {
            const runId = String(given[0]);
            reads.push(runId);
            if (isBad && (lost.size === 0 || lost.has(runId))) {
              lost.add(runId);
              return Promise.reject(new Error("disk gone"));
            }
          }
          return value.apply(target, given);
        };
      },
    });
    const clock = new FakeClock();
    const told: string[] = [];
    const second = processOn(faulty, {
      workflows: [delay],
      clock,
      onError: (error) => told.push(String(error)),
    });
    await until(() => reads.length >= 2);
    // The delay of the other, and the next try.
    await until(() => clock.pending === 2);
    await clock.advance(100);
    await until(() => reads.length >= 3 && clock.pending === 2);
    assert.deepEqual(told, ["Error: disk gone"]);
    isBad = false;
    if (file) {
      // What another process writes is a reason to look at once.
      file.outlive();
      file.poll();
    } else await clock.advance(200);
    await until(() => reads.length >= 4);
    await clock.advance(60_000);
    for (const run of runs) await second.wire.reach(run, "completed");
    await second.close();
    assert.equal(clock.pending, 0);
  });
});

test("a keyed request whose process died after it took effect gives the run that it made", async () => {
  await withStore(async (open, file) => {
    const store = open();
    const headers = { "idempotency-key": "a".repeat(22) };
    const body = { workflowId: "conformance-noop" };
    // The process dies between the run and the answer.
    const settleKey = () => new Promise<void>(() => {});
    const first = processOn(
      new Proxy(store, {
        get: (target, name) => {
          if (name === "settleKey") return settleKey;
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
      { workflows: [noop], ids: countingIds("a") },
    );
    const lost = first.wire.post("/runs", body, headers);
    await first.wire.reach("/runs/local%2Fa-0000000000000001", "completed");
    first.kill();
    if (file) file.outlive();
    else await store.release();

    const second = processOn(file ? open() : store, {
      workflows: [noop],
      ids: countingIds("b"),
    });
    const again = await second.wire.post("/runs", body, headers);
    assert.equal(again.status, 201);
    assert.equal(again.body.runId, "local/a-0000000000000001");
    const repeat = await second.wire.post("/runs", body, headers);
    assert.equal(repeat.headers.get("openwop-idempotent-replay"), "true");
    await second.close();
    assert.ok(lost instanceof Promise);
  });
});

test("two hosts on one file share the work: each run is moved on by one, answered through any", async () => {
  if (!hasSqlite()) return assert.equal(memoryStore().isShared, false);
  const file = new StoreFile();
  try {
    const one = processOn(file.open(), { workflows: [gate(), noop] });
    const two = processOn(file.open(), { workflows: [gate(), noop] });
    const run = await one.wire.start("gated");
    await one.wire.reach(run, "waiting-approval");
    const followed = two.wire.frames(run);
    // The answer goes to the host that does not hold the run.
    assert.equal((await two.wire.accept(run)).status, 200);
    let isOver = false;
    followed.finally(() => isOver = true).catch(() => {});
    await until(() => {
      file.poll();
      return isOver;
    });
    const types = (await followed).map(({ event }) => event);
    assert.equal(types.at(-1), "run.completed");
    assert.equal(types.filter((type) => type === "node.completed").length, 2);
    assert.deepEqual(await one.wire.log(run), await two.wire.log(run));

    const late = await one.wire.start("gated");
    await one.wire.reach(late, "waiting-approval");
    await one.close();
    file.poll();
    await settle();
    await two.wire.accept(late);
    await two.wire.reach(late, "completed");
    await two.close();
  } finally {
    file.delete();
  }
});

test("a process that was thought dead cannot write to what another one took over", async () => {
  if (!hasSqlite()) return assert.equal(memoryStore().isShared, false);
  const file = new StoreFile();
  try {
    const calls: string[] = [];
    let finish = (): void => {};
    const slow = counted(
      calls,
      () => new Promise((resolve) => finish = () => resolve({ from: "one" })),
    );
    const one = processOn(file.open(), { workflows: [slow] });
    const run = await one.wire.start("counted");
    while (calls.length < 2) await settle(1);
    file.outlive();
    const errors: unknown[] = [];
    const two = processOn(file.open(), {
      workflows: [counted(calls, () => new Promise(() => {}))],
      onError: (error) => errors.push(error),
    });
    while (calls.length < 3) await settle(1);
    finish();
    await settle(20);
    assert.equal((await two.wire.get(run)).body.status, "running");
    assert.deepEqual(errors, []);
    await two.close();
    await one.close();
  } finally {
    file.delete();
  }
});
