import assert from "node:assert/strict";
import { test } from "node:test";
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { InputError, OpenwopClient, RunFailedError } from "@tutti/sdk/openwop";
import { z } from "zod";
import { mergePr, review } from "../support/review_workflow.ts";

/** A host with `workflows`, and a client of it. */
function embed(...workflows: Parameters<typeof createHost>[0]["workflows"]) {
  const host = createHost({ workflows });
  return {
    host,
    client: new OpenwopClient({ baseUrl: host.url, fetch: host.fetch }),
  };
}

test("start() runs a declaration to its decision and on, with every value in its place", async () => {
  const { host, client } = embed(review);
  const run = await review.start(client, { repo: "acme/api", pr: 7 });
  const question = await run.interrupt("gate").wait();
  assert.equal(question.payload?.kind, "approval");
  assert.deepEqual(
    question.payload?.kind === "approval" && question.payload.data.artifactData,
    { findings: ["looked at acme/api#7"], notes: ["acme/api#7 at 0"] },
  );
  await run.interrupt("gate").accept({ comment: "fine" });
  const { output, status } = await run.result();
  assert.equal(status, "completed");
  assert.deepEqual(output, { sha: "sha-7", diff: "acme/api#7" });
  await host.close();
});

test("start() takes the other case when the answer is no, and a fork shows both", async () => {
  const { host, client } = embed(review);
  const run = await review.start(client, { repo: "acme/api", pr: 7 });
  await run.interrupt("gate").reject({ comment: "too risky" });
  assert.deepEqual((await run.result()).output, {
    posted: "too risky",
    diff: "acme/api#7",
  });
  const other = await run.fork({ at: "gate" });
  await other.interrupt("gate").accept();
  assert.equal((await other.result()).output.sha, "sha-7");
  await host.close();
});

test("start() fails the run on a rejection that no branch asks for", async () => {
  const guarded = workflow("guarded", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "Go on?" }))
    .step("merge", mergePr, () => ({ pr: 1 }))
    .build();
  const { host, client } = embed(guarded);
  const run = await guarded.start(client, {});
  await run.interrupt("gate").reject();
  await assert.rejects(
    run.result(),
    (error) =>
      RunFailedError.is(error) && error.runError.code === "approval_rejected",
  );
  await host.close();
});

test("start() needs as many approvals as the quorum says", async () => {
  const pair = workflow("pair", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "Go on?" }), { quorum: 2 })
    .build();
  const { host, client } = embed(pair);
  const run = await pair.start(client, {});
  const answer = await run.interrupt("gate").accept();
  // The one local subject votes once, however often it answers.
  assert.equal(answer.status, "waiting-approval");
  await host.close();
});

test("start() refuses an input that the schema refuses, and sends nothing", async () => {
  const checked = workflow("checked", { version: "1.0.0" })
    .input(z.object({ pr: z.number().int(), tag: z.string().default("none") }))
    .step("merge", mergePr, ({ input }) => ({ pr: input.pr }))
    .output(({ input, merge }) => ({ tag: input.tag, sha: merge.sha }))
    .build();
  assert.deepEqual(checked.definition.variables, [
    { name: "pr", type: "number", required: true },
    { name: "tag", type: "string" },
  ]);
  let sent = 0;
  const host = createHost({ workflows: [checked] });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: (...call: Parameters<typeof host.fetch>) => {
      sent += 1;
      return host.fetch(...call);
    },
  });
  await assert.rejects(checked.start(client, { pr: 1.5 }), (error) => {
    assert.ok(InputError.is(error));
    assert.deepEqual(error.issues.map(({ pointer }) => pointer), ["/pr"]);
    return true;
  });
  assert.equal(sent, 0);
  const run = await checked.start(client, { pr: 2 });
  assert.deepEqual((await run.result()).output, { tag: "none", sha: "sha-2" });
  await host.close();
});

test("start() refuses an input that JSON would change", async () => {
  const { host, client } = embed(review);
  await assert.rejects(
    review.start(client, { repo: "a", pr: NaN }),
    (error) => InputError.is(error) && /\/pr: it is NaN/.test(error.message),
  );
  await host.close();
});

test("start() gives the same run for the same idempotency key, to two callers at once", async () => {
  const { host, client } = embed(review);
  const options = { idempotencyKey: "review-acme-7-2026-11-21" };
  const [one, two] = await Promise.all([
    review.start(client, { repo: "a", pr: 7 }, options),
    review.start(client, { repo: "a", pr: 7 }, options),
  ]);
  assert.equal(one.id, two.id);
  await host.close();
});

test("the same graph by chain and by handles gives the same result", async () => {
  const double = defineNode({
    typeId: "local.test.double",
    input: type<{ n: number }>({ n: "number" }),
    output: type<{ n: number }>({ n: "number" }),
    run: ({ n }) => ({ n: n * 2 }),
  });
  const input = type<{ n: number }>({ n: "number" });
  const chain = workflow("twice", { version: "1.0.0" }).input(input)
    .step("a", double, ({ input }) => ({ n: input.n }))
    .step("b", double, ({ a }) => ({ n: a.n }))
    .output(({ b }) => ({ n: b.n }))
    .build();
  const w = workflow("twice", { version: "1.0.0" }).input(input);
  const a = w.add("a", double, { n: w.input.n });
  const b = w.add("b", double, { n: a.n });
  const handles = w.output(() => ({ n: b.n })).build();
  assert.equal(
    JSON.stringify(chain.definition),
    JSON.stringify(handles.definition),
  );
  const { host, client } = embed(handles);
  const run = await handles.start(client, { n: 5 });
  assert.deepEqual((await run.result()).output, { n: 20 });
  await host.close();
});
