import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import { createHost } from "@tutti/sdk/host";
import type { JsonObject } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { review } from "../support/review_workflow.ts";
import {
  delay,
  gate,
  inputFrom,
  noop,
  stepOf,
  Wire,
  workflowOf,
} from "../support/wire.ts";

// deno-lint-ignore no-explicit-any
type Log = any[];

/** What a log says apart from ids and times. */
const essence = (log: Log) =>
  log.map(({ type, nodeId, payload }) => {
    const { durationMs: _, ...rest } = payload;
    return { type, nodeId, payload: rest };
  });

async function fork(wire: Wire, run: string, body: JsonObject) {
  const answer = await wire.post(`${run}:fork`, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return `/runs/${encodeURIComponent(answer.body.runId)}`;
}

async function reviewed(wire: Wire) {
  const run = await wire.start("code-review", {
    inputs: { repo: "acme/api", pr: 7 },
  });
  await wire.reach(run, "waiting-approval");
  await wire.accept(run, "gate", { feedback: "fine" });
  const log = await wire.log(run);
  assert.equal(log.at(-1).type, "run.completed");
  return { run, log };
}

test("a branch keeps the prefix and takes the other way", async () => {
  const wire = new Wire(createHost({ workflows: [review] }));
  const { run, log } = await reviewed(wire);
  const at = log.find(({ type }) => type === "approval.received").sequence;
  const { status, body } = await wire.post(`${run}:fork`, {
    mode: "branch",
    fromSeq: at,
  });
  assert.equal(status, 201);
  const { runId } = (await wire.get(run)).body;
  assert.deepEqual(body, {
    runId: body.runId,
    sourceRunId: runId,
    mode: "branch",
    fromSeq: at,
    status: "waiting-approval",
    eventsUrl: `/runs/${body.runId.replace("/", "~2F")}/events`,
  });
  assert.notEqual(body.runId, runId);

  const branch = `/runs/${encodeURIComponent(body.runId)}`;
  await wire.post(`${branch}/interrupts/gate`, {
    resumeValue: { action: "reject", feedback: "too risky" },
  });
  const other = await wire.log(branch);
  assert.deepEqual(
    other.slice(0, at),
    log.slice(0, at).map((event) => ({ ...event, runId: body.runId })),
  );
  assert.deepEqual(other.at(-1).payload.outputs, {
    diff: "acme/api#7",
    posted: "too risky",
  });
  const snapshot = (await wire.get(branch)).body;
  assert.equal(snapshot.parentRunId, runId);
  assert.deepEqual(snapshot.owner, (await wire.get(run)).body.owner);
  // The source is history: nothing in it has changed.
  assert.deepEqual(await wire.log(run), log);
});

test("a fork at every sequence keeps the prefix, runs on and ends", async () => {
  const wire = new Wire(createHost({ workflows: [review] }));
  const { run, log } = await reviewed(wire);
  for (const { sequence: fromSeq } of log) {
    for (const mode of ["branch", "replay"]) {
      const child = await fork(wire, run, { mode, fromSeq });
      const asks = mode === "branch" &&
        fromSeq <=
          log.find(({ type }) => type === "approval.received").sequence;
      if (asks) {
        await wire.reach(child, "waiting-approval");
        await wire.accept(child, "gate", { feedback: "fine" });
      }
      const events = await wire.log(child);
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        events.map((_, index) => index),
      );
      assert.deepEqual(
        essence(events.slice(0, fromSeq)),
        essence(log.slice(0, fromSeq)),
      );
      assert.deepEqual(essence([events.at(-1)]), essence([log.at(-1)]));
      const requests = events.filter(({ type }) =>
        type === "interrupt.requested"
      );
      const suspensions = events.filter(({ type }) =>
        type === "node.suspended"
      );
      assert.ok(requests.length <= 1);
      if (mode === "branch") assert.equal(suspensions.length, 1);
    }
  }
});

test("a branch from the beginning runs everything again, with other options", async () => {
  let calls = 0;
  const counting = stepOf(() => ({ calls: ++calls }));
  const wire = new Wire(createHost({ workflows: [counting] }));
  const run = await wire.start("one-step", {
    tags: ["a"],
    metadata: { keep: 1, change: 1 },
    configurable: { version: 1, ai: { model: "m" } },
    inputs: { value: 5 },
  });
  await wire.reach(run, "completed");
  const child = await fork(wire, run, {
    mode: "branch",
    fromSeq: 0,
    runOptionsOverlay: {
      tags: ["b"],
      metadata: { change: 2, add: 3 },
      configurable: { extensions: {} },
    },
  });
  const body = await wire.reach(child, "completed");
  assert.equal(calls, 2);
  assert.deepEqual(body.tags, ["b"]);
  assert.deepEqual(body.metadata, { keep: 1, change: 2, add: 3 });
  assert.deepEqual(body.configurable, {
    version: 1,
    ai: { model: "m" },
    extensions: {},
  });
  assert.deepEqual(body.inputs, { value: 5 });
  const [started] = await wire.log(child);
  assert.deepEqual(started.payload.tags, ["b"]);
});

test("a replay repeats recorded outcomes and calls nothing again", async () => {
  let calls = 0;
  const flaky = workflowOf("flaky", [
    { id: "a", typeId: "local.test.count" },
    { id: "b", typeId: "local.test.count" },
    { id: "c", typeId: "local.test.fails", after: ["a", "b"] },
  ], [
    { typeId: "local.test.count", run: () => ({ call: ++calls }) },
    {
      typeId: "local.test.fails",
      run: () => {
        calls++;
        throw Object.assign(new Error("no luck"), { code: "acme.no_luck" });
      },
    },
  ]);
  const wire = new Wire(createHost({ workflows: [flaky] }));
  const run = await wire.start("flaky");
  await wire.reach(run, "failed");
  assert.equal(calls, 3);
  const first = await fork(wire, run, { mode: "replay" });
  const second = await fork(wire, run, { mode: "replay", fromSeq: 0 });
  const logs = [await wire.log(first), await wire.log(second)];
  assert.equal(calls, 3);
  assert.deepEqual(essence(logs[0]!), essence(logs[1]!));
  assert.deepEqual(essence(logs[0]!), essence(await wire.log(run)));
  assert.equal((await wire.get(first)).body.error.code, "acme.no_luck");
});

test("a replay of a replay says the same", async () => {
  const wire = new Wire(createHost({ workflows: [review] }));
  const { run } = await reviewed(wire);
  const once = await fork(wire, run, { mode: "replay" });
  const log = await wire.log(once);
  const twice = await fork(wire, once, { mode: "replay" });
  assert.deepEqual(essence(await wire.log(twice)), essence(log));
});

test("a replay short-circuits interrupts and repeats their answers", async () => {
  const wire = new Wire(createHost({ workflows: [review] }));
  const { run, log } = await reviewed(wire);
  const replay = await fork(wire, run, { mode: "replay" });
  const events = await wire.log(replay);
  const types = events.map(({ type }) => type);
  assert.ok(!types.includes("interrupt.requested"));
  assert.ok(!types.includes("node.suspended"));
  assert.deepEqual(events.at(-1).payload.outputs, log.at(-1).payload.outputs);

  // With the question in the copied part, the answer follows it.
  const at = log.find(({ type }) => type === "approval.received").sequence;
  const middle = await wire.log(
    await fork(wire, run, { mode: "replay", fromSeq: at }),
  );
  assert.deepEqual(essence(middle), essence(log));
});

test("a replay fails where its source recorded nothing", async () => {
  const wire = new Wire(createHost({ workflows: [gate()] }));
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const replay = await fork(wire, run, { mode: "replay" });
  const { error } = await wire.reach(replay, "failed");
  assert.equal(error.code, "replay_source_missing");

  // What the source does afterwards is not seen: two replays agree.
  await wire.accept(run);
  await wire.reach(run, "completed");
  const again = await fork(wire, run, { mode: "replay" });
  await wire.reach(again, "completed");
});

test("a replay of a cancelled run ends cancelled", async () => {
  const wire = new Wire(
    createHost({ workflows: [delay], clock: new FakeClock() }),
  );
  const run = await wire.start("conformance-cancellable");
  await wire.reach(run, "running");
  await wire.post(`${run}/cancel`, { reason: "enough" });
  const replay = await fork(wire, run, { mode: "replay" });
  const body = await wire.reach(replay, "cancelled");
  assert.equal(body.nodeStates.delay.status, "cancelled");
  const log = await wire.log(replay);
  assert.equal(log.at(-1).payload.reason, "enough");
});

test("a replay does not wait for time", async () => {
  const clock = new FakeClock();
  const wire = new Wire(createHost({ workflows: [delay], clock }));
  const run = await wire.start("conformance-cancellable");
  await wire.reach(run, "running");
  await clock.advance(30_000);
  await wire.reach(run, "completed");
  const replay = await fork(wire, run, { mode: "replay" });
  await wire.reach(replay, "completed");
  assert.equal(clock.pending, 0);
});

test("the waits of a branch begin when it does", async () => {
  const clock = new FakeClock();
  const wire = new Wire(
    createHost({ workflows: [gate({ timeoutMs: 1_000 })], clock }),
  );
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await clock.advance(1_000);
  await wire.reach(run, "failed");
  await clock.advance(86_400_000);
  const log = await wire.log(run);
  const at = log.find(({ type }) => type === "node.suspended").sequence + 1;
  const branch = await fork(wire, run, { mode: "branch", fromSeq: at });
  await wire.reach(branch, "waiting-approval");
  assert.deepEqual(clock.waits, [1_000]);
  await clock.advance(999);
  assert.equal((await wire.accept(branch)).status, 200);
  await wire.reach(branch, "completed");
  const end = (await wire.log(branch)).at(-1);
  assert.equal(end.payload.durationMs, 999);
});

test("a run that still waits can be forked, and both be answered", async () => {
  const wire = new Wire(createHost({ workflows: [gate()] }));
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const branch = await fork(wire, run, { mode: "branch", fromSeq: 3 });
  await wire.reach(branch, "waiting-approval");
  await wire.accept(branch);
  await wire.reach(branch, "completed");
  assert.equal((await wire.get(run)).body.status, "waiting-approval");
  await wire.accept(run);
  await wire.reach(run, "completed");
});

test("a fork that cannot be is refused", async () => {
  const wire = new Wire(createHost({ workflows: [noop] }));
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  const cases: [unknown, number, string][] = [
    [undefined, 400, "validation_error"],
    [{}, 400, "validation_error"],
    [{ mode: "rewind" }, 400, "validation_error"],
    [{ mode: "branch" }, 400, "validation_error"],
    [{ mode: "branch", fromSeq: -1 }, 400, "validation_error"],
    [{ mode: "branch", fromSeq: 1.5 }, 400, "validation_error"],
    [{ mode: "branch", fromSeq: "1" }, 400, "validation_error"],
    [{ mode: "branch", fromSeq: 0, extra: 1 }, 400, "validation_error"],
    [
      { mode: "replay", runOptionsOverlay: { tags: [] } },
      400,
      "validation_error",
    ],
    [
      { mode: "branch", fromSeq: 0, runOptionsOverlay: { inputs: {} } },
      400,
      "validation_error",
    ],
    [
      { mode: "branch", fromSeq: 0, runOptionsOverlay: { tags: [""] } },
      400,
      "validation_error",
    ],
    [{ mode: "branch", fromSeq: 4 }, 422, "fork_point_invalid"],
    [{ mode: "replay", fromSeq: 4 }, 422, "fork_point_invalid"],
    [{ mode: "branch", fromSeq: 999_999 }, 422, "fork_point_invalid"],
  ];
  for (const [body, status, code] of cases) {
    const answer = await wire.post(`${run}:fork`, body);
    assert.equal(answer.status, status, JSON.stringify(body));
    assert.equal(answer.body.error, code);
  }
  const empty = { mode: "replay", runOptionsOverlay: {} };
  assert.equal((await wire.post(`${run}:fork`, empty)).status, 201);
  const unknown = "/runs/local~2Fzzzzzzzzzzzzzzzzzzzz:fork";
  assert.equal((await wire.post(unknown, { mode: "replay" })).status, 404);
});

test("a fork anywhere in any run keeps its prefix and terminates", async () => {
  const kinds = ["core.noop", "local.test.work", "local.test.break"] as const;
  const graph = fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      after: fc.array(fc.nat(5), { maxLength: 2 }),
      rule: fc.constantFrom("all_success", "any_failed", "all_complete"),
    }),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(graph, fc.nat(), fc.boolean(), async (nodes, at, real) => {
      const short = workflowOf(
        "generated",
        nodes.map(({ kind, after }, index) => ({
          id: `n${index}`,
          typeId: kind,
          inputs: inputFrom("value"),
          after: [
            ...new Set(after.filter((from) => from < index)),
          ].map((from) => `n${from}`),
        })),
        [
          { typeId: "local.test.work", run: (input: never) => ({ input }) },
          {
            typeId: "local.test.break",
            run: () => {
              throw new Error("broken");
            },
          },
        ],
      );
      const rules = new Map(nodes.map(({ rule }, n) => [`n${n}`, rule]));
      const workflow = {
        ...short,
        definition: {
          ...short.definition,
          edges: short.definition.edges.map((edge) => ({
            ...edge,
            triggerRule: rules.get(edge.targetNodeId) as "all_success",
          })),
        },
      };
      const wire = new Wire(createHost({ workflows: [workflow] }));
      const run = await wire.start("generated", { inputs: { value: 1 } });
      const log = await wire.log(run);
      const fromSeq = at % log.length;
      const mode = real ? "branch" : "replay";
      const child = await wire.log(await fork(wire, run, { mode, fromSeq }));
      assert.deepEqual(
        essence(child.slice(0, fromSeq)),
        essence(log.slice(0, fromSeq)),
      );
      // Everything here is deterministic, so both modes end as the source did.
      assert.deepEqual(essence([child.at(-1)]), essence([log.at(-1)]));
      assert.ok(!child.some(({ type }) => type === "replay.diverged"));
    }),
    { numRuns: 60 },
  );
});
