import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { NodeImplementation, RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, found, settle } from "../support/fake_clock.ts";
import { countingIds, Wire, workflowOf } from "../support/wire.ts";

/** What the code of a workflow did, in order. */
interface Deed {
  readonly nodeId: string;
  readonly key: string;
  readonly attempt: number;
}

/** A bit of everything: a list, a loop, a retry, a child, a question from a step, a race, and what undoes it all. */
function everything(deeds: Deed[]): RunnableWorkflow[] {
  const did = (nodeId: string, key: string, attempt: number): void => {
    deeds.push({ nodeId, key, attempt });
  };
  const work: NodeImplementation = {
    typeId: "local.test.work",
    run: (input: object, { nodeId, idempotencyKey, attempt }) => {
      did(nodeId, idempotencyKey, attempt);
      return { ...input, did: nodeId };
    },
  };
  const flaky: NodeImplementation = {
    typeId: "local.test.flaky",
    run: (_input, { nodeId, idempotencyKey, attempt }) => {
      did(nodeId, idempotencyKey, attempt);
      if (attempt === 0) throw new Error("not yet");
      return {};
    },
  };
  const asks: NodeImplementation = {
    typeId: "local.test.asks",
    run: async (_input, { nodeId, idempotencyKey, attempt, interrupt }) => {
      did(nodeId, idempotencyKey, attempt);
      return {
        said: await interrupt({ kind: "custom", data: { customKind: "x" } }),
      };
    },
  };
  const child = workflowOf("child", [{ id: "in", typeId: "local.test.work" }], [
    work,
  ]);
  const main = workflowOf("everything", [
    {
      id: "list",
      typeId: "tutti.forEach",
      config: {
        nodeTypeId: "local.test.work",
        itemInputs: { n: "" },
        concurrency: 2,
      },
      inputs: { items: { type: "static", value: [1, 2, 3] } },
      compensation: { nodeTypeId: "local.test.work" },
    },
    {
      id: "flaky",
      typeId: "local.test.flaky",
      after: ["list"],
      settings: { maxRetries: 1, retryDelayMs: 10 },
      compensation: { nodeTypeId: "local.test.work" },
    },
    { id: "body", typeId: "local.test.work", after: ["flaky"] },
    {
      id: "loop",
      typeId: "tutti.repeat",
      after: ["body"],
      config: {
        body: ["body"],
        until: { op: "truthy", path: "never" },
        maxIterations: 2,
        onLimit: "continue",
      },
    },
    {
      id: "sub",
      typeId: "core.subWorkflow",
      after: ["loop"],
      config: { workflowId: "child" },
    },
    { id: "asks", typeId: "local.test.asks", after: ["sub"] },
    { id: "wait", typeId: "core.delay", config: { ms: 20 }, after: ["asks"] },
    {
      id: "end",
      typeId: "core.fail",
      config: { code: "on_purpose" },
      after: ["wait"],
    },
  ], [work, flaky, asks]);
  return [main, child];
}

/** Lets everything happen that needs nobody, and answers what is asked. */
async function runOut(
  wire: Wire,
  run: string,
  clock: FakeClock,
): Promise<void> {
  await found(async () => {
    await settle(3);
    const { body } = await wire.get(run);
    if (body.status === "failed") return true;
    if (body.nodeStates.asks.status === "suspended") {
      await wire.post(`${run}/interrupts/asks`, { resumeValue: "yes" });
    } else if (clock.pending > 0) await clock.advance(10);
    return undefined;
  }, () => "the run does not come to an end");
}

const expected = [
  "list:0",
  "list:1",
  "list:2",
  "flaky",
  "flaky",
  "body",
  "body",
  "in",
  "asks",
  "asks",
  "flaky:undo",
  "list:undo",
];

test("a run with a bit of everything does each thing once", async () => {
  const deeds: Deed[] = [];
  const clock = new FakeClock();
  const wire = new Wire(createHost({
    workflows: everything(deeds),
    clock,
    onError: () => {},
  }));
  const run = await wire.start("everything");
  await runOut(wire, run, clock);
  assert.deepEqual(deeds.map(({ nodeId }) => nodeId), expected);
  assert.equal((await wire.get(run)).body.error.code, "on_purpose");
});

test("a replay repeats everything without doing anything", async () => {
  const deeds: Deed[] = [];
  const clock = new FakeClock();
  const wire = new Wire(createHost({
    workflows: everything(deeds),
    clock,
    onError: () => {},
  }));
  const run = await wire.start("everything");
  await runOut(wire, run, clock);
  const done = deeds.length;
  const source = await wire.log(run);
  for (const fromSeq of [0, 5, 12, 20, source.length - 1]) {
    const { status, body } = await wire.post(`${run}:fork`, {
      mode: "replay",
      fromSeq,
    });
    assert.equal(status, 201, JSON.stringify(body));
    const fork = `/runs/${encodeURIComponent(body.runId)}`;
    const { error } = await wire.reach(fork, "failed");
    assert.equal(error.code, "on_purpose", `replayed from ${fromSeq}`);
    const diverged = (await wire.log(fork))
      .filter(({ type }) => type === "replay.diverged");
    assert.deepEqual(diverged, []);
  }
  assert.equal(deeds.length, done);
});

test("a run whose host stops at any moment ends as it would have, and does nothing twice that it knows", async () => {
  const whole: Deed[] = [];
  const clock = new FakeClock();
  const wire = new Wire(createHost({
    workflows: everything(whole),
    clock,
    ids: countingIds(),
    onError: () => {},
  }));
  const path = await wire.start("everything");
  await runOut(wire, path, clock);
  const { length } = await wire.log(path);

  for (let stop = 1; stop < length; stop += 2) {
    const deeds: Deed[] = [];
    const store = memoryStore();
    const clock = new FakeClock();
    const options = {
      workflows: everything(deeds),
      store,
      clock,
      ids: countingIds(),
      onError: () => {},
    };
    const first = createHost(options);
    const before = new Wire(first);
    const run = await before.start("everything");
    await found(async () => {
      const { body } = await before.get(run);
      if ((await before.soFar(run)).length >= stop) return true;
      if (body.nodeStates.asks.status === "suspended") {
        await before.post(`${run}/interrupts/asks`, { resumeValue: "yes" });
      } else if (clock.pending > 0) await clock.advance(1);
      return undefined;
    }, () => `the log never had ${stop} events`);
    await first.close();
    const next = new Wire(createHost(options));
    await runOut(next, run, clock);
    const log = await next.log(run);
    assert.deepEqual(log.map(({ sequence }) => sequence), [...log.keys()]);
    // What was recorded as done is not done again; what was cut is, under the same key.
    const ends = log.filter(({ type }) => type === "node.completed");
    const names = ends.map(({ nodeId }) => nodeId);
    assert.deepEqual(
      names.filter((name) => name.startsWith("list:")).length,
      4,
      `stopped at ${stop}`,
    );
    const keys = (list: readonly Deed[]) =>
      [...new Set(list.map(({ key }) => key))].sort();
    assert.deepEqual(keys(deeds), keys(whole), `stopped at ${stop}`);
    assert.ok(deeds.length <= whole.length + 3, `stopped at ${stop}`);
  }
});
