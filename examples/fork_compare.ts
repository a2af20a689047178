// Teaches: a plan that asks what would have been, and a comparison of what came of it.
import { accept, compareResults, reject, workflow } from "@tutti/sdk/dsl";
import { defineNode, type } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const check = defineNode({
  typeId: "local.fork.check",
  input: type<{ change: string }>(),
  output: type<{ findings: string[] }>(),
  run: ({ change }) => ({ findings: change.match(/eval/g) ?? [] }),
});
const merge = defineNode({
  typeId: "local.fork.merge",
  input: type<{ change: string }>(),
  output: type<{ sha: string }>(),
  run: ({ change }) => ({ sha: `sha-${change.length}` }),
});

export const review = workflow("review", { version: "1.0.0" })
  .input(type<{ change: string }>({ change: "string" }))
  .step("check", check, ({ input }) => ({ change: input.change }))
  .approval("gate", ({ check }) => ({
    title: "Merge?",
    data: { findings: check.findings },
  }))
  .branch(({ gate }) => gate.action, {
    accept: (w) =>
      w.step("merge", merge, ({ input }) => ({ change: input.change })),
    reject: (w) => w,
  })
  .output(({ merge, gate }) => ({ sha: merge.sha, why: gate.comment }))
  .build();

const plan = review.run({ change: "eval(text)" })
  .tag("experiment")
  .on(
    "gate",
    ({ data }) => data.findings.length ? reject("findings") : accept(),
  )
  .expect({ output: { why: "findings" } })
  .fork("lenient", { at: "gate" }, (f) => f.on("gate", accept()))
  .fork("harmless", "start", (f) => f.input({ change: "parse(text)" }));

const host = createHost({ workflows: [review] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
const result = await plan.execute(client);
assert.ok(result.ok);
const { lenient, harmless } = result.forks;
assert.equal(lenient.output?.sha, "sha-10");
assert.equal(harmless.output?.sha, "sha-11");
const delta = compareResults(result, lenient);
assert.deepEqual(delta.steps.map(({ step }) => step), ["merge"]);
console.log(`Rejected; had it been accepted: ${lenient.output?.sha}`);
await host.close();
