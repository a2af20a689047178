import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { HostOptions } from "@tutti/sdk/host";
import type { NodeImplementation } from "@tutti/sdk/openwop";
import { settle } from "../support/fake_clock.ts";
import { noop, stepOf, Wire } from "../support/wire.ts";

// A promise that nobody handles fails the test that it belongs to.

function hosting(
  run: NodeImplementation["run"],
  more: Partial<HostOptions> = {},
) {
  const host = createHost({
    onError: () => {},
    ...more,
    workflows: [stepOf(run)],
  });
  return { host, wire: new Wire(host) };
}

test("a step fails with whatever it throws, also what throws when it is looked at", async () => {
  const trap = (): never => {
    throw new Error("trapped");
  };
  const traps = { getPrototypeOf: trap, get: trap, has: trap };
  for (const thrown of [new Proxy({}, traps), null, Symbol("x"), undefined]) {
    const { host, wire } = hosting(() => {
      throw thrown;
    });
    const run = await wire.start("one-step");
    const { error } = await wire.reach(run, "failed");
    assert.equal(error.code, "node_failed");
    await host.close();
  }
});

test("createHost() ignores what an onError rejects with", async () => {
  const told: unknown[] = [];
  const { host, wire } = hosting(() => {
    throw new Error("x");
  }, {
    onError: async (error) => {
      told.push(error);
      await Promise.resolve();
      throw new Error("nobody reads this");
    },
  });
  await wire.reach(await wire.start("one-step"), "failed");
  await settle(5);
  assert.equal(told.length, 1);
  await host.close();
});

test("a step that asks without waiting for the answer ends no process", async () => {
  const { host, wire } = hosting((_, { interrupt }) => {
    interrupt({ kind: "approval", data: {} });
    return {};
  });
  const run = await wire.start("one-step");
  await wire.reach(run, "waiting-approval");
  await settle(5);
  await host.close();
});

test("a step that asks with what is no JSON is told so itself, and its run goes on", async () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const told: unknown[] = [];
  const { host, wire } = hosting(async (_, { interrupt }) => {
    const data = circular as never;
    await interrupt({ kind: "approval", data }).catch((error) => {
      told.push(error);
    });
    return { asked: true };
  });
  await wire.reach(await wire.start("one-step"), "completed");
  assert.ok(told[0] instanceof TypeError);
  await host.close();
});

test("a branch is refused where the code of its steps is missing, a replay is not", async () => {
  const store = memoryStore();
  const first = hosting(() => ({}), { store });
  const run = await first.wire.start("one-step");
  await first.wire.reach(run, "completed");
  await first.host.close();
  const second = createHost({ workflows: [noop], store });
  const wire = new Wire(second);
  const { status, body } = await wire.post(`${run}:fork`, {
    mode: "branch",
    fromSeq: 1,
  });
  assert.equal(status, 422);
  assert.equal(body.error, "capability_required");
  assert.match(body.message, /nothing here performs/);
  const replay = await wire.post(`${run}:fork`, { mode: "replay" });
  assert.equal(replay.status, 201);
  await wire.reach(
    `/runs/${encodeURIComponent(replay.body.runId)}`,
    "completed",
  );
  await second.close();
});
