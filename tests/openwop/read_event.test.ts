import assert from "node:assert/strict";
import test from "node:test";
import { toRunEvent, wireTypeOf } from "@tutti/sdk/openwop";
import type { JsonObject, JsonValue } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";
import { question } from "../support/wop_server.ts";

const envelope = {
  eventId: "event-0123456789",
  runId: "acme/run-0123456789",
  timestamp: "2026-01-01T00:00:00Z",
  sequence: 3,
  schemaVersion: 1,
};

test("toRunEvent() gives a typed event when type and payload are known", () => {
  const event = toRunEvent({
    ...envelope,
    type: "node.completed",
    payload: { nodeId: "a", outputs: { n: 1 } },
    nodeId: "a",
    engineVersion: 4,
    causationId: "event-0",
    extra: "dropped",
  });
  assert.deepEqual(event, {
    ...envelope,
    type: "node.completed",
    payload: { nodeId: "a", outputs: { n: 1 } },
    nodeId: "a",
    engineVersion: 4,
    causationId: "event-0",
  });
});

test("toRunEvent() keeps the name and the payload when the type is not known", () => {
  for (const type of ["acme.odd", "toString", "__proto__", "run.paused"]) {
    const event = toRunEvent({ ...envelope, type, payload: [1] });
    assert.equal(event?.type, "unknown");
    assert.equal(event && wireTypeOf(event), type);
    assert.deepEqual(event?.payload, [1]);
  }
});

test("toRunEvent() does not believe a type when its payload lacks what it promises", () => {
  const broken: [string, JsonValue][] = [
    ["run.completed", {}],
    ["run.completed", { outputs: [] }],
    ["run.failed", { error: { code: 1, message: "m" } }],
    ["run.failed", { error: "boom" }],
    ["node.started", { nodeId: "a" }],
    ["node.completed", null],
    ["node.completed", []],
    ["interrupt.requested", { kind: "riddle", key: "k", data: {} }],
    ["interrupt.requested", { kind: "credential", key: "k" }],
    ["log.appended", { level: "info" }],
  ];
  for (const [type, payload] of broken) {
    const event = toRunEvent({ ...envelope, type, payload });
    assert.equal(event?.type, "unknown", type);
    assert.equal(event && wireTypeOf(event), type);
  }
  const good = toRunEvent({
    ...envelope,
    type: "interrupt.requested",
    payload: question,
  });
  assert.equal(good?.type, "interrupt.requested");
});

test("toRunEvent() believes questions of every kind, and the compiler tells them apart", () => {
  const asked: [string, JsonObject][] = [
    ["credential", { provider: "p", scopes: [], reason: "r", connectUrl: "u" }],
    ["low-confidence", { agentId: "a", threshold: 0.9, observed: 0.2 }],
    ["conversation.start", { conversationId: "c", title: "t" }],
    ["conversation.exchange", { conversationId: "c", prompt: "?" }],
    ["conversation.close", { conversationId: "c", reason: "r" }],
  ];
  for (const [kind, data] of asked) {
    const payload = { kind, key: "k", data };
    const event = toRunEvent({
      ...envelope,
      type: "interrupt.requested",
      payload,
    });
    assert.ok(event?.type === "interrupt.requested", kind);
    assert.deepEqual(event.payload, payload);
    if (event.payload.kind === "credential") {
      assert.equal(event.payload.data.connectUrl, "u");
    }
  }
});

test("toRunEvent() fills in what old hosts leave out", () => {
  const event = toRunEvent({
    type: "run.cancelled",
    sequence: 0,
    nodeId: null,
  });
  assert.deepEqual(event, {
    eventId: "",
    runId: "",
    timestamp: "",
    sequence: 0,
    schemaVersion: 1,
    type: "run.cancelled",
    payload: {},
  });
});

test("toRunEvent() gives nothing when there is no usable envelope", () => {
  const none: (JsonValue | undefined)[] = [
    undefined,
    null,
    "x",
    [],
    {},
    { type: "run.started" },
    { type: 1, sequence: 1 },
    { type: "x", sequence: -1 },
    { type: "x", sequence: 1.5 },
    { type: "x", sequence: "1" },
    { type: "x", sequence: 1e300 },
  ];
  for (const value of none) assert.equal(toRunEvent(value), undefined);
});

test("toRunEvent() never throws when the input is arbitrary", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    toRunEvent(value as JsonValue);
    toRunEvent({
      type: "node.failed",
      sequence: 1,
      payload: value as JsonValue,
    });
  }));
});
