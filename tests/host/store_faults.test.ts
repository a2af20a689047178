import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
import type { StoreFault, StoreOperation } from "@tutti/sdk/testing";
import { settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { stepOf, Wire, workflowOf } from "../support/wire.ts";

/** A step that logs, emits, asks and gives; a delay; and a child. */
const busy: readonly RunnableWorkflow[] = [
  workflowOf(
    "busy",
    [
      { id: "step", typeId: "local.test.step" },
      {
        id: "wait",
        typeId: "core.delay",
        config: { ms: 60_000 },
        after: ["step"],
      },
      {
        id: "call",
        typeId: "core.subWorkflow",
        config: { workflowId: "one-step", waitForCompletion: true },
        after: ["wait"],
      },
    ],
    [{
      typeId: "local.test.step",
      run: async (_, { emit, log, interrupt }) => {
        log("info", "begun");
        await emit("acme.half-way", { n: 1 });
        const { action } = await interrupt<{ action: string }>({
          kind: "approval",
          data: { title: "Go?" },
        });
        log("info", "ended");
        return { action };
      },
    }],
  ),
  stepOf(({ idempotencyKey: _ }, { idempotencyKey }) => ({ idempotencyKey })),
];

/** What happened to the run and its child, told without ids and times. */
interface Story {
  readonly events: readonly string[];
  readonly calls: readonly string[];
  readonly errors: number;
}

const KEY = { "idempotency-key": "k".repeat(22) };

/** Runs it to its end, whatever the store does. Each request is made until it is answered. */
async function tell(
  store: Store,
  faults: Partial<Record<StoreOperation, readonly (StoreFault | undefined)[]>>,
): Promise<Story> {
  const host = createTestHost({ workflows: busy, store, storeFaults: faults });
  const wire = new Wire(host);
  const ask = async (
    ...given: Parameters<Wire["send"]>
  ): Promise<Awaited<ReturnType<Wire["send"]>>> => {
    for (let times = 0; times < 5; times++) {
      const answer = await wire.send(...given);
      if (answer.status < 500) return answer;
      await settle(10);
      await host.clock.advance(1_000);
    }
    throw new Error("never answered");
  };
  const reach = async (run: string, wanted: string): Promise<void> => {
    for (let times = 0; times < 20_000; times++) {
      const { body } = await ask("GET", run);
      if (body.status === wanted) return;
      assert.ok(!/failed|cancelled/.test(body.status), JSON.stringify(body));
      await settle(3);
      const [next] = host.clock.waits;
      if (times % 10 === 9 && next !== undefined) {
        await host.clock.advance(next);
      }
    }
    throw new Error(`the run never became ${wanted}`);
  };
  const created = await ask("POST", "/runs", { workflowId: "busy" }, KEY);
  const run = `/runs/${encodeURIComponent(created.body.runId)}`;
  await reach(run, "waiting-approval");
  const path = `${run}/interrupts/step`;
  const answer = { resumeValue: { action: "accept" } };
  assert.equal((await ask("POST", path, answer, KEY)).status, 200);
  await reach(run, "completed");
  const log = await wire.log(run);
  const { childRunId } = log.find(({ type }) => type === "node.dispatched")
    .payload;
  const child = await wire.log(`/runs/${encodeURIComponent(childRunId)}`);
  for (const events of [log, child]) {
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, index) => index),
    );
  }
  await host.close();
  assert.equal(host.clock.pending, 0);
  return {
    events: [...log, ...child].map(({ type, nodeId = "" }) =>
      `${type} ${nodeId}`
    ),
    calls: host.calls.map(({ nodeId }) => nodeId),
    errors: host.errors.length,
  };
}

for (const where of ["in memory", "on SQLite"]) {
  test(`a store that fails once, at whatever call, changes nothing about a run, ${where}`, async () => {
    if (where === "on SQLite" && !hasSqlite()) {
      return assert.equal(hasSqlite(), false);
    }
    const on = async (
      faults: Parameters<typeof tell>[1],
    ): Promise<Story> => {
      if (where === "in memory") return await tell(memoryStore(), faults);
      const file = new StoreFile();
      try {
        return await tell(file.open(), faults);
      } finally {
        file.delete();
      }
    };
    const calm = await on({});
    assert.equal(calm.errors, 0);
    assert.deepEqual(calm.calls, ["step", "step", "step"]);
    let faulty = 0;
    for (const fault of ["refuse", "lose-reply"] as const) {
      const most = { append: 14, createRun: 2, hold: 2, loadRun: 2 };
      for (const [operation, count] of Object.entries(most)) {
        for (let n = 0; n < count; n++) {
          const plan = [...new Array<undefined>(n), fault];
          const story = await on({ [operation]: plan });
          const what = `${fault} of ${operation} ${n}`;
          assert.deepEqual(story.events, calm.events, what);
          assert.deepEqual(story.calls, calm.calls, what);
          faulty += Math.min(story.errors, 1);
        }
      }
    }
    assert.ok(faulty >= 16, `${faulty} of the faults were met`);
  });
}
