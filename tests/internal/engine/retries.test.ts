import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../src/openwop/protocol/mod.ts";
import {
  assertLegal,
  define,
  edge,
  node,
  Performer,
  timeOf,
} from "./support.ts";

function work(settings: JsonObject, general: JsonObject = {}): Performer {
  return Performer.started(
    define([node("a", "test.work", { settings })], [], { settings: general }),
  );
}

test("decide() waits and starts another attempt when a node with retries fails", () => {
  const run = work({ maxRetries: 2, retryDelayMs: 500 });
  assert.equal(run.running[0]?.attempt, 0);
  run.fail("a");
  assert.deepEqual(run.log.at(-1)?.payload, {
    nodeId: "a",
    attempt: 1,
    delayMs: 500,
    lastError: { code: "broken", message: "Cannot do a: it is broken" },
  });
  assert.equal(run.running.length, 0);
  assert.deepEqual(run.timers, [
    { kind: "wait", nodeId: "a", since: timeOf(2), ms: 500 },
  ]);
  run.wake("a");
  assert.deepEqual(
    run.running.map(({ attempt, visit }) => ({ attempt, visit })),
    [{ attempt: 1, visit: 1 }],
  );
  run.complete("a", { n: 1 });
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.story, [
    "run.started",
    "node.started a",
    "node.retried a",
    "node.started a",
    "node.completed a",
    "run.completed",
  ]);
  assertLegal(run.log);
});

test("decide() fails a node when all of its attempts have failed", () => {
  const run = work({ maxRetries: 1, retryDelayMs: 0 });
  run.fail("a", "first");
  // Without a delay the next attempt starts at once.
  assert.equal(run.running[0]?.attempt, 1);
  run.fail("a", "second");
  assert.equal(run.state.error?.code, "second");
  const failed = run.log.find(({ type }) => type === "node.failed");
  assert.equal((failed?.payload as JsonObject)["attempts"], 2);
});

test("decide() does not repeat an error that says it cannot be mended", () => {
  const run = work({ maxRetries: 5 });
  run.fail("a", "no_use", false);
  assert.equal(run.state.error?.code, "no_use");
});

test("decide() takes the retries of the workflow when the node has none", () => {
  const run = work({}, { maxRetries: 1 });
  run.fail("a");
  assert.equal(run.log.at(-1)?.type, "node.retried");
  assert.equal(work({ maxRetries: 0 }, { maxRetries: 1 }).log.length, 2);
  const none = work({ maxRetries: 0 }, { maxRetries: 1 });
  none.fail("a");
  assert.equal(none.state.status, "failed");
});

test("decide() doubles the delay of an exponential backoff up to its bound", () => {
  const run = work({
    maxRetries: 4,
    retryDelayMs: 100,
    retryBackoff: "exponential",
    retryMaxDelayMs: 350,
  });
  const delays: unknown[] = [];
  for (let round = 0; round < 4; round++) {
    run.fail("a");
    delays.push((run.log.at(-1)?.payload as JsonObject)["delayMs"]);
    run.wake("a");
  }
  assert.deepEqual(delays, [100, 200, 350, 350]);
  run.fail("a");
  assert.equal(run.state.status, "failed");
});

test("wake() fails an attempt that takes too long, and the next one has its own time", () => {
  const run = work({ timeoutMs: 1000, maxRetries: 1, retryDelayMs: 0 });
  assert.deepEqual(run.timers, [
    { kind: "wait", nodeId: "a", since: timeOf(1), ms: 1000 },
  ]);
  run.wake("a");
  assert.equal(run.running[0]?.attempt, 1);
  assert.deepEqual(run.timers, [
    { kind: "wait", nodeId: "a", since: timeOf(3), ms: 1000 },
  ]);
  run.wake("a");
  assert.equal(run.state.error?.code, "node_timeout");
});

test("decide() gives every attempt of a visit the inputs of the first", () => {
  const run = Performer.started(
    define([
      node("a", "test.work", {
        settings: { maxRetries: 1, retryDelayMs: 0 },
        inputs: { v: { type: "variable", variableName: "v" } },
      }),
      node("set", "test.work"),
      node("store", "core.setVariable", {
        config: { name: "v" },
        inputs: { value: { type: "static", value: 2 } },
      }),
    ], [edge("set", "store")]),
    { v: 1 },
  );
  run.complete("set");
  assert.equal(run.state.variables["v"], 2);
  run.fail("a");
  const again = run.running.find(({ nodeId }) => nodeId === "a");
  assert.equal(again?.attempt, 1);
  assert.deepEqual(again?.inputs, { v: 1 });
});

test("wake() ends a run that takes longer than it may", () => {
  const run = Performer.started(
    define([node("a"), node("gate", "core.approvalGate")], [], {
      settings: { timeout: 60_000 },
    }),
    {},
    { configurable: { run: { runTimeoutMs: 5_000 } } },
  );
  assert.deepEqual(run.timers, [
    { kind: "wait", since: timeOf(0), ms: 5_000 },
  ]);
  run.wake();
  assert.deepEqual(run.story.slice(-4), [
    "cap.breached",
    "node.cancelled a",
    "node.cancelled gate",
    "run.failed",
  ]);
  assert.equal(run.state.error?.code, "run_timeout");
  const breach = run.log.find(({ type }) => type === "cap.breached");
  const { limit, observed } = breach?.payload as JsonObject;
  assert.equal(limit, 5_000);
  assert.ok(Number(observed) > 5_000);
  assert.deepEqual(run.timers, []);
});

test("decide() has no timer for a run without a limit", () => {
  const run = Performer.started(
    define([node("a")], [], { settings: { timeout: 0 } }),
  );
  assert.deepEqual(run.timers, []);
});

for (
  const [name, options] of [
    ["the options of the run", {
      configurable: { run: { recursionLimit: 3 } },
    }],
    ["the flat options of version 1", { configurable: { recursionLimit: 3 } }],
    ["the host", { limits: { maxNodeExecutions: 3 } }],
  ] as const
) {
  test(`decide() starts no more nodes than ${name} allow`, () => {
    const ids = ["a", "b", "c", "d", "e"];
    const run = Performer.started(
      define(
        ids.map((id) => node(id, "core.noop")),
        ids.slice(1).map((id, at) => edge(ids[at]!, id)),
      ),
      {},
      options,
    );
    assert.equal(run.state.error?.code, "recursion_limit_exceeded");
    const starts = run.log.filter(({ type }) => type === "node.started");
    assert.equal(starts.length, 3);
    const breach = run.log.find(({ type }) => type === "cap.breached");
    assert.deepEqual(breach?.payload, {
      kind: "node-executions",
      limit: 3,
      observed: 4,
      nodeId: "d",
    });
  });
}
