import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Host, Store } from "@tutti/sdk/host";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { countingIds, gate, Wire, workflowOf } from "../support/wire.ts";

const parent = workflowOf("parent", [{
  id: "call",
  typeId: "core.subWorkflow",
  config: { workflowId: "gated", waitForCompletion: true },
}]);

/** Makes hosts of one time. */
function hosting(): { open: (store?: Store) => Host; clock: FakeClock } {
  const clock = new FakeClock();
  const ids = countingIds();
  const open = (store?: Store): Host =>
    createHost({
      workflows: [parent, gate()],
      clock,
      ids,
      onError: (error) => assert.fail(String(error)),
      ...(store && { store }),
    });
  return { open, clock };
}

/** A run that waits for its child, and where the log says so. */
async function waiting(
  wire: Wire,
): Promise<{ run: string; child: string; fromSeq: number }> {
  const run = await wire.start("parent");
  await wire.reach(run, "waiting-approval");
  const log = await wire.soFar(run);
  const dispatched = log.find(({ type }) => type === "node.dispatched");
  const child = `/runs/${encodeURIComponent(dispatched.payload.childRunId)}`;
  return { run, child, fromSeq: dispatched.sequence + 1 };
}

async function fork(wire: Wire, run: string, fromSeq: number): Promise<string> {
  const made = await wire.post(`${run}:fork`, { mode: "branch", fromSeq });
  assert.equal(made.status, 201);
  return `/runs/${encodeURIComponent(made.body.runId)}`;
}

for (const action of ["accept", "reject"]) {
  test(`forks that inherit a child hear how it ends, as its parent does (${action})`, async () => {
    const { open, clock } = hosting();
    const host = open();
    const wire = new Wire(host);
    const { run, child, fromSeq } = await waiting(wire);
    const one = await fork(wire, run, fromSeq);
    const two = await fork(wire, one, fromSeq);
    const cancelled = await fork(wire, run, fromSeq);
    for (const path of [one, two, cancelled]) {
      await wire.reach(path, "waiting-approval");
    }
    assert.equal((await wire.post(`${cancelled}/cancel`, {})).status, 200);
    // The child is not that fork's own.
    assert.equal((await wire.get(child)).body.status, "waiting-approval");
    await wire.post(`${child}/interrupts/gate`, { resumeValue: { action } });
    const end = action === "accept" ? "completed" : "failed";
    for (const path of [run, one, two]) await wire.reach(path, end);
    assert.equal((await wire.get(cancelled)).body.status, "cancelled");
    assert.equal(clock.pending, 0);
    await host.close();
  });
}

test("a fork hears how the child ends that it inherits also when another process moves that one on", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    const { open, clock } = hosting();
    const [first, second] = [open(file.open()), open(file.open())];
    const [here, there] = [new Wire(first), new Wire(second)];
    const { run, child, fromSeq } = await waiting(here);
    // Each host holds what it made.
    const copy = await fork(there, run, fromSeq);
    await there.reach(copy, "waiting-approval");
    const resumeValue = { action: "accept" };
    await here.post(`${child}/interrupts/gate`, { resumeValue });
    await here.reach(run, "completed");
    await settle(5);
    file.poll();
    await there.reach(copy, "completed");
    const log = await there.log(copy);
    assert.equal(log.filter(({ type }) => type === "run.completed").length, 1);
    assert.equal(clock.pending, 0);
    await first.close();
    await second.close();
  } finally {
    file.delete();
  }
});

test("what a fork inherits and waits for is kept until it hears of it, also when its process was dead meanwhile", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    const { open, clock } = hosting();
    const stores = [file.open(), file.open()] as const;
    const [first, second] = [open(stores[0]), open(stores[1])];
    const [here, there] = [new Wire(first), new Wire(second)];
    const { run, child, fromSeq } = await waiting(here);
    const one = await fork(there, run, fromSeq);
    await there.reach(one, "waiting-approval");
    const two = await fork(there, one, fromSeq);
    await there.reach(two, "waiting-approval");
    await second.close();
    const resumeValue = { action: "accept" };
    await here.post(`${child}/interrupts/gate`, { resumeValue });
    await here.reach(run, "completed");
    // The source may go, its child not yet.
    assert.equal(await stores[0].prune(Infinity), 1);
    const runId = decodeURIComponent(run.slice("/runs/".length));
    assert.equal(await stores[0].loadRun(runId), undefined);
    await first.close();

    const third = open(file.open());
    const wire = new Wire(third);
    for (const path of [one, two]) await wire.reach(path, "completed");
    assert.equal(await stores[0].prune(Infinity), 3);
    assert.equal(clock.pending, 0);
    await third.close();
  } finally {
    file.delete();
  }
});

test("a fork whose source is pruned while it is copied is refused, not cut short", async () => {
  const { open } = hosting();
  const store = memoryStore();
  let pruned = false;
  const host = open({
    ...store,
    readEvents: async (runId, after, limit) => {
      const page = await store.readEvents(runId, after, limit);
      if (!pruned) return page;
      await store.prune(Infinity);
      return [];
    },
  });
  const wire = new Wire(host);
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await wire.accept(run);
  await wire.reach(run, "completed");
  pruned = true;
  const refused = await wire.post(`${run}:fork`, {
    mode: "branch",
    fromSeq: 3,
  });
  assert.equal(refused.status, 404);
  await host.close();
});
