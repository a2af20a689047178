import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { JsonObject, RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import {
  gate,
  inputFrom,
  type ShortNode,
  Wire,
  workflowOf,
} from "../support/wire.ts";

function parent(
  config: JsonObject,
  more: Partial<ShortNode> = {},
): RunnableWorkflow {
  return workflowOf(
    "parent",
    [
      { id: "before", typeId: "core.noop" },
      {
        id: "call",
        typeId: "core.subWorkflow",
        after: ["before"],
        config: { workflowId: "child", ...config },
        ...more,
      },
      { id: "after", typeId: "core.noop", after: ["call"] },
    ],
    [],
    {
      variables: [{ name: "order", type: "string", defaultValue: "o-1" }],
    },
  );
}

const child: RunnableWorkflow = workflowOf(
  "child",
  [
    {
      id: "store",
      typeId: "core.setVariable",
      config: { name: "childResult" },
      inputs: inputFrom("value"),
    },
    {
      id: "end",
      typeId: "core.end",
      inputs: inputFrom("got"),
      after: ["store"],
    },
  ],
  [],
  {
    variables: [
      { name: "value", type: "string", defaultValue: "own" },
      { name: "got", type: "string" },
    ],
  },
);

/** The child run that the log of a parent names. */
async function childOf(wire: Wire, run: string): Promise<string> {
  const log = await wire.soFar(run);
  const dispatched = log.find(({ type }) => type === "node.dispatched");
  assert.ok(dispatched, "no child was dispatched");
  return `/runs/${encodeURIComponent(dispatched.payload.childRunId)}`;
}

test("a sub-workflow is a run of its own with mapped inputs and outputs", async () => {
  const wire = new Wire(createHost({
    workflows: [
      parent({
        inputMapping: { value: "order", got: "nothing" },
        outputMapping: { childOutcome: "childResult" },
      }, {
        inputs: { got: { type: "static", value: "direct" } },
      }),
      child,
    ],
  }));
  const run = await wire.start("parent");
  const { variables, nodeStates, runId } = await wire.reach(run, "completed");
  assert.equal(variables.childOutcome, "o-1");
  const { childRunId, childStatus, output } = nodeStates.call.outputs;
  assert.equal(childStatus, "completed");
  assert.deepEqual(output, { got: "direct" });
  const inner = `/runs/${encodeURIComponent(childRunId)}`;
  const { body } = await wire.get(inner);
  assert.equal(body.parentRunId, runId);
  assert.deepEqual(body.inputs, { value: "o-1", got: "direct" });
  const types = (await wire.log(run)).map(({ type }) => type);
  assert.deepEqual(types, [
    "run.started",
    "node.started",
    "node.completed",
    "node.started",
    "node.dispatched",
    "variable.changed",
    "node.completed",
    "node.started",
    "node.completed",
    "run.completed",
  ]);
});

test("a parent shows that its child waits, and goes on with it", async () => {
  const wire = new Wire(createHost({
    workflows: [parent({ workflowId: "gated" }), gate()],
  }));
  const run = await wire.start("parent");
  await wire.reach(run, "waiting-approval");
  const inner = await childOf(wire, run);
  await wire.reach(inner, "waiting-approval");
  await wire.accept(inner);
  const { nodeStates } = await wire.reach(run, "completed");
  assert.equal(nodeStates.call.outputs.childStatus, "completed");
});

test("the failure of a child fails its parent, or is absorbed", async () => {
  const broken = workflowOf("broken", [{
    id: "x",
    typeId: "core.fail",
    config: { code: "no_stock", message: "nothing left" },
  }]);
  for (const policy of ["fail-parent", "absorb", "continue"]) {
    const wire = new Wire(createHost({
      workflows: [
        parent({ workflowId: "broken", onChildFailure: policy }),
        broken,
      ],
    }));
    const run = await wire.start("parent");
    if (policy === "fail-parent") {
      const { error } = await wire.reach(run, "failed");
      assert.equal(error.code, "no_stock");
      assert.equal(error.details.childStatus, "failed");
      continue;
    }
    const { nodeStates } = await wire.reach(run, "completed");
    const { childStatus, output, error } = nodeStates.call.outputs;
    assert.equal(childStatus, "failed");
    assert.equal(output, undefined);
    assert.equal(error.code, "no_stock");
  }
});

test("a failed child is tried again as another run", async () => {
  const clock = new FakeClock();
  let tries = 0;
  const flaky = workflowOf("flaky", [{ id: "x", typeId: "local.test.flaky" }], [
    {
      typeId: "local.test.flaky",
      run: () => {
        if (++tries < 2) throw new Error("not yet");
        return {};
      },
    },
  ]);
  const wire = new Wire(createHost({
    clock,
    workflows: [
      parent({ workflowId: "flaky" }, {
        settings: { maxRetries: 1, retryDelayMs: 50 },
      }),
      flaky,
    ],
  }));
  const run = await wire.start("parent");
  await until(() => tries === 1);
  await settle();
  await clock.advance(50);
  await wire.reach(run, "completed");
  const dispatched = (await wire.log(run)).filter(({ type }) =>
    type === "node.dispatched"
  );
  assert.equal(dispatched.length, 2);
  assert.notEqual(
    dispatched[0].payload.childRunId,
    dispatched[1].payload.childRunId,
  );
});

test("a child that nobody waits for lives on by itself", async () => {
  const wire = new Wire(createHost({
    workflows: [
      parent({ workflowId: "gated", waitForCompletion: false }),
      gate(),
    ],
  }));
  const run = await wire.start("parent");
  await wire.reach(run, "completed");
  const inner = await childOf(wire, run);
  await wire.reach(inner, "waiting-approval");
  await wire.accept(inner);
  await wire.reach(inner, "completed");
});

test("the cancel of a parent takes its children along, unless they are kept out of it", async () => {
  for (const propagateCancellation of [true, false]) {
    for (const waitForCompletion of [true, false]) {
      const wire = new Wire(createHost({
        workflows: [
          workflowOf("parent", [
            {
              id: "call",
              typeId: "core.subWorkflow",
              config: {
                workflowId: "gated",
                propagateCancellation,
                waitForCompletion,
              },
            },
            { id: "gate", typeId: "core.approvalGate" },
          ]),
          gate(),
        ],
      }));
      const run = await wire.start("parent");
      const { runId } = await wire.reach(run, "waiting-approval");
      const inner = await childOf(wire, run);
      await wire.reach(inner, "waiting-approval");
      await wire.post(`${run}/cancel`, {});
      await wire.reach(run, "cancelled");
      await settle();
      const { body } = await wire.get(inner);
      assert.equal(
        body.status,
        propagateCancellation ? "cancelled" : "waiting-approval",
      );
      if (!propagateCancellation) continue;
      const last = (await wire.log(inner)).at(-1);
      assert.deepEqual(
        [last.payload.reason, last.payload.parentRunId],
        ["parent-cancelled", runId],
      );
      assert.equal((await wire.accept(inner)).status, 409);
    }
  }
});

test("a child that cannot be made fails its node by name", async () => {
  const needy = workflowOf("needy", [{ id: "n", typeId: "core.noop" }], [], {
    variables: [{ name: "must", type: "string", required: true }],
  });
  const wire = new Wire(createHost({
    workflows: [
      parent({ workflowId: "nowhere" }),
      { ...needy },
      workflowOf("missing-input", [{
        id: "call",
        typeId: "core.subWorkflow",
        config: { workflowId: "needy" },
      }]),
      workflowOf("old", [{
        id: "call",
        typeId: "core.subWorkflow",
        config: { workflowId: "needy", version: "0.9.0" },
      }]),
      workflowOf("endless", [{
        id: "call",
        typeId: "core.flow.sub-workflow-invoke",
        config: { workflowId: "endless" },
      }]),
    ],
  }));
  for (
    const [id, code] of [
      ["parent", "unknown_child_workflow"],
      ["missing-input", "validation_error"],
      ["old", "unknown_child_workflow"],
      ["endless", "sub_chain_depth_exceeded"],
    ]
  ) {
    const { error } = await wire.reach(await wire.start(id!), "failed");
    assert.equal(error.code, code);
  }
});

test("each item of a list can be a run of its own", async () => {
  const double = workflowOf("double", [{
    id: "end",
    typeId: "core.end",
    inputs: inputFrom("n"),
  }]);
  const wire = new Wire(createHost({
    workflows: [
      workflowOf("list", [{
        id: "all",
        typeId: "tutti.forEach",
        config: { workflowId: "double", itemInputs: { n: "" }, concurrency: 2 },
        inputs: { items: { type: "static", value: [1, 2, 3, 4] } },
      }]),
      double,
    ],
  }));
  const run = await wire.start("list");
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.all.outputs, {
    results: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }],
    count: 4,
  });
});

test("an item that fails takes the child runs of the others along", async () => {
  const wire = new Wire(createHost({
    workflows: [
      workflowOf("list", [{
        id: "all",
        typeId: "tutti.forEach",
        config: { workflowId: "gated", itemInputs: { n: "" } },
        inputs: { items: { type: "static", value: [1, 2] } },
      }]),
      gate(),
    ],
  }));
  const run = await wire.start("list");
  await wire.reach(run, "waiting-approval");
  const children = (await wire.soFar(run))
    .filter(({ type }) => type === "node.dispatched")
    .map(({ payload }) => `/runs/${encodeURIComponent(payload.childRunId)}`);
  const [first, second] = [...new Set(children)];
  await wire.reach(second!, "waiting-approval");
  await wire.post(`${first}/interrupts/gate`, {
    resumeValue: { action: "reject" },
  });
  await wire.reach(run, "failed");
  await wire.reach(second!, "cancelled");
});

test("a host that takes over finds child and parent again", async () => {
  const store = memoryStore();
  const workflows = [parent({ workflowId: "gated" }), gate()];
  const first = createHost({ workflows, store });
  const wire = new Wire(first);
  const run = await wire.start("parent");
  await wire.reach(run, "waiting-approval");
  const inner = await childOf(wire, run);
  await first.close();
  const next = new Wire(createHost({ workflows, store }));
  await next.reach(inner, "waiting-approval");
  await next.accept(inner);
  await next.reach(run, "completed");
});
