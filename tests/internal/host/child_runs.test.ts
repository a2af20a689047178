import assert from "node:assert/strict";
import test from "node:test";
import { fold } from "../../../src/engine/mod.ts";
import { Again } from "../../../src/host/again.ts";
import { ChildRuns } from "../../../src/host/child_runs.ts";
import { liveRun } from "../../../src/host/live_run.ts";
import type { LiveRun } from "../../../src/host/live_run.ts";
import { Shelf } from "../../../src/host/registry.ts";
import { firstState, runStarted, stamp } from "../../../src/host/run_log.ts";
import type { RunRecord } from "../../../src/host/store.ts";
import { memoryStore } from "../../../src/host/stores/memory.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { gate, noop } from "../../support/wire.ts";

const parentId = "local/pppppppppppppppp";
const childId = "local/cccccccccccccccc";

function started(more: Partial<RunRecord>): LiveRun {
  const record: RunRecord = {
    runId: parentId,
    owner: {
      tenant: "local",
      subject: {
        issuer: "urn:x",
        kind: "user",
        lane: "session",
        subjectId: "s",
        tenant: "local",
      },
    },
    definition: noop.definition,
    createdAt: 0,
    ...more,
  };
  const events = stamp(record, -1, [runStarted(record)], 0);
  const state = fold(record.definition, firstState(record), events);
  return liveRun(record, new Map(), state);
}

const child = (): LiveRun =>
  started({
    runId: childId,
    definition: gate().definition,
    caller: {
      runId: parentId,
      nodeId: "call",
      propagateCancellation: true,
      depth: 1,
    },
  });

/** Children whose relatives are read from a store that fails so often. */
function withFailures(
  failures: number,
  relative: LiveRun,
): { children: ChildRuns; clock: FakeClock; jobs: string[] } {
  const clock = new FakeClock();
  const jobs: string[] = [];
  const store = memoryStore();
  const children = new ChildRuns({
    store,
    runs: {
      get: () =>
        failures-- > 0
          ? Promise.reject(new Error("busy"))
          : Promise.resolve(relative),
    } as never,
    shelf: new Shelf([]),
    maxDepth: 1,
    again: new Again(clock, () => jobs.push("error")),
    now: () => 0,
    view: () => Promise.resolve(undefined),
    create: () => Promise.reject(new Error("none")),
    enqueue: ({ record: { runId } }) => void jobs.push(runId),
    append: () => Promise.resolve(),
    proceed: () => Promise.resolve(),
  });
  return { children, clock, jobs };
}

test("ChildRuns.tell() tells the parent later when it could not be read, and once", async () => {
  const { children, jobs } = withFailures(1, started({}));
  const run = child();
  await assert.rejects(children.tell(run), /busy/);
  assert.deepEqual(jobs, []);
  await children.tell(run);
  await children.tell(run);
  assert.deepEqual(jobs, [parentId]);
});

test("ChildRuns.cancel() reaches a child that could not be read at first", async () => {
  const { children, clock, jobs } = withFailures(2, child());
  children.cancel(started({}), [childId]);
  await settle(3);
  await clock.advance(100);
  await clock.advance(200);
  assert.deepEqual(jobs, ["error", "error", childId]);
  assert.equal(clock.pending, 0);
});
