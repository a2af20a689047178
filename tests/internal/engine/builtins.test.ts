import assert from "node:assert/strict";
import { test } from "node:test";
import { isBuiltin } from "../../../src/engine/mod.ts";
import { define, edge, node, Performer } from "./support.ts";

for (const typeId of ["core.noop", "core.identity", "core.start", "core.end"]) {
  test(`decide() passes inputs through and ends the run in one batch when a node is ${typeId}`, () => {
    const performer = Performer.started(
      define([
        node("a", typeId, {
          inputs: {
            payload: { type: "variable", variableName: "payload" },
            fixed: { type: "static", value: [1] },
          },
        }),
      ]),
      { payload: { hello: "world" } },
    );
    const outputs = { payload: { hello: "world" }, fixed: [1] };
    assert.deepEqual(
      performer.log.slice(1).map(({ type, payload }) => ({ type, payload })),
      [
        {
          type: "node.started",
          payload: { nodeId: "a", typeId, attempt: 0 },
        },
        { type: "node.completed", payload: { nodeId: "a", outputs } },
        { type: "run.completed", payload: { outputs } },
      ],
    );
  });
}

test("decide() fails a core.fail node with the code and message of its config", () => {
  const performer = Performer.started(define([
    node("a", "core.fail", { config: { code: "acme.broken", message: "No" } }),
  ]));
  assert.deepEqual(performer.state.error, {
    code: "acme.broken",
    message: "No",
    retryable: false,
  });
  const failed = performer.log.find(({ type }) => type === "run.failed");
  assert.ok(failed?.type === "run.failed");
  assert.equal(failed.payload.failedNodeId, "a");
});

test("decide() fails a core.fail node with defaults when its config is empty", () => {
  const { state } = Performer.started(define([node("a", "core.fail")]));
  assert.equal(state.error?.code, "node_failed");
  assert.equal(state.error?.message, "core.fail");
});

test("isBuiltin() knows the types that need no code", () => {
  const types = [
    "core.noop",
    "core.identity",
    "core.start",
    "core.end",
    "core.delay",
    "core.fail",
    "core.approvalGate",
    "core.clarificationGate",
    "core.interrupt",
    "core.subWorkflow",
    "tutti.forEach",
    "core.flow.if",
    "core.hitl.ask-user",
  ];
  assert.deepEqual(types.filter((type) => !isBuiltin(type)), []);
  for (const type of ["local.x", "core.dispatch", "toString", "__proto__"]) {
    assert.equal(isBuiltin(type), false);
  }
});

test("decide() names everything that a code node needs when it is to run", () => {
  const performer = Performer.started(define(
    [node("a", "local.work", {
      config: { mode: "x" },
      inputs: { p: { type: "static", value: 1 } },
    })],
  ));
  assert.deepEqual(performer.running, [{
    kind: "run",
    nodeId: "a",
    typeId: "local.work",
    visit: 1,
    attempt: 0,
    inputs: { p: 1 },
    config: { mode: "x" },
  }]);
});

test("decide() ends a run with the outputs of its core.end nodes, in the order of the definition", () => {
  const end = (id: string, value: string) =>
    node(id, "core.end", {
      inputs: {
        who: { type: "static", value },
        [id]: { type: "static", value },
      },
    });
  const performer = Performer.started(define(
    [
      node("a"),
      end("first", "1"),
      end("second", "2"),
      end("third", "3"),
      node("leaf"),
    ],
    [
      edge("a", "second"),
      edge("a", "first"),
      edge("a", "third", { condition: { left: "never" } }),
      edge("a", "leaf"),
    ],
  ));
  performer.complete("a");
  performer.complete("leaf", { leaf: true });
  assert.deepEqual(performer.state.outputs, {
    who: "2",
    first: "1",
    second: "2",
  });
});

test("decide() ends a run with the outputs of the nodes that nothing follows when there is no core.end", () => {
  const performer = Performer.started(define(
    [node("a"), node("x"), node("y"), node("z")],
    [
      edge("a", "x"),
      edge("a", "y"),
      edge("a", "z", {
        condition: { left: "go" },
      }),
    ],
  ));
  performer.complete("a", { a: 1 });
  performer.complete("y", { both: "y", y: 1 });
  performer.complete("x", { both: "x", x: 1 });
  assert.deepEqual(performer.state.outputs, { both: "y", x: 1, y: 1 });
});
