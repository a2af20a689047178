import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  JsonObject,
  JsonValue,
} from "../../../src/openwop/protocol/mod.ts";
import { cancelRun, checkExecutable } from "../../../src/engine/mod.ts";
import { define, edge, node, type NodeOptions, Performer } from "./support.ts";

function each(
  items: JsonValue,
  config: JsonObject = {},
  more: NodeOptions = {},
): Performer {
  return Performer.started(define([
    node("load", "tutti.forEach", {
      ...more,
      config: {
        nodeTypeId: "test.work",
        itemInputs: { row: "", id: "meta.id" },
        ...config,
      },
      inputs: {
        items: { type: "static", value: items },
        day: { type: "static", value: "mon" },
      },
    }),
    node("after", "core.noop"),
  ], [edge("load", "after")]));
}

function ids(run: Performer): readonly string[] {
  return run.running.map(({ nodeId }) => nodeId);
}

test("decide() runs each item as a node of its own, so many at once", () => {
  const run = each([{ meta: { id: 7 } }, 2, 3], { concurrency: 2 });
  assert.deepEqual(ids(run), ["load:0", "load:1"]);
  assert.deepEqual(run.running[0]?.inputs, {
    day: "mon",
    row: { meta: { id: 7 } },
    id: 7,
  });
  assert.deepEqual(run.running[1]?.inputs, { day: "mon", row: 2 });
  run.complete("load:1", { n: 1 });
  assert.deepEqual(ids(run), ["load:0", "load:2"]);
  run.complete("load:2", { n: 2 });
  run.complete("load:0", { n: 0 });
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.node("load").outputs, {
    results: [{ n: 0 }, { n: 1 }, { n: 2 }],
    count: 3,
  });
});

test("decide() gives results in the order in which items end when that is wanted", () => {
  const run = each([1, 2, 3], { order: "completion" });
  for (const id of [2, 0, 1]) run.complete(`load:${id}`, { id });
  assert.deepEqual(run.node("load").outputs?.["results"], [
    { id: 2 },
    { id: 0 },
    { id: 1 },
  ]);
});

test("decide() completes an empty list at once", () => {
  const run = each([]);
  assert.deepEqual(run.node("load").outputs, { results: [], count: 0 });
  assert.equal(run.state.status, "completed");
});

test("decide() fails a node whose items are no list", () => {
  assert.equal(each({ a: 1 }).state.error?.code, "config_validation_failed");
});

test("decide() fails the whole list and calls the others off when an item fails", () => {
  const run = each([1, 2, 3], { concurrency: 2 });
  run.fail("load:1", "bad_row");
  assert.deepEqual(run.story.slice(-5), [
    "node.failed load:1",
    "node.cancelled load:0",
    "node.failed load",
    "node.skipped after",
    "run.failed",
  ]);
  assert.equal(run.state.error?.code, "bad_row");
  assert.equal(run.state.error?.details?.["index"], 1);
});

test("decide() collects errors when that is wanted", () => {
  for (
    const [order, results] of [["input", [null, {}]], ["completion", [
      {},
    ]]] as const
  ) {
    const run = each([1, 2], { onItemError: "collect", order });
    run.fail("load:0", "bad_row");
    run.complete("load:1");
    assert.deepEqual(run.node("load").outputs, {
      results,
      count: 2,
      errors: [{
        index: 0,
        error: { code: "bad_row", message: "Cannot do load:0: it is broken" },
      }],
    });
  }
});

test("decide() repeats items by the settings of their node", () => {
  const run = each([1, 2], {}, {
    settings: { maxRetries: 1, retryDelayMs: 0 },
  });
  run.fail("load:0");
  const again = run.running.find(({ nodeId }) => nodeId === "load:0");
  assert.equal(again?.attempt, 1);
  run.complete("load:0");
  run.complete("load:1");
  assert.equal(run.state.status, "completed");
});

test("decide() asks people from items, and the run waits for them", () => {
  const run = each(["a", "b"], {
    nodeTypeId: "core.approvalGate",
    nodeConfig: { title: "Go?", rejection: "output" },
  });
  assert.equal(run.state.status, "waiting-approval");
  assert.deepEqual([...run.state.agenda.waiting], ["load:0", "load:1"]);
  assert.ok(run.answer("load:1", { action: "reject" }).ok);
  assert.ok(run.answer("load:0", { action: "accept" }).ok);
  const results = run.node("load").outputs?.["results"] as JsonObject[];
  assert.deepEqual(results.map(({ action }) => action), ["accept", "reject"]);
});

test("decide() makes a child run of each item when the body is a workflow", () => {
  const run = each([1, 2], {
    nodeTypeId: undefined as never,
    workflowId: "child",
    version: "2.0.0",
  });
  assert.deepEqual(
    run.children.map(({ nodeId, workflowId, version, inputs }) => ({
      nodeId,
      workflowId,
      version,
      inputs,
    })),
    [0, 1].map((index) => ({
      nodeId: `load:${index}`,
      workflowId: "child",
      version: "2.0.0",
      inputs: { day: "mon", row: index + 1 },
    })),
  );
});

test("cancelRun() ends the items that are under way, after their node", () => {
  const run = each([1, 2, 3], { concurrency: 2 });
  run.append(cancelRun(run.definition, run.state));
  assert.deepEqual(run.story.slice(-4), [
    "node.cancelled load",
    "node.cancelled load:0",
    "node.cancelled load:1",
    "run.cancelled",
  ]);
});

test("decide() goes through built-in items without any help", () => {
  const run = each(Array.from({ length: 2_000 }, (_, n) => n), {
    nodeTypeId: "core.noop",
    itemInputs: { n: "" },
  });
  const results = run.node("load").outputs?.["results"] as JsonObject[];
  assert.equal(results.length, 2_000);
  assert.deepEqual(results[1_999], { day: "mon", n: 1_999 });
});

test("checkExecutable() refuses lists without a body, with two, or whose items have names that are taken", () => {
  const define_ = (config: JsonObject, id = "x") =>
    checkExecutable(
      define([node("load", "tutti.forEach", { config }), node(id)]),
      (type) => type === "test.work",
    ).map(({ code, message }) => `${code}: ${message}`);
  assert.deepEqual(define_({ nodeTypeId: "test.work" }), []);
  assert.match(define_({})[0]!, /either nodeTypeId or workflowId/);
  assert.match(
    define_({ nodeTypeId: "test.work", workflowId: "w" })[0]!,
    /either nodeTypeId or workflowId/,
  );
  assert.match(
    define_({ nodeTypeId: "test.other" })[0]!,
    /unknown-node-type: .*"test.other"/,
  );
  assert.match(define_({ nodeTypeId: "test.work" }, "load:3")[0]!, /"load:3"/);
  assert.match(
    define_({ nodeTypeId: "test.work", concurrency: 0 })[0]!,
    /concurrency/,
  );
});
