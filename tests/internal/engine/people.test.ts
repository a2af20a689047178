import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../src/openwop/protocol/mod.ts";
import { resolveInterrupt } from "../../../src/engine/mod.ts";
import {
  define,
  node,
  type NodeOptions,
  Performer,
  subject,
  timeOf,
} from "./support.ts";

function ask(
  typeId: string,
  config: JsonObject,
  more: NodeOptions = {},
): Performer {
  return Performer.started(define([node("q", typeId, { ...more, config })]));
}

function payloadOf(run: Performer) {
  return run.node("q").interrupt?.payload;
}

test("decide() asks for an approval under the names of the hitl pack", () => {
  const run = ask("core.hitl.approval-request", {
    approvers: ["ann", "bob"],
    quorum: 2,
    deadlineSeconds: 60,
  }, { inputs: { amount: { type: "static", value: 5 } } });
  const payload = payloadOf(run);
  assert.equal(payload?.kind, "approval");
  assert.equal(payload?.timeoutMs, 60_000);
  const { approversList, requiredApprovals, artifactData } = payload
    ?.data as never as JsonObject;
  assert.deepEqual(approversList, ["ann", "bob"]);
  assert.equal(requiredApprovals, 2);
  assert.deepEqual(artifactData, { amount: 5 });
  assert.equal(run.answer("q", { action: "accept" }, "eve").ok, false);
  run.answer("q", { action: "accept" }, "ann");
  run.answer("q", { action: "accept" }, "bob");
  assert.equal(run.state.status, "completed");
});

test("decide() asks for a form and takes only what fits it", () => {
  const formSchema = {
    type: "object",
    required: ["name"],
    properties: { name: { type: "string" }, age: { type: "integer" } },
    additionalProperties: false,
  };
  const run = ask("core.hitl.form-request", { formSchema });
  assert.equal(run.state.status, "waiting-input");
  const wrong = run.answer("q", { name: "Ada", age: "old" });
  assert.ok(!wrong.ok);
  assert.equal(wrong.code, "validation_error");
  assert.equal(wrong.details?.["pointer"], "/resumeValue/age");
  assert.ok(run.answer("q", { name: "Ada", age: 36 }).ok);
  assert.deepEqual(run.state.outputs, { name: "Ada", age: 36 });
  const none = ask("core.hitl.form-request", {});
  assert.equal(none.state.error?.code, "config_validation_failed");
});

test("decide() asks a user one question, whose answer must fit its schema", () => {
  const run = ask("core.hitl.ask-user", {
    question: "How many?",
    schema: { type: "integer", minimum: 1 },
  });
  assert.deepEqual(payloadOf(run)?.data, {
    questions: [{
      id: "answer",
      question: "How many?",
      schema: { type: "integer", minimum: 1 },
    }],
  });
  const wrong = run.answer("q", { answers: { answer: 0 } });
  assert.ok(!wrong.ok);
  assert.equal(wrong.details?.["pointer"], "/resumeValue/answers/answer");
  assert.ok(run.answer("q", { answers: { answer: 2 } }).ok);
  assert.deepEqual(run.state.outputs, { answers: { answer: 2 } });
});

test("resolveInterrupt() refuses an answer to an approval that does not fit its schema", () => {
  const run = ask("core.approvalGate", {
    resumeSchema: { required: ["feedback"] },
  });
  const wrong = run.answer("q", { action: "accept" });
  assert.ok(!wrong.ok);
  assert.equal(wrong.code, "validation_error");
  assert.ok(run.answer("q", { action: "accept", feedback: "fine" }).ok);
});

test("resolveInterrupt() takes every input of a waiting node as a key of the event", () => {
  const run = ask("core.interrupt", {
    kind: "external-event",
    data: { eventType: "paid", correlation: {} },
  }, { inputs: { order: { type: "static", value: "o-1" } } });
  assert.equal(run.answer("q", { order: "o-2" }).ok, false);
  assert.ok(run.answer("q", { order: "o-1", sum: 5 }).ok);
  assert.deepEqual(run.state.outputs, { order: "o-1", sum: 5 });
});

const escalation = [
  { afterMs: 60_000, approversList: ["boss"] },
  { afterMs: 120_000, approverGroupRefs: ["board"], approverRoleRefs: ["ceo"] },
];

function answerAt(
  run: Performer,
  by: string,
  seconds: number,
  more: { groups?: string[]; roles?: string[] } = {},
) {
  return resolveInterrupt(run.definition, run.state, "q", {
    value: { action: "accept" },
    by: subject(by),
    at: timeOf(seconds),
    ...more,
  });
}

test("resolveInterrupt() lets more people answer as an approval escalates", () => {
  const run = ask("core.approvalGate", { approversList: ["ann"], escalation });
  assert.equal(answerAt(run, "boss", 30).ok, false);
  assert.equal(answerAt(run, "ann", 30).ok, true);
  assert.equal(answerAt(run, "boss", 70).ok, true);
  assert.equal(answerAt(run, "eve", 70, { groups: ["board"] }).ok, false);
  assert.equal(answerAt(run, "eve", 130, { groups: ["board"] }).ok, true);
  assert.equal(answerAt(run, "eve", 130, { roles: ["ceo"] }).ok, true);
  assert.equal(answerAt(run, "eve", 999).ok, false);
});

test("wake() records each step of an escalation once, then the deadline", () => {
  const run = ask("core.approvalGate", {
    approversList: ["ann"],
    escalation,
    timeoutMs: 180_000,
  });
  const since = run.node("q").interrupt!.requestedAt;
  for (const ms of [60_000, 120_000, 180_000]) {
    assert.deepEqual(run.timers, [{ kind: "wait", nodeId: "q", since, ms }]);
    run.wake("q");
  }
  assert.equal(run.state.error?.code, "approval_rejected");
  const lines = run.log.filter(({ type }) => type === "log.appended");
  assert.deepEqual(
    lines.map(({ payload }) => (payload as { fields: JsonObject }).fields),
    escalation.map((step, index) => ({
      action: "escalate",
      step: index + 1,
      ...step,
    })),
  );
});

test("resolveInterrupt() keeps groups and roles to themselves where the host knows them", () => {
  const run = ask("core.approvalGate", {
    approverGroupRefs: ["board"],
    approverRoleRefs: ["ceo"],
  });
  assert.equal(answerAt(run, "eve", 3, { groups: [], roles: [] }).ok, false);
  assert.equal(
    answerAt(run, "eve", 3, { groups: ["board"], roles: [] }).ok,
    true,
  );
  // A host without groups cannot keep anybody out by them.
  assert.equal(answerAt(run, "eve", 3).ok, true);
});
