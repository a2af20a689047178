import assert from "node:assert/strict";
import test from "node:test";
import {
  codecV1,
  codecV2,
  EVENT_TYPES,
  hostCodecV1,
  hostCodecV2,
  toRunEvent,
  wireTypeOf,
} from "@tutti/sdk/openwop";
import type { JsonObject, JsonValue } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";

const envelope = {
  eventId: "evt-r1-3",
  runId: "r1",
  timestamp: "2026-01-01T00:00:00Z",
  sequence: 3,
  schemaVersion: 1,
};

// One event of each host of openwop-observed.md §6.1, and what it is.
const dialects: readonly {
  readonly host: string;
  readonly wire: JsonObject;
  readonly wanted: JsonObject;
}[] = [
  {
    host: "mem, over SSE",
    wire: {
      seq: 3,
      runId: "r1",
      type: "node.completed",
      nodeId: "a",
      data: null,
      timestamp: envelope.timestamp,
    },
    wanted: {
      ...envelope,
      eventId: "r1-3",
      type: "node.completed",
      nodeId: "a",
      payload: { nodeId: "a" },
    },
  },
  {
    host: "sqlite, pg",
    wire: {
      eventId: "evt-r1-3",
      seq: 3,
      sequence: 3,
      runId: "r1",
      type: "run.completed",
      nodeId: null,
      data: null,
      payload: null,
      timestamp: envelope.timestamp,
    },
    wanted: { ...envelope, type: "run.completed", payload: { outputs: {} } },
  },
  {
    host: "app",
    wire: {
      eventId: "evt-r1-3",
      runId: "r1",
      sequence: 3,
      type: "agent.toolCalled",
      payload: { callId: "c" },
      timestamp: envelope.timestamp,
      causationId: "evt-r1-2",
      engineVersion: "12",
    },
    wanted: {
      ...envelope,
      type: "agent.tool-called",
      wireType: "agent.toolCalled",
      payload: { callId: "c" },
      causationId: "evt-r1-2",
      engineVersion: 12,
    },
  },
  {
    host: "a type that nobody registered",
    wire: { ...envelope, type: "interrupt.vote.recorded", payload: [1] },
    wanted: {
      ...envelope,
      type: "unknown",
      wireType: "interrupt.vote.recorded",
      payload: [1],
    },
  },
  {
    host: "the older word for an action",
    wire: {
      ...envelope,
      type: "approval.requested",
      payload: { nodeId: "a", actions: ["accept", "edit"] },
    },
    wanted: {
      ...envelope,
      type: "approval.requested",
      payload: { nodeId: "a", actions: ["accept", "edit-accept"] },
    },
  },
  {
    host: "the older owner",
    wire: {
      ...envelope,
      type: "run.started",
      payload: { workflowId: "w", owner: { tenant: "t", principal: "p" } },
      engineVersion: "beta",
    },
    wanted: {
      ...envelope,
      type: "run.started",
      payload: {
        workflowId: "w",
        owner: {
          tenant: "t",
          subject: {
            issuer: "urn:openwop:legacy",
            subjectId: "p",
            tenant: "t",
            lane: "api-key",
            kind: "user",
          },
        },
      },
    },
  },
];

test("codecV1 reads the events of every host", () => {
  for (const { host, wire, wanted } of dialects) {
    assert.deepEqual(codecV1.readEvent(wire), wanted, host);
  }
});

test("codecV1 gives nothing for what is no event", () => {
  const none: (JsonValue | undefined)[] = [
    undefined,
    null,
    [],
    "x",
    {},
    { type: 1, seq: 1 },
    { type: "a.b" },
    { type: "a.b", seq: "1" },
    { type: "a.b", sequence: -1 },
  ];
  for (const value of none) assert.equal(codecV1.readEvent(value), undefined);
});

const payload = fc.oneof(
  fc.dictionary(
    fc.stringMatching(/^[a-z]{1,6}$/),
    fc.jsonValue({ maxDepth: 1 }),
  ),
  fc.constant({
    nodeId: "a",
    typeId: "t",
    interruptId: "i",
    workflowId: "w",
    action: "accept",
    outputs: {},
    error: { code: "c", message: "m" },
    level: "info",
    message: "m",
    kind: "approval",
    key: "k",
    data: {},
  }),
);

const wireEvent = fc.record({
  eventId: fc.string({ minLength: 1 }),
  runId: fc.string(),
  timestamp: fc.string(),
  sequence: fc.nat(),
  schemaVersion: fc.nat(),
  engineVersion: fc.nat(),
  causationId: fc.string(),
  type: fc.oneof(
    fc.constantFrom(...EVENT_TYPES),
    fc.stringMatching(/^acme\.[a-z]{1,8}$/),
  ),
  payload,
}, {
  requiredKeys: [
    "eventId",
    "runId",
    "timestamp",
    "sequence",
    "schemaVersion",
    "type",
    "payload",
  ],
});

test("an event is the same when a host writes it and a client reads it, in either major", () => {
  fc.assert(fc.property(wireEvent, (wire) => {
    const event = toRunEvent(JSON.parse(JSON.stringify(wire)) as JsonValue);
    assert.ok(event);
    assert.deepEqual(
      codecV2.readEvent(hostCodecV2.writeEvent(event)),
      event,
    );
    const { wireType: _v2, ...rest } = event;
    const again = codecV1.readEvent(hostCodecV1.writeEvent(event));
    assert.ok(again);
    const { wireType: _v1, ...restAgain } = again;
    if (event.type === "run.completed" || event.type === "unknown") {
      // Version 1 may leave outputs out, so that a client fills them in.
      assert.equal(wireTypeOf(event), wireTypeOf(event));
      assert.equal(again.sequence, event.sequence);
    } else assert.deepEqual(restAgain, rest);
    // Once more through both: nothing changes any further.
    const third = codecV1.readEvent(hostCodecV1.writeEvent(again));
    assert.deepEqual(third, again);
  }));
});

test("codecV1 never throws when an event is arbitrary", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (value, payload) => {
    codecV1.readEvent(value as JsonValue);
    codecV1.readEvent({
      type: "approval.requested",
      seq: 1,
      data: payload as JsonValue,
      nodeId: value as JsonValue,
    });
    codecV1.readEvent({
      type: "run.started",
      seq: 1,
      data: { owner: payload as JsonValue },
    });
  }));
});
