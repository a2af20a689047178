import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, fold, initialState } from "../../../src/engine/mod.ts";
import type { RunEvent } from "../../../src/openwop/protocol/mod.ts";
import {
  define,
  edge,
  node,
  Performer,
  plain,
  record,
  statuses,
  timeOf,
} from "./support.ts";

const approval = define(
  [node("a"), node("gate", "core.approvalGate"), node("z", "core.noop")],
  [edge("a", "gate"), edge("gate", "z")],
);

function finished(): Performer {
  const performer = Performer.started(approval, { topic: "x" });
  performer.complete("a", { text: "t" });
  performer.answer("gate", { action: "accept" });
  assert.equal(performer.state.status, "completed");
  return performer;
}

test("initialState() has every node pending and nothing to do", () => {
  const state = initialState(approval);
  assert.equal(state.status, "pending");
  assert.equal(state.lastSequence, -1);
  assert.deepEqual(statuses(state), {
    a: "pending",
    gate: "pending",
    z: "pending",
  });
  assert.deepEqual(decide(approval, state), []);
});

test("fold() gives times, visits and outputs of a finished run", () => {
  const { state, log } = finished();
  assert.equal(state.startedAt, timeOf(0));
  assert.equal(state.endedAt, timeOf(log.length - 1));
  assert.equal(state.lastSequence, log.length - 1);
  assert.deepEqual(state.nodes.get("a"), {
    status: "completed",
    visits: 1,
    attempt: 0,
    startedAt: timeOf(1),
    outputs: { text: "t" },
  });
  const { due, running, waiting } = state.agenda;
  assert.deepEqual({
    due: [...due],
    running: [...running],
    waiting: [...waiting],
  }, {
    due: [],
    running: [],
    waiting: [],
  });
});

test("fold() does not change the state that it starts from", () => {
  const { log } = finished();
  let state = initialState(approval);
  for (const event of log) {
    const before = structuredClone(plain(state));
    const next = fold(approval, state, [event]);
    assert.deepEqual(plain(state), before);
    state = next;
  }
});

test("fold() gives the very same state when there is nothing new", () => {
  const { log, state } = finished();
  assert.equal(fold(approval, state, []), state);
  assert.equal(fold(approval, state, log), state);
});

test("fold() only moves on when an event is unknown or for an unknown node", () => {
  const performer = Performer.started(approval);
  const before = performer.state;
  const events: RunEvent[] = [
    {
      ...record({
        type: "log.appended",
        payload: { level: "info", message: "m" },
      }, 2),
      type: "unknown",
      wireType: "acme.thing",
      payload: null,
    },
    record({ type: "node.completed", payload: { nodeId: "zz" } }, 3),
    record({
      type: "node.started",
      payload: { nodeId: "__proto__", typeId: "x.y" },
    }, 4),
    record({
      type: "log.appended",
      payload: { level: "info", message: "m" },
    }, 7),
  ];
  const after = fold(approval, before, events);
  assert.equal(after.lastSequence, 7);
  assert.deepEqual(plain({ ...after, lastSequence: 1 }), plain(before));
});

test("fold() counts a visit when the attempt is 0 and keeps it when the node is tried again", () => {
  const performer = Performer.started(approval);
  performer.append([{
    type: "node.started",
    payload: { nodeId: "a", typeId: "test.work", attempt: 1 },
  }]);
  assert.deepEqual(
    performer.running.map(({ visit, attempt }) => [visit, attempt]),
    [[1, 1]],
  );
});

test("fold() keeps the first of two endings", () => {
  const performer = Performer.started(approval);
  performer.complete("a", { n: 1 });
  performer.append([{
    type: "node.failed",
    payload: { nodeId: "a", error: { code: "x", message: "late" } },
  }]);
  assert.deepEqual(performer.node("a").outputs, { n: 1 });
});

test("fold() changes nothing when a run has ended, whatever follows", () => {
  const performer = Performer.started(approval);
  const error = { code: "run_timeout", message: "Cannot go on: time is up" };
  performer.append([{ type: "run.failed", payload: { error } }]);
  const ended = performer.state;
  assert.deepEqual(decide(approval, ended), []);
  performer.append([
    { type: "node.completed", payload: { nodeId: "a" } },
    { type: "run.completed", payload: { outputs: { late: true } } },
    { type: "run.started", payload: { workflowId: "flow" } },
  ]);
  const { lastSequence } = performer.state;
  assert.deepEqual(
    plain(performer.state),
    plain({ ...ended, lastSequence }),
  );
});

test("fold() reads a question and its answer when a host writes only node.suspended and node.resumed", () => {
  const performer = Performer.started(approval);
  performer.complete("a");
  const log = performer.log.filter(({ type }) => type !== "interrupt.requested")
    .map((event, sequence) => ({ ...event, sequence }));
  const foreign = new Performer(approval, log);
  assert.deepEqual(foreign.node("gate").interrupt?.payload, {
    kind: "custom",
    key: "gate:1",
    data: { customKind: "approval" },
  });
  foreign.append([{
    type: "node.resumed",
    payload: { nodeId: "gate", resumeValue: { any: 1 } },
  }]);
  foreign.settle();
  assert.deepEqual(foreign.node("gate").outputs, { any: 1 });
});

test("fold() gives a map that behaves like one", () => {
  const { nodes } = finished().state;
  assert.equal(nodes.size, 3);
  assert.deepEqual([...nodes.keys()], ["a", "gate", "z"]);
  assert.deepEqual([...nodes.values()].map(({ status }) => status), [
    "completed",
    "completed",
    "completed",
  ]);
  assert.deepEqual(new Map(nodes), new Map([...nodes.entries()]));
  assert.equal(nodes.has("a"), true);
  assert.equal(nodes.has("constructor"), false);
  assert.equal(nodes.get("constructor"), undefined);
  const seen: string[] = [];
  nodes.forEach((state, id, map) => {
    assert.equal(map.get(id), state);
    seen.push(id);
  });
  assert.deepEqual(seen, ["a", "gate", "z"]);
});

test("fold() works on when the nodes of a state were put into an ordinary map", () => {
  const performer = Performer.started(approval);
  const copied = { ...performer.state, nodes: new Map(performer.state.nodes) };
  const event = record(
    { type: "node.completed", payload: { nodeId: "a" } },
    2,
  );
  assert.deepEqual(
    [...fold(approval, copied, [event]).nodes],
    [...fold(approval, performer.state, [event]).nodes],
  );
});

test("decide() asks no second time when the log ends between a question and its suspension", () => {
  const performer = Performer.started(approval);
  performer.complete("a");
  const cut = performer.log.findIndex(({ type }) => type === "node.suspended");
  const resumed = new Performer(approval, performer.log.slice(0, cut));
  const commands = decide(approval, resumed.state);
  assert.deepEqual(
    commands.map((command) => ({
      kind: command.kind,
      asked: command.kind === "suspend" && command.asked,
    })),
    [{ kind: "suspend", asked: true }],
  );
  resumed.settle();
  assert.deepEqual(resumed.story, performer.story);
});

test("decide() ends the question when the log ends after the deciding vote", () => {
  const whole = finished();
  const cut = whole.log.findIndex(({ type }) => type === "interrupt.resolved");
  const resumed = new Performer(approval, whole.log.slice(0, cut));
  resumed.settle();
  assert.deepEqual(resumed.story, whole.story);
  assert.deepEqual(resumed.node("gate").outputs, whole.node("gate").outputs);
});

test("decide() names the work of a node only when its start stands in the log", () => {
  const started = fold(approval, initialState(approval), [
    record({ type: "run.started", payload: { workflowId: "flow" } }, 0),
  ]);
  const first = decide(approval, started);
  assert.deepEqual(first.map(({ kind }) => kind), ["append"]);
  const command = first[0];
  assert.ok(command?.kind === "append");
  const second = decide(
    approval,
    fold(approval, started, [record(command.event, 1)]),
  );
  assert.deepEqual(second.map(({ kind }) => kind), ["run"]);
});

test("decide() keeps naming what runs when it has something to append", () => {
  const definition = define([node("a"), node("b"), node("c")], [
    edge("a", "c"),
  ]);
  const performer = Performer.started(definition);
  performer.append([{ type: "node.completed", payload: { nodeId: "a" } }]);
  const commands = decide(definition, performer.state);
  assert.deepEqual(
    commands.map((command) =>
      command.kind === "run" ? `run ${command.nodeId}` : command.kind
    ),
    ["append", "run b"],
  );
});

test("decide() starts nodes in the order of the definition, not of the edges", () => {
  const performer = Performer.started(define(
    [node("root"), node("b"), node("a")],
    [edge("root", "a"), edge("root", "b")],
  ));
  performer.complete("root");
  assert.deepEqual(performer.story.slice(-2), [
    "node.started b",
    "node.started a",
  ]);
});
