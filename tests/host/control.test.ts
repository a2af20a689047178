import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { delay, gate, noop, stepOf, Wire } from "../support/wire.ts";

const FOREIGN = "other/0123456789abcdef";

function idIn(run: string): string {
  return decodeURIComponent(run.slice("/runs/".length));
}

test("bulk-cancel answers for each run in order, whatever becomes of it", async () => {
  const host = createHost({ workflows: [noop, delay], clock: new FakeClock() });
  const wire = new Wire(host);
  const done = await wire.start("conformance-noop");
  await wire.reach(done, "completed");
  const open = await wire.start("conformance-cancellable");
  await wire.reach(open, "running");
  const { status, body } = await wire.post("/runs:bulk-cancel", {
    runIds: [
      idIn(open),
      FOREIGN,
      idIn(done),
      "local/ffffffffffffffff",
      "nonsense",
    ],
    reason: "enough",
  });
  assert.equal(status, 200);
  const seen = body.results.map((
    { runId, ok, status, error }: Record<string, { error?: string }>,
  ) => [runId, ok, status ?? error?.error]);
  assert.deepEqual(seen, [
    [idIn(open), true, "cancelled"],
    [FOREIGN, false, "id_tenant_mismatch"],
    [idIn(done), false, "run_terminal"],
    ["local/ffffffffffffffff", false, "not_found"],
    ["nonsense", false, "validation_error"],
  ]);
  const log = await wire.log(open);
  assert.equal(log.at(-1).payload.reason, "enough");
  await host.close();
});

test("bulk-cancel answers for what is no id at all, lone surrogates included", async () => {
  const wire = new Wire(createHost({ workflows: [noop] }));
  const runIds = ["\ud800", "local/\ud800aaaaaaaaaaaaaaaa", "local/a~2Fb", "a"];
  const { status, body } = await wire.post("/runs:bulk-cancel", { runIds });
  assert.equal(status, 200);
  for (const { ok, error } of body.results) {
    assert.equal(ok, false);
    assert.equal(error.error, "validation_error");
  }
  assert.equal(body.results.length, runIds.length);
});

test("bulk-cancel refuses a list that is none, empty, too long or not of ids, and cancels nothing", async () => {
  const host = createHost({ workflows: [delay], clock: new FakeClock() });
  const wire = new Wire(host);
  const open = await wire.start("conformance-cancellable");
  await wire.reach(open, "running");
  const lists = [
    undefined,
    [],
    "all",
    Array(101).fill(FOREIGN),
    [idIn(open), 7],
    [idIn(open), ""],
  ];
  for (const runIds of lists) {
    const { status, body } = await wire.post("/runs:bulk-cancel", { runIds });
    assert.equal(status, 400);
    assert.equal(body.error, "validation_error");
    assert.equal(body.details.maxRunIds, 100);
  }
  assert.equal((await wire.get(open)).body.status, "running");
  await host.close();
});

test("pause and resume refuse a finished run, and one that is not as they want it", async () => {
  const host = createHost({ workflows: [noop, delay], clock: new FakeClock() });
  const wire = new Wire(host);
  const done = await wire.start("conformance-noop");
  await wire.reach(done, "completed");
  for (const verb of ["pause", "resume"]) {
    const { status, body } = await wire.post(`${done}:${verb}`, {});
    assert.equal(status, 409);
    assert.equal(body.error, "run_terminal");
    const unknown = await wire.post(`/runs/local~2F${"f".repeat(22)}:${verb}`);
    assert.equal(unknown.status, 404);
    const foreign = await wire.post(`/runs/other~2F${"f".repeat(22)}:${verb}`);
    assert.equal(foreign.body.error, "id_tenant_mismatch");
  }
  const open = await wire.start("conformance-cancellable");
  await wire.reach(open, "running");
  const early = await wire.post(`${open}:resume`);
  assert.equal(early.body.error, "run_state_conflict");
  assert.deepEqual(early.body.details, { runStatus: "running" });
  for (const body of [{ drainPolicy: "later" }, { why: 1 }, { reason: 1 }]) {
    assert.equal((await wire.post(`${open}:pause`, body)).status, 400);
  }
  assert.equal((await wire.post(`${open}:pause`, {})).status, 202);
  const twice = await wire.post(`${open}:pause`, {});
  assert.equal(twice.status, 409);
  assert.equal(twice.body.error, "run_state_conflict");
  assert.deepEqual(twice.body.details, { runStatus: "paused" });
  await host.close();
});

test("pause with immediate cuts the step, which starts anew with the resume", async () => {
  const signals: AbortSignal[] = [];
  const keys: string[] = [];
  let release = (_: unknown) => {};
  const host = createHost({
    workflows: [stepOf((_input, ctx) => {
      signals.push(ctx.signal);
      keys.push(ctx.idempotencyKey);
      return new Promise<unknown>((resolve) => release = resolve);
    })],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  while (signals.length < 1) await settle(1);
  const paused = await wire.post(`${run}:pause`, {
    reason: "look first",
    drainPolicy: "immediate",
  });
  assert.equal(paused.status, 202);
  const { pausedAt, ...rest } = paused.body;
  assert.deepEqual(rest, { runId: idIn(run), status: "paused" });
  assert.ok(!Number.isNaN(Date.parse(pausedAt)));
  assert.equal((await wire.get(run)).body.status, "paused");
  await settle(5);
  assert.equal(signals[0]!.aborted, true);
  release({ late: true });
  await settle(5);
  const resumed = await wire.post(`${run}:resume`, { reason: "go on" });
  assert.equal(resumed.status, 202);
  assert.equal(resumed.body.status, "running");
  while (signals.length < 2) await settle(1);
  release({ done: true });
  await wire.reach(run, "completed");
  const log = await wire.log(run);
  assert.deepEqual(log.map(({ type }) => type), [
    "run.started",
    "node.started",
    "run.paused",
    "run.resumed",
    "node.started",
    "node.completed",
    "run.completed",
  ]);
  assert.equal(log[2].payload.drainPolicy, "immediate");
  assert.equal(log[2].payload.reason, "look first");
  assert.equal(log[2].payload.interruptedNodeId, "step");
  assert.equal(log[3].payload.reason, "go on");
  assert.equal(new Set(keys).size, 1);
  await host.close();
});

test("pause drains what is at work unless it is told otherwise", async () => {
  let release = (_: unknown) => {};
  let aborted = false;
  const host = createHost({
    workflows: [stepOf((_input, ctx) => {
      ctx.signal.addEventListener("abort", () => aborted = true);
      return new Promise<unknown>((resolve) => release = resolve);
    })],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  await wire.reach(run, "running");
  await settle(5);
  assert.equal((await wire.post(`${run}:pause`)).status, 202);
  release({ done: true });
  await settle(20);
  assert.equal(aborted, false);
  const types = (await wire.soFar(run)).map(({ type }) => type);
  assert.ok(types.includes("node.completed"), types.join());
  assert.ok(!types.includes("run.completed"), types.join());
  assert.equal((await wire.post(`${run}:resume`)).status, 202);
  await wire.reach(run, "completed");
  await host.close();
});

test("a paused run can be cancelled", async () => {
  const host = createHost({ workflows: [gate()], clock: new FakeClock() });
  const wire = new Wire(host);
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  assert.equal((await wire.post(`${run}:pause`)).status, 202);
  assert.equal((await wire.post(`${run}/cancel`)).status, 200);
  await wire.reach(run, "cancelled");
  await host.close();
});
