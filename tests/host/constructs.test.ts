import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { DefinitionError } from "@tutti/sdk/openwop";
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

test("what a workflow calls sensitive is shown to nobody and still flows", async () => {
  const secret = "hunter2-very-secret";
  const { wire } = open(workflowOf("masked", [
    {
      id: "login",
      typeId: "local.test.login",
      inputs: inputFrom("password"),
      outputSensitivity: { token: true },
    },
    {
      id: "note",
      typeId: "core.channelWrite",
      after: ["login"],
      config: { channelName: "tokens", reducer: "append" },
      inputs: { value: from("login", "token") },
    },
    {
      id: "out",
      typeId: "core.end",
      after: ["login", "note"],
      inputs: { token: from("login", "token"), ok: from("login", "ok") },
    },
  ], [{
    typeId: "local.test.login",
    run: ({ password }: { password: string }) => ({
      token: `for-${password}`,
      ok: true,
    }),
  }], {
    variables: [{ name: "password", type: "string", sensitive: true }],
    channels: { tokens: { reducer: "append", sensitive: true } },
  }));
  const run = await wire.start("masked", { inputs: { password: secret } });
  const snapshot = await wire.reach(run, "completed");
  assert.equal(snapshot.inputs.password, "[redacted]");
  assert.equal(snapshot.variables.password, "[redacted]");
  assert.deepEqual(snapshot.nodeStates.login.outputs, {
    token: "[redacted]",
    ok: true,
  });
  const texts = [
    JSON.stringify(snapshot),
    JSON.stringify(await wire.soFar(run)),
    (await wire.get(`${run}/events?streamMode=debug`)).body,
    (await wire.get(`${run}/events?streamMode=values`)).body,
  ];
  for (const text of texts) assert.doesNotMatch(text, /hunter2/);
  const { payload } = (await wire.log(run)).at(-1);
  assert.deepEqual(payload.outputs, { token: "[redacted]", ok: true });
});

test("createHost() refuses by name what no node here can do, wherever it is named", () => {
  const flow = workflowOf("bad", [
    { id: "a", typeId: "core.dispatch" },
    {
      id: "b",
      typeId: "tutti.forEach",
      config: { nodeTypeId: "vendor.acme.load" },
    },
    {
      id: "c",
      typeId: "core.noop",
      compensation: { nodeTypeId: "vendor.acme.undo" },
    },
    {
      id: "d",
      typeId: "core.noop",
      inputs: { x: { type: "expression", expression: "1 + 1" } },
    },
    {
      id: "e",
      typeId: "core.flow.filter",
      config: { predicate: { op: "regex", value: "(a+)+$" } },
    },
    {
      id: "f",
      typeId: "core.interrupt",
      config: {
        kind: "custom",
        data: { customKind: "x" },
        resumeSchema: { pattern: "(a|a)*b" },
      },
    },
  ]);
  try {
    createHost({ workflows: [flow] });
    assert.fail("it was taken");
  } catch (error) {
    assert.ok(DefinitionError.is(error));
    assert.deepEqual(
      error.issues.map(({ code, pointer }) => [code, pointer]),
      [
        ["unknown-node-type", "/nodes/0/typeId"],
        ["unknown-node-type", "/nodes/1/config/nodeTypeId"],
        ["unknown-node-type", "/nodes/2/compensation/nodeTypeId"],
        ["expression-unsupported", "/nodes/3/inputs/x"],
        ["node-config", "/nodes/4/config"],
        ["schema-refused", "/nodes/5/config/resumeSchema"],
      ],
    );
    for (
      const name of ["core.dispatch", "vendor.acme.load", "vendor.acme.undo"]
    ) {
      assert.ok(error.message.includes(name));
    }
  }
});
