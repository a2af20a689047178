import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../src/openwop/protocol/mod.ts";
import { wake } from "../../../src/engine/mod.ts";
import {
  assertLegal,
  define,
  node,
  type NodeOptions,
  Performer,
  timeOf,
} from "./support.ts";

function delay(options: NodeOptions, inputs: JsonObject = {}): Performer {
  return Performer.started(
    define([node("d", "core.delay", options)]),
    inputs,
  );
}

const durations: readonly [string, NodeOptions, number][] = [
  ["the input delayMs", {
    inputs: { delayMs: { type: "static", value: 250 } },
    config: { ms: 1 },
  }, 250],
  ["config ms", { config: { ms: 30, durationMs: 1 } }, 30],
  ["config durationMs", { config: { durationMs: 5 } }, 5],
  ["zero", { config: { ms: 0 } }, 0],
];

for (const [name, options, ms] of durations) {
  test(`decide() waits for a delay when it is given by ${name}`, () => {
    const performer = delay(options);
    assert.deepEqual(performer.timers, [
      { kind: "wait", nodeId: "d", since: timeOf(1), ms },
    ]);
    assert.equal(performer.state.status, "running");
    performer.wake("d");
    assert.deepEqual(performer.state.outputs, { waitedMs: ms });
  });
}

for (const value of ["250", -1, null, Number.MAX_VALUE]) {
  test(`decide() fails a delay when it is ${JSON.stringify(value)}`, () => {
    const performer = delay({ inputs: { delayMs: { type: "static", value } } });
    assert.equal(performer.state.error?.code, "config_validation_failed");
    assert.equal(performer.state.error?.details?.["port"], "delayMs");
  });
}

test("decide() names the same timer again when the host lost its memory", () => {
  const performer = delay({ config: { ms: 10 } });
  const again = new Performer(performer.definition, performer.log);
  assert.deepEqual(again.timers, performer.timers);
});

test("wake() rejects an approval that nobody answered in time", () => {
  const performer = Performer.started(define([
    node("gate", "core.approvalGate", { config: { timeoutMs: 1000 } }),
  ]));
  assert.deepEqual(performer.timers, [
    { kind: "wait", nodeId: "gate", since: timeOf(2), ms: 1000 },
  ]);
  performer.wake("gate");
  const resolved = performer.log.find((e) => e.type === "interrupt.resolved");
  assert.deepEqual(resolved?.payload, {
    nodeId: "gate",
    interruptId: "interrupt-2",
    kind: "approval",
    resumeValue: {
      action: "reject",
      feedback: "timeout",
      decidedBy: "",
      decidedAt: timeOf(4),
    },
    decision: "rejected",
    action: "reject",
  });
  assert.equal(performer.state.error?.code, "approval_rejected");
  assert.equal(performer.state.error?.details?.["feedback"], "timeout");
  assertLegal(performer.log);
});

test("wake() gives a late approval its rejection as output when the config says so", () => {
  const performer = Performer.started(define([
    node("gate", "core.approvalGate", {
      config: { timeoutMs: 1, rejection: "output", requiredApprovals: 2 },
    }),
  ]));
  performer.answer("gate", { action: "accept" });
  performer.wake("gate");
  assert.equal(performer.state.status, "completed");
  assert.equal(performer.state.outputs?.["action"], "reject");
  assert.equal(performer.state.outputs?.["feedback"], "timeout");
});

test("wake() fails any other question that nobody answered in time", () => {
  const performer = Performer.started(define([
    node("q", "core.interrupt", {
      config: {
        kind: "external-event",
        data: { eventType: "e", correlation: {} },
        timeoutMs: 60_000,
      },
    }),
  ]));
  performer.wake("q");
  assert.equal(performer.state.error?.code, "interrupt_timeout");
  assert.deepEqual(performer.story.slice(-4), [
    "interrupt.resolved q",
    "node.resumed q",
    "node.failed q",
    "run.failed",
  ]);
});

test("wake() gives nothing when the node waits for no timer", () => {
  const performer = Performer.started(define([
    node("a"),
    node("gate", "core.approvalGate"),
    node("d", "core.delay", { config: { ms: 1 } }),
  ]));
  const { definition } = performer;
  for (const id of ["a", "gate", "zz", "__proto__"]) {
    assert.deepEqual(wake(definition, performer.state, id, timeOf(9)), []);
  }
  performer.wake("d");
  assert.deepEqual(wake(definition, performer.state, "d", timeOf(9)), []);
});
