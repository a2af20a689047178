import assert from "node:assert/strict";
import test from "node:test";
import {
  EVENT_TYPES,
  fromV1EventType,
  isEventType,
  toV1EventType,
} from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";

// Word for word from v2 §7.3.
const renamed: readonly (readonly [v1: string, v2: string])[] = [
  ["run.resuming", "run.resume-started"],
  ["run.dead_lettered", "run.dead-lettered"],
  ["replay.divergedAtRefusal", "replay.diverged-at-refusal"],
  ["agent.reasoning.delta", "agent.reasoning-delta"],
  ["agent.promptResolved", "agent.prompt-resolved"],
  ["agent.toolCalled", "agent.tool-called"],
  ["agent.toolReturned", "agent.tool-returned"],
  ["agent.invocation.started", "agent.invocation-started"],
  ["agent.invocation.completed", "agent.invocation-completed"],
  ["agent.memory.consolidated", "agent.memory-consolidated"],
  ["model.capability.substituted", "model.capability-substituted"],
  ["model.capability.insufficient", "model.capability-insufficient"],
  ["envelope.retry.attempted", "envelope.retry-attempted"],
  ["envelope.retry.exhausted", "envelope.retry-exhausted"],
  ["envelope.nlToFormat.engaged", "envelope.nl-to-format-engaged"],
  ["envelope.recovery.applied", "envelope.recovery-applied"],
  ["deployment.canary.adjusted", "deployment.canary-adjusted"],
  ["deployment.state.changed", "deployment.state-changed"],
  ["roster.run.initiated", "roster.run-initiated"],
  ["tool.session.opened", "tool.session-opened"],
  ["tool.session.closed", "tool.session-closed"],
  ["trigger.subscription.state.changed", "trigger.subscription-state-changed"],
  ["trigger.delivery.attempted", "trigger.delivery-attempted"],
  ["budget.threshold.crossed", "budget.threshold-crossed"],
  ["runOrchestrator.decided", "orchestrator.decided"],
  ["core.dispatch.fanOut", "dispatch.fanned-out"],
  ["core.dispatch.join", "dispatch.joined"],
  ["core.workflowChain.event", "workflow-chain.event"],
  [
    "core.workflowChain.confidence-escalated",
    "workflow-chain.confidence-escalated",
  ],
  ["connector.auth_expired", "connector.auth-expired"],
  ["voice.speech_start", "voice.speech-start"],
  ["voice.endpoint_candidate", "voice.endpoint-candidate"],
  ["voice.turn_commit", "voice.turn-commit"],
  ["voice.synthesis_chunk", "voice.synthesis-chunk"],
  ["voice.barge_in", "voice.barge-in"],
  [
    "compensation.manual_intervention_required",
    "compensation.manual-intervention-required",
  ],
];

test("fromV1EventType() and toV1EventType() know every renamed type", () => {
  assert.equal(renamed.length, 36);
  for (const [v1, v2] of renamed) {
    assert.equal(fromV1EventType(v1), v2);
    assert.equal(toV1EventType(v2), v1);
    assert.ok(isEventType(v2), v2);
    assert.ok(!isEventType(v1), v1);
  }
});

test("the names of both majors map one to one", () => {
  assert.equal(EVENT_TYPES.size, 118);
  const v1 = new Set([...EVENT_TYPES].map(toV1EventType));
  assert.equal(v1.size, EVENT_TYPES.size);
  const moved = [...EVENT_TYPES].filter((type) => toV1EventType(type) !== type);
  assert.equal(moved.length, renamed.length);
  for (const type of EVENT_TYPES) {
    assert.equal(fromV1EventType(toV1EventType(type)), type);
    // Two segments, kebab case. Source: v2 §5.
    assert.match(type, /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  }
});

test("a type that nobody registered stays as it is", () => {
  fc.assert(fc.property(fc.string(), (type) => {
    fc.pre(!renamed.some((pair) => pair.includes(type)));
    assert.equal(fromV1EventType(type), type);
    assert.equal(toV1EventType(type), type);
  }));
  for (const type of ["toString", "__proto__", "acme.fanOut", "core.x.y"]) {
    assert.equal(fromV1EventType(type), type);
    assert.ok(!isEventType(type));
  }
});
