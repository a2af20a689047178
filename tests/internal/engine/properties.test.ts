import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import {
  cancelRun,
  decide,
  fold,
  initialState,
  resolveInterrupt,
  wake,
} from "../../../src/engine/mod.ts";
import type {
  EventDraft,
  JsonValue,
  RunEvent,
} from "../../../src/openwop/protocol/mod.ts";
import { isTerminalEvent } from "../../../src/openwop/protocol/mod.ts";
import { act, openEnds, outcomeOf, runOut, worlds } from "./arbitrary.ts";
import {
  assertLegal,
  define,
  edge,
  node,
  Performer,
  plain,
  record,
  subject,
} from "./support.ts";

const choices = fc.array(fc.nat(20), { minLength: 1, maxLength: 12 });
const numRuns = 150;

const question = {
  kind: "approval",
  key: "k",
  data: {
    artifactId: "x",
    artifactType: "data",
    title: "?",
    actions: ["accept"],
  },
} as const;

test("decide() brings every workflow to one end when the world answers, in whatever order", () => {
  fc.assert(
    fc.property(worlds, choices, choices, (world, one, two) => {
      const first = Performer.started(world.definition);
      runOut(world, first, one);
      assertLegal(first.log);
      const ends = first.log.filter(({ type }) => isTerminalEvent(type));
      assert.equal(ends.length, 1);
      assert.equal(ends[0], first.log.at(-1));
      const second = Performer.started(world.definition);
      runOut(world, second, two);
      assertLegal(second.log);
      assert.deepEqual(outcomeOf(second), outcomeOf(first));
    }),
    { numRuns },
  );
});

test("decide() leaves a run either ended or waiting for people when its code has ended", () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const performer = Performer.started(world.definition);
      for (;;) {
        const code = openEnds(performer).find((id) =>
          performer.node(id).status === "running"
        );
        if (code === undefined) break;
        act(world, performer, code);
      }
      const { status, agenda } = performer.state;
      const waits = status.startsWith("waiting-");
      assert.equal(waits, agenda.waiting.size > 0);
      assert.equal(
        waits || status === "completed" || status === "failed",
        true,
      );
    }),
    { numRuns },
  );
});

test("decide() says the same of a log whether it was folded at once or as it grew", () => {
  fc.assert(
    fc.property(worlds, choices, (world, order) => {
      const { definition } = world;
      const whole = Performer.started(definition);
      runOut(world, whole, order);
      let state = initialState(definition);
      for (let kept = 1; kept <= whole.log.length; kept++) {
        state = fold(definition, state, [whole.log[kept - 1]!]);
        const again = fold(
          definition,
          initialState(definition),
          whole.log.slice(0, kept),
        );
        assert.deepEqual(decide(definition, again), decide(definition, state));
      }
    }),
    { numRuns: 60 },
  );
});

test("fold() gives the same state when a log is folded at once, in two parts or event by event", () => {
  fc.assert(
    fc.property(worlds, choices, fc.nat(100), (world, order, at) => {
      const { definition } = world;
      const performer = Performer.started(definition);
      runOut(world, performer, order);
      const { log } = performer;
      const cut = at % (log.length + 1);
      const start = initialState(definition);
      const whole = plain(fold(definition, start, log));
      const head = fold(definition, start, log.slice(0, cut));
      assert.deepEqual(plain(fold(definition, head, log.slice(cut))), whole);
      assert.deepEqual(plain(performer.state), whole);
    }),
    { numRuns },
  );
});

test("decide() leads to the same end when a run is resumed from any prefix of its log", () => {
  fc.assert(
    fc.property(worlds, choices, choices, (world, one, two) => {
      const whole = Performer.started(world.definition);
      runOut(world, whole, one);
      for (let kept = 1; kept <= whole.log.length; kept++) {
        const resumed = new Performer(
          world.definition,
          whole.log.slice(0, kept),
        );
        runOut(world, resumed, two);
        assertLegal(resumed.log);
        assert.deepEqual(outcomeOf(resumed), outcomeOf(whole));
      }
    }),
    { numRuns: 60 },
  );
});

test("cancelRun() leaves nothing under way when a run is cancelled at any moment", () => {
  fc.assert(
    fc.property(worlds, choices, (world, order) => {
      const { definition } = world;
      const whole = Performer.started(definition);
      runOut(world, whole, order);
      for (let kept = 1; kept < whole.log.length; kept++) {
        const performer = new Performer(definition, whole.log.slice(0, kept));
        const { ending } = performer.state;
        performer.append(cancelRun(definition, performer.state));
        // What was done is undone first.
        runOut(world, performer);
        assertLegal(performer.log);
        assert.equal(performer.state.status, ending?.status ?? "cancelled");
        assert.deepEqual(decide(definition, performer.state), []);
        const left = [...performer.state.nodes.values()].filter((state) =>
          state.status === "running" || state.status === "suspended"
        );
        assert.deepEqual(left, []);
        assert.deepEqual(performer.state.undo, []);
      }
    }),
    { numRuns: 60 },
  );
});

test("resolveInterrupt() never throws and changes nothing when it refuses an answer", () => {
  const kinds = [
    { kind: "approval", data: { actions: ["accept", "edit", "refine"] } },
    {
      kind: "clarification",
      data: { questions: [{ id: "a", question: "?" }] },
    },
    {
      kind: "external-event",
      data: { eventType: "e", correlation: { a: [1] } },
    },
  ];
  const word = fc.constantFrom<JsonValue>(
    "accept",
    "refine",
    "edit",
    "__proto__",
    "toString",
    null,
    1,
  );
  const key = fc.constantFrom(
    "action",
    "decision",
    "answers",
    "refineFeedback",
    "editedArtifactData",
    "eventPayload",
    "a",
    "__proto__",
  );
  const value = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
    // Through JSON, so that "__proto__" is an own key, as on the wire.
    fc.array(fc.tuple(key, word), { maxLength: 4 }).map((entries) =>
      JSON.parse(
        `{${
          entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
            .join()
        }}`,
      ) as JsonValue
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...kinds), value, (config, answer) => {
      const performer = Performer.started(
        define([node("q", "core.interrupt", { config })]),
      );
      const outcome = performer.answer("q", answer);
      if (outcome.ok) {
        assertLegal(performer.log);
        assert.equal(performer.state.agenda.waiting.size, 0);
      } else {
        assert.equal(outcome.code, "validation_error");
        assert.equal(performer.node("q").status, "suspended");
      }
      assert.equal(Object.hasOwn(Object.prototype, "a"), false);
    }),
    { numRuns: 500 },
  );
});

test("fold() and decide() never throw and stay quiet when a log makes no sense", () => {
  const ids = ["a", "b", "gate", "zz"];
  const id = fc.constantFrom(...ids);
  const error = { code: "x", message: "m" };
  const drafts: fc.Arbitrary<EventDraft> = fc.oneof(
    fc.constantFrom<EventDraft>(
      { type: "run.started", payload: { workflowId: "flow" } },
      { type: "run.completed", payload: { outputs: {} } },
      { type: "run.failed", payload: { error } },
      { type: "run.cancelled", payload: {} },
      { type: "interrupt.requested", payload: question },
    ),
    id.chain((nodeId) =>
      fc.constantFrom<EventDraft>(
        { type: "node.started", payload: { nodeId, typeId: "x.y" }, nodeId },
        { type: "node.completed", payload: { nodeId }, nodeId },
        { type: "node.failed", payload: { nodeId, error }, nodeId },
        { type: "node.skipped", payload: { nodeId }, nodeId },
        { type: "node.cancelled", payload: { nodeId }, nodeId },
        { type: "interrupt.requested", payload: question, nodeId },
        {
          type: "node.suspended",
          payload: { nodeId, interruptId: "i" },
          nodeId,
        },
        { type: "node.resumed", payload: { nodeId }, nodeId },
        {
          type: "approval.received",
          payload: { nodeId, action: "accept" },
          nodeId,
        },
        {
          type: "interrupt.resolved",
          payload: { nodeId, interruptId: "i" },
          nodeId,
        },
      )
    ),
  );
  fc.assert(
    fc.property(
      fc.array(drafts, { maxLength: 25 }),
      fc.boolean(),
      (list, circle) => {
        const definition = define(
          [
            node("a"),
            node("b", "core.delay"),
            node("gate", "core.approvalGate"),
          ],
          [edge("a", "b"), ...(circle ? [edge("b", "a")] : [])],
        );
        const log: RunEvent[] = list.map(record);
        const performer = new Performer(definition, log);
        performer.settle();
        for (const nodeId of ids) {
          wake(definition, performer.state, nodeId, "");
          resolveInterrupt(definition, performer.state, nodeId, {
            value: { action: "accept" },
            by: subject("ann"),
            at: "",
          });
        }
        assert.deepEqual(
          plain(fold(definition, initialState(definition), performer.log)),
          plain(performer.state),
        );
      },
    ),
    { numRuns: 1000 },
  );
});
