import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defineNode,
  fragment,
  gt,
  insert,
  join,
  repeat,
  type,
  when,
  workflow,
} from "@tutti/sdk/dsl";
import type { Workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { built as checked, edgesOf } from "../support/constructs.ts";

const plus = defineNode({
  typeId: "local.inside.plus",
  input: type<{ n: number }>(),
  output: type<{ n: number; kind: "a" | "b" }>(),
  run: ({ n }) => ({ n: n + 1, kind: n > 1 ? "a" : "b" }),
});

const begin = () =>
  workflow("inside", { version: "1.0.0" })
    .input(type<{ n: number }>({ n: "number" }))
    .step("begin", plus, ({ input }) => ({ n: input.n }));

async function run(
  draft: { build(): Workflow<{ n: number }, object, string, object> },
  n: number,
) {
  const built = draft.build();
  const host = createHost({ workflows: [built] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const result = await built.run({ n }).execute(client);
  await host.close();
  return result;
}

test("add() in a case runs only when the case is taken, and what follows waits for it", async () => {
  const draft = begin()
    .branch(({ begin }) => begin.kind, {
      a: (w) => {
        w.add("alone", plus, { n: 1 });
        const outer = w.add("outer", plus, { n: w.input.n });
        w.add("behind", plus, { n: outer.n });
        return w;
      },
      b: (w) => w,
    })
    .step("after", plus, ({ input }) => ({ n: input.n }))
    .output(({ after }) => ({ n: after.n }));
  assert.deepEqual(edgesOf(checked(draft)), [
    "begin->alone | equals kind a",
    "begin->outer | equals kind a",
    "outer->behind",
    "alone->after",
    "behind->after",
    "begin->after",
    "after->output",
  ]);
  const taken = await run(draft, 2);
  assert.deepEqual(taken.steps, {
    begin: "completed",
    alone: "completed",
    outer: "completed",
    behind: "completed",
    after: "completed",
    output: "completed",
  });
  const other = await run(draft, 1);
  assert.deepEqual(other.steps, {
    begin: "completed",
    alone: "skipped",
    outer: "skipped",
    behind: "skipped",
    after: "completed",
    output: "completed",
  });
});

test("add() in a condition, a repetition and a fragment lies in them", async () => {
  const part = fragment(type<{ n: number }>(), (w) => {
    const one = w.add("one", plus, { n: w.input.n });
    w.add("two", plus, { n: one.n });
    return w;
  });
  const draft = begin()
    .use(when(({ begin }) => ({ big: gt(begin.n, 5) }), {
      big: (w) => {
        w.add("big", plus, { n: 1 });
        return w;
      },
    }))
    .use(repeat("again", (w) => {
      w.add("round", plus, { n: 1 });
      return w.step("check", plus, ({ input }) => ({ n: input.n }));
    }, { until: ({ check }) => gt(check.n, 0), max: 2 }))
    .use(insert("part", part, ({ begin }) => ({ n: begin.n })))
    .output(({ check }) => ({ n: check.n }));
  const edges = edgesOf(checked(draft));
  assert.ok(edges.includes("round->check"), edges.join("\n"));
  assert.ok(edges.includes("again->part-one"));
  assert.ok(edges.includes("part-two->output"));
  const { status, steps } = await run(draft, 1);
  assert.equal(status, "completed");
  assert.deepEqual(steps["big"], "skipped");
  assert.equal(
    (await run(draft, 9)).steps["big"],
    "completed",
  );
});

test("a chain that goes on after add() comes after what was added", () => {
  const w = workflow("mixed", { version: "1.0.0" })
    .input(type<{ n: number }>({ n: "number" }));
  const one = w.add("one", plus, { n: w.input.n });
  w.add("two", plus, { n: one.n });
  w.add("three", plus, { n: w.input.n });
  const definition = checked(
    w.step("four", plus, ({ input }) => ({ n: input.n }))
      .output(({ four }) => ({ n: four.n })),
  );
  assert.deepEqual(edgesOf(definition), [
    "one->two",
    "two->four",
    "three->four",
    "four->output",
  ]);
});

test("join() for all that ends goes on only where its case is taken", async () => {
  const draft = begin()
    .branch(({ begin }) => begin.kind, {
      a: (w) =>
        w.use(join("all", "settled", {
          x: (w) => w.step("x", plus, () => ({ n: 1 })),
          y: (w) => w.step("y", plus, () => ({ n: 1 })),
        })).step("danger", plus, () => ({ n: 1 })),
      b: (w) => w,
    })
    .output(({ danger }) => ({ n: danger.n }));
  checked(draft);
  const taken = await run(draft, 2);
  assert.deepEqual(taken.output, { n: 2 });
  const other = await run(draft, 1);
  assert.deepEqual(other.output, {});
  assert.equal(other.steps["danger"], "skipped");
});
