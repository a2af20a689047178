import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import type { RunnableWorkflow, WorkflowNode } from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import { inputFrom, Wire, workflowOf } from "../support/wire.ts";

const DAY = 86_400_000;

function open(
  ...workflows: RunnableWorkflow[]
): { wire: Wire; clock: FakeClock } {
  const clock = new FakeClock();
  const host = createHost({ workflows, clock, onError: () => {} });
  return { wire: new Wire(host), clock };
}

function from(
  nodeId: string,
  outputKey: string,
): WorkflowNode["inputs"][string] {
  return { type: "connection", nodeId, outputKey };
}

test("ports take deep paths, defaults, options of the run and errors of a failed source", async () => {
  const { wire } = open(workflowOf(
    "values",
    [
      { id: "order", typeId: "core.identity", inputs: inputFrom("order") },
      { id: "pay", typeId: "core.fail", config: { code: "declined" } },
      { id: "failed", typeId: "core.noop" },
      {
        id: "out",
        typeId: "core.end",
        settings: { defaults: { level: 3, first: "unused" } },
        inputs: {
          first: from("order", "order.items.0.name"),
          amount: { type: "variable", variableName: "order.amount" },
          model: {
            type: "variable",
            variableName: "configurable.model",
            optional: true,
          },
          size: { type: "variable", variableName: "configurable.size" },
          level: {
            type: "variable",
            variableName: "nothing",
            optional: true,
          },
          why: from("failed", "error.code"),
        },
      },
    ],
    [],
    {
      edges: [
        { id: "e1", sourceNodeId: "order", targetNodeId: "out" },
        {
          id: "e2",
          sourceNodeId: "pay",
          targetNodeId: "failed",
          triggerRule: "any_failed",
          sourceOutput: "error",
          targetInput: "error",
        },
        { id: "e3", sourceNodeId: "failed", targetNodeId: "out" },
      ],
      configurableSchema: {
        type: "object",
        additionalProperties: false,
        properties: { model: { type: "string" }, size: { default: 9 } },
      },
    },
  ));
  const run = await wire.start("values", {
    inputs: { order: { amount: 12, items: [{ name: "pen" }] } },
    configurable: { model: "small" },
  });
  await wire.reach(run, "completed");
  const { payload } = (await wire.log(run)).at(-1);
  assert.deepEqual(payload.outputs, {
    first: "pen",
    amount: 12,
    model: "small",
    size: 9,
    level: 3,
    why: "declined",
  });
  const refused = await wire.post("/runs", {
    workflowId: "values",
    configurable: { model: 7 },
  });
  assert.equal(refused.status, 400);
  assert.equal(refused.body.details.pointer, "/configurable/model");
});

test("a branch, a join of the first, and what is called off", async () => {
  const stopped: string[] = [];
  const { wire, clock } = open(workflowOf("race", [
    { id: "slow", typeId: "local.test.wait" },
    { id: "fast", typeId: "core.delay", config: { ms: 1_000 } },
    { id: "late", typeId: "core.approvalGate" },
    {
      id: "first",
      typeId: "tutti.join",
      config: { need: 1, cancel: ["slow", "late"] },
    },
    { id: "end", typeId: "core.noop", after: ["first"] },
  ], [{
    typeId: "local.test.wait",
    run: (_input, { signal, nodeId }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          stopped.push(nodeId);
          reject(signal.reason);
        });
      }),
  }], {
    edges: [
      ...["slow", "fast", "late"].map((id) => ({
        id: `${id}-first`,
        sourceNodeId: id,
        targetNodeId: "first",
        triggerRule: "all_complete" as const,
      })),
      { id: "first-end", sourceNodeId: "first", targetNodeId: "end" },
    ],
  }));
  const run = await wire.start("race");
  await wire.reach(run, "running");
  await clock.advance(1_000);
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.first.outputs, {
    completed: ["fast"],
    failed: [],
  });
  assert.equal(nodeStates.slow.status, "cancelled");
  assert.equal(nodeStates.late.status, "cancelled");
  assert.deepEqual(stopped, ["slow"]);
  assert.equal((await wire.accept(run, "late")).status, 409);
});

test("a loop with a person in it goes round until they are content", async () => {
  const keys: string[] = [];
  const { wire } = open(workflowOf("revise", [
    { id: "draft", typeId: "local.test.draft" },
    {
      id: "review",
      typeId: "core.approvalGate",
      after: ["draft"],
      config: { rejection: "output" },
      inputs: { text: from("draft", "text") },
    },
    {
      id: "again",
      typeId: "tutti.repeat",
      after: ["review"],
      config: {
        body: ["draft", "review"],
        until: { path: "action", op: "eq", value: "accept" },
      },
      inputs: { action: from("review", "action") },
    },
  ], [{
    typeId: "local.test.draft",
    run: (_input, { idempotencyKey }) => {
      keys.push(idempotencyKey);
      return { text: `draft ${keys.length}` };
    },
  }]));
  const run = await wire.start("revise");
  for (const [round, action] of ["reject", "reject", "accept"].entries()) {
    const { nodeStates } = await wire.reach(run, "waiting-approval");
    const { data } = nodeStates.review.interrupt.payload;
    assert.equal(data.artifactData.text, `draft ${round + 1}`);
    await wire.post(`${run}/interrupts/review`, { resumeValue: { action } });
  }
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.again.outputs, { iterations: 3, matched: true });
  assert.equal(new Set(keys).size, 3);
});

test("variables, channels and events of a workflow show in the log and the snapshot", async () => {
  const { wire, clock } = open(workflowOf(
    "state",
    [
      {
        id: "set",
        typeId: "core.setVariable",
        config: { name: "total" },
        inputs: { value: { type: "static", value: 5 } },
      },
      {
        id: "a",
        typeId: "core.channelWrite",
        after: ["set"],
        config: { channelName: "events", reducer: "append", value: "a" },
      },
      { id: "wait", typeId: "core.delay", config: { ms: 300 }, after: ["a"] },
      {
        id: "b",
        typeId: "core.channelWrite",
        after: ["wait"],
        config: { channelName: "events", reducer: "append", value: "b" },
      },
      {
        id: "told",
        typeId: "tutti.emit",
        after: ["b"],
        config: { eventType: "acme.told" },
        inputs: {
          events: { type: "variable", variableName: "events" },
          total: { type: "variable", variableName: "total" },
        },
      },
    ],
    [],
    {
      channels: {
        events: { reducer: "append", ttlMs: 200 },
        log: { reducer: "append", default: [] },
      },
      variables: [{ name: "total", type: "number", defaultValue: 1 }],
    },
  ));
  const run = await wire.start("state");
  await wire.reach(run, "running");
  await clock.advance(300);
  const { variables, channels } = await wire.reach(run, "completed");
  assert.equal(variables.total, 5);
  assert.equal(variables.events.length, 1);
  assert.equal(variables.events[0].value, "b");
  assert.equal(typeof variables.events[0]._ts, "number");
  assert.deepEqual(channels, { events: variables.events, log: [] });
  const log = await wire.log(run);
  const written = log.filter(({ type }) => type === "channel.written");
  assert.equal(written[0].payload.writtenAt, written[0].timestamp);
  const told = log.find(({ type }) => type === "acme.told");
  assert.deepEqual(told.payload, {
    events: variables.events,
    total: 5,
    nodeId: "told",
  });
});

test("a saga undoes what it did, and a cancel waits for that", async () => {
  const done: string[] = [];
  let release = (): void => {};
  const { wire } = open(workflowOf("saga", [
    {
      id: "pay",
      typeId: "local.test.pay",
      compensation: {
        nodeTypeId: "local.test.refund",
        inputMapping: { receipt: "outputs.receipt" },
      },
    },
    { id: "gate", typeId: "core.approvalGate", after: ["pay"] },
  ], [
    { typeId: "local.test.pay", run: () => ({ receipt: "r1" }) },
    {
      typeId: "local.test.refund",
      run: async ({ receipt }: { receipt: string }) => {
        await new Promise<void>((resolve) => release = resolve);
        done.push(receipt);
      },
    },
  ]));
  const run = await wire.start("saga");
  await wire.reach(run, "waiting-approval");
  const { body } = await wire.post(`${run}/cancel`, { reason: "no" });
  assert.equal(body.status, "cancelling");
  await wire.reach(run, "cancelling");
  await settle();
  release();
  await wire.reach(run, "cancelled");
  assert.deepEqual(done, ["r1"]);
});

test("an approval escalates, then rejects itself, days later", async () => {
  const config = {
    title: "Spend it?",
    approversList: ["ann"],
    escalation: [{ afterMs: DAY, approversList: ["boss"] }],
    timeoutMs: 3 * DAY,
    rejection: "output",
  };
  const workflow = workflowOf("spend", [
    { id: "gate", typeId: "core.approvalGate", config },
  ]);
  const clock = new FakeClock();
  const host = createHost({
    workflows: [workflow],
    clock,
    subject: (request) => request.headers.get("x-who") ?? "nobody",
  });
  const wire = new Wire(host);
  const answer = (path: string, who: string) =>
    wire.post(
      `${path}/interrupts/gate`,
      { resumeValue: { action: "accept" } },
      {
        "x-who": who,
      },
    );
  const run = await wire.start("spend");
  await wire.reach(run, "waiting-approval");
  assert.equal((await answer(run, "boss")).status, 403);
  const other = await wire.start("spend");
  await wire.reach(other, "waiting-approval");
  await clock.advance(DAY);
  const lines = (await wire.soFar(run)).filter(({ type }) =>
    type === "log.appended"
  );
  assert.equal(lines.length, 1);
  assert.equal(lines[0].payload.fields.action, "escalate");
  assert.equal((await answer(run, "boss")).status, 200);
  await wire.reach(run, "completed");
  await clock.advance(2 * DAY);
  const { nodeStates } = await wire.reach(other, "completed");
  assert.equal(nodeStates.gate.outputs.feedback, "timeout");
});

test("a run that takes longer than it may is ended, and its code stopped", async () => {
  let stopped = false;
  const { wire, clock } = open(workflowOf("long", [
    { id: "x", typeId: "local.test.long" },
  ], [{
    typeId: "local.test.long",
    run: (_input, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          stopped = true;
          reject(signal.reason);
        });
      }),
  }], { settings: { timeout: 5_000 } }));
  const run = await wire.start("long");
  await until(() => clock.pending > 0);
  await clock.advance(5_000);
  const { error } = await wire.reach(run, "failed");
  assert.equal(error.code, "run_timeout");
  assert.equal(stopped, true);
  assert.equal(clock.pending, 0);
});
