import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { DefinitionError } from "@tutti/sdk/openwop";
import type { WorkflowNode } from "@tutti/sdk/openwop";
import {
  arrived,
  openWithReceiver,
  register,
} from "../support/webhook_receiver.ts";
import { inputFrom, Wire, workflowOf } from "../support/wire.ts";

function from(
  nodeId: string,
  outputKey: string,
): WorkflowNode["inputs"][string] {
  return { type: "connection", nodeId, outputKey };
}

test("what a workflow calls sensitive is shown to nobody and still flows", async () => {
  const secret = "hunter2-very-secret";
  const wire = new Wire(createHost({
    workflows: [workflowOf("masked", [
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
    })],
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

test("a webhook is told as little of what is sensitive as anybody", async () => {
  const { wire, receiver } = openWithReceiver({
    workflows: [workflowOf(
      "masked",
      [{ id: "n", typeId: "core.noop", inputs: inputFrom("pin") }],
      [],
      { variables: [{ name: "pin", type: "string", sensitive: true }] },
    )],
  });
  await register(wire);
  await wire.start("masked", { inputs: { pin: "4711-secret" } });
  await arrived(receiver, 2);
  for (const request of receiver.came) {
    assert.doesNotMatch(await request.clone().text(), /4711/);
  }
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
