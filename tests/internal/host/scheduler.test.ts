import assert from "node:assert/strict";
import test from "node:test";
import { Again } from "../../../src/host/again.ts";
import { fillLimits } from "../../../src/host/limits.ts";
import { memoryStore } from "../../../src/host/mod.ts";
import { Shelf } from "../../../src/host/registry.ts";
import { Runs } from "../../../src/host/runs.ts";
import { Scheduler } from "../../../src/host/scheduler.ts";
import { Signals } from "../../../src/host/signals.ts";
import { failingStore } from "../../../src/testing/store_faults.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { stepOf } from "../../support/wire.ts";

test("Scheduler ends a run that the host cannot move on, also when the store fails meanwhile", async () => {
  const clock = new FakeClock();
  const errors: string[] = [];
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
    limits: fillLimits(),
  });
  const { record } = await scheduler.create({
    runId: "local/0000000000000000",
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
    // Nothing here has the code for it.
    definition: stepOf(() => ({})).definition,
    createdAt: clock.now(),
  });
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
  assert.equal(clock.pending, 0);
  await scheduler.close();
});
