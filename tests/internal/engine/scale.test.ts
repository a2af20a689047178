import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  fold,
  initialState,
  type LogDraft,
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
    const commands = decide(definition, state);
    if (commands.length === 0) break;
    const appends = commands.filter(({ kind }) => kind === "append");
    for (const command of appends) {
      if (command.kind === "append") take(command.event);
    }
    const work = commands.find(({ kind }) => kind === "run");
    if (appends.length > 0 || work?.kind !== "run") continue;
    const { nodeId, inputs } = work;
    take({
      type: "node.completed",
      payload: { nodeId, outputs: inputs },
      nodeId,
    });
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
  test(`decide() finishes in well under a second when a run has ${name}`, () => {
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
