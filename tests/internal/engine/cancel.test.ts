import assert from "node:assert/strict";
import { test } from "node:test";
import { cancelRun, decide } from "../../../src/engine/mod.ts";
import {
  assertLegal,
  define,
  edge,
  node,
  Performer,
  statuses,
} from "./support.ts";

function busy(): Performer {
  const performer = Performer.started(define(
    [
      node("done", "core.noop"),
      node("work"),
      node("gate", "core.approvalGate"),
      node("d", "core.delay", { config: { ms: 1 } }),
      node("later"),
    ],
    [edge("work", "later")],
  ));
  return performer;
}

test("cancelRun() ends everything that runs or waits, then the run", () => {
  const performer = busy();
  const { definition, state } = performer;
  const events = cancelRun(definition, state, { reason: "no", by: "ann" });
  assert.deepEqual(events.slice(0, 1), [{
    type: "node.cancelled",
    payload: { nodeId: "work", reason: "no" },
    nodeId: "work",
  }]);
  assert.deepEqual(events.at(-1), {
    type: "run.cancelled",
    payload: { reason: "no", cancelledBy: "ann" },
  });
  performer.append(events);
  assert.equal(performer.state.status, "cancelled");
  assert.deepEqual(statuses(performer.state), {
    done: "completed",
    work: "cancelled",
    gate: "cancelled",
    d: "cancelled",
    later: "pending",
  });
  assert.deepEqual(decide(definition, performer.state), []);
  assertLegal(performer.log);
});

test("cancelRun() gives nothing when the run has ended", () => {
  const { definition, state } = Performer.started(
    define([node("a", "core.noop")]),
  );
  assert.deepEqual(cancelRun(definition, state), []);
});

test("cancelRun() ends a run that has not started", () => {
  const performer = new Performer(define([node("a")]));
  performer.append(cancelRun(performer.definition, performer.state));
  assert.equal(performer.state.status, "cancelled");
});

test("resolveInterrupt() answers interrupt_already_resolved when the run is cancelled", () => {
  const performer = busy();
  performer.append(cancelRun(performer.definition, performer.state));
  const outcome = performer.answer("gate", { action: "accept" });
  assert.ok(!outcome.ok);
  assert.equal(outcome.code, "interrupt_already_resolved");
});

test("decide() finishes a cancel when the log ends in the middle of it", () => {
  const performer = busy();
  const events = cancelRun(performer.definition, performer.state);
  for (let kept = 1; kept < events.length; kept++) {
    const resumed = new Performer(performer.definition, performer.log);
    resumed.append(events.slice(0, kept));
    assert.equal(resumed.state.status, "cancelling");
    assert.equal(resumed.answer("gate", { action: "accept" }).ok, false);
    resumed.settle();
    assert.equal(resumed.state.status, "cancelled");
    assertLegal(resumed.log);
    assert.equal(resumed.log.length, performer.log.length + events.length);
  }
});

test("fold() changes nothing when code ends after its run", () => {
  const performer = busy();
  performer.append(cancelRun(performer.definition, performer.state));
  const before = statuses(performer.state);
  performer.append([{
    type: "node.completed",
    payload: { nodeId: "work", outputs: { late: true } },
    nodeId: "work",
  }]);
  assert.deepEqual(statuses(performer.state), before);
  assert.equal(performer.state.status, "cancelled");
});
