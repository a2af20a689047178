import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cancelRun,
  decide,
  type PauseOptions,
  pauseRun,
  resumeRun,
} from "../../../src/engine/mod.ts";
import { assertLegal, define, edge, node, Performer } from "./support.ts";

function run(): Performer {
  return Performer.started(define(
    [
      node("a"),
      node("b", "core.noop"),
      node("d", "core.delay", { config: { ms: 5_000 } }),
    ],
    [edge("a", "b")],
  ));
}

function pause(performer: Performer, options?: PauseOptions): void {
  performer.append(pauseRun(performer.definition, performer.state, options));
  performer.settle();
}

function resume(performer: Performer): void {
  performer.append(resumeRun(performer.state));
  performer.settle();
}

test("pauseRun() lets what is under way end and starts nothing more", () => {
  const performer = run();
  pause(performer, { reason: "lunch" });
  assert.deepEqual(performer.log.at(-1)?.payload, {
    reason: "lunch",
    drainPolicy: "drain-current-node",
  });
  assert.equal(performer.state.status, "paused");
  assert.deepEqual(performer.running.map(({ nodeId }) => nodeId), ["a"]);
  performer.complete("a");
  assert.equal(performer.node("b").status, "pending");
  resume(performer);
  assert.equal(performer.node("b").status, "completed");
  assert.equal(performer.state.status, "running");
});

test("pauseRun() cuts what is under way when it is to be at once, and the same execution begins anew", () => {
  const performer = run();
  pause(performer, { drainPolicy: "immediate" });
  assert.deepEqual(performer.log.at(-1)?.payload, {
    drainPolicy: "immediate",
    interruptedNodeId: "a",
    interruptedAttempt: 0,
  });
  assert.deepEqual(decide(performer.definition, performer.state), []);
  const before = performer.log.length;
  resume(performer);
  assert.deepEqual(performer.story.slice(before), [
    "run.resumed",
    "node.started a",
    "node.started d",
  ]);
  const [command] = performer.running;
  assert.equal(command?.visit, 1);
  assert.equal(command?.attempt, 1);
  // The time of a delay goes on.
  const [timer] = performer.timers;
  assert.equal(timer?.since, performer.log[2]?.timestamp);
  performer.complete("a");
  performer.wake("d");
  assert.equal(performer.state.status, "completed");
});

test("pauseRun() and resumeRun() give nothing where there is nothing to do", () => {
  const performer = run();
  assert.deepEqual(resumeRun(performer.state), []);
  pause(performer);
  assert.deepEqual(pauseRun(performer.definition, performer.state), []);
  performer.append(cancelRun(performer.definition, performer.state));
  assert.equal(performer.state.status, "cancelled");
  assert.deepEqual(pauseRun(performer.definition, performer.state), []);
  assert.deepEqual(resumeRun(performer.state), []);
  assertLegal(performer.log);
});

test("resolveInterrupt() takes an answer while the run is paused, and what follows waits", () => {
  const performer = Performer.started(define(
    [node("gate", "core.approvalGate"), node("b", "core.noop")],
    [edge("gate", "b")],
  ));
  pause(performer, { drainPolicy: "immediate" });
  assert.ok(performer.answer("gate", { action: "accept" }).ok);
  assert.equal(performer.state.status, "paused");
  assert.equal(performer.node("b").status, "pending");
  resume(performer);
  assert.equal(performer.state.status, "completed");
});
