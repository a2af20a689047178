// What plain JavaScript, which no compiler stops, gets for arguments that are missing or wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accept } from "@tutti/sdk/dsl";
import { TuttiError } from "@tutti/sdk/http";
import { DefinitionError, InvalidArgumentError } from "@tutti/sdk/openwop";
import {
  type Any,
  built,
  chain,
  flow,
  load,
  type Row,
  rows,
  sends,
  Sent,
  wrong,
} from "../support/plain_js.ts";

/** What became of it. */
async function outcome(
  call: Row[1],
  given: readonly unknown[],
): Promise<unknown> {
  try {
    await call(...given);
  } catch (error) {
    return error instanceof Sent ? undefined : error;
  }
}

for (const [name, call, given, ...fine] of rows) {
  test(`${name}() says with a typed error which argument is missing or wrong`, async () => {
    assert.equal(
      await outcome(call, given),
      undefined,
      "it takes what is right",
    );
    for (const index of given.keys()) {
      for (const [what, value] of Object.entries(wrong)) {
        const error = await outcome(call, given.with(index, value));
        const where = `argument ${index}, ${what}`;
        if (
          fine[index]?.includes(what.replaceAll(" ", "-")) ||
          fine[index]?.includes(what)
        ) {
          assert.equal(error, undefined, `${where}: ${error}`);
        } else {
          assert.ok(TuttiError.is(error), `${where}: ${error}`);
        }
      }
    }
  });
}

test("build() names an approval without a title, and an answer without a case", () => {
  const issuesOf = (draft: Any): readonly string[] => {
    try {
      draft.build();
    } catch (error) {
      assert.ok(DefinitionError.is(error));
      return error.issues.map(({ source, message }) => `${source}: ${message}`);
    }
    return [];
  };
  assert.deepEqual(issuesOf(flow().approval("gate", () => ({}))), [
    "gate: its title has no words",
  ]);
  const gate = (): Any =>
    flow().approval("gate", () => ({ title: "?" }), { refine: true });
  const on = ({ gate }: Any) => gate.action;
  const nothing = (w: Any) => w;
  assert.deepEqual(
    issuesOf(gate().branch(on, { accept: chain("p") })),
    ["reject", "refine"].map((action) =>
      `gate: the branch on it has no case "${action}"`
    ),
  );
  assert.deepEqual(
    issuesOf(gate().branch(on, { accept: chain("p"), reject: nothing })),
    ['gate: the branch on it has no case "refine"'],
  );
  assert.deepEqual(
    issuesOf(gate().branch(on, { accept: chain("p"), otherwise: nothing })),
    [],
  );
});

test("a function that gives nothing is told of by the name of its step, and what it throws keeps its cause", () => {
  assert.throws(() => flow().step("save", load, () => {}), {
    code: "invalid-argument",
    path: "save.inputs",
    message:
      'Cannot use "save.inputs": a function is wanted that gives an object or a reference, as in ({ input }) => ({ text: input.text })',
  });
  const thrown = new TypeError("no rows");
  assert.throws(
    () =>
      flow().step("save", load, () => {
        throw thrown;
      }),
    (error) =>
      InvalidArgumentError.is(error) && error.path === "save.inputs" &&
      error.cause === thrown,
  );
  // What is no TypeError is nobody's argument.
  assert.throws(() => flow().step("save", load, () => sends()), Sent);
});

test("on() and fork() refuse names that the workflow does not have", () => {
  const plan = built.run({});
  assert.throws(() => plan.on("gat", accept()), {
    message: 'Cannot use "on": workflow "w" has no step "gat"',
  });
  assert.throws(() => plan.fork("x", { after: "gat" }), {
    message: 'Cannot use "at": workflow "w" has no step "gat"',
  });
});
