import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { noop, Wire, workflowOf } from "../support/wire.ts";

/** Goes round and round, with nothing to wait for: four events a round. */
const endless = (maxIterations: number) =>
  workflowOf("endless", [
    { id: "body", typeId: "core.noop" },
    {
      id: "again",
      typeId: "tutti.repeat",
      config: {
        body: ["body"],
        until: { path: "never", op: "exists" },
        maxIterations,
        onLimit: "continue",
      },
      after: ["body"],
    },
  ]);

test("a run with nothing to wait for lets others have their turn, and those first who want to end it", async () => {
  const clock = new FakeClock();
  const host = createHost({ workflows: [endless(20_000), noop], clock });
  const wire = new Wire(host);
  const run = await wire.start("endless");
  await settle(2);
  assert.equal((await wire.get(run)).body.status, "running");
  const other = await wire.start("conformance-noop");
  await wire.reach(other, "completed");
  assert.equal((await wire.get(run)).body.status, "running");
  assert.equal((await wire.post(`${run}/cancel`, {})).status, 200);
  const { nodeStates } = await wire.reach(run, "cancelled");
  assert.ok(nodeStates.again.attempt < 19_999, nodeStates.again.attempt);
  const etag = (await wire.get(run)).headers.get("etag");
  await settle(5);
  assert.equal((await wire.get(run)).headers.get("etag"), etag);
  await host.close();
  assert.equal(clock.pending, 0);
});

test("a run with nothing to wait for is left where it is when its host is closed, and comes to its end otherwise", async () => {
  const host = createHost({
    workflows: [endless(5_000)],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("endless");
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.again.outputs, {
    iterations: 5_000,
    matched: false,
  });
  await wire.start("endless");
  await settle(1);
  await host.close();
});

test("what reads a long log lets others have their turn", async () => {
  const store = memoryStore();
  const open = () =>
    createHost({ workflows: [endless(10_000)], store, clock: new FakeClock() });
  const first = open();
  const run = await new Wire(first).start("endless");
  await new Wire(first).reach(run, "completed");
  await first.close();
  const host = open();
  const wire = new Wire(host);
  const reads = {
    snapshot: () => wire.get(run),
    diff: () => wire.get(`${run}:diff?against=${run.slice("/runs/".length)}`),
    fork: () => wire.post(`${run}:fork`, { mode: "branch", fromSeq: 30_000 }),
  };
  for (const [what, read] of Object.entries(reads)) {
    let isOver = false;
    const answered = read().finally(() => isOver = true);
    await settle(2);
    assert.equal(isOver, false, what);
    const { status } = await answered;
    assert.ok(status < 300, `${what} ${status}`);
  }
  await host.close();
});
