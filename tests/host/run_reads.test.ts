import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { FakeClock } from "../support/fake_clock.ts";
import { gate, noop, stepOf, Wire, workflowOf } from "../support/wire.ts";

function idIn(run: string): string {
  return decodeURIComponent(run.slice("/runs/".length));
}

const echo = stepOf((input) => input);

test("diff finds nothing between a run and its replay, and shows what another run did", async () => {
  const host = createHost({ workflows: [echo], clock: new FakeClock() });
  const wire = new Wire(host);
  const run = await wire.start("one-step", { inputs: { value: 1 } });
  await wire.reach(run, "completed");
  const forked = await wire.post(`${run}:fork`, { mode: "replay" });
  const replay = `/runs/${encodeURIComponent(forked.body.runId)}`;
  await wire.reach(replay, "completed");
  const against = encodeURIComponent(idIn(replay));
  const same = await wire.get(`${run}:diff?against=${against}`);
  assert.equal(same.status, 200);
  assert.deepEqual(same.body, {
    a: idIn(run),
    b: idIn(replay),
    divergedAtSeq: null,
    eventDiffs: [],
    stateDiff: {},
  });
  const other = await wire.start("one-step", { inputs: { value: 2 } });
  await wire.reach(other, "completed");
  const { body } = await wire.get(
    `${run}:diff?against=${idIn(other).replace("/", "~2F")}`,
  );
  assert.equal(body.divergedAtSeq, 0);
  assert.deepEqual(
    body.eventDiffs.map(({ seq, op }: { seq: number; op: string }) => [
      seq,
      op,
    ]),
    [[0, "changed"], [2, "changed"], [3, "changed"]],
  );
  assert.deepEqual(body.stateDiff.nodeStates.step.a.outputs, { value: 1 });
  assert.deepEqual(body.stateDiff.nodeStates.step.b.outputs, { value: 2 });
  await host.close();
});

test("diff shows the events that only one of the runs has", async () => {
  const host = createHost({ workflows: [gate()], clock: new FakeClock() });
  const wire = new Wire(host);
  const [a, b] = [await wire.start("gated"), await wire.start("gated")];
  for (const run of [a, b]) await wire.reach(run, "waiting-approval");
  await wire.accept(b);
  await wire.reach(b, "completed");
  const there = (await wire.get(`${a}:diff?against=${idIn(b)}`)).body;
  const back = (await wire.get(`${b}:diff?against=${idIn(a)}`)).body;
  assert.equal(there.eventDiffs[0].op, "added");
  assert.equal(back.eventDiffs[0].op, "removed");
  assert.deepEqual(there.stateDiff.status, {
    a: "waiting-approval",
    b: "completed",
  });
  await host.close();
});

test("diff refuses a query without the other run, or with one that is not the caller's", async () => {
  const host = createHost({ workflows: [noop], clock: new FakeClock() });
  const wire = new Wire(host);
  const run = await wire.start("conformance-noop");
  const cases = [
    ["", 400, "validation_error"],
    ["?against=x", 400, "validation_error"],
    ["?against=other/0123456789abcdef", 403, "id_tenant_mismatch"],
    ["?against=local/0123456789abcdef", 404, "not_found"],
  ] as const;
  for (const [query, wanted, code] of cases) {
    const { status, body } = await wire.get(`${run}:diff${query}`);
    assert.equal(status, wanted, query);
    assert.equal(body.error, code);
  }
  await host.close();
});

test("ancestry names the source of a fork, the parent of a child, and nobody for a run of a caller", async () => {
  const child = workflowOf("child", [{ id: "noop", typeId: "core.noop" }]);
  const parent = workflowOf("parent", [{
    id: "call",
    typeId: "core.subWorkflow",
    config: { workflowId: "child" },
  }]);
  const host = createHost({
    workflows: [child, parent],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("parent");
  const { nodeStates } = await wire.reach(run, "completed");
  const hostId = "urn:tutti:embedded";
  const own = await wire.get(`${run}/ancestry`);
  assert.deepEqual(own.body, { runId: idIn(run), hostId, parent: null });
  const { child: { runId: childId } } = nodeStates.call;
  const childs = await wire.get(
    `/runs/${encodeURIComponent(childId)}/ancestry`,
  );
  assert.deepEqual(childs.body.parent, {
    runId: idIn(run),
    hostId,
    cause: "sub-workflow",
  });
  const forked = await wire.post(`${run}:fork`, { mode: "branch", fromSeq: 0 });
  const forks = await wire.get(
    `/runs/${encodeURIComponent(forked.body.runId)}/ancestry`,
  );
  assert.deepEqual(forks.body.parent, {
    runId: idIn(run),
    hostId,
    cause: "branch",
  });
  await host.close();
});

test("the debug bundle holds the run and its log, with secrets masked, up to a number of events", async () => {
  const secret = { ...echo };
  const host = createHost({
    workflows: [{
      ...secret,
      definition: {
        ...secret.definition,
        variables: [{ name: "value", type: "string", sensitive: true }],
      },
    }],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step", { inputs: { value: "hunter2" } });
  await wire.reach(run, "completed");
  const { status, body } = await wire.get(`${run}/debug-bundle`);
  assert.equal(status, 200);
  assert.equal(body.bundleVersion, "1.0");
  assert.equal(body.host.name, "tutti");
  assert.equal(body.run.runId, idIn(run));
  assert.deepEqual(body.metrics, { eventCount: 4 });
  assert.equal(body.events.length, 4);
  assert.equal(body.truncated, undefined);
  assert.doesNotMatch(JSON.stringify(body.run.inputs), /hunter2/);
  assert.doesNotMatch(JSON.stringify(body.events[0]), /hunter2/);
  const some = (await wire.get(`${run}/debug-bundle?maxEvents=2`)).body;
  assert.equal(some.events.length, 2);
  assert.equal(some.truncated, true);
  assert.equal((await wire.get(`${run}/debug-bundle?maxEvents=0`)).status, 400);
  await host.close();
});

test("effects lists each execution of code with the key that all its attempts share", async () => {
  const keys: string[] = [];
  const clock = new FakeClock();
  const flaky = stepOf((_input, ctx) => {
    keys.push(ctx.idempotencyKey);
    if (ctx.attempt === 0) throw new Error("once more");
    return {};
  });
  const host = createHost({
    workflows: [{
      ...flaky,
      definition: {
        ...flaky.definition,
        id: "flaky",
        settings: { maxRetries: 1 },
        nodes: [
          ...flaky.definition.nodes,
          { ...noop.definition.nodes[0]!, id: "after" },
        ],
      },
    }],
    clock,
    onError: () => {},
  });
  const wire = new Wire(host);
  const run = await wire.start("flaky");
  while (keys.length < 2) await clock.advance(60_000);
  await wire.reach(run, "completed");
  const { status, body } = await wire.get(`${run}/effects`);
  assert.equal(status, 200);
  assert.equal(body.effects.length, 1, JSON.stringify(body));
  const [{ at, ...effect }] = body.effects;
  assert.ok(!Number.isNaN(Date.parse(at)));
  assert.deepEqual(effect, {
    effectId: `local/${keys[0]}`,
    nodeId: "step",
    attempt: 1,
    keying: "activity-recipe",
    providerKey: keys[0],
    state: "completed",
  });
  await host.close();
});

test("effects shows what is at work as claimed, and what was cut as escaped", async () => {
  const host = createHost({
    workflows: [stepOf(() => new Promise(() => {}))],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  await wire.reach(run, "running");
  const claimed = (await wire.get(`${run}/effects`)).body.effects;
  assert.deepEqual(
    claimed.map(({ state }: { state: string }) => state),
    ["claimed"],
  );
  await wire.post(`${run}/cancel`);
  await wire.reach(run, "cancelled");
  const cut = (await wire.get(`${run}/effects`)).body.effects;
  assert.deepEqual(cut.map(({ state }: { state: string }) => state), [
    "escaped",
  ]);
  await host.close();
});

test("the manifest of effect seams names each seam, what guards it, and what is deployed", async () => {
  const [one, two] = [
    createHost({ workflows: [noop] }),
    createHost({ workflows: [echo] }),
  ];
  const { status, body } = await new Wire(one).get("/host/effect-seams");
  assert.equal(status, 200);
  assert.equal(body.manifestVersion, "1");
  assert.equal(body.host.name, "tutti");
  assert.equal(body.host.build.kind, "artifact-sha256");
  const other = (await new Wire(two).get("/host/effect-seams")).body;
  assert.notEqual(body.host.build.id, other.host.build.id);
  assert.ok(body.seams.length > 0);
  for (const { seam, kind, guarded, guardedBy, note } of body.seams) {
    assert.match(seam, /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/);
    assert.equal(guarded, true);
    assert.ok(guardedBy);
    assert.ok(kind !== "other" || note);
  }
  await Promise.all([one.close(), two.close()]);
});
