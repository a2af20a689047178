import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
import type { StoreFault } from "@tutti/sdk/testing";
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
  /** Whether the store failed. */
  readonly isMet: boolean;
}

const KEY = { "idempotency-key": "k".repeat(22) };

/** A store that fails at one call; `left` says how many come before it, and is below zero once it was met. */
function failing(
  store: Store,
  at: { left: number },
  how: StoreFault,
): Store {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      // Whoever does not hear that it has a claim has it as long as the process lives: nothing may happen twice.
      const isKept = name === "claimKey" && how === "lose-reply";
      if (name === "watch" || isKept) return value.bind(target);
      return async (...given: unknown[]) => {
        const isFaulty = at.left-- === 0;
        if (isFaulty && how === "refuse") throw new Error(`${String(name)}`);
        const end = await value.apply(target, given);
        if (isFaulty) throw new Error(`${String(name)}`);
        return end;
      };
    },
  });
}

/** Runs it to its end, whatever the store does. Each request is made until it is answered. */
async function tell(
  store: Store,
  at: { left: number },
  how: StoreFault,
): Promise<Story> {
  const host = createTestHost({
    workflows: busy,
    store: failing(store, at, how),
  });
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
  const isMet = at.left < 0;
  at.left = Infinity;
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
    isMet,
  };
}

for (const where of ["in memory", "on SQLite"]) {
  for (const how of ["refuse", "lose-reply"] as const) {
    test(`a store that fails once (${how}), at whatever call, changes nothing about a run, ${where}`, async () => {
      if (where === "on SQLite" && !hasSqlite()) {
        return assert.equal(hasSqlite(), false);
      }
      const on = async (at: { left: number }): Promise<Story> => {
        if (where === "in memory") {
          return await tell(memoryStore(), at, how);
        }
        const file = new StoreFile();
        try {
          return await tell(file.open(), at, how);
        } finally {
          file.delete();
        }
      };
      const calm = await on({ left: Infinity });
      assert.equal(calm.errors, 0);
      assert.deepEqual(calm.calls, ["step", "step", "step"]);
      let faults = 0;
      for (let call = 0; call < 200; call++) {
        const { events, calls, errors, isMet } = await on({ left: call });
        const what = `${how} of call ${call}`;
        assert.deepEqual(events, calm.events, what);
        assert.deepEqual(calls, calm.calls, what);
        assert.ok(errors <= 2, what);
        if (!isMet) break;
        faults++;
      }
      assert.ok(faults >= 20 && faults < 200, `${faults}`);
    });
  }
}
