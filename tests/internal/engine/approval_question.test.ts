import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../src/openwop/protocol/mod.ts";
import { gate, type Performer } from "./support.ts";

function question(performer: Performer): unknown {
  return performer.node("gate").interrupt?.payload;
}

test("decide() asks with the defaults when an approval says nothing", () => {
  const performer = gate();
  assert.deepEqual(question(performer), {
    kind: "approval",
    key: "gate:1",
    data: {
      artifactId: "gate",
      artifactType: "data",
      title: "Name of gate",
      actions: ["accept", "reject"],
      artifactData: {},
    },
  });
  assert.deepEqual(performer.story, [
    "run.started",
    "node.started gate",
    "interrupt.requested gate",
    "node.suspended gate",
  ]);
  assert.equal(performer.state.status, "waiting-approval");
});

test("decide() asks with everything that the config of an approval says", () => {
  const config = {
    title: "Publish?",
    description: "Read it first",
    artifactType: "document",
    actions: ["accept", "reject", "refine", "edit", "ask", "accept"],
    requiredApprovals: 2,
    rejectionPolicy: "majority",
    approversList: ["ann", "bob"],
    timeoutMs: 60_000,
  };
  const inputs = { text: { type: "static", value: "Hello" } } as const;
  assert.deepEqual(question(gate(config, { inputs })), {
    kind: "approval",
    key: "gate:1",
    data: {
      artifactId: "gate",
      artifactType: "document",
      title: "Publish?",
      actions: ["accept", "reject", "refine", "edit-accept", "ask"],
      description: "Read it first",
      artifactData: { text: "Hello" },
      requiredApprovals: 2,
      approversList: ["ann", "bob"],
      rejectionPolicy: "majority",
    },
    timeoutMs: 60_000,
  });
});

test("decide() takes the title from a text port of that name and keeps it out of the artifact", () => {
  const performer = gate({ title: "Default" }, {
    inputs: {
      title: { type: "static", value: "Merge 7?" },
      diff: { type: "static", value: "+1" },
    },
  });
  const { interrupt } = performer.node("gate");
  assert.ok(interrupt?.payload.kind === "approval");
  assert.equal(interrupt.payload.data.title, "Merge 7?");
  assert.deepEqual(interrupt.payload.data.artifactData, { diff: "+1" });
});

test("decide() keeps a title port in the artifact when it is no text", () => {
  const performer = gate({ title: "Default" }, {
    inputs: { title: { type: "static", value: 7 } },
  });
  const { interrupt } = performer.node("gate");
  assert.ok(interrupt?.payload.kind === "approval");
  assert.equal(interrupt.payload.data.title, "Default");
  assert.deepEqual(interrupt.payload.data.artifactData, { title: 7 });
});

const broken: readonly JsonObject[] = [
  { actions: [] },
  { actions: "accept" },
  { actions: ["accept", "timeout"] },
  { requiredApprovals: 0 },
  { requiredApprovals: 1.5 },
  { requiredApprovals: "2" },
  { rejectionPolicy: "none" },
  { approversList: "ann" },
  { approversList: [1] },
  { approversList: ["ann", "ann"], requiredApprovals: 2 },
  { timeoutMs: -1 },
  { timeoutMs: "48h" },
];

for (const config of broken) {
  test(`decide() fails an approval when its config has ${JSON.stringify(config)}`, () => {
    const performer = gate(config);
    const { status, error } = performer.node("gate");
    assert.equal(status, "failed");
    assert.equal(error?.code, "config_validation_failed");
    assert.equal(performer.state.status, "failed");
  });
}

test("decide() restricts nobody when the list of approvers is empty", () => {
  const performer = gate({ approversList: [] });
  assert.equal(performer.answer("gate", { action: "accept" }).ok, true);
});
