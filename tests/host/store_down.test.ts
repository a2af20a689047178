import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { NodeImplementation, RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { countingIds, stepOf, Wire, workflowOf } from "../support/wire.ts";

/** Asks `before` at each call; counts them. */
function watched(
  store: Store,
  before: (name: string, given: readonly unknown[]) => void,
): { store: Store; calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const proxy = new Proxy(store, {
    get(target, name: string) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function" || name === "watch") return value;
      return async (...given: unknown[]) => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        before(name, given);
        return await value.apply(target, given);
      };
    },
  });
  return { store: proxy, calls };
}

test("a store that is down for hours is asked ever more seldom, which the host tells, and runs go on after it", async () => {
  let isDown = false;
  const { store, calls } = watched(memoryStore(), () => {
    if (isDown) throw new Error("disk full");
  });
  const clock = new FakeClock();
  const errors: unknown[] = [];
  let finish = (_: Record<string, never>): void => {};
  const host = createHost({
    workflows: [stepOf(() => new Promise((done) => finish = done))],
    store,
    clock,
    ids: countingIds(),
    onError: (error) => errors.push(error),
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  await wire.reach(run, "running");
  assert.equal(host.retrying(), 0);
  isDown = true;
  finish({});
  await settle(5);
  assert.equal(host.retrying(), 1);
  assert.equal(clock.pending, 1);
  calls.clear();
  const told = errors.length;
  await clock.advance(6 * 3_600_000);
  // Every half a minute in the end: an append, and a look whether it was kept all the same.
  const tries = errors.length - told;
  assert.ok(tries > 700 && tries < 740, `${tries}`);
  assert.deepEqual([...calls], [["append", tries], ["readEvents", tries]]);
  assert.equal(host.retrying(), 1);
  assert.equal(clock.pending, 1);
  assert.equal((await wire.get(run)).body.status, "running");
  isDown = false;
  await clock.advance(30_000);
  await wire.reach(run, "completed");
  assert.equal(host.retrying(), 0);
  assert.equal(clock.pending, 0);
  await host.close();
});

/** Stores that never keep what has `huge` in it, each in its own way. */
const picky: readonly (readonly [
  name: string,
  use: (test: (store: Store) => Promise<void>) => Promise<void>,
])[] = [
  ["in memory", async (test) => {
    const { store } = watched(memoryStore(), (name, given) => {
      const isKept = !/createRun|append/.test(name);
      if (isKept || !JSON.stringify(given).includes("huge")) return;
      throw new RangeError("Invalid string length");
    });
    await test(store);
  }],
  ["on SQLite", async (test) => {
    if (!hasSqlite()) return assert.equal(hasSqlite(), false);
    const file = new StoreFile();
    try {
      const store = file.open();
      // No less than SQLite's own limit, without the gigabyte.
      const { DatabaseSync } = process.getBuiltinModule("node:sqlite")!;
      const db = new DatabaseSync(file.path);
      db.exec(`
        CREATE TRIGGER picky BEFORE INSERT ON events
        WHEN NEW.json LIKE '%huge%'
        BEGIN SELECT zeroblob(2147483647); END
      `);
      db.close();
      await test(store);
    } finally {
      file.delete();
    }
  }],
];

const ends: Record<string, NodeImplementation["run"]> = {
  "gives it": () => ({ text: "huge" }),
  "emits it": async (_, { emit }) => {
    await emit("acme.said", { text: "huge" });
    return {};
  },
  "logs it and goes on": (_, { log, signal }) => {
    log("info", "huge");
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  },
  "asks it": async (_, { interrupt }) => {
    await interrupt({ kind: "approval", data: { title: "huge" } });
    return {};
  },
};

/** A workflow that calls the one with the step. */
const caller: RunnableWorkflow = workflowOf("caller", [{
  id: "call",
  typeId: "core.subWorkflow",
  config: { workflowId: "one-step", waitForCompletion: true },
}]);

for (const [where, use] of picky) {
  for (const [what, step] of Object.entries(ends)) {
    test(`a step that ${what}, which the store never keeps, fails its run at once, ${where}`, async () => {
      await use(async (store) => {
        const clock = new FakeClock();
        const errors: Error[] = [];
        const host = createHost({
          workflows: [stepOf(step), caller],
          store,
          clock,
          ids: countingIds(),
          onError: (error) => errors.push(error as Error),
        });
        const wire = new Wire(host);
        const run = await wire.start("one-step");
        await wire.reach(run, "failed");
        const { error } = (await wire.get(run)).body;
        assert.equal(error.code, "persistence_failed");
        const log = await wire.log(run);
        assert.equal(log.at(-1)!.type, "run.failed");
        assert.equal(errors.length, 1);
        assert.ok(errors[0]!.cause instanceof RangeError);
        const parent = await wire.start("caller");
        await wire.reach(parent, "failed");
        const { body } = await wire.get(parent);
        assert.equal(body.error.code, "persistence_failed");
        assert.equal(clock.pending, 0);
        assert.equal(host.retrying(), 0);
        await host.close();
      });
    });
  }

  test(`a request with something that the store never keeps is refused, and changes nothing, ${where}`, async () => {
    await use(async (store) => {
      const clock = new FakeClock();
      const host = createHost({
        workflows: [
          stepOf(async (_, { interrupt }) => ({
            said: await interrupt<string>({
              kind: "clarification",
              data: {
                questions: [{ id: "q", question: "?" }],
              },
            }),
          })),
        ],
        store,
        clock,
        ids: countingIds(),
        onError: (error) => assert.fail(String(error)),
      });
      const wire = new Wire(host);
      const key = { "idempotency-key": "k".repeat(22) };
      const run = await wire.start("one-step");
      await wire.reach(run, "waiting-input");
      const answer = (text: string) => ({
        resumeValue: { answers: { q: text } },
      });
      const path = `${run}/interrupts/step`;
      for (const headers of [{}, key, key]) {
        for (
          const [at, body] of [
            [path, answer("huge")],
            ["/runs", {
              workflowId: "one-step",
              inputs: { value: "huge" },
            }],
          ] as const
        ) {
          const refused = await wire.post(at, body, headers);
          assert.equal(refused.status, 413);
          assert.equal(refused.body.error, "payload_too_large");
        }
      }
      const accepted = await wire.post(path, answer("small"));
      assert.equal(accepted.status, 200);
      await wire.reach(run, "completed");
      assert.equal(clock.pending, 0);
      assert.equal(host.retrying(), 0);
      await host.close();
    });
  });
}

test("a run whose end the store never keeps either is left as it is, and nothing spins", async () => {
  let isDone = false;
  const { store, calls } = watched(memoryStore(), (name) => {
    if (isDone && name === "append") throw new RangeError("never");
  });
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [stepOf(() => {
      isDone = true;
      return {};
    })],
    store,
    clock,
    ids: countingIds(),
    onError: (error) => errors.push(error),
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  await settle(20);
  assert.equal(errors.length, 2);
  const { append } = Object.fromEntries(calls);
  await clock.advance(86_400_000);
  assert.equal(Object.fromEntries(calls).append, append);
  assert.equal((await wire.get(run)).body.status, "running");
  assert.equal(clock.pending, 0);
  await host.close();
});
