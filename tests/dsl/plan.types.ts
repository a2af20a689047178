// Type tests of plans. Nothing here is run.
import {
  accept,
  acceptEdited,
  clarify,
  refine,
  reject,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import type { OpenwopClient } from "@tutti/sdk/openwop";
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

export async function results(): Promise<void> {
  const result = await plan
    .fork("why-not", { at: "gate" })
    .fork(
      "edited",
      "start",
      (f) =>
        f.definition(edited).on("details", { answers: { n: 1 } })
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
