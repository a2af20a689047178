import assert from "node:assert/strict";
import { test } from "node:test";
import { cancelRun, decide } from "../../../src/engine/mod.ts";
import type { NodeCompensation } from "../../../src/openwop/protocol/mod.ts";
import { define, edge, node, Performer } from "./support.ts";

function saga(compensation: Partial<NodeCompensation> = {}): Performer {
  const undo = (nodeTypeId: string): NodeCompensation => ({
    nodeTypeId,
    inputMapping: { receipt: "outputs.receipt", amount: "inputs.amount" },
    ...compensation,
  });
  return Performer.started(define(
    [
      node("pay", "test.pay", {
        compensation: undo("test.refund"),
        inputs: { amount: { type: "static", value: 5 } },
      }),
      node("book", "test.book", { compensation: undo("test.unbook") }),
      node("ship"),
    ],
    [edge("pay", "book"), edge("book", "ship")],
  ));
}

function upToShip(run: Performer): void {
  run.complete("pay", { receipt: "r1" });
  run.complete("book", { receipt: "b1" });
}

test("decide() undoes what was done in reverse order when the run fails", () => {
  const run = saga();
  upToShip(run);
  run.fail("ship", "out_of_stock");
  assert.equal(run.state.status, "running");
  assert.deepEqual(
    run.running.map(({ nodeId, typeId, inputs }) => ({
      nodeId,
      typeId,
      inputs,
    })),
    [
      { nodeId: "book:undo", typeId: "test.unbook", inputs: { receipt: "b1" } },
    ],
  );
  run.complete("book:undo");
  assert.deepEqual(
    run.running.map(({ nodeId, inputs }) => ({ nodeId, inputs })),
    [
      { nodeId: "pay:undo", inputs: { receipt: "r1", amount: 5 } },
    ],
  );
  run.complete("pay:undo");
  assert.equal(run.state.status, "failed");
  assert.equal(run.state.error?.code, "out_of_stock");
  assert.deepEqual(
    run.story.slice(-10),
    [
      "node.failed ship",
      "compensation.requested",
      "compensation.started book",
      "node.started book:undo",
      "node.completed book:undo",
      "compensation.completed book",
      "compensation.started pay",
      "node.started pay:undo",
      "node.completed pay:undo",
      "compensation.completed pay",
      "run.failed",
    ].slice(-10),
  );
});

test("cancelRun() undoes what was done before the run is cancelled", () => {
  const run = saga();
  run.complete("pay", { receipt: "r1" });
  run.append(cancelRun(run.definition, run.state, { reason: "no", by: "ann" }));
  assert.equal(run.state.status, "cancelling");
  run.settle();
  assert.deepEqual(run.running.map(({ nodeId }) => nodeId), ["pay:undo"]);
  // Another cancel changes nothing.
  assert.deepEqual(cancelRun(run.definition, run.state), []);
  run.complete("pay:undo");
  assert.deepEqual(run.log.at(-1)?.payload, {
    reason: "no",
    cancelledBy: "ann",
  });
  assert.equal(run.state.status, "cancelled");
});

test("decide() records an undoing that fails for good and goes on with the others", () => {
  const run = saga({ retry: { maxRetries: 1, retryDelayMs: 0 } });
  upToShip(run);
  run.fail("ship");
  run.fail("book:undo");
  assert.equal(run.running[0]?.attempt, 1);
  run.fail("book:undo");
  const failed = run.log.find(({ type }) => type === "compensation.failed");
  assert.deepEqual(failed?.payload, {
    nodeId: "book",
    error: { code: "broken", message: "Cannot do book:undo: it is broken" },
  });
  run.complete("pay:undo");
  assert.equal(run.state.status, "failed");
  assert.equal(run.state.error?.code, "broken");
});

test("decide() undoes nothing when a run ends well, or what it did was committed", () => {
  const run = saga();
  upToShip(run);
  run.complete("ship");
  assert.equal(run.state.status, "completed");
  assert.equal(
    run.story.some((line) => line.startsWith("compensation")),
    false,
  );

  const committed = Performer.started(define(
    [
      node("pay", "test.pay", { compensation: { nodeTypeId: "test.refund" } }),
      node("commit", "core.flow.error-handler-commit"),
      node("ship"),
    ],
    [edge("pay", "commit"), edge("commit", "ship")],
  ));
  committed.complete("pay");
  committed.fail("ship");
  assert.equal(committed.state.status, "failed");
  assert.deepEqual(committed.state.undo, []);
});

test("decide() undoes each visit of a node in a loop", () => {
  const run = Performer.started(define(
    [
      node("pay", "test.pay", { compensation: { nodeTypeId: "test.refund" } }),
      node("loop", "tutti.repeat", {
        config: {
          body: ["pay"],
          until: { path: "x", op: "truthy" },
          maxIterations: 2,
        },
        inputs: {
          x: {
            type: "connection",
            nodeId: "pay",
            outputKey: "x",
            optional: true,
          },
        },
      }),
    ],
    [edge("pay", "loop")],
  ));
  run.complete("pay", { n: 1 });
  run.complete("pay", { n: 2 });
  const seen: unknown[] = [];
  for (let count = 0; count < 2; count++) {
    const [command] = run.running;
    seen.push([command?.visit, command?.inputs]);
    run.complete("pay:undo");
  }
  assert.deepEqual(seen, [[1, { n: 2 }], [2, { n: 1 }]]);
  assert.equal(run.state.error?.code, "loop_limit_reached");
});

test("decide() finishes the undoing of a run whose log was cut at any moment", () => {
  const whole = saga();
  upToShip(whole);
  whole.fail("ship");
  whole.complete("book:undo");
  whole.complete("pay:undo");
  for (let kept = 1; kept <= whole.log.length; kept++) {
    const run = new Performer(whole.definition, whole.log.slice(0, kept));
    run.settle();
    for (let turn = 0; turn < 20 && run.running.length > 0; turn++) {
      const { nodeId } = run.running[0]!;
      if (nodeId === "ship") run.fail("ship");
      else if (nodeId === "pay") run.complete("pay", { receipt: "r1" });
      else run.complete(nodeId, { receipt: "b1" });
    }
    assert.equal(run.state.status, "failed", `cut at ${kept}`);
    assert.deepEqual(run.state.undo, []);
    const undone = run.log.filter(({ type, nodeId }) =>
      type === "node.completed" && nodeId?.endsWith(":undo")
    );
    assert.equal(undone.length, 2, `cut at ${kept}`);
    assert.deepEqual(decide(run.definition, run.state), []);
  }
});
