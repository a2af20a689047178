import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, settle } from "../support/fake_clock.ts";
import fc from "../support/properties.ts";
import { gate, Wire, workflowOf } from "../support/wire.ts";

// deno-lint-ignore no-explicit-any
type Log = any[];

/** What a log says apart from ids and times. */
function essence({ type, nodeId, payload }: Log[number]): unknown {
  const { durationMs: _, ...rest } = payload;
  return { type, nodeId, payload: rest };
}

/** Forks a replay at every sequence, and gives what each came to. */
async function replays(
  wire: Wire,
  run: string,
  log: Log,
): Promise<{ path: string; log: Log }[]> {
  const found = [];
  for (const fromSeq of log.keys()) {
    // Before the event behind it nobody knows who it was that cancelled.
    if (log[fromSeq - 1]?.type === "node.cancelled") continue;
    const { status, body } = await wire.post(`${run}:fork`, {
      mode: "replay",
      fromSeq,
    });
    assert.equal(status, 201, JSON.stringify(body));
    const path = `/runs/${encodeURIComponent(body.runId)}`;
    await settle(20);
    found.push({ path, log: await wire.soFar(path) });
  }
  return found;
}

test("a replay of a run that was cancelled while paused ends cancelled, wherever it begins", async () => {
  const wire = new Wire(createHost({ workflows: [gate()] }));
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  assert.equal((await wire.post(`${run}:pause`)).status, 202);
  await wire.accept(run);
  await settle(5);
  await wire.post(`${run}/cancel`, { reason: "enough" });
  const log = await wire.log(run);
  assert.ok(!log.some(({ type }) => type === "node.cancelled"));
  for (const replay of await replays(wire, run, log)) {
    assert.deepEqual(essence(replay.log.at(-1)), essence(log.at(-1)));
    // What the source did not come to, the replay did not do.
    const { nodeStates } = (await wire.get(replay.path)).body;
    assert.equal(nodeStates.gate.status, "completed");
    assert.equal(nodeStates.done.status, "pending");
  }
});

test("a replay of a run that was cancelled after its last step ends cancelled", async () => {
  const only: RunnableWorkflow = {
    definition: {
      ...gate().definition,
      nodes: gate().definition.nodes.slice(0, 1),
      edges: [],
    },
    nodes: [],
  };
  const wire = new Wire(createHost({ workflows: [only] }));
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await wire.post(`${run}:pause`);
  await wire.accept(run);
  await settle(5);
  assert.equal((await wire.post(`${run}/cancel`)).status, 200);
  const log = await wire.log(run);
  for (const replay of await replays(wire, run, log)) {
    assert.deepEqual(essence(replay.log.at(-1)), essence(log.at(-1)));
  }
});

test("a replay of a run that took too long while it was paused takes too long", async () => {
  const clock = new FakeClock();
  const wire = new Wire(
    createHost({ workflows: [gate()], clock, limits: { runMs: 1_000 } }),
  );
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await wire.post(`${run}:pause`);
  await wire.accept(run);
  await settle(5);
  await clock.advance(1_000);
  const { error } = await wire.reach(run, "failed");
  assert.equal(error.code, "run_timeout");
  const log = await wire.log(run);
  for (const replay of await replays(wire, run, log)) {
    assert.deepEqual(essence(replay.log.at(-1)), essence(log.at(-1)));
  }
});

test("a replay that begins in a pause goes on where its source did", async () => {
  const wire = new Wire(createHost({ workflows: [gate()] }));
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await wire.post(`${run}:pause`, { drainPolicy: "immediate" });
  await wire.accept(run);
  await wire.post(`${run}:resume`, { reason: "seen" });
  await wire.reach(run, "completed");
  const log = await wire.log(run);
  for (const replay of await replays(wire, run, log)) {
    assert.deepEqual(essence(replay.log.at(-1)), essence(log.at(-1)));
  }
});

test("a replay finds the outcome of each round, also of items that not every round has", async () => {
  let round = 0;
  const rounds = workflowOf("rounds", [
    { id: "list", typeId: "local.test.list" },
    {
      id: "each",
      typeId: "tutti.forEach",
      config: {
        nodeTypeId: "core.identity",
        itemInputs: { value: "" },
      },
      inputs: {
        items: { type: "connection", nodeId: "list", outputKey: "items" },
      },
      after: ["list"],
    },
    {
      id: "again",
      typeId: "tutti.repeat",
      config: {
        body: ["list", "each"],
        until: { path: "count", op: "eq", value: 2 },
        maxIterations: 9,
      },
      inputs: {
        count: { type: "connection", nodeId: "each", outputKey: "count" },
      },
      after: ["each"],
    },
  ], [{
    typeId: "local.test.list",
    // None, then one, then two.
    run: () => ({
      items: Array.from({ length: round++ }, (_, index) => ({ round, index })),
    }),
  }]);
  const wire = new Wire(createHost({ workflows: [rounds] }));
  const run = await wire.start("rounds");
  await wire.reach(run, "completed");
  const log = await wire.log(run);
  assert.equal(round, 3);
  for (const replay of await replays(wire, run, log)) {
    assert.deepEqual(replay.log.map(essence), log.map(essence));
  }
  assert.equal(round, 3);
});

test("a replay of a run that was cancelled in the middle of a long loop ends there", async () => {
  const long = workflowOf("long", [
    { id: "one", typeId: "core.noop" },
    {
      id: "again",
      typeId: "tutti.repeat",
      config: {
        body: ["one"],
        until: { path: "no", op: "truthy" },
        maxIterations: 5_000,
        onLimit: "continue",
      },
      after: ["one"],
    },
  ]);
  const wire = new Wire(createHost({ workflows: [long] }));
  const run = await wire.start("long");
  assert.equal((await wire.post(`${run}/cancel`)).status, 200);
  const log = await wire.log(run);
  const { status, body } = await wire.post(`${run}:fork`, { mode: "replay" });
  assert.equal(status, 201);
  const replay = `/runs/${encodeURIComponent(body.runId)}`;
  await wire.reach(replay, "cancelled");
  assert.equal((await wire.log(replay)).length, log.length);
});

/** Code that waits until it is let go, a question, a delay, and something to undo. */
function mixed(calls: Map<string, (value: unknown) => void>): RunnableWorkflow {
  return workflowOf("mixed", [
    {
      id: "a",
      typeId: "local.test.work",
      compensation: { nodeTypeId: "local.test.undo" } as never,
    },
    { id: "b", typeId: "core.noop", after: ["a"] },
    { id: "c", typeId: "local.test.work", after: ["b"] },
    { id: "gate", typeId: "core.approvalGate", config: { title: "Go?" } },
    { id: "d", typeId: "core.noop", after: ["gate"] },
    { id: "wait", typeId: "core.delay", config: { ms: 1_000 } },
    { id: "end", typeId: "core.noop", after: ["c", "d", "wait"] },
  ], [
    {
      typeId: "local.test.work",
      run: (_input, { nodeId, signal }) =>
        new Promise((resolve, reject) => {
          calls.set(nodeId, (value) =>
            value instanceof Error ? reject(value) : resolve(value));
          signal.addEventListener("abort", () =>
            reject(signal.reason));
        }),
    },
    { typeId: "local.test.undo", run: () => ({}) },
  ]);
}

test("a replay ends as its source did, whatever was done to that and when", async () => {
  const acts = fc.array(
    fc.constantFrom(
      "pause",
      "pause at once",
      "resume",
      "cancel",
      "a",
      "c",
      "a fails",
      "accept",
      "reject",
      "time",
    ),
    { minLength: 2, maxLength: 10 },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (acts) => {
      const calls = new Map<string, (value: unknown) => void>();
      const clock = new FakeClock();
      const host = createHost({
        workflows: [mixed(calls)],
        clock,
        onError: () => {},
        limits: { runMs: 3_000 },
      });
      const wire = new Wire(host);
      const run = await wire.start("mixed");
      await settle(5);
      for (const act of [...acts, "time", "time", "resume", "time"]) {
        if (act === "pause") await wire.post(`${run}:pause`);
        else if (act === "pause at once") {
          await wire.post(`${run}:pause`, { drainPolicy: "immediate" });
        } else if (act === "resume") await wire.post(`${run}:resume`);
        else if (act === "cancel") {
          await wire.post(`${run}/cancel`, { reason: "enough" });
        } else if (act === "accept" || act === "reject") {
          await wire.post(`${run}/interrupts/gate`, {
            resumeValue: { action: act },
          });
        } else if (act === "time") await clock.advance(1_000);
        else {
          const [nodeId = "", fails] = act.split(" ");
          calls.get(nodeId)?.(fails ? new Error("no luck") : { nodeId });
        }
        await settle(5);
      }
      const { body } = await wire.get(run);
      assert.ok(["completed", "failed", "cancelled"].includes(body.status));
      const log = await wire.log(run);
      calls.clear();
      for (const replay of await replays(wire, run, log)) {
        assert.deepEqual(essence(replay.log.at(-1)), essence(log.at(-1)));
        assert.ok(!replay.log.some(({ type }) => type === "replay.diverged"));
        const { nodeStates } = (await wire.get(replay.path)).body;
        for (
          const [id, { status }] of Object.entries<Log[number]>(nodeStates)
        ) {
          assert.equal(status, body.nodeStates[id].status, id);
        }
      }
      assert.deepEqual([...calls], []);
      await host.close();
    }),
    { numRuns: 60 },
  );
});
