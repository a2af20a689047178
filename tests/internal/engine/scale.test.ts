import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  fold,
  initialState,
  type LogDraft,
  plan,
  wake,
} from "../../../src/engine/mod.ts";
import type {
  RunEvent,
  WorkflowDefinition,
} from "../../../src/openwop/protocol/mod.ts";
import { define, edge, node, record } from "./support.ts";

function chain(length: number, typeId: string): WorkflowDefinition {
  const ids = Array.from({ length }, (_, i) => `n${i}`);
  return define(
    ids.map((id, i) =>
      node(id, typeId, {
        inputs: {
          v: i === 0
            ? { type: "static", value: 1 }
            : { type: "connection", nodeId: `n${i - 1}`, outputKey: "v" },
        },
      })
    ),
    ids.slice(1).map((id, i) => edge(`n${i}`, id)),
  );
}

function fan(width: number): WorkflowDefinition {
  const ids = Array.from({ length: width }, (_, i) => `n${i}`);
  return define(
    [node("root"), ...ids.map((id) => node(id)), node("join")],
    ids.flatMap((id) => [edge("root", id), edge(id, "join")]),
  );
}

/** Runs to the end with one fold and one decision per event; gives the number of events. */
function runEventByEvent(definition: WorkflowDefinition): number {
  let state = initialState(definition);
  let sequence = 0;
  const take = (draft: LogDraft): void => {
    const event: RunEvent = record(draft, sequence++);
    state = fold(definition, state, [event]);
  };
  take({ type: "run.started", payload: { workflowId: "flow" } });
  for (;;) {
    const { events, work } = plan(definition, state);
    events.forEach(take);
    if (events.length > 0) continue;
    const command = work.find((part) => part.length > 0)?.[0];
    if (command === undefined) break;
    const { nodeId = "" } = command;
    if (command.kind === "wait") {
      wake(definition, state, nodeId, "2026-01-01T00:00:00.000Z").forEach(take);
    } else {
      const payload = { nodeId, outputs: command.inputs };
      take({ type: "node.completed", payload, nodeId });
    }
  }
  assert.equal(state.status, "completed");
  return sequence;
}

/** A loop of one step, so many rounds. */
function loop(rounds: number): WorkflowDefinition {
  return define(
    [
      node("work"),
      node("loop", "tutti.repeat", {
        config: {
          body: ["work"],
          until: { op: "truthy" },
          maxIterations: rounds,
          onLimit: "continue",
        },
      }),
    ],
    [edge("work", "loop")],
  );
}

/** A list, all items of which are under way at once, or eight at a time. */
function list(length: number, concurrency: number): WorkflowDefinition {
  return define([
    node("all", "tutti.forEach", {
      config: { nodeTypeId: "test.work", concurrency },
      inputs: {
        items: {
          type: "static",
          value: Array.from({ length }, (_, n) => n),
        },
      },
    }),
  ]);
}

// Measured 5 to 90 ms on two slow cores: the limit catches a quadratic step, not a busy machine.
const shapes: readonly [string, WorkflowDefinition, number][] = [
  ["1000 steps in a row", chain(1000, "test.work"), 2002],
  ["1000 built-in nodes in a row", chain(1000, "core.noop"), 2002],
  ["1000 branches and their join", fan(1000), 2006],
  ["a loop with 10,000 events", loop(2_500), 10_003],
  ["a list of 5,000 items", list(5_000, 8), 10_004],
  ["a list of 500 items at once", list(500, 500), 1_004],
];

for (const [name, definition, events] of shapes) {
  test(`plan() finishes in well under a second when a run has ${name}`, () => {
    const before = performance.now();
    assert.equal(runEventByEvent(definition), events);
    const took = performance.now() - before;
    assert.ok(took < 1000, `it took ${took.toFixed(0)} ms`);
  });
}

test("decide() settles a chain of built-in nodes in one batch", () => {
  const definition = chain(1000, "core.noop");
  const started = fold(definition, initialState(definition), [
    record({ type: "run.started", payload: { workflowId: "flow" } }, 0),
  ]);
  const commands = decide(definition, started);
  assert.equal(commands.length, 2001);
  const last = commands.at(-1);
  assert.ok(last?.kind === "append");
  assert.deepEqual(last.event, {
    type: "run.completed",
    payload: { outputs: { v: 1 } },
  });
});

/** Delays of all kinds of length, all of them at once. */
function delays(count: number): WorkflowDefinition {
  const at = Array.from({ length: count }, (_, n) => n);
  return define(at.map((n) =>
    node(`n${n}`, "core.delay", {
      inputs: { delayMs: { type: "static", value: 10 + n } },
    })
  ));
}

const wide: readonly [string, (size: number) => WorkflowDefinition][] = [
  ["steps in a row", (size) => chain(size, "test.work")],
  ["branches and their join", fan],
  ["items at once", (size) => list(size, size)],
  ["delays at once", delays],
  ["rounds of a loop", loop],
];

for (const [name, shape] of wide) {
  test(`plan() and fold() take at most six times as long for four times as many ${name}`, () => {
    const took = (definition: WorkflowDefinition): number => {
      const before = performance.now();
      runEventByEvent(definition);
      return performance.now() - before;
    };
    runEventByEvent(shape(200));
    let [small, large] = [Infinity, Infinity];
    // The best of several: a busy machine only adds, and what is quadratic is at sixteen times in each round.
    for (let round = 0; round < 20; round++) {
      small = Math.min(small, took(shape(1_000)));
      large = Math.min(large, took(shape(4_000)));
      if (large <= 6 * small) return;
    }
    assert.fail(`1,000 took ${small.toFixed(0)} ms, 4,000 ${large.toFixed(0)}`);
  });
}
