import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../src/openwop/protocol/mod.ts";
import { checkExecutable } from "../../../src/engine/mod.ts";
import {
  assertLegal,
  define,
  edge,
  node,
  Performer,
  statuses,
} from "./support.ts";

function race(config: JsonObject, rule = "all_complete" as const) {
  return define(
    [
      node("a"),
      node("b"),
      node("c", "core.approvalGate"),
      node("d", "core.noop", {}),
      node("join", "tutti.join", { config }),
      node("end", "core.noop"),
    ],
    [
      ...["a", "b", "c"].map((id) => edge(id, "join", { triggerRule: rule })),
      edge("c", "d"),
      edge("join", "end"),
    ],
  );
}

test("decide() goes on as soon as enough sources have completed, and calls off the rest", () => {
  const run = Performer.started(
    race({ need: 2, cancel: ["a", "b", "c", "d"] }),
  );
  run.complete("a");
  assert.equal(run.node("join").status, "pending");
  run.complete("b");
  assert.equal(run.state.status, "completed");
  assert.deepEqual(run.node("join").outputs, {
    completed: ["a", "b"],
    failed: [],
  });
  assert.deepEqual(run.story.slice(-8), [
    "node.completed b",
    "node.started join",
    "node.cancelled c",
    "node.skipped d",
    "node.completed join",
    "node.started end",
    "node.completed end",
    "run.completed",
  ]);
  assertLegal(run.log);
});

test("decide() leaves the others alone when a join calls nothing off", () => {
  const run = Performer.started(race({ need: 1 }));
  run.complete("b");
  assert.equal(run.node("end").status, "completed");
  assert.equal(run.node("a").status, "running");
  assert.equal(run.state.status, "running");
  // A failure after the join has run is of no account any more.
  run.fail("a");
  run.answer("c", { action: "accept" });
  assert.equal(run.state.status, "completed");
});

test("decide() skips a join that cannot have enough any more, and the failures count", () => {
  const run = Performer.started(race({ need: 2, cancel: ["c"] }));
  run.fail("a", "first");
  assert.equal(run.node("join").status, "pending");
  run.fail("b", "second");
  assert.equal(run.node("join").status, "skipped");
  assert.equal(run.node("c").status, "suspended");
  run.answer("c", { action: "accept" });
  assert.equal(run.state.error?.code, "first");
});

test("decide() counts a source behind an edge that was not taken as neither", () => {
  const run = Performer.started(define(
    [node("a"), node("b"), node("join", "tutti.join", { config: { need: 1 } })],
    [
      edge("a", "join", {
        triggerRule: "all_complete",
        condition: { type: "truthy", left: "ok" },
      }),
      edge("b", "join", { triggerRule: "all_complete" }),
    ],
  ));
  run.complete("a", { ok: false });
  assert.equal(run.node("join").status, "pending");
  run.complete("b");
  assert.equal(run.node("join").status, "completed");
});

test("decide() calls off a list with its items", () => {
  const run = Performer.started(define(
    [
      node("a"),
      node("all", "tutti.forEach", {
        config: { nodeTypeId: "test.work" },
        inputs: { items: { type: "static", value: [1, 2] } },
      }),
      node("join", "tutti.join", { config: { need: 1, cancel: ["all"] } }),
    ],
    ["a", "all"].map((id) => edge(id, "join", { triggerRule: "all_complete" })),
  ));
  run.complete("a");
  assert.deepEqual(statuses(run.state), {
    a: "completed",
    all: "cancelled",
    join: "completed",
  });
  assert.equal(run.running.length, 0);
  assert.equal(run.state.status, "completed");
  assertLegal(run.log);
});

test("checkExecutable() refuses joins that wait for more than there is, or for what is not there", () => {
  const found = (config: JsonObject, rule?: "any_success") =>
    checkExecutable(race(config, rule as never), () => true)
      .map(({ message }) => message);
  assert.deepEqual(found({ need: 3 }), []);
  assert.match(found({ need: 4 })[0]!, /from 1 to 3/);
  assert.match(found({ need: 0 })[0]!, /from 1 to 3/);
  assert.match(found({ need: 1, cancel: ["zz"] })[0]!, /"zz"/);
  assert.match(found({ need: 1 }, "any_success")[0]!, /all_complete/);
});
