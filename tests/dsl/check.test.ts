import assert from "node:assert/strict";
import { test } from "node:test";
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import { DefinitionError } from "@tutti/sdk/openwop";
import { lint, mergePr } from "../support/review_workflow.ts";

/** Declares what the compiler would refuse. */
const loosely = (value: unknown): never => value as never;

test("check() finds all problems at once, each with its place and what to do", () => {
  const flow = workflow("Bad Id", { version: "one" })
    .input(type<{ pr: number }>())
    .step("fine", mergePr, ({ input }) => ({ pr: input.pr }))
    .step(loosely("fine"), mergePr, () => ({ pr: 1 }))
    .step("a b", mergePr, () => ({ pr: 1 }))
    .step(loosely("input"), mergePr, () => ({ pr: 1 }))
    .step("when", lint, () => ({ diff: loosely(new Date(0)) }))
    .step(
      "who",
      lint,
      (refs) => ({ diff: loosely(loosely(refs)["ghost"]["x"]) }),
    )
    .approval("gate", () => ({ title: "?" }), {
      quorum: 3,
      approvers: ["ann", "bob"],
      timeout: "soon",
    });
  const issues = flow.check();
  const found = issues.map(({ code, source }) => `${code} ${source ?? ""}`);
  for (
    const wanted of [
      "approval-impossible gate",
      "bad-name a b",
      "reserved-name input",
      "literal-not-json when",
      "wrong-shape ",
    ]
  ) assert.ok(found.includes(wanted), `${wanted} in ${found.join(" | ")}`);
  assert.equal(
    found.filter((entry) => entry === "approval-impossible gate").length,
    2,
  );
  for (const issue of issues) assert.ok(issue.message.length > 10);
});

test("check() finds a name that is used twice", () => {
  const flow = workflow("twice", { version: "1.0.0" }).input()
    .step("fine", mergePr, () => ({ pr: 1 }))
    .step(loosely("fine"), mergePr, () => ({ pr: 1 }));
  assert.deepEqual(
    flow.check().map(({ code, source, pointer }) => [code, source, pointer]),
    [["duplicate-id", "fine", "/nodes/1/id"]],
  );
});

test("check() finds references to steps that do not exist", () => {
  const flow = workflow("graph", { version: "1.0.0" }).input()
    .step(
      "who",
      lint,
      (refs) => ({ diff: loosely(loosely(refs)["ghost"]["x"]) }),
    );
  const found = flow.check().map(({ code, source }) => `${code} ${source}`);
  assert.ok(found.includes("unknown-reference who"), found.join());
});

test("check() finds a duplicate name across parallel branches", () => {
  const flow = workflow("twins", { version: "1.0.0" }).input().parallel({
    a: (w) => w.step("same", mergePr, () => ({ pr: 1 })),
    b: (w) => w.step("same", mergePr, () => ({ pr: 1 })),
  });
  assert.deepEqual(
    flow.check().map(({ code }) => code).filter((code) =>
      code === "duplicate-id"
    ).length > 0,
    true,
  );
});

test("check() finds type ids that two kinds of step claim", () => {
  const twin = defineNode({
    typeId: mergePr.typeId,
    input: type<{ pr: number }>(),
    output: type<{ sha: string }>(),
    run: () => ({ sha: "other" }),
  });
  const flow = workflow("types", { version: "1.0.0" }).input()
    .step("one", mergePr, () => ({ pr: 1 }))
    .step("two", twin, () => ({ pr: 1 }));
  assert.deepEqual(
    flow.check().map(({ code, source }) => `${code} ${source}`),
    [
      "type-id-taken two",
    ],
  );
});

test("check() refuses a reference inside a literal", () => {
  const flow = workflow("inside", { version: "1.0.0" })
    .input(type<{ name: string }>())
    .approval("gate", ({ input }) => ({
      title: "?",
      data: { deep: { name: input.name } },
    }));
  const [issue] = flow.check();
  assert.equal(issue?.code, "literal-not-json");
  assert.match(
    issue?.message ?? "",
    /"deep" would not survive JSON: it is a reference inside of a literal \(at \/name\)/,
  );
});

test("check() refuses handles that wait for each other or for nobody", () => {
  const w = workflow("loop", { version: "1.0.0" }).input();
  w.add("a", mergePr, { pr: 1 }, { after: ["b"] });
  w.add("b", mergePr, { pr: 1 }, { after: ["a"] });
  w.add("c", mergePr, { pr: 1 }, { after: ["ghost"] });
  const codes = w.check().map(({ code }) => code);
  assert.ok(codes.includes("cycle"), codes.join());
  assert.ok(codes.includes("unknown-node"), codes.join());
});

test("build() throws one error that lists every problem and never half a workflow", () => {
  const flow = workflow("Bad", { version: "x" }).input()
    .step("a b", mergePr, () => ({ pr: 1 }));
  let thrown: unknown;
  try {
    flow.build();
  } catch (error) {
    thrown = error;
  }
  assert.ok(DefinitionError.is(thrown));
  assert.equal(thrown.code, "definition-invalid");
  assert.equal(thrown.retryable, false);
  assert.deepEqual(thrown.issues, flow.check());
  assert.match(
    thrown.message,
    /^Cannot build workflow "Bad": \d problems\n {2}/,
  );
});

test("build() refuses a workflow without any step", () => {
  assert.throws(
    () => workflow("empty", { version: "1.0.0" }).input().build(),
    (error) =>
      DefinitionError.is(error) && error.issues[0]?.pointer === "/nodes",
  );
});

test("check() refuses a step named __proto__: what is read from outside has no such member", () => {
  const flow = workflow("proto", { version: "1.0.0" }).input()
    .step(loosely("__proto__"), mergePr, () => ({ pr: 1 }));
  assert.deepEqual(
    flow.check().map(({ code, source, pointer }) => [code, source, pointer]),
    [["reserved-name", "__proto__", "/nodes/0"]],
  );
});

test("build() keeps a port named __proto__ as an ordinary port", () => {
  const w = workflow("proto", { version: "1.0.0" }).input();
  w.add("one", mergePr, JSON.parse('{"pr":1,"__proto__":{"polluted":true}}'));
  const node = w.build().definition.nodes[0]!;
  assert.ok(Object.hasOwn(node.inputs, "__proto__"));
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});
