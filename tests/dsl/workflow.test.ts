import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DefinedWorkflow,
  defineNode,
  defineWorkflow,
  fragment,
  sub,
  type,
  Workflow,
  workflow,
} from "@tutti/sdk/dsl";
import { checkDefinition, type WorkflowDefinition } from "@tutti/sdk/openwop";
import { lint, mergePr, review } from "../support/review_workflow.ts";

const edgesOf = ({ edges }: WorkflowDefinition): string[] =>
  edges.map(({ id, condition }) =>
    condition ? `${id} if ${condition.left}=${condition.right}` : id
  );

test("build() gives a definition that the protocol's own check accepts", () => {
  assert.deepEqual(checkDefinition(review.definition), []);
  assert.deepEqual(
    checkDefinition(JSON.parse(JSON.stringify(review))),
    [],
  );
});

test("build() compiles steps, parallel branches, an approval and cases to nodes in topological order", () => {
  const { nodes } = review.definition;
  assert.deepEqual(nodes.map(({ id, typeId }) => `${id} ${typeId}`), [
    "fetch local.review.readDiff",
    "sec local.review.audit",
    "sty local.review.lint",
    "gate core.approvalGate",
    "merge local.review.merge",
    "comment local.review.comment",
    "output core.end",
  ]);
  assert.deepEqual(edgesOf(review.definition), [
    "fetch->sec",
    "fetch->sty",
    "sec->gate",
    "sty->gate",
    "gate->merge if action=accept",
    "gate->comment if action=reject",
    "merge->output",
    "comment->output",
  ]);
});

test("build() compiles references to connections and variables, optional where the value may be absent", () => {
  const inputs = (id: string) =>
    review.definition.nodes.find((node) => node.id === id)?.inputs;
  assert.deepEqual(inputs("fetch"), {
    repo: { type: "variable", variableName: "repo", optional: true },
    pr: { type: "variable", variableName: "pr", optional: true },
  });
  assert.deepEqual(inputs("gate"), {
    findings: {
      type: "connection",
      nodeId: "sec",
      outputKey: "findings",
      optional: true,
    },
    // The output type of this step declares its shape, so that its port is known to be there.
    notes: { type: "connection", nodeId: "sty", outputKey: "notes" },
  });
  assert.deepEqual(inputs("comment")?.["text"], {
    type: "connection",
    nodeId: "gate",
    outputKey: "feedback",
  });
  assert.deepEqual(inputs("output")?.["sha"], {
    type: "connection",
    nodeId: "merge",
    outputKey: "sha",
    optional: true,
  });
});

test("build() makes a rejection a value only where a branch asks for it", () => {
  const gate = review.definition.nodes.find((node) => node.id === "gate");
  assert.equal(gate?.config["rejection"], "output");
  const plain = workflow("plain", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "Go on?" })).build();
  assert.equal(plain.definition.nodes[0]?.config["rejection"], undefined);
});

test("build() places nodes by layer, the same way every time", () => {
  const at = Object.fromEntries(
    review.definition.nodes.map(({ id, position }) => [id, position]),
  );
  assert.deepEqual(at["fetch"], { x: 0, y: 0 });
  assert.deepEqual(at["sec"], { x: 240, y: -60 });
  assert.deepEqual(at["sty"], { x: 240, y: 60 });
  assert.deepEqual(at["output"], { x: 960, y: 0 });
});

test("build() declares the inputs as variables where the schema tells their types", () => {
  const told = workflow("told", { version: "1.0.0" })
    .input(type<{ day: string; limit?: number; flags: string[] }>({
      day: "string",
      limit: "number?",
      flags: "array",
    }))
    .step("merge", mergePr, () => ({ pr: 1 }))
    .build();
  assert.deepEqual(told.definition.variables, [
    { name: "day", type: "string", required: true },
    { name: "limit", type: "number" },
    { name: "flags", type: "array", required: true },
  ]);
  assert.deepEqual(review.definition.variables, []);
});

test("branch() repeats the value in a node of its own where the step before is another", () => {
  const decide = defineNode({
    typeId: "local.test.decide",
    input: type<{ at: number }>(),
    output: type<{ kind: "big" | "small" }>(),
    run: ({ at }) => ({ kind: at > 9 ? "big" as const : "small" as const }),
  });
  const flow = workflow("far", { version: "1.0.0" })
    .input(type<{ pr: number; mode: "dry" | "wet" }>())
    .step("decide", decide, ({ input }) => ({ at: input.pr }))
    .step("lint", lint, () => ({ diff: "x" }))
    .branch(({ decide }) => decide.kind, {
      big: (w) => w.step("merge", mergePr, ({ input }) => ({ pr: input.pr })),
      small: (w) => w,
    })
    .branch(({ input }) => input.mode, { dry: (w) => w, wet: (w) => w })
    .build();
  assert.deepEqual(edgesOf(flow.definition), [
    "decide->lint",
    "lint->decide-kind",
    "decide-kind->merge if value=big",
    "merge->input-mode",
    "decide-kind->input-mode",
  ]);
});

test("branch() within a branch knows what is certain inside a case and not after it", () => {
  const flow = workflow("nested", { version: "1.0.0" }).input()
    .approval("one", () => ({ title: "One?" }))
    .branch(({ one }) => one.action, {
      accept: (w) =>
        w.step("merge", mergePr, () => ({ pr: 1 }))
          .approval("two", ({ merge }) => ({
            title: "Two?",
            data: { sha: merge.sha },
          }))
          .branch(({ two }) => two.action, {
            accept: (w) =>
              w.step("lint", lint, ({ two }) => ({ diff: two.decidedBy })),
            reject: (w) => w,
          }),
      reject: (w) => w,
    })
    .output(({ two, one }) => ({ second: two.action, first: one.action }))
    .build();
  const node = (id: string) =>
    flow.definition.nodes.find((node) => node.id === id)!;
  assert.equal("optional" in node("lint").inputs["diff"]!, false);
  assert.equal("optional" in node("output").inputs["first"]!, false);
  assert.equal(
    (node("output").inputs["second"] as { optional?: boolean }).optional,
    true,
  );
});

test("add() orders nodes by what they take and by what they are told to wait for", () => {
  const w = workflow("etl", { version: "1.0.0" })
    .input(type<{ pr: number }>());
  const first = w.add("first", mergePr, { pr: w.input.pr });
  const loads = ["a", "b"].map((name) =>
    w.add(`load-${name}`, lint, { diff: first.sha })
  );
  w.add("last", mergePr, { pr: 7 }, { after: ["load-a", "load-b"] });
  assert.equal(loads.length, 2);
  const built = w.output(() => ({ done: true })).build();
  assert.deepEqual(edgesOf(built.definition), [
    "first->load-a",
    "first->load-b",
    "load-a->last",
    "load-b->last",
    "last->output",
  ]);
});

test("step() leaves the flow it is called on as it was", () => {
  const base = workflow("base", { version: "1.0.0" }).input()
    .step("one", mergePr, () => ({ pr: 1 }));
  const left = base.step("two", mergePr, () => ({ pr: 2 })).build();
  const right = base.step("three", mergePr, () => ({ pr: 3 })).build();
  assert.deepEqual(left.definition.nodes.map(({ id }) => id), ["one", "two"]);
  assert.deepEqual(right.definition.nodes.map(({ id }) => id), [
    "one",
    "three",
  ]);
});

test("hash() is the same for the same declaration and another for another version", async () => {
  const make = (version: string) =>
    workflow("hashed", { version }).input()
      .step("one", mergePr, () => ({ pr: 1 })).build();
  assert.equal(await make("1.0.0").hash(), await make("1.0.0").hash());
  assert.notEqual(await make("1.0.0").hash(), await make("1.0.1").hash());
  assert.match(await make("1.0.0").hash(), /^[0-9a-f]{64}$/);
});

test("definition is frozen to its leaves", () => {
  assert.throws(
    () => Object.assign(review.definition.nodes[0]!.position, { x: 1 }),
    TypeError,
  );
});

test("a reference refuses to be used as a value and says what to do", () => {
  assert.throws(
    () =>
      workflow("misuse", { version: "1.0.0" })
        .input(type<{ name: string }>())
        .step("lint", lint, ({ input }) => ({ diff: `for ${input.name}` })),
    /Cannot use "input\.name": a reference has no value before the run: hand it to a port of a step/,
  );
});

test("parallel() and branch() refuse a function that forgets to return its chain", () => {
  const flow = workflow("forgets", { version: "1.0.0" }).input();
  assert.throws(
    () => flow.parallel({ a: (() => undefined) as never }),
    /"parallel\.a": it must return the chain/,
  );
  assert.throws(
    () =>
      flow.approval("gate", () => ({ title: "?" }))
        .branch(({ gate }) => gate.action, {
          accept: (() => undefined) as never,
          reject: (w) => w,
        }),
    /"branch\.accept": it must return the chain/,
  );
});

test("defineWorkflow() gives the definition that workflow() gives, and nothing to run it with", async () => {
  const declare = (begin: typeof defineWorkflow) =>
    begin("same", { version: "1.0.0" })
      .input(type<{ pr: number }>({ pr: "number" }))
      .parallel({
        one: (w) => w.step("one", mergePr, ({ input }) => ({ pr: input.pr })),
        two: (w) => w.approval("two", () => ({ title: "?" })),
      })
      .output(({ one }) => ({ sha: one.sha }))
      .build();
  const defined = declare(defineWorkflow);
  const full = declare(workflow as unknown as typeof defineWorkflow);
  assert.equal(JSON.stringify(defined), JSON.stringify(full));
  assert.equal(await defined.hash(), await full.hash());
  assert.deepEqual(defined.nodes, full.nodes);
  assert.equal(defined.id, "same");
  assert.ok(Object.isFrozen(defined.definition.nodes));
  assert.ok(defined instanceof DefinedWorkflow);
  assert.ok(!(defined instanceof Workflow));
  assert.ok(full instanceof Workflow);
});

test("sub() takes a child that was declared with defineWorkflow()", () => {
  const child = defineWorkflow("child", { version: "1.0.0" })
    .input(type<{ pr: number }>())
    .step("merge", mergePr, ({ input }) => ({ pr: input.pr }))
    .output(({ merge }) => ({ sha: merge.sha }))
    .build();
  const parent = defineWorkflow("parent", { version: "1.0.0" }).input()
    .use(sub("child", child, () => ({ pr: 1 })))
    .output(({ child }) => ({ sha: child.sha }))
    .build();
  assert.equal(parent.definition.nodes[0]?.config["workflowId"], "child");
});

test("fragment() gives a chain that can be built by itself, to look at it", () => {
  let definition: WorkflowDefinition | undefined;
  fragment(type<{ pr: number }>(), (w) => {
    const chain = w.step("merge", mergePr, ({ input }) => ({ pr: input.pr }));
    definition = chain.build().definition;
    return chain;
  });
  assert.deepEqual(definition?.nodes.map(({ id }) => id), ["merge"]);
});
