import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attempt,
  core,
  defineNode,
  eq,
  forEach,
  node,
  orElse,
  repeat,
  sub,
  type,
  undo,
  workflow,
} from "@tutti/sdk/dsl";
import {
  begin,
  built,
  codesOf,
  edgesOf,
  load,
  nodeOf,
} from "../support/constructs.ts";
import { lint } from "../support/review_workflow.ts";

test("step() writes retry, timeout, masked outputs and undoing where the protocol has a place for them", () => {
  const { nodes } = built(
    begin().step("load", load, ({ pull }) => ({ id: pull.n }), {
      retry: { max: 3, delay: "1s", backoff: "exponential", maxDelay: "1m" },
      timeout: "30s",
      sensitive: ["bytes"],
      notes: "costs money",
      undo: undo(load, ({ output, input }) => ({
        id: output.bytes,
        day: input.day,
      } as never), 2),
    }),
  );
  const { settings, outputSensitivity, compensation, notes } = nodes[1]!;
  assert.deepEqual(settings, {
    timeoutMs: 30_000,
    maxRetries: 3,
    retryDelayMs: 1000,
    retryBackoff: "exponential",
    retryMaxDelayMs: 60_000,
  });
  assert.deepEqual(outputSensitivity, { bytes: true });
  assert.deepEqual(compensation, {
    nodeTypeId: "local.test.load",
    inputMapping: { id: "outputs.bytes", day: "inputs.day" },
    retry: { maxRetries: 2 },
  });
  assert.equal(notes, "costs money");
});

test("step() brings the code that undoes along", () => {
  const back = defineNode({
    typeId: "local.test.back",
    input: type<{ bytes: number }>(),
    output: type<{ done: true }>(),
    run: () => ({ done: true as const }),
  });
  const { nodes } = begin().step("load", load, () => ({ id: 1 }), {
    undo: undo(back, ({ output }) => ({ bytes: output.bytes })),
  }).build();
  assert.deepEqual(nodes.map(({ typeId }) => typeId), [
    "local.test.pull",
    "local.test.load",
    "local.test.back",
  ]);
});

test("step() says which option cannot be", () => {
  const issues = begin().step("load", load, () => ({ id: 1 }), {
    retry: 1.5,
    timeout: "soon",
    undo: undo(load, () => ({ id: 1 }) as never),
  }).check();
  assert.deepEqual(
    codesOf(issues),
    ["bad-option load", "bad-option load", "bad-option load"],
  );
  assert.match(
    issues.map(({ message }) => message).join(),
    /own input or output.*"soon".*1.5 retries/s,
  );
});

test("a reference leads as deep as it says, and orElse() fills what is missing", () => {
  const { nodes } = built(
    begin()
      .step("a", load, ({ pull }) => ({ id: orElse(pull.rows[0]!.at.n, 7) }))
      .step(
        "b",
        load,
        ({ input }) => ({ id: input.n, day: orElse(input.day, "x") }),
      ),
  );
  assert.deepEqual(nodes[1]!.inputs, {
    id: {
      type: "connection",
      nodeId: "pull",
      outputKey: "rows.0.at.n",
      optional: true,
    },
  });
  assert.deepEqual(nodes[1]!.settings, { defaults: { id: 7 } });
  assert.deepEqual(nodes[2]!.inputs["day"], {
    type: "variable",
    variableName: "day",
    optional: true,
  });
  assert.throws(() => orElse(3 as never, 4), /orElse": it takes a reference/);
  begin().step("b", load, ({ pull }) => {
    assert.throws(
      () => orElse(pull.rows[0]!.at.n, pull.rows[1]!.at.n),
      /of two references, hand one to an optional port/,
    );
    return { id: 1 };
  });
});

test("attempt() routes a failure and goes on after either", () => {
  const definition = built(
    begin().use(attempt("pay", load, () => ({ id: 1 }), {
      retry: 1,
      onError: (w, failure) =>
        w.step("tell", lint, () => ({ diff: failure.message })),
    })).output(({ pay }) => ({ bytes: pay.bytes })),
  );
  assert.deepEqual(edgesOf(definition), [
    "pull->pay",
    "pay->pay-failed | any_failed | error=>error",
    "pay->pay-ok",
    "pay-failed->tell",
    "pay-ok->output",
    "tell->output",
  ]);
  assert.deepEqual(nodeOf(definition, "tell").inputs["diff"], {
    type: "connection",
    nodeId: "pay-failed",
    outputKey: "error.message",
  });
  assert.equal(
    (nodeOf(definition, "output").inputs["bytes"] as { optional?: boolean })
      .optional,
    true,
  );
});

test("repeat() is its body and a node that asks, without an edge back", () => {
  const definition = built(
    begin().use(repeat(
      "polish",
      (w) =>
        w.step("draft", load, () => ({ id: 1 }))
          .approval("review", () => ({ title: "Good?" })),
      { until: ({ review }) => eq(review.action, "accept"), max: 3 },
    )).output(({ draft }) => ({ bytes: draft.bytes })),
  );
  assert.deepEqual(nodeOf(definition, "polish").config, {
    body: ["draft", "review"],
    until: { path: "a", op: "eq", value: "accept" },
    maxIterations: 3,
    onLimit: "fail",
  });
  assert.equal(nodeOf(definition, "review").config["rejection"], "output");
  assert.deepEqual(edgesOf(definition), [
    "pull->draft",
    "draft->review",
    "review->polish",
    "polish->output",
  ]);
});

test("repeat() refuses a body without steps, a missing bound and a condition that cannot change", () => {
  const issues = begin().use(repeat("polish", (w) => w, {
    until: ({ pull }) => eq(pull.kind, "a"),
    max: 0,
  })).check();
  assert.match(
    issues.map(({ message }) => message).join("; "),
    /needs a bound.*no steps.*never changes/s,
  );
});

test("forEach() tells the item's ports from those that all items share", () => {
  const definition = built(
    begin().use(forEach(
      "each",
      ({ pull }) => pull.rows,
      load,
      (row, { input }) => ({ id: row.at.n, day: input.day }),
      { concurrency: 2, order: "completion", onItemError: "collect", retry: 1 },
    )),
  );
  const { typeId, config, inputs, settings } = nodeOf(definition, "each");
  assert.equal(typeId, "tutti.forEach");
  assert.deepEqual(config, {
    nodeTypeId: "local.test.load",
    itemInputs: { id: "at.n" },
    concurrency: 2,
    order: "completion",
    onItemError: "collect",
  });
  assert.deepEqual(Object.keys(inputs), ["day", "items"]);
  assert.deepEqual(settings, { maxRetries: 1 });
});

test("forEach() runs a workflow for each item, and brings code of a step along", () => {
  const child = workflow("child", { version: "2.0.0" })
    .input(type<{ id: number }>())
    .step("load", load, ({ input }) => ({ id: input.id }))
    .output(({ load }) => ({ bytes: load.bytes }))
    .build();
  const flow = begin().use(
    forEach("each", ({ pull }) => pull.rows, child, (row) => ({ id: row.id })),
  ).build();
  assert.deepEqual(nodeOf(flow.definition, "each").config, {
    workflowId: "child",
    version: "2.0.0",
    itemInputs: { id: "id" },
    order: "input",
    onItemError: "fail",
  });
  const code = begin().use(
    forEach("each", ({ pull }) => pull.rows, load, (row) => ({ id: row.id })),
  ).build();
  assert.ok(code.nodes.some(({ typeId }) => typeId === "local.test.load"));
});

test("forEach() refuses an item outside of its function", () => {
  let kept: unknown;
  const issues = begin().use(
    forEach("each", ({ pull }) => pull.rows, load, (row) => {
      kept = row.id;
      return { id: row.id };
    }),
  ).step("next", load, () => ({ id: kept as never })).check();
  assert.deepEqual(codesOf(issues), [
    "host-extension each",
    "reference-out-of-place next",
  ]);
});

test("sub() maps inputs of the run by name and hands over everything else", () => {
  const child = workflow("child", { version: "2.0.0" })
    .input(type<{ a: number; b: string; c: number }>())
    .step("load", load, ({ input }) => ({ id: input.a }))
    .output(({ load }) => ({ bytes: load.bytes }))
    .build();
  const definition = built(
    begin().use(sub("pay", child, ({ input, pull }) => ({
      a: pull.n,
      b: input.day,
      c: 3,
    }), { onFailure: "absorb", cancelWithParent: false }))
      .output(({ pay }) => ({ bytes: pay.bytes, how: pay.childStatus })),
  );
  const { config, inputs } = nodeOf(definition, "pay");
  assert.deepEqual(config, {
    workflowId: "child",
    version: "2.0.0",
    waitForCompletion: true,
    onChildFailure: "absorb",
    propagateCancellation: false,
    inputMapping: { b: "day" },
  });
  assert.deepEqual(Object.keys(inputs), ["a", "c"]);
  const output = nodeOf(definition, "output").inputs;
  assert.equal(
    output["bytes"]?.type === "connection" && output["bytes"].outputKey,
    "output.bytes",
  );
  assert.equal(
    output["how"]?.type === "connection" && output["how"].outputKey,
    "childStatus",
  );
});

test("node() and core place what a host performs by itself", () => {
  const lookup = node("vendor.acme.lookup", {
    input: type<{ mail: string }>(),
    output: type<{ id: string }>({ id: "string" }),
    config: { region: "eu" },
  });
  const flow = begin()
    .step("who", lookup, ({ input }) => ({ mail: input.day }))
    .step("if", core.flowIf({ op: "gt", value: 3 }), ({ pull }) => ({
      value: pull.n,
    }))
    .build();
  assert.deepEqual(flow.nodes.map(({ typeId }) => typeId), ["local.test.pull"]);
  assert.deepEqual(nodeOf(flow.definition, "if").config, {
    predicate: { op: "gt", value: 3 },
  });
});
