import assert from "node:assert/strict";
import test from "node:test";
import { initialState } from "../../../src/engine/mod.ts";
import { createHost } from "@tutti/sdk/host";
import { Runs } from "../../../src/host/runs.ts";
import { memoryStore } from "../../../src/host/stores/memory.ts";
import type { RunRecord, Store } from "../../../src/host/store.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import {
  definitionOf,
  gate,
  noop,
  stepOf,
  Wire,
  workflowOf,
} from "../../support/wire.ts";

const record: RunRecord = {
  runId: "local/aaaaaaaaaaaaaaaa",
  owner: {
    tenant: "local",
    subject: {
      issuer: "urn:x",
      subjectId: "s",
      tenant: "local",
      lane: "session",
      kind: "user",
    },
  },
  definition: definitionOf("d", [{ id: "n", typeId: "core.noop" }]),
  createdAt: 0,
};

test("a host that lost a race takes in what the other wrote, and decides anew", async () => {
  const store = memoryStore();
  const clock = new FakeClock();
  const options = { workflows: [noop, gate({ requiredApprovals: 2 })], clock };
  const subject = (request: Request) => request.headers.get("x-user") ?? "x";
  const one = new Wire(createHost({ ...options, subject, store }));
  const two = new Wire(createHost({ ...options, subject, store }));
  const run = await one.start("gated");
  await one.reach(run, "waiting-approval");
  const body = { resumeValue: { action: "accept" } };
  const path = `${run}/interrupts/gate`;
  // Both know the run; then each writes once.
  await two.reach(run, "waiting-approval");
  const first = await one.post(path, body, { "x-user": "ada" });
  assert.equal(first.body.status, "waiting-approval");
  const second = await two.post(path, body, { "x-user": "bob" });
  assert.equal(second.body.status, "running");
  await two.reach(run, "completed");
  const log = await two.log(run);
  assert.deepEqual(
    log.map(({ sequence }) => sequence),
    log.map((_, index) => index),
  );
  assert.equal(
    log.filter(({ type }) => type === "approval.received").length,
    2,
  );
  const late = await one.post(path, body, { "x-user": "eve" });
  assert.equal(late.body.error, "interrupt_already_resolved");
  assert.deepEqual(await one.log(run), log);
});

test("a store that fails gives 500, and a run whose step it could not keep goes on once it is well", async () => {
  const inner = memoryStore();
  let failing = false;
  let ids: string[] = [];
  const store: Store = {
    ...inner,
    append: (runId, after, events) =>
      failing
        ? Promise.reject(new Error("disk full"))
        : inner.append(runId, after, events),
  };
  const errors: unknown[] = [];
  const clock = new FakeClock();
  let calls = 0;
  const host = createHost({
    store,
    clock,
    workflows: [gate(), stepOf(() => ({ done: ++calls === 1 }))],
    onError: (error, { runId }) => {
      errors.push(error);
      ids = [...ids, runId ?? ""];
    },
  });
  const wire = new Wire(host);
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  failing = true;
  const refused = await wire.accept(run);
  assert.equal(refused.status, 500);
  assert.equal(refused.body.error, "internal_error");
  assert.doesNotMatch(JSON.stringify(refused.body), /disk/);
  failing = false;
  assert.equal((await wire.accept(run)).status, 200);
  await wire.reach(run, "completed");

  // What a step gives cannot be kept at first.
  let times = 3;
  store.append = (runId, after, events) =>
    times-- > 0
      ? Promise.reject(new Error("not yet"))
      : inner.append(runId, after, events);
  const late = await wire.start("one-step");
  for (let waits = 0; times >= 0; waits++) {
    assert.ok(waits < 4);
    await settle(20);
    await clock.advance(clock.waits[0] ?? 0);
  }
  const { nodeStates } = await wire.reach(late, "completed");
  assert.deepEqual(nodeStates.step.outputs, { done: true });
  assert.equal(calls, 1);
  assert.equal(errors.length, 4);
  assert.ok(ids.at(-1)!.startsWith("local/"));
});

test("Runs forgets idle runs only, and reads a run once for many callers", async () => {
  const inner = memoryStore();
  let loads = 0;
  const store: Store = {
    ...inner,
    loadRun: (runId) => {
      loads++;
      return inner.loadRun(runId);
    },
  };
  const runs = new Runs(store, new Map(), () => {});
  const idOf = (n: number) => `local/${String(n).padStart(16, "0")}`;
  for (let n = 0; n < 400; n++) {
    await inner.createRun({ ...record, runId: idOf(n) }, []);
  }
  const busy = await runs.get(idOf(0));
  let release = (): void => {};
  const job = runs.enqueue(
    busy!,
    () => new Promise((resolve) => release = resolve),
  );
  const [a, b] = await Promise.all([runs.get(idOf(1)), runs.get(idOf(1))]);
  assert.equal(a, b);
  assert.equal(loads, 2);
  for (let n = 2; n < 400; n++) await runs.get(idOf(n));
  assert.equal([...runs.all()].length, 257);
  assert.equal(await runs.get(idOf(0)), busy);
  // Forgotten, but still at hand here: a second one beside it would do its work twice.
  assert.ok(![...runs.all()].includes(a!));
  assert.equal(await runs.get(idOf(1)), a);
  assert.equal([...runs.all()].length, 257);
  assert.equal(await runs.get("local/none"), undefined);
  release();
  await job;
  assert.equal([...runs.all()].length, 256);
  const state = initialState(record.definition);
  assert.equal((await runs.get(idOf(5)))!.state.status, state.status);
});

test("Runs does the jobs of one run one after the other, also after a failure", async () => {
  const errors: unknown[] = [];
  const runs = new Runs(memoryStore(), new Map(), (error) => {
    errors.push(error);
  });
  const run = runs.add(record, initialState(record.definition));
  const order: string[] = [];
  const jobs = ["a", "b", "c"].map((name) =>
    runs.enqueue(run, async () => {
      order.push(`${name}>`);
      await settle();
      order.push(`<${name}`);
      if (name === "b") throw new Error("b failed");
    })
  );
  await Promise.all(jobs);
  assert.deepEqual(order, ["a>", "<a", "b>", "<b", "c>", "<c"]);
  assert.equal(errors.length, 1);
});

test("a host keeps the end of a step and what follows from it in one transaction", async () => {
  const store = memoryStore();
  const { append } = store;
  const kept: string[] = [];
  store.append = (runId, after, events, ...rest) => {
    kept.push(events.map(({ type }) => type).join());
    return append(runId, after, events, ...rest);
  };
  const typeId = "local.test.step";
  const wire = new Wire(createHost({
    store,
    workflows: [workflowOf("chain", [
      { id: "one", typeId },
      { id: "two", typeId, after: ["one"] },
      { id: "ask", typeId: "core.approvalGate", after: ["two"] },
    ], [{ typeId, run: () => ({}) }])],
  }));
  await wire.reach(await wire.start("chain"), "waiting-approval");
  assert.deepEqual(kept, [
    "node.completed,node.started",
    "node.completed,node.started,interrupt.requested,node.suspended",
  ]);
});
