import assert from "node:assert/strict";
import { test } from "node:test";
import { define, edge, node, Performer, statuses } from "./support.ts";

test("decide() fails the run with the error of a failed node when nothing follows it", () => {
  const performer = Performer.started(define([node("a"), node("b")]));
  performer.fail("b", "acme.b");
  assert.equal(performer.state.status, "running");
  performer.complete("a");
  assert.equal(performer.state.status, "failed");
  assert.equal(performer.state.error?.code, "acme.b");
});

test("decide() fails the run when the failure of an inner node is admitted by no edge", () => {
  const performer = Performer.started(define(
    [node("a"), node("after"), node("other")],
    [edge("a", "after")],
  ));
  performer.complete("other", { fine: true });
  performer.fail("a", "acme.a");
  assert.equal(performer.state.status, "failed");
  assert.equal(performer.state.error?.code, "acme.a");
});

for (const rule of ["any_failed", "all_complete", "any_success"] as const) {
  test(`decide() completes the run when a failure is admitted by an ${rule} edge`, () => {
    const performer = Performer.started(define(
      [node("a"), node("b"), node("care")],
      [
        edge("a", "care", { triggerRule: rule }),
        edge("b", "care", { triggerRule: rule }),
      ],
    ));
    performer.fail("a");
    performer.complete("b");
    performer.complete("care", { cared: true });
    assert.equal(performer.state.status, "completed");
    assert.deepEqual(performer.state.outputs, { cared: true });
  });
}

test("decide() fails the run when the node that would admit a failure is skipped", () => {
  const performer = Performer.started(define(
    [
      node("a"),
      node("other"),
      node("care", "test.work", { disabled: true }),
    ],
    [edge("a", "care", { triggerRule: "any_failed" })],
  ));
  performer.complete("other");
  performer.fail("a", "acme.a");
  assert.deepEqual(statuses(performer.state)["care"], "skipped");
  assert.equal(performer.state.error?.code, "acme.a");
});

test("decide() names the first failed node of the definition when several failed", () => {
  const performer = Performer.started(define([node("a"), node("b")]));
  performer.fail("b", "acme.b");
  performer.fail("a", "acme.a");
  assert.equal(performer.state.error?.code, "acme.a");
});

test("decide() completes the run when the last nodes are skipped by their conditions", () => {
  const performer = Performer.started(define(
    [node("a"), node("b")],
    [edge("a", "b", { condition: { left: "go" } })],
  ));
  performer.complete("a");
  assert.equal(performer.state.status, "completed");
  assert.deepEqual(performer.state.outputs, {});
});

test("decide() fails the run when every node is disabled", () => {
  const { state, story } = Performer.started(
    define([node("a", "core.noop", { disabled: true })]),
  );
  assert.equal(state.error?.code, "invalid_workflow_definition");
  assert.deepEqual(story, ["run.started", "node.skipped a", "run.failed"]);
});

test("decide() fails the run when nodes wait for each other", () => {
  const performer = Performer.started(define(
    [node("a", "core.noop"), node("b"), node("c")],
    [edge("b", "c"), edge("c", "b")],
  ));
  assert.equal(performer.state.error?.code, "invalid_workflow_definition");
  assert.deepEqual(performer.state.error?.details, { nodeIds: ["b", "c"] });
});

test("decide() lets the rest go on and waits when one of two branches asks", () => {
  const performer = Performer.started(define(
    [node("gate", "core.approvalGate"), node("a"), node("b")],
    [edge("a", "b")],
  ));
  assert.equal(performer.state.status, "running");
  performer.complete("a");
  assert.equal(performer.state.status, "running");
  performer.fail("b");
  assert.equal(performer.state.status, "waiting-approval");
  performer.answer("gate", { action: "accept" });
  assert.equal(performer.state.status, "failed");
});

test("fold() shows the first question when several kinds are open", () => {
  const performer = Performer.started(define([
    node("q", "core.clarificationGate", {
      config: { questions: [{ id: "a", question: "?" }] },
    }),
    node("gate", "core.approvalGate"),
  ]));
  assert.equal(performer.state.status, "waiting-input");
  performer.answer("q", { answers: { a: 1 } });
  assert.equal(performer.state.status, "waiting-approval");
});
