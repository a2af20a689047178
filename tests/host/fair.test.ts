import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { noop, Wire, workflowOf } from "../support/wire.ts";

/** Goes round and round, with nothing to wait for. */
const endless = workflowOf("endless", [
  { id: "body", typeId: "core.noop" },
  {
    id: "again",
    typeId: "tutti.repeat",
    config: {
      body: ["body"],
      until: { path: "never", op: "exists" },
      maxIterations: 20_000,
      onLimit: "continue",
    },
    after: ["body"],
  },
]);

test("a run with nothing to wait for lets others have their turn, and those first who want to end it", async () => {
  const clock = new FakeClock();
  const host = createHost({ workflows: [endless, noop], clock });
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
  const host = createHost({ workflows: [endless], clock: new FakeClock() });
  const wire = new Wire(host);
  const run = await wire.start("endless");
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.again.outputs, {
    iterations: 20_000,
    matched: false,
  });
  await wire.start("endless");
  await settle(1);
  await host.close();
});
