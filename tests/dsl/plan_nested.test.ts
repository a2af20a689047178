import {
  accept,
  defineNode,
  planFromJson,
  reject,
  type,
  variable,
  workflow,
} from "@tutti/sdk/dsl";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
import assert from "node:assert/strict";
import { test } from "node:test";

const pull = defineNode({
  typeId: "local.nested.pull",
  input: type<{ pr: number }>(),
  output: type<{ diff: string }>(),
  run: ({ pr }) => ({ diff: `diff-${pr}` }),
});
const merge = defineNode({
  typeId: "local.nested.merge",
  input: type<{ diff: string; level: number }>(),
  output: type<{ sha: string }>(),
  run: ({ diff, level }) => ({ sha: `${diff}@${level}` }),
});
const make = (id: string) =>
  workflow(id, { version: "1.0.0" })
    .input(type<{ pr: number }>({ pr: "number" }))
    .use(variable("level", { default: 1 }))
    .step("pull", pull, ({ input }) => ({ pr: input.pr }))
    .approval("gate", () => ({ title: "Merge?" }))
    .branch(({ gate }) => gate.action, {
      accept: (w) =>
        w.step("merge", merge, ({ pull, level }) => ({
          diff: pull.diff,
          level,
        })),
      reject: (w) => w,
    })
    .output(({ merge, gate }) => ({ sha: merge.sha, decided: gate.action }))
    .build();
const review = make("review");
const edited = make("edited");

function embed() {
  const host = createTestHost({ workflows: [review, edited] });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    clock: host.clock,
  });
  return { host, client };
}

test("fork() of a fork that begins anew begins where it says, with the state it says", async () => {
  const plan = review.run({ pr: 7 }).on("gate", accept())
    .fork("eight", "start", (f) =>
      f.input({ pr: 8 })
        .fork("no", { at: "gate" }, (g) => g.on("gate", reject()))
        .fork("nine", { at: "merge" }, (g) => g.state({ level: 9 })))
    .fork("edited", "start", (f) =>
      f.definition(edited)
        .fork("patched", { at: "merge" }, (g) =>
          g.state({ pull: { diff: "patch" } })));
  const { host, client } = embed();
  const { forks } = await plan.execute(client);
  assert.equal(forks.eight.forks.no.output?.decided, "reject");
  assert.equal(forks.eight.forks.nine.output?.sha, "diff-8@9");
  assert.equal(forks.edited.forks.patched.output?.sha, "patch@1");
  const pulls = () => host.calls.filter(({ nodeId }) => nodeId === "pull");
  assert.equal(pulls().length, 3, "history of a fork is not done again");

  const stored = JSON.stringify(plan);
  const read = planFromJson(review, stored);
  assert.equal(JSON.stringify(read), stored);
  const again = await read.execute(client);
  assert.deepEqual(again.forks["eight"]?.output, forks.eight.output);
  assert.equal(pulls().length, 6);
  await host.close();
});

test("toJSON() keeps that a fork begins anew where its input and workflow are the same", async () => {
  const plan = review.run({ pr: 7 }).on("gate", accept())
    .fork("fresh", { at: "gate" }, (f) => f.input({ pr: 7 }));
  const { host, client } = embed();
  await plan.execute(client);
  const done = host.calls.length;
  await planFromJson(review, JSON.stringify(plan)).execute(client);
  assert.equal(host.calls.length, 2 * done);
  await host.close();
});

test("execute() takes a fork that was expected not to run as met, and gives the forks of it", async () => {
  const { host, client } = embed();
  const result = await review.run({ pr: 7 }).on("gate", reject("no"))
    .fork("later", { at: "merge" }, (f) =>
      f.expect({ status: "not-run" })
        .fork("deep", { at: "merge" }))
    .execute(client);
  assert.equal(result.ok, true);
  assert.deepEqual(result.forks.later.expectations, [
    { ok: true, message: "as expected" },
  ]);
  assert.equal(result.forks.later.forks.deep.status, "not-run");

  const surprised = await review.run({ pr: 7 }).on("gate", reject("no"))
    .fork("later", { at: "merge" }, (f) =>
      f.expect({ status: "not-run" })
        .fork(
          "deep",
          { at: "merge" },
          (g) => g.expect({ status: "completed" }),
        ))
    .execute(client);
  assert.equal(surprised.ok, false);
  await host.close();
});
