import assert from "node:assert/strict";
import test from "node:test";
import type { EventDraft, RunEvent } from "@tutti/sdk/openwop";
import { fold, initialState } from "../../../src/engine/mod.ts";
import {
  markDivergence,
  recordingOf,
  repeat,
} from "../../../src/host/replay.ts";
import { stamp } from "../../../src/host/run_log.ts";
import type { RunRecord } from "../../../src/host/store.ts";
import { definitionOf } from "../../support/wire.ts";

const definition = definitionOf("d", [
  { id: "a", typeId: "local.test.a" },
  { id: "b", typeId: "local.test.b" },
  { id: "c", typeId: "core.noop", after: ["a", "b"] },
]);
const record = { runId: "local/source0123456789", createdAt: 0, definition };

function eventsOf(...drafts: EventDraft[]): RunEvent[] {
  return stamp(record as RunRecord, -1, drafts, 0);
}

async function* pages(
  events: readonly RunEvent[],
): AsyncGenerator<readonly RunEvent[], void, undefined> {
  await Promise.resolve();
  yield events;
}

const started: EventDraft[] = [
  { type: "run.started", payload: { workflowId: "d" } },
  { type: "node.started", payload: { nodeId: "a", typeId: "local.test.a" } },
  { type: "node.started", payload: { nodeId: "b", typeId: "local.test.b" } },
];

test("repeat() gives the outcome that came first in the source first", async () => {
  const source = eventsOf(
    ...started,
    { type: "node.completed", payload: { nodeId: "b", outputs: { n: 1 } } },
    { type: "node.completed", payload: { nodeId: "a", outputs: { n: 2 } } },
  );
  const recording = await recordingOf(definition, pages(source), 0);
  let state = fold(definition, initialState(definition), eventsOf(...started));
  const order: string[] = [];
  for (let round = 0; round < 2; round++) {
    const [draft] = repeat(
      definition,
      state,
      recording,
    );
    order.push(draft!.nodeId!);
    state = fold(
      definition,
      state,
      stamp(record as RunRecord, state.lastSequence, [draft!], 0),
    );
  }
  assert.deepEqual(order, ["b", "a"]);
});

test("repeat() makes nothing up where the source has no outcome", async () => {
  const state = fold(
    definition,
    initialState(definition),
    eventsOf(...started),
  );
  const drafts = repeat(
    definition,
    state,
    await recordingOf(definition, pages(eventsOf(...started)), 0),
  );
  assert.equal(drafts.length, 1);
  assert.equal(drafts[0]!.type, "node.failed");
  assert.equal(
    (drafts[0]!.payload as { error: { code: string } }).error.code,
    "replay_source_missing",
  );
  const nothing = initialState(definition);
  assert.deepEqual(
    repeat(definition, nothing, await recordingOf(definition, pages([]), 0)),
    [],
  );
});

test("markDivergence() names the two events when an engine does otherwise than the source", async () => {
  const source = eventsOf(
    ...started,
    { type: "node.started", payload: { nodeId: "c", typeId: "core.noop" } },
    { type: "node.completed", payload: { nodeId: "c", outputs: { was: 1 } } },
  );
  const recording = await recordingOf(definition, pages(source), 0);
  const state = fold(
    definition,
    initialState(definition),
    eventsOf(...started),
  );
  const drafts: EventDraft[] = [
    { type: "node.started", payload: { nodeId: "c", typeId: "core.noop" } },
    { type: "node.completed", payload: { nodeId: "c", outputs: { is: 2 } } },
    { type: "run.completed", payload: { outputs: {} } },
  ];
  const marked = markDivergence(
    definition,
    state,
    drafts,
    recording,
    (n) => `event-${n}`,
  );
  assert.deepEqual(marked, [
    drafts[0],
    drafts[1],
    {
      type: "replay.diverged",
      nodeId: "c",
      payload: {
        originalEventId: source[4]!.eventId,
        replayEventId: "event-1",
        divergencePoint: "c",
      },
    },
    drafts[2],
  ]);
  const same: EventDraft[] = [
    drafts[0]!,
    { type: "node.completed", payload: { nodeId: "c", outputs: { was: 1 } } },
  ];
  assert.deepEqual(
    markDivergence(definition, state, same, recording, String),
    same,
  );
});
