import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  JsonObject,
  WorkflowDefinition,
} from "../../../src/openwop/protocol/mod.ts";
import { checkExecutable } from "../../../src/engine/mod.ts";
import { define, edge, node, Performer, statuses } from "./support.ts";

function polish(config: JsonObject = {}, settings: JsonObject = {}) {
  return define(
    [
      node("start", "core.noop"),
      node("draft"),
      node("review"),
      node("polish", "tutti.repeat", {
        config: {
          body: ["draft", "review"],
          until: { path: "a", op: "eq", value: "accept" },
          maxIterations: 3,
          ...config,
        },
        inputs: {
          a: { type: "connection", nodeId: "review", outputKey: "action" },
        },
      }),
      node("after", "core.noop"),
    ],
    [
      edge("start", "draft"),
      edge("draft", "review"),
      edge("review", "polish"),
      edge("polish", "after"),
    ],
    { settings },
  );
}

function round(run: Performer, action: string): void {
  run.complete("draft");
  run.complete("review", { action });
}

test("decide() repeats the body of a loop until its condition holds", () => {
  const run = Performer.started(polish());
  round(run, "reject");
  assert.deepEqual(statuses(run.state), {
    start: "completed",
    draft: "running",
    review: "pending",
    polish: "pending",
    after: "pending",
  });
  assert.equal(run.running[0]?.visit, 2);
  round(run, "accept");
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.node("polish").outputs, {
    iterations: 2,
    matched: true,
  });
  assert.deepEqual(run.story.slice(6, 12), [
    "node.completed review",
    "node.started polish",
    "node.retried polish",
    "node.started draft",
    "node.completed draft",
    "node.started review",
  ]);
});

test("decide() fails a loop after its last round", () => {
  const run = Performer.started(polish());
  for (let count = 0; count < 3; count++) round(run, "reject");
  assert.equal(run.state.error?.code, "loop_limit_reached");
  const limit = run.log.find(({ type }) => type === "workflow.loopback-limit");
  assert.deepEqual(limit?.payload, {
    nodeId: "polish",
    iterations: 3,
    limit: 3,
  });
});

test("decide() leaves a loop after its last round when it may", () => {
  const run = Performer.started(polish({ onLimit: "continue" }));
  for (let count = 0; count < 3; count++) round(run, "reject");
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.node("polish").outputs, {
    iterations: 3,
    matched: false,
  });
});

test("decide() takes the bound of the workflow, or five, where a loop has none", () => {
  for (
    const [settings, rounds] of [[{ maxLoopbackIterations: 2 }, 2], [
      {},
      5,
    ]] as const
  ) {
    const { maxIterations: _, ...config } = polish().nodes[3]!.config;
    const definition = polish({}, settings);
    const nodes = definition.nodes.map((each) =>
      each.id === "polish" ? { ...each, config } : each
    );
    const run = Performer.started({ ...definition, nodes });
    for (let count = 0; count < rounds; count++) round(run, "reject");
    assert.equal(run.state.error?.details?.["iterations"], rounds);
  }
});

test("decide() ends the run when a loop makes more rounds than the options of the run allow", () => {
  const run = Performer.started(polish(), {}, {
    configurable: { run: { maxLoopIterations: 2 } },
  });
  round(run, "reject");
  round(run, "reject");
  assert.equal(run.state.error?.code, "loop_limit_exceeded");
});

test("decide() asks each round anew", () => {
  const run = Performer.started(define(
    [
      node("gate", "core.approvalGate", { config: { rejection: "output" } }),
      node("loop", "tutti.repeat", {
        config: {
          body: ["gate"],
          until: { path: "a", op: "eq", value: "accept" },
        },
        inputs: {
          a: { type: "connection", nodeId: "gate", outputKey: "action" },
        },
      }),
    ],
    [edge("gate", "loop")],
  ));
  const keys: (string | undefined)[] = [];
  for (const action of ["reject", "accept"]) {
    keys.push(run.node("gate").interrupt?.payload.key);
    run.answer("gate", { action });
  }
  assert.deepEqual(keys, ["gate:1", "gate:2"]);
  assert.equal(run.state.status, "completed");
  assert.equal(run.node("gate").suspensions, 2);
});

test("decide() begins an inner loop anew in each round of the outer one", () => {
  const until = (value: number) => ({ path: "n", op: "gte", value });
  const run = Performer.started(define(
    [
      node("work"),
      node("inner", "tutti.repeat", {
        config: { body: ["work"], until: { path: "done", op: "truthy" } },
        inputs: {
          done: { type: "connection", nodeId: "work", outputKey: "done" },
        },
      }),
      node("outer", "tutti.repeat", {
        config: { body: ["work", "inner"], until: until(2) },
        inputs: {
          n: { type: "connection", nodeId: "work", outputKey: "n" },
        },
      }),
    ],
    [edge("work", "inner"), edge("inner", "outer")],
  ));
  const rounds: unknown[] = [];
  for (
    const [n, done] of [[0, false], [1, true], [1, false], [2, true]] as const
  ) {
    run.complete("work", { n, done });
    rounds.push(run.node("inner").outputs?.["iterations"]);
  }
  assert.deepEqual(run.node("inner").outputs, { iterations: 2, matched: true });
  assert.deepEqual(run.node("outer").outputs, { iterations: 2, matched: true });
  assert.equal(run.node("work").visits, 4);
});

test("decide() settles a long loop of built-in nodes in several batches", () => {
  const run = Performer.started(
    define(
      [
        node("get", "core.getVariable", { config: { name: "n" } }),
        node("loop", "tutti.repeat", {
          config: {
            body: ["get"],
            until: { path: "n", op: "eq", value: 1 },
            maxIterations: 3_000,
            onLimit: "continue",
          },
          inputs: {
            n: { type: "connection", nodeId: "get", outputKey: "value" },
          },
        }),
      ],
      [edge("get", "loop")],
    ),
    { n: 0 },
  );
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.node("loop").outputs, {
    iterations: 3_000,
    matched: false,
  });
  assert.ok(run.log.length > 12_000);
});

function problems(definition: WorkflowDefinition): readonly string[] {
  return checkExecutable(definition, () => true).map(({ message }) => message);
}

test("checkExecutable() refuses loops whose bodies overlap, lead out or do not exist", () => {
  assert.deepEqual(problems(polish()), []);
  assert.match(problems(polish({ body: [] }))[0]!, /must name the nodes/);
  assert.match(
    problems(polish({ body: ["zz"] }))[0]!,
    /"zz", which does not exist/,
  );
  assert.match(problems(polish({ body: ["polish"] }))[0]!, /the loop itself/);
  assert.match(problems(polish({ maxIterations: 0 }))[0]!, /at least 1/);
  assert.match(
    problems(polish({ body: ["draft"] }))[0]!,
    /only the loop itself may/,
  );
  assert.match(
    problems(
      polish({ until: { path: "a", op: "regex", value: "(a+)+$" } }),
    )[0]!,
    /pattern is refused/,
  );
  const two = polish();
  const other = node("other", "tutti.repeat", {
    config: { body: ["review", "draft", "start"], until: { op: "truthy" } },
  });
  assert.match(
    problems({ ...two, nodes: [...two.nodes, other] })[0]!,
    /overlaps/,
  );
});

test("decide() leaves no item of a list running when its loop goes back and a join had gone on without them", () => {
  const run = Performer.started(define(
    [
      node("first", "core.noop"),
      node("slow"),
      node("each", "tutti.forEach", {
        config: { nodeTypeId: "test.work" },
        inputs: { items: { type: "static", value: [1, 2] } },
      }),
      node("quick"),
      node("join", "tutti.join", { config: { need: 1 } }),
      node("again", "tutti.repeat", {
        config: {
          body: ["first", "slow", "each", "quick", "join"],
          until: { path: "done", op: "eq", value: true },
          maxIterations: 3,
        },
        inputs: {
          done: { type: "connection", nodeId: "quick", outputKey: "done" },
        },
      }),
    ],
    [
      edge("first", "slow"),
      edge("slow", "each"),
      edge("first", "quick"),
      edge("each", "join", { triggerRule: "all_complete" }),
      edge("quick", "join", { triggerRule: "all_complete" }),
      edge("join", "again"),
    ],
  ));
  run.complete("slow");
  assert.deepEqual(run.running.map(({ nodeId }) => nodeId), [
    "quick",
    "each:0",
    "each:1",
  ]);
  run.complete("quick", { done: false });
  assert.deepEqual(run.running.map(({ nodeId }) => nodeId), ["slow", "quick"]);
  // What the round before had begun ends unheard.
  run.complete("each:0");
  run.complete("quick", { done: true });
  for (const id of ["slow", "each:0", "each:1"]) run.complete(id);
  assert.equal(run.state.status, "completed");
});
