import assert from "node:assert/strict";
import test from "node:test";
import { cancelRun } from "../../../src/engine/mod.ts";
import { Again } from "../../../src/host/again.ts";
import { fillLimits } from "../../../src/host/limits.ts";
import { memoryStore } from "../../../src/host/mod.ts";
import { Shelf } from "../../../src/host/registry.ts";
import { Runs } from "../../../src/host/runs.ts";
import { Scheduler } from "../../../src/host/scheduler.ts";
import { Signals } from "../../../src/host/signals.ts";
import type { RunRecord } from "../../../src/host/store.ts";
import { failingStore } from "../../../src/testing/store_faults.ts";
import type { RunnableWorkflow } from "../../../src/openwop/protocol/mod.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { delay, stepOf } from "../../support/wire.ts";

test("Scheduler ends a run that the host cannot move on, also when the store fails meanwhile", async () => {
  const clock = new FakeClock();
  const errors: string[] = [];
  const gone = new Set<string>();
  const onError = (error: unknown): void => void errors.push(String(error));
  // The start of the step is kept; its end by the host is not, at first.
  const store = failingStore(memoryStore(), {
    append: ["refuse", "refuse"],
    readEvents: ["refuse"],
  });
  const shelf = new Shelf([]);
  const runs = new Runs(store, shelf.own, onError);
  const scheduler = new Scheduler({
    store,
    runs,
    shelf,
    signals: new Signals(clock),
    clock,
    again: new Again(clock, onError),
    onError,
    onCommit: () => {},
    onGone: (runId) => gone.add(runId),
    limits: fillLimits(),
  });
  // Nothing here has the code for it.
  const { record } = await scheduler.create(
    recordOf("local/0000000000000000", stepOf(() => ({}))),
  );
  for (const ms of [100, 200]) {
    await settle(5);
    await clock.advance(ms);
  }
  await settle(5);
  const view = await scheduler.view(record.runId);
  assert.equal(view?.state.status, "failed");
  assert.equal(view.state.error?.code, "internal_error");
  assert.match(errors[0]!, /Cannot run node "step": .* is not here/);
  assert.equal(errors.length, 3);
  const log = await store.readEvents(record.runId, -1, 100);
  assert.equal(log.filter(({ type }) => type === "run.failed").length, 1);
  assert.deepEqual([...gone], [record.runId]);
  assert.equal(clock.pending, 0);
  await scheduler.close();
});

test("Scheduler tells of each run that is over, whether somebody ended it or it did so by itself", async () => {
  const clock = new FakeClock();
  const store = memoryStore();
  const gone: string[] = [];
  const shelf = new Shelf([]);
  const runs = new Runs(store, shelf.own, assert.fail);
  const scheduler = new Scheduler({
    store,
    runs,
    shelf,
    signals: new Signals(clock),
    clock,
    again: new Again(clock, assert.fail),
    onError: assert.fail,
    onCommit: () => {},
    onGone: (runId) => gone.push(runId),
    limits: fillLimits(),
  });
  const ids = ["a", "b", "c"].map((which) => `local/${which.repeat(16)}`);
  for (const runId of ids) await scheduler.create(recordOf(runId, delay));
  await settle(5);
  await scheduler.change(ids[1]!, ({ record, state }) => ({
    events: cancelRun(record.definition, state, { by: "somebody" }),
    answer: () => null,
  }));
  assert.deepEqual(gone, [ids[1]]);
  await clock.advance(30_000);
  await settle(5);
  assert.deepEqual(gone, [ids[1], ids[0], ids[2]]);
  await scheduler.close();
});

function recordOf(
  runId: string,
  { definition }: Pick<RunnableWorkflow, "definition">,
): RunRecord {
  return {
    runId,
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
