import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { Wire, workflowOf } from "../support/wire.ts";

const strict = workflowOf("strict", [{ id: "a", typeId: "core.noop" }], [], {
  variables: [
    { name: "repo", type: "string", required: true },
    { name: "a/b~c", type: "string", required: true },
    { name: "depth", type: "number", required: true, defaultValue: 3 },
    { name: "note", type: "string" },
  ],
});
const typed = workflowOf("typed", [{ id: "a", typeId: "core.noop" }], [], {
  variables: [
    { name: "text", type: "string", required: true },
    { name: "a/b", type: "number" },
    { name: "list", type: "array" },
    { name: "on", type: "boolean" },
    { name: "any", type: "object" },
  ],
});
const wire = new Wire(createHost({ workflows: [strict, typed] }));

test("POST /runs refuses a run without the inputs that its workflow requires", async () => {
  const missing = await wire.post("/runs", { workflowId: "strict" });
  assert.equal(missing.status, 400);
  assert.equal(missing.body.error, "validation_error");
  assert.deepEqual(missing.body.details, {
    pointer: "/inputs/repo",
    missing: ["repo", "a/b~c"],
  });
  const one = await wire.post("/runs", {
    workflowId: "strict",
    inputs: { repo: "r" },
  });
  assert.equal(one.body.details.pointer, "/inputs/a~1b~0c");
  // Inherited names are no inputs.
  const odd = workflowOf("odd", [{ id: "a", typeId: "core.noop" }], [], {
    variables: [{ name: "toString", type: "string", required: true }],
  });
  const other = new Wire(createHost({ workflows: [odd] }));
  const inherited = await other.post("/runs", { workflowId: "odd" });
  assert.equal(inherited.status, 400);

  const run = await wire.start("strict", {
    inputs: { repo: "r", "a/b~c": "x" },
  });
  const { variables } = await wire.reach(run, "completed");
  assert.deepEqual(variables, { repo: "r", "a/b~c": "x", depth: 3 });
});

test("POST /runs refuses an input of another type than its workflow declares", async () => {
  const refused = async (inputs: object, message: RegExp, pointer: string) => {
    const { status, body } = await wire.post("/runs", {
      workflowId: "typed",
      inputs: { text: "t", ...inputs },
    });
    assert.equal(status, 400);
    assert.equal(body.error, "validation_error");
    assert.match(body.message, message);
    assert.equal(body.details.pointer, pointer);
  };
  await refused(
    { text: 7 },
    /wants "text" to be of type string, this is number$/,
    "/inputs/text",
  );
  await refused({ text: null }, /this is null$/, "/inputs/text");
  await refused({ "a/b": [] }, /of type number, this is array/, "/inputs/a~1b");
  await refused({ list: {} }, /of type array, this is object/, "/inputs/list");
  await refused({ on: "yes" }, /of type boolean, this is str/, "/inputs/on");

  for (
    const inputs of [
      { "a/b": null, on: null },
      { any: "text", more: [1] },
      { any: null, list: [], on: false, "a/b": 0 },
    ]
  ) {
    const run = await wire.start("typed", {
      inputs: { text: "", ...inputs },
    });
    const { variables } = await wire.reach(run, "completed");
    assert.deepEqual(variables, { text: "", ...inputs });
  }
});
