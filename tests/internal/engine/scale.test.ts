import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, fold, initialState } from "../../../src/engine/mod.ts";
import type { WorkflowDefinition } from "../../../src/openwop/protocol/mod.ts";
import { chain, delays, fan, list, loop, runEventByEvent } from "./shapes.ts";
import { record } from "./support.ts";

// That the work for each event stays the same is counted by scripts/check_linear.mjs.
const shapes: readonly [string, WorkflowDefinition, number][] = [
  ["1000 steps in a row", chain(1000, "test.work"), 2002],
  ["1000 built-in nodes in a row", chain(1000, "core.noop"), 2002],
  ["1000 branches and their join", fan(1000), 2006],
  ["1000 delays at once", delays(1000), 2002],
  ["a loop with 10,000 events", loop(2_500), 10_003],
  ["a list of 5,000 items", list(5_000, 8), 10_004],
  ["a list of 500 items at once", list(500, 500), 1_004],
];

for (const [name, definition, events] of shapes) {
  test(`plan() and fold() record each event once when a run has ${name}`, () => {
    assert.equal(runEventByEvent(definition), events);
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
