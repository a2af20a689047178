import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  JsonObject,
  JsonValue,
} from "../../../src/openwop/protocol/mod.ts";
import { resolveInterrupt } from "../../../src/engine/mod.ts";
import {
  assertLegal,
  define,
  edge,
  gate,
  node,
  Performer,
  refusal,
  subject,
  timeOf,
} from "./support.ts";

test("resolveInterrupt() gives the vote, the end, the resumption and the result when one acceptance suffices", () => {
  const performer = gate();
  performer.answer("gate", { action: "accept", feedback: "LGTM" }, "bob");
  const decidedAt = timeOf(4);
  const value = {
    action: "accept",
    feedback: "LGTM",
    decidedBy: "bob",
    decidedAt,
  };
  assert.deepEqual(
    performer.log.slice(4).map(({ type, payload }) => ({ type, payload })),
    [
      { type: "approval.received", payload: { nodeId: "gate", ...value } },
      {
        type: "interrupt.resolved",
        payload: {
          nodeId: "gate",
          interruptId: "interrupt-2",
          kind: "approval",
          resumeValue: value,
          resolvedBy: subject("bob"),
          decision: "approved",
          action: "accept",
        },
      },
      {
        type: "node.resumed",
        payload: {
          nodeId: "gate",
          interruptId: "interrupt-2",
          resumeValue: value,
        },
      },
      { type: "node.completed", payload: { nodeId: "gate", outputs: value } },
      { type: "run.completed", payload: { outputs: value } },
    ],
  );
  assertLegal(performer.log);
});

test("resolveInterrupt() fills in feedback when an acceptance brings none", () => {
  const performer = gate();
  performer.answer("gate", { action: "accept" });
  assert.equal(performer.node("gate").outputs?.["feedback"], "");
});

test("resolveInterrupt() takes who and when from the caller when the answer claims otherwise", () => {
  const performer = gate();
  performer.answer("gate", {
    action: "accept",
    decidedBy: "the boss",
    decidedAt: "1999-01-01T00:00:00.000Z",
    voter: "someone else",
  }, "ann");
  const { outputs } = performer.node("gate");
  assert.equal(outputs?.["decidedBy"], "ann");
  assert.equal(outputs?.["decidedAt"], timeOf(4));
  assert.equal(JSON.stringify(performer.log).includes("someone else"), false);
});

test("resolveInterrupt() fails the node and the run when an approval is rejected", () => {
  const performer = gate();
  performer.answer("gate", { action: "reject", feedback: "too risky" }, "bob");
  const { status, error } = performer.node("gate");
  assert.equal(status, "failed");
  assert.equal(error?.code, "approval_rejected");
  assert.equal(error?.retryable, false);
  assert.equal(error?.details?.["feedback"], "too risky");
  assert.equal(performer.state.status, "failed");
  assert.deepEqual(performer.state.error, error);
  const resolved = performer.log.find((e) => e.type === "interrupt.resolved");
  assert.ok(resolved?.type === "interrupt.resolved");
  assert.equal(resolved.payload.decision, "rejected");
  assert.equal(resolved.payload.action, "reject");
  assertLegal(performer.log);
});

test("resolveInterrupt() completes the node when its config makes a rejection an output", () => {
  const performer = gate({ rejection: "output" });
  performer.answer("gate", { action: "reject", feedback: "no" }, "bob");
  assert.equal(performer.node("gate").status, "completed");
  assert.deepEqual(performer.state.outputs, {
    action: "reject",
    feedback: "no",
    decidedBy: "bob",
    decidedAt: timeOf(4),
  });
});

test("resolveInterrupt() lets an any_failed edge take care of a rejection", () => {
  const performer = Performer.started(define(
    [
      node("gate", "core.approvalGate"),
      node("publish"),
      node("archive", "core.noop"),
    ],
    [
      edge("gate", "publish", {
        condition: { type: "equals", left: "action", right: "accept" },
      }),
      edge("gate", "archive", { triggerRule: "any_failed" }),
    ],
  ));
  performer.answer("gate", { action: "reject" });
  assert.equal(performer.state.status, "completed");
  assert.deepEqual(performer.story.slice(-4), [
    "node.skipped publish",
    "node.started archive",
    "node.completed archive",
    "run.completed",
  ]);
});

const every = ["accept", "reject", "refine", "edit-accept", "ask"];
const invalid: readonly [string, JsonObject, JsonValue][] = [
  ["it is null", {}, null],
  ["it is a text", {}, "accept"],
  ["it is a list", {}, ["accept"]],
  ["it has no action", {}, {}],
  ["the action is not offered", {}, {
    action: "refine",
    refineFeedback: { scope: "whole" },
  }],
  ["the action is unknown", { actions: every }, { action: "approve" }],
  ["the action is inherited", { actions: every }, { action: "toString" }],
  ["the action is no text", { actions: every }, { action: 1 }],
  ["the action is timeout", { actions: every }, { action: "timeout" }],
  ["the decision is timeout", { actions: every }, { decision: "timeout" }],
  ["the decision is cancelled", { actions: every }, { decision: "cancelled" }],
  ["refine has no refineFeedback", { actions: every }, { action: "refine" }],
  ["refine has a text for refineFeedback", { actions: every }, {
    action: "refine",
    refineFeedback: "shorter",
  }],
  ["refine has no known scope", { actions: every }, {
    action: "refine",
    refineFeedback: { scope: "page" },
  }],
  ["edit-accept has no editedArtifactData", { actions: every }, {
    action: "edit-accept",
  }],
  ["edit-accept comes to a quorum", { actions: every, requiredApprovals: 2 }, {
    action: "edit-accept",
    editedArtifactData: {},
  }],
  ["feedback is no text", {}, { action: "accept", feedback: 1 }],
  ["ask has no question", { actions: every }, { action: "ask" }],
];

for (const [why, config, value] of invalid) {
  test(`resolveInterrupt() answers validation_error to an approval when ${why}`, () => {
    assert.equal(refusal(gate(config), value).code, "validation_error");
  });
}

test("resolveInterrupt() completes the node with what to change when an approver refines", () => {
  const performer = gate({ actions: every });
  const refineFeedback = {
    scope: "section",
    sectionPath: "2",
    text: "Shorter",
  };
  performer.answer("gate", { action: "refine", refineFeedback });
  assert.equal(performer.state.status, "completed");
  assert.deepEqual(performer.state.outputs, {
    action: "refine",
    feedback: "",
    decidedBy: "ann",
    decidedAt: timeOf(4),
    refineFeedback,
  });
});

for (const action of ["edit-accept", "edit"]) {
  test(`resolveInterrupt() completes the node with the edited artifact when the action is ${action}`, () => {
    const performer = gate({ actions: every });
    performer.answer("gate", { action, editedArtifactData: { text: "Hi" } });
    assert.equal(performer.state.outputs?.["action"], "edit-accept");
    assert.deepEqual(performer.state.outputs?.["editedArtifactData"], {
      text: "Hi",
    });
  });
}

test("resolveInterrupt() keeps the approval open when an approver asks", () => {
  const performer = gate({ actions: every, requiredApprovals: 2 });
  performer.answer("gate", { action: "accept" }, "ann");
  const outcome = performer.answer("gate", {
    action: "ask",
    question: "Which branch?",
  }, "ann");
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.events, [{
    type: "log.appended",
    payload: {
      level: "info",
      message: "Which branch?",
      nodeId: "gate",
      fields: { action: "ask", askedBy: "ann", askedAt: timeOf(5) },
    },
    nodeId: "gate",
  }]);
  assert.equal(performer.state.status, "waiting-approval");
  performer.answer("gate", { action: "accept" }, "bob");
  assert.equal(performer.state.status, "completed");
});

const legacy: readonly [JsonObject, JsonObject, JsonObject][] = [
  [{}, { decision: "approved" }, { action: "accept", feedback: "" }],
  [{ rejection: "output" }, { decision: "rejected" }, {
    action: "reject",
    feedback: "",
  }],
  [{ actions: every }, { decision: "rejected", feedback: "Shorter" }, {
    action: "refine",
    feedback: "Shorter",
    refineFeedback: { scope: "whole", text: "Shorter" },
  }],
  [{ rejection: "output" }, { decision: "rejected", feedback: "No" }, {
    action: "reject",
    feedback: "No",
  }],
];

for (const [config, value, wanted] of legacy) {
  test(`resolveInterrupt() reads ${JSON.stringify(value)} as ${wanted["action"]} when no action is given`, () => {
    const performer = gate(config);
    performer.answer("gate", value);
    assert.deepEqual(performer.state.outputs, {
      ...wanted,
      decidedBy: "ann",
      decidedAt: timeOf(4),
    });
  });
}

test("resolveInterrupt() answers not_found when the node is unknown or never asked", () => {
  const performer = Performer.started(define(
    [node("a"), node("gate", "core.approvalGate")],
    [edge("a", "gate")],
  ));
  assert.equal(refusal(performer, { action: "accept" }).code, "not_found");
  for (const id of ["zz", "__proto__", "a"]) {
    const outcome = performer.answer(id, { action: "accept" });
    assert.ok(!outcome.ok);
    assert.equal(outcome.code, "not_found");
  }
});

test("resolveInterrupt() answers interrupt_already_resolved when the question is closed", () => {
  const performer = gate();
  performer.answer("gate", { action: "accept" });
  assert.equal(
    refusal(performer, { action: "accept" }).code,
    "interrupt_already_resolved",
  );
});

test("resolveInterrupt() lets exactly one of two answers win when they race", () => {
  const performer = gate();
  const { definition, state } = performer;
  const answer = { value: { action: "accept" }, by: subject("ann"), at: "" };
  const winner = resolveInterrupt(definition, state, "gate", answer);
  assert.ok(winner.ok);
  performer.append(winner.events);
  const loser = resolveInterrupt(definition, performer.state, "gate", answer);
  assert.ok(!loser.ok);
  assert.equal(loser.code, "interrupt_already_resolved");
});

test("decide() asks several approvals at once and takes their answers in any order", () => {
  for (const order of [["a", "b"], ["b", "a"]] as const) {
    const performer = Performer.started(define([
      node("a", "core.approvalGate"),
      node("b", "core.approvalGate"),
    ]));
    assert.equal(performer.state.agenda.waiting.size, 2);
    performer.answer(order[0], { action: "accept" });
    assert.equal(performer.state.status, "waiting-approval");
    performer.answer(order[1], { action: "accept" });
    assert.equal(performer.state.status, "completed");
    assertLegal(performer.log);
  }
});
