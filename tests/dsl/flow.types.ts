// Type tests: what must compile does, and each line marked @ts-expect-error must not. Nothing here is run.
import { defineNode, defineWorkflow, type, workflow } from "@tutti/sdk/dsl";
import type {
  ApprovalAnswer,
  DefinedWorkflow,
  Flat,
  MaybeRef,
  Ref,
  Workflow,
} from "@tutti/sdk/dsl";
import type { OpenwopClient, RunHandle } from "@tutti/sdk/openwop";
import { z } from "zod";
import { lint, mergePr, readDiff, review } from "../support/review_workflow.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true
  : false;
const is = <_Proof extends true>(): void => {};

declare const client: OpenwopClient;

const decide = defineNode({
  typeId: "local.test.decide",
  input: type<{ at?: number }>(),
  output: type<{ kind: "big" | "small"; note?: string; count: number }>(),
  run: () => ({ kind: "big" as const, count: 1 }),
});

const flow = workflow("types", { version: "1.0.0" })
  .input(type<{ repo: string; pr: number; tag?: string }>())
  .step("fetch", readDiff, ({ input }) => ({ repo: input.repo, pr: input.pr }))
  .step("decide", decide, () => ({}));

// What is inferred.

export const started: Promise<
  RunHandle<
    { readonly diff: string; readonly sha?: string; readonly posted?: string },
    "gate",
    "fetch" | "sec" | "sty" | "gate" | "merge" | "comment"
  >
> = review.start(client, { repo: "acme/api", pr: 7 });

type Built<W> = W extends
  Workflow<infer In, infer Out, infer Steps, infer Gates>
  ? [In, Out, Steps, Flat<Gates>]
  : never;
is<
  Equal<
    Built<typeof review>,
    [
      { repo: string; pr: number },
      {
        readonly diff: string;
        readonly sha?: string;
        readonly posted?: string;
      },
      "fetch" | "sec" | "sty" | "gate" | "merge" | "comment",
      {
        readonly gate: ApprovalAnswer<
          never,
          false,
          { readonly findings: string[]; readonly notes: string[] }
        >;
      },
    ]
  >
>();

flow.step("look", lint, ({ fetch, decide, input }) => {
  is<Equal<typeof fetch.diff, Ref<string>>>();
  is<Equal<typeof decide.kind, Ref<"big" | "small">>>();
  is<Equal<typeof decide.note, MaybeRef<string>>>();
  is<Equal<typeof input.tag, MaybeRef<string>>>();
  return { diff: fetch.diff };
});

// A schema has two types: callers give its input, steps get its output.
const checked = workflow("checked", { version: "1.0.0" })
  .input(z.object({ pr: z.number(), tag: z.string().default("none") }))
  .step("lint", lint, ({ input }) => ({ diff: input.tag }))
  .build();
checked.start(client, { pr: 1 });
// @ts-expect-error pr is missing
checked.start(client, { tag: "x" });

// A declaration that only becomes a definition has the same types, and nothing to run it with.
const defined = defineWorkflow("defined", { version: "1.0.0" })
  .input(type<{ pr: number }>())
  .step("merge", mergePr, ({ input }) => ({ pr: input.pr }))
  .output(({ merge }) => ({ sha: merge.sha }))
  .build();
is<
  Equal<
    typeof defined extends
      DefinedWorkflow<infer In, infer Out, infer Steps, infer _Gates>
      ? [In, Out, Steps]
      : never,
    [{ pr: number }, { readonly sha: string }, "merge"]
  >
>();
// @ts-expect-error it is not run from here
defined.start(client, { pr: 1 });
// @ts-expect-error it is not run from here
defined.run({ pr: 1 });

// What is refused.

// @ts-expect-error the name "fetch" is already taken
flow.step("fetch", lint, ({ fetch }) => ({ diff: fetch.diff }));

// @ts-expect-error the name "output" is already taken
flow.step("output", lint, ({ fetch }) => ({ diff: fetch.diff }));

// @ts-expect-error there is no port "dif" to take from
flow.step("look", lint, ({ fetch }) => ({ diff: fetch.dif }));

// @ts-expect-error there is no step "fetsh"
flow.step("look", lint, ({ fetsh }) => ({ diff: fetsh.diff }));

// @ts-expect-error a number where a string is wanted
flow.step("look", lint, ({ fetch }) => ({ diff: fetch.files }));

// @ts-expect-error the port "diff" is missing
flow.step("look", lint, () => ({}));

// @ts-expect-error the step has no port "levl"
flow.step("look", lint, ({ fetch }) => ({ diff: fetch.diff, levl: 2 }));

// @ts-expect-error an output that may be missing where a value is required
flow.step("look", lint, ({ decide }) => ({ diff: decide.note }));

// @ts-expect-error an input that may be missing where a value is required
flow.step("look", lint, ({ input }) => ({ diff: input.tag }));

flow.branch(({ decide }) => decide.kind, {
  big: (w) => w,
  // @ts-expect-error the value is never "smal", and "small" is missing
  smal: (w) => w,
});

flow.branch(({ decide }) => decide.kind, {
  big: (w) => w,
  small: (w) => w,
  // @ts-expect-error the value is never "huge"
  huge: (w) => w,
});

// @ts-expect-error a case must give its chain back
flow.branch(({ decide }) => decide.kind, { small: () => ({}), big: (w) => w });

// @ts-expect-error a parallel branch must give its chain back
flow.parallel({ a: () => ({}) });

// @ts-expect-error a branch needs a closed set of values
flow.branch(({ fetch }) => fetch.diff, { a: (w) => w });

// @ts-expect-error a branch needs a string
flow.branch(({ fetch }) => fetch.files, { a: (w) => w });

// @ts-expect-error a branch needs a value that is certain to be there
flow.branch(({ decide }) => decide.note, { a: (w) => w });

flow
  .branch(({ decide }) => decide.kind, {
    big: (w) => w.step("merge", mergePr, ({ input }) => ({ pr: input.pr })),
    small: (w) => w,
  })
  // @ts-expect-error the step "merge" may not have run
  .step("look", lint, ({ merge }) => ({ diff: merge.sha }));

flow.parallel({
  one: (w) => w.step("left", mergePr, ({ input }) => ({ pr: input.pr })),
  two: (w) =>
    // @ts-expect-error "left" runs beside this step, not before it
    w.step("right", lint, ({ left }) => ({ diff: left.sha })),
});

defineNode({
  typeId: "local.test.bad",
  input: type<{ a: string }>(),
  output: type<{ b: string }>(),
  // @ts-expect-error the step gives a number where its output says a string
  run: ({ a }) => ({ b: a.length }),
});

// Handles are typed by what they give and take.
const w = workflow("handles", { version: "1.0.0" })
  .input(type<{ pr: number }>());
const merged = w.add("merged", mergePr, { pr: w.input.pr });
w.add("look", lint, { diff: merged.sha });
// @ts-expect-error a number where a string is wanted
w.add("look", lint, { diff: w.input.pr });
// @ts-expect-error the step has no port "levl"
w.add("look", lint, { diff: merged.sha, levl: 3 });
// @ts-expect-error the port "pr" is missing
w.add("again", mergePr, {});

export async function answers(): Promise<void> {
  const run = await review.start(client, { repo: "a", pr: 1 });
  run.interrupt("gate");
  // @ts-expect-error there is no interrupt "gat"
  run.interrupt("gat");
  await run.fork({ after: "fetch" });
  // @ts-expect-error there is no step "fetsh"
  await run.fork({ after: "fetsh" });
  const { output } = await run.result();
  is<Equal<typeof output.sha, string | undefined>>();
  // @ts-expect-error there is no output "shaa"
  output.shaa;
  // @ts-expect-error pr is a number
  await review.start(client, { repo: "a", pr: "1" });
}

export async function held(): Promise<void> {
  const run = review.handle(client, "acme/0123456789abcdef");
  const { output } = await run.result();
  is<Equal<typeof output.sha, string | undefined>>();
  // @ts-expect-error there is no interrupt "gat"
  run.interrupt("gat");
  // @ts-expect-error an id is a text
  review.handle(client, 7);
}
