import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import type { JsonObject } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { gate, noop, Wire } from "../support/wire.ts";

function open(config: JsonObject = {}) {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [noop, gate(config)],
    clock,
    subject: (request) => request.headers.get("x-user") ?? "local",
  });
  return { clock, wire: new Wire(host) };
}

async function waiting(wire: Wire): Promise<string> {
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  return run;
}

test("POST interrupts resolves an approval and the run goes on", async () => {
  const { wire } = open();
  const run = await waiting(wire);
  const { status, body } = await wire.accept(run, "gate", { feedback: "fine" });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), ["nodeId", "runId", "status"]);
  assert.equal(body.nodeId, "gate");
  assert.equal(body.status, "running");
  const log = await wire.log(run);
  const resolved = log.find(({ type }) => type === "interrupt.resolved");
  assert.equal(resolved.payload.resolvedBy.subjectId, "local");
  assert.equal(resolved.payload.decision, "approved");
  assert.deepEqual(
    log.find(({ type, nodeId }) =>
      type === "node.completed" && nodeId === "gate"
    ).payload.outputs,
    {
      action: "accept",
      feedback: "fine",
      decidedBy: "local",
      decidedAt: "2026-01-01T00:00:00.000Z",
    },
  );
});

test("interrupt.requested holds the closed payload, and node.suspended its id", async () => {
  const { wire } = open({ description: "Really?" });
  const run = await waiting(wire);
  const log = await wire.soFar(run);
  const requested = log.find(({ type }) => type === "interrupt.requested");
  assert.equal(requested.nodeId, "gate");
  assert.deepEqual(requested.payload, {
    kind: "approval",
    key: "gate:1",
    data: {
      artifactId: "gate",
      artifactType: "data",
      title: "Go?",
      description: "Really?",
      actions: ["accept", "reject"],
      artifactData: {},
    },
  });
  const suspended = log.find(({ type }) => type === "node.suspended");
  assert.equal(suspended.sequence, requested.sequence + 1);
  assert.match(
    suspended.payload.interruptId,
    /^local\/[A-Za-z0-9._~-]{16,128}$/,
  );
});

test("POST interrupts takes exactly one of two answers at once", async () => {
  const { wire } = open();
  for (let round = 0; round < 20; round++) {
    const run = await waiting(wire);
    const answers = await Promise.all([
      wire.accept(run),
      wire.post(`${run}/interrupts/gate`, {
        resumeValue: { action: "reject" },
      }),
    ]);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 409]);
    const loser = answers.find(({ status }) => status === 409)!;
    assert.equal(loser.body.error, "interrupt_already_resolved");
    const log = await wire.log(run);
    const resolved = log.filter(({ type }) => type === "interrupt.resolved");
    assert.equal(resolved.length, 1);
  }
});

test("POST interrupts races with cancel: one of them decides", async () => {
  const { wire } = open();
  for (let round = 0; round < 20; round++) {
    const run = await waiting(wire);
    const calls = [
      () => wire.accept(run),
      () => wire.post(`${run}/cancel`, {}),
    ];
    if (round % 2) calls.reverse();
    await Promise.all(calls.map((call) => call()));
    const log = await wire.log(run);
    const ends = log.filter(({ type }) => /^run\.(comp|canc|fail)/.test(type));
    assert.equal(ends.length, 1);
    assert.equal(log.at(-1), ends[0]);
  }
});

test("POST interrupts refuses an answer that cannot be", async () => {
  const { wire } = open();
  const run = await waiting(wire);
  const path = `${run}/interrupts/gate`;
  const bodies: unknown[] = [
    undefined,
    {},
    { action: "accept" },
    { resumeValue: { action: "accept" }, extra: 1 },
    { resumeValue: null },
    { resumeValue: "accept" },
    { resumeValue: {} },
    { resumeValue: { action: "refine" } },
    { resumeValue: { action: "timeout" } },
    { resumeValue: { action: "accept", feedback: 7 } },
  ];
  for (const body of bodies) {
    const answer = await wire.post(path, body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(answer.body.error, "validation_error");
  }
  assert.equal((await wire.get(run)).body.status, "waiting-approval");
});

test("POST interrupts tells one state from another", async () => {
  const { wire } = open();
  const run = await waiting(wire);
  const none = await wire.accept(run, "nobody");
  assert.equal(none.status, 404);
  assert.equal((await wire.accept(run, "__proto__")).status, 404);
  assert.equal((await wire.accept(run, "%ZZ")).status, 400);
  const notAsked = await wire.accept(run, "done");
  assert.equal(notAsked.status, 404);
  await wire.accept(run);
  await wire.reach(run, "completed");
  const late = await wire.accept(run);
  assert.equal(late.status, 409);
  assert.equal(late.body.error, "interrupt_already_resolved");

  const cancelled = await waiting(wire);
  await wire.post(`${cancelled}/cancel`, {});
  assert.equal(
    (await wire.accept(cancelled)).body.error,
    "interrupt_already_resolved",
  );
  const unknown = "/runs/local~2Fzzzzzzzzzzzzzzzzzzzz";
  assert.equal((await wire.accept(unknown)).status, 404);
});

test("a rejected approval fails the run with its own code", async () => {
  const { wire } = open();
  const run = await waiting(wire);
  await wire.post(`${run}/interrupts/gate`, {
    resumeValue: { action: "reject", feedback: "no" },
  });
  const body = await wire.reach(run, "failed");
  assert.equal(body.error.code, "approval_rejected");
});

test("an approval counts one vote for each subject until its quorum is met", async () => {
  const { wire } = open({ requiredApprovals: 2 });
  const run = await waiting(wire);
  const vote = (user: string) =>
    wire.post(`${run}/interrupts/gate`, { resumeValue: { action: "accept" } }, {
      "x-user": user,
    });
  assert.equal((await vote("ada")).body.status, "waiting-approval");
  assert.equal((await vote("ada")).body.status, "waiting-approval");
  assert.equal((await vote("bob")).body.status, "running");
  await wire.reach(run, "completed");
});

test("only listed approvers may answer", async () => {
  const { wire } = open({ approversList: ["ada"] });
  const run = await waiting(wire);
  const stranger = await wire.accept(run);
  assert.equal(stranger.status, 403);
  assert.equal(stranger.body.error, "forbidden");
  const { status } = await wire.post(
    `${run}/interrupts/gate`,
    { resumeValue: { action: "accept" } },
    { "x-user": "ada" },
  );
  assert.equal(status, 200);
});

test("a subject that is no subject id is refused", async () => {
  const { wire } = open();
  for (const user of ["two words", "a/b", "x".repeat(257)]) {
    const { status, body, headers } = await wire.post(
      "/runs",
      { workflowId: "gated" },
      { "x-user": user },
    );
    assert.equal(status, 401);
    assert.equal(body.error, "unauthenticated");
    assert.equal(headers.get("www-authenticate"), "Bearer");
  }
});

test("an approval that nobody answers in time is rejected", async () => {
  const { wire, clock } = open({ timeoutMs: 172_800_000 });
  const run = await waiting(wire);
  assert.deepEqual(clock.waits, [172_800_000]);
  await clock.advance(172_799_999);
  assert.equal((await wire.get(run)).body.status, "waiting-approval");
  await clock.advance(1);
  const body = await wire.reach(run, "failed");
  assert.equal(body.error.code, "approval_rejected");
  assert.equal(clock.pending, 0);
});

test("an answer in time stops the deadline", async () => {
  const { wire, clock } = open({ timeoutMs: 1_000 });
  const run = await waiting(wire);
  await wire.accept(run);
  await wire.reach(run, "completed");
  assert.equal(clock.pending, 0);
});

test("a run that waits for a human without a deadline holds no timer", async () => {
  const { wire, clock } = open();
  await waiting(wire);
  assert.equal(clock.pending, 0);
});
