// Type tests of plans. Nothing here is run.
import {
  accept,
  acceptEdited,
  clarify,
  fromDefinition,
  refine,
  reject,
  sub,
  type,
  votes,
  type Workflow,
  workflow,
} from "@tutti/sdk/dsl";
import type { OpenwopClient } from "@tutti/sdk/openwop";
import { book, page } from "../support/child_workflows.ts";
import { mergePr, review } from "../support/review_workflow.ts";

declare const client: OpenwopClient;

const plan = review.run({ repo: "acme/api", pr: 7 });

plan.on("gate", accept());
plan.on("gate", ({ data }) => data.findings.length ? reject("no") : accept());
// @ts-expect-error there is no interrupt "gat"
plan.on("gat", accept());
// @ts-expect-error nobody was allowed to refine
plan.on("gate", refine("shorter"));
// @ts-expect-error nobody was allowed to edit
plan.on("gate", acceptEdited({ text: "" }));
// @ts-expect-error the approver is shown no "finding"
plan.on("gate", ({ data }) => data.finding ? reject() : accept());
// @ts-expect-error pr is a number
review.run({ repo: "acme/api", pr: "7" });

plan.fork("why-not", { at: "gate" }, (f) => f.on("gate", accept()));
plan.fork("again", { after: "fetch" });
plan.fork("anew", "start", (f) => f.input({ repo: "x", pr: 8 }));
// @ts-expect-error there is no step "fetsh"
plan.fork("again", { after: "fetsh" });
// @ts-expect-error there is no interrupt "gat" in the fork
plan.fork("why-not", { at: "gate" }, (f) => f.on("gat", accept()));

// The input of a fork is that of its workflow.
plan.fork("anew", "start", (f) =>
  // @ts-expect-error pr is a number
  f.input({ repo: "x", pr: "8" }));
plan.fork("anew", "start", (f) =>
  // @ts-expect-error there is no "prs"
  f.input({ repo: "x", pr: 8, prs: 9 }));
// @ts-expect-error the pr is missing
plan.fork("anew", "start", (f) => f.input({ repo: "x" }));

// Votes of several people are answers of the same sort.
plan.on("gate", votes({ ann: accept(), bob: reject("no") }));
plan.on("gate", ({ data }) => votes({ ann: reject(data.findings[0]) }));
// @ts-expect-error nobody was allowed to refine, in whatever name
plan.on("gate", votes({ ann: refine("shorter") }));
// @ts-expect-error a vote is an answer
plan.on("gate", votes({ ann: "yes" }));
// @ts-expect-error one client is not one for each person
plan.execute(client, { as: client });
plan.execute(client, { as: (person) => person === "ann" ? client : client });

plan.onAny(accept());
plan.onAny(votes({ ann: accept(), bob: acceptEdited({ text: "" }) }));
plan.onAny(({ kind }) =>
  kind === "approval" ? reject("no") : { answers: { n: 1 } }
);
// @ts-expect-error an answer is JSON
plan.onAny({ at: new Date() });

// The questions of children, by the path of their step.
const child = page.run({ text: "" });
child.on("review.gate", accept());
child.on("review.gate", acceptEdited({ text: "new" }));
child.on(
  "review.gate",
  ({ data, items }) => reject(`${data.text.length} ${items[0]?.toFixed()}`),
);
child.on("size", { answers: { points: 1 } });
// @ts-expect-error there is no interrupt "gate" in the run itself
child.on("gate", accept());
// @ts-expect-error there is no interrupt "review.gat"
child.on("review.gat", accept());
// @ts-expect-error the edited version has a text
child.on("review.gate", acceptEdited({ txt: "new" }));
// @ts-expect-error nobody was allowed to refine
child.on("review.gate", refine("shorter"));
// @ts-expect-error the approver is shown a text
child.on("review.gate", ({ data }) => reject(data.findings));
book.run({ text: "" })
  .on("pages.review.gate", ({ data }) => reject(data.text))
  .on("pages.size", { answers: { points: 1 } })
  .on("gate", accept())
  .fork("x", { at: "pages" }, (f) => f.on("pages.review.gate", reject()));
// @ts-expect-error the answer is a number
book.run({ text: "" }).on("pages.size", { answers: { points: "1" } });
// Of a child of which nothing is known, any question may be answered.
workflow("unknown", { version: "1.0.0" }).input()
  .use(sub("child", fromDefinition("{}"), () => ({})))
  .build().run({}).on("child.whatever", accept());
// A child of the annotation in one line asks nothing that is known of.
declare const annotated: Workflow<{ text: string }, object, "a", object>;
workflow("annotated", { version: "1.0.0" }).input()
  .use(sub("child", annotated, () => ({ text: "" })))
  // @ts-expect-error there is no interrupt "child.gate"
  .build().run({}).on("child.gate", accept());

export async function handles(): Promise<void> {
  const run = await book.start(client, { text: "" });
  await run.interrupt("gate").accept();
  // @ts-expect-error a handle answers the questions of its own run
  await run.interrupt("pages.review.gate").accept();
  // @ts-expect-error and waits for them
  await run.waitFor({ interrupt: "pages.size" });
}

plan.expect({ status: "completed", output: { sha: "x" } });
// @ts-expect-error there is no output "shaa"
plan.expect({ output: { shaa: "x" } });
// @ts-expect-error a run does not end like that
plan.expect({ status: "done" });

const edited = workflow("other", { version: "2.0.0" })
  .input(type<{ repo: string; pr: number }>())
  .use(clarify("details", { n: { ask: "How many?", answer: type<number>() } }))
  .approval("gate", () => ({ title: "?" }), {
    edit: type<{ text: string }>(),
    refine: true,
  })
  .step("merge", mergePr, ({ input }) => ({ pr: input.pr }))
  .output(({ merge }) => ({ other: merge.sha }))
  .build();
const other = edited.run({ repo: "", pr: 1 });
other.on("gate", refine("shorter"));
other.on("gate", acceptEdited({ text: "new" }));
// @ts-expect-error the edited version has a text
other.on("gate", acceptEdited({ text: 1 }));
other.on("details", { answers: { n: 3 } });
// @ts-expect-error the answer is a number
other.on("details", { answers: { n: "3" } });
// @ts-expect-error only approvals are voted on
other.on("details", votes({ ann: { answers: { n: 3 } } }));

export async function results(): Promise<void> {
  const result = await plan
    .fork("why-not", { at: "gate" })
    .fork(
      "edited",
      "start",
      (f) =>
        f.definition(edited).input({ repo: "", pr: 2 })
          .on("details", { answers: { n: 1 } })
          .fork("deeper", { at: "merge" }),
    )
    .execute(client);
  if (result.status === "completed") {
    const sha: string | undefined = result.output.sha;
    console.log(sha);
  }
  const why: string | undefined = result.forks["why-not"].output?.diff;
  const deep: string | undefined = result.forks.edited.forks.deeper.output
    ?.other;
  console.log(why, deep, result.steps.fetch);
  // @ts-expect-error there is no fork "whynot"
  result.forks.whynot;
  // @ts-expect-error the edited workflow gives no "diff"
  result.forks.edited.output?.diff;
  // @ts-expect-error there is no step "fetsh"
  result.steps.fetsh;
}
