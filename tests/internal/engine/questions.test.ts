import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  JsonObject,
  JsonValue,
} from "../../../src/openwop/protocol/mod.ts";
import { assertLegal, define, node, Performer, subject } from "./support.ts";

function ask(typeId: string, config: JsonObject): Performer {
  return Performer.started(define([node("q", typeId, { config })]));
}

const questions = [
  { id: "color", question: "Which color?" },
  { id: "size", question: "Which size?", schema: { type: "number" } },
];

function code(performer: Performer, value: JsonValue): string {
  const outcome = performer.answer("q", value);
  assert.ok(!outcome.ok);
  return outcome.code;
}

test("decide() asks the questions of a clarification", () => {
  const performer = ask("core.clarificationGate", {
    questions,
    contextType: "order",
    timeoutMs: 5,
  });
  assert.deepEqual(performer.node("q").interrupt?.payload, {
    kind: "clarification",
    key: "q:1",
    data: { questions, contextType: "order" },
    timeoutMs: 5,
  });
  assert.equal(performer.state.status, "waiting-input");
});

for (
  const answers of [
    { color: "red", size: 3 },
    [{ id: "size", answer: 3 }, { id: "color", answer: "red" }],
  ]
) {
  test(`resolveInterrupt() completes a clarification when the answers are ${Array.isArray(answers) ? "a list" : "an object"}`, () => {
    const performer = ask("core.clarificationGate", { questions });
    const outcome = performer.answer("q", { answers });
    assert.ok(outcome.ok);
    assert.deepEqual(outcome.events.map(({ type }) => type), [
      "interrupt.resolved",
      "node.resumed",
      "node.completed",
    ]);
    const resolved = outcome.events[0];
    assert.ok(resolved?.type === "interrupt.resolved");
    assert.deepEqual(resolved.payload, {
      nodeId: "q",
      interruptId: "interrupt-2",
      kind: "clarification",
      resumeValue: { answers: { color: "red", size: 3 } },
      resolvedBy: subject("ann"),
    });
    assert.deepEqual(performer.state.outputs, {
      answers: { color: "red", size: 3 },
    });
    assertLegal(performer.log);
  });
}

const incomplete: readonly [string, JsonValue][] = [
  ["they are absent", {}],
  ["the value is null", null],
  ["they are a text", { answers: "red" }],
  ["one is missing", { answers: { color: "red" } }],
  ["one is inherited", { answers: { color: "red", toString: 1 } }],
  ["one is for another question", {
    answers: { color: "red", size: 3, weight: 2 },
  }],
  ["an entry of the list has no answer", {
    answers: [{ id: "color", answer: "red" }, { id: "size" }],
  }],
];

for (const [why, value] of incomplete) {
  test(`resolveInterrupt() refuses the answers of a clarification when ${why}`, () => {
    const performer = ask("core.clarificationGate", { questions });
    assert.equal(code(performer, value), "validation_error");
    assert.equal(performer.state.status, "waiting-input");
  });
}

const unaskable: readonly [string, JsonObject][] = [
  ["core.clarificationGate", {}],
  ["core.clarificationGate", { questions: [] }],
  ["core.clarificationGate", { questions: [{ id: "a" }] }],
  ["core.clarificationGate", {
    questions: [{ id: "a", question: "?" }, { id: "a", question: "?" }],
  }],
  ["core.interrupt", {}],
  ["core.interrupt", { kind: "conversation.exchange", data: {} }],
  ["core.interrupt", { kind: "external-event", data: { eventType: "x" } }],
  ["core.interrupt", { kind: "external-event", data: { correlation: {} } }],
  ["core.interrupt", { kind: "custom", data: {} }],
  ["core.interrupt", { kind: "custom", data: "x" }],
  ["core.interrupt", { kind: "clarification", data: {} }],
  ["core.interrupt", { kind: "approval", data: { actions: ["no"] } }],
];

for (const [typeId, config] of unaskable) {
  test(`decide() fails a ${typeId} when its config is ${JSON.stringify(config)}`, () => {
    const performer = ask(typeId, config);
    assert.equal(performer.state.error?.code, "config_validation_failed");
    assert.equal(performer.story.includes("interrupt.requested q"), false);
  });
}

const external = {
  kind: "external-event",
  data: {
    eventType: "order.paid",
    correlation: { order: "7", part: { of: [1] } },
  },
};

for (
  const [how, wrap] of [
    ["bare", (event: JsonObject): JsonObject => event],
    ["wrapped", (event: JsonObject): JsonObject => ({ eventPayload: event })],
  ] as const
) {
  test(`resolveInterrupt() takes a ${how} external event when it repeats the correlation`, () => {
    const performer = ask("core.interrupt", external);
    assert.equal(performer.state.status, "waiting-external");
    const event = { order: "7", part: { of: [1] }, amount: 3 };
    assert.equal(performer.answer("q", wrap(event)).ok, true);
    assert.deepEqual(performer.state.outputs, event);
  });
}

const others: readonly JsonValue[] = [
  null,
  "7",
  {},
  { order: "7" },
  { order: 7, part: { of: [1] } },
  { order: "7", part: { of: [1, 2] } },
];

for (const event of others) {
  test(`resolveInterrupt() refuses the external event ${JSON.stringify(event)}`, () => {
    const performer = ask("core.interrupt", external);
    assert.equal(code(performer, event), "validation_error");
  });
}

test("resolveInterrupt() looks for own keys only when it compares a correlation", () => {
  const performer = ask("core.interrupt", {
    kind: "external-event",
    data: {
      eventType: "e",
      correlation: JSON.parse('{"__proto__": {}}'),
    },
  });
  assert.equal(code(performer, {}), "validation_error");
});

for (
  const [value, outputs] of [
    [{ a: 1 }, { a: 1 }],
    ["text", { value: "text" }],
    [null, { value: null }],
    [[1], { value: [1] }],
  ] as const
) {
  test(`resolveInterrupt() completes a custom question when the answer is ${JSON.stringify(value)}`, () => {
    const performer = ask("core.interrupt", {
      kind: "custom",
      data: { customKind: "pick", payload: [1, 2] },
      resumeSchema: { not: { const: "none" } },
    });
    assert.deepEqual(performer.node("q").interrupt?.payload, {
      kind: "custom",
      key: "q:1",
      data: { customKind: "pick", payload: [1, 2] },
      resumeSchema: { not: { const: "none" } },
    });
    assert.equal(performer.state.status, "waiting-input");
    performer.answer("q", value);
    assert.deepEqual(performer.state.outputs, outputs);
  });
}

test("decide() asks an approval through core.interrupt with the data of its config", () => {
  const performer = ask("core.interrupt", {
    kind: "approval",
    data: { artifactId: "doc", title: "Sign?", artifactData: [1] },
  });
  assert.deepEqual(performer.node("q").interrupt?.payload.data, {
    artifactId: "doc",
    artifactType: "data",
    title: "Sign?",
    actions: ["accept", "reject"],
    artifactData: [1],
  });
  performer.answer("q", { action: "reject" });
  assert.equal(performer.state.error?.code, "approval_rejected");
});

test("resolveInterrupt() resumes a code node without ending it when its own question is answered", () => {
  const performer = Performer.started(define([node("q")]));
  performer.append([
    {
      type: "interrupt.requested",
      payload: { kind: "custom", key: "mine", data: { customKind: "x" } },
      nodeId: "q",
    },
    {
      type: "node.suspended",
      payload: { nodeId: "q", interruptId: "i", kind: "custom", key: "mine" },
      nodeId: "q",
    },
  ]);
  assert.deepEqual(performer.running, []);
  const outcome = performer.answer("q", 42);
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.events.map(({ type }) => type), [
    "interrupt.resolved",
    "node.resumed",
  ]);
  assert.deepEqual(
    performer.running.map(({ nodeId, visit }) => [nodeId, visit]),
    [["q", 1]],
  );
  assert.equal(performer.node("q").answer?.value, 42);
  performer.complete("q");
  assert.equal(performer.state.status, "completed");
});
