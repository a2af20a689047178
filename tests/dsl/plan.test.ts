import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  acceptEdited,
  compareResults,
  planFromJson,
  type PlanJson,
  refine,
  reject,
  RunPlan,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import {
  InputError,
  InvalidArgumentError,
  OpenwopClient,
} from "@tutti/sdk/openwop";
import { z } from "zod";
import { FakeClock } from "../support/fake_clock.ts";
import { mergePr, review } from "../support/review_workflow.ts";

function embed(
  workflows: Parameters<typeof createHost>[0]["workflows"],
  clock?: FakeClock,
) {
  const host = createHost({ workflows });
  return {
    host,
    client: new OpenwopClient({
      baseUrl: host.url,
      fetch: host.fetch,
      ...(clock ? { clock } : {}),
    }),
  };
}

const input = { repo: "acme/api", pr: 7 };

test("execute() answers by what is shown, tries forks and compares them", async () => {
  const { host, client } = embed([review]);
  const seen: string[] = [];
  const result = await review.run(input)
    .tag("nightly", "eval")
    .metadata({ by: "test" })
    .on(
      "gate",
      ({ data, round, name }) =>
        data.findings.length
          ? reject(`${name} ${round}: ${data.findings[0]}`)
          : accept(),
    )
    .fork("approved", { at: "gate" }, (f) => f.on("gate", accept("fine")))
    .fork("same", { after: "fetch" })
    .execute(client, {
      onEvent: ({ type }, path) => {
        if (type === "run.completed") seen.push(path.join("/"));
      },
    });
  assert.equal(result.status, "completed");
  assert.deepEqual(result.output, {
    posted: "gate 0: looked at acme/api#7",
    diff: "acme/api#7",
  });
  assert.deepEqual(result.answers.map(({ name, round }) => [name, round]), [
    ["gate", 0],
  ]);
  assert.equal(result.steps.comment, "completed");
  assert.equal(result.steps.merge, "skipped");
  const { approved, same } = result.forks;
  assert.equal(approved.output?.sha, "sha-7");
  assert.deepEqual(same.output, result.output);
  assert.deepEqual(seen.sort(), ["", "approved", "same"]);
  assert.ok(result.ok);

  const delta = compareResults(result, approved);
  assert.equal(delta.same, false);
  assert.deepEqual(
    delta.steps.map(({ step, left, right }) => [step, left, right]),
    [
      ["merge", "skipped", "completed"],
      ["comment", "completed", "skipped"],
    ],
  );
  assert.deepEqual(delta.output.map(({ name }) => name), ["posted", "sha"]);
  assert.deepEqual(delta.answers.map(({ name }) => name), ["gate"]);
  assert.equal(compareResults(result, same).same, true);

  const snapshot = await client.runs.get(result.runId);
  assert.deepEqual(snapshot.tags, ["nightly", "eval"]);
  assert.equal(snapshot.metadata?.["by"], "test");
  await host.close();
});

test("execute() begins a fork with another input or another definition anew, and says where from", async () => {
  const edited = workflow("code-review-edited", { version: "2.0.0" })
    .input(z.object({ repo: z.string(), pr: z.number() }))
    .step("merge", mergePr, ({ input }) => ({ pr: input.pr }))
    .output(({ merge }) => ({ straight: merge.sha }))
    .build();
  const { host, client } = embed([review, edited]);
  const result = await review.run(input).onAny(() => ({ ...accept() }))
    .fork("eight", "start", (f) => f.input({ repo: "acme/api", pr: 8 }))
    .fork(
      "edited",
      "start",
      (f) => f.definition(edited).fork("again", { at: "merge" }),
    )
    .execute(client);
  assert.equal(result.forks.eight.output?.sha, "sha-8");
  assert.equal(result.forks.edited.output?.straight, "sha-7");
  assert.equal(result.forks.edited.forks.again.output?.straight, "sha-7");
  const { metadata } = await client.runs.get(result.forks.eight.runId);
  assert.equal(metadata?.["forkedFrom"], result.runId);
  await host.close();
});

test("execute() tells what was expected and did not come", async () => {
  const { host, client } = embed([review]);
  const result = await review.run(input).on("gate", accept())
    .expect({ status: "completed", output: { sha: "sha-7" } })
    .expect({ output: { sha: "sha-8" } })
    .expect({ status: "failed" })
    .expect(({ output }) => output?.diff === "" ? undefined : "a diff came")
    .expect(() => false)
    .expect(() => {})
    .fork("other", { at: "gate" }, (f) => f.expect({ status: "failed" }))
    .execute(client);
  assert.equal(result.ok, false);
  assert.deepEqual(
    result.expectations.map(({ ok, message }) => `${ok} ${message}`),
    [
      "true as expected",
      'false the output at /sha should be "sha-8": it is "sha-7"',
      "false it should be failed: it is completed",
      "false a diff came",
      "false a function said no",
      "true as expected",
    ],
  );
  assert.equal(result.forks.other.ok, false);
  await host.close();
});

test("execute() gives a run that fails as a result, and a fork whose place was never reached", async () => {
  const guarded = workflow("guarded", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "Go on?" }))
    .step("merge", mergePr, () => ({ pr: 1 }))
    .build();
  const { host, client } = embed([guarded]);
  const result = await guarded.run({}).on("gate", reject("no"))
    .fork("later", { at: "merge" })
    .execute(client);
  assert.equal(result.status, "failed");
  assert.equal(result.error?.code, "approval_rejected");
  assert.equal(result.forks.later.status, "not-run");
  assert.equal(result.forks.later.error?.code, "fork_point_missing");
  assert.equal(result.ok, false);
  await host.close();
});

test("execute() cancels a run that takes longer than its deadline", async () => {
  const clock = new FakeClock();
  const { host, client } = embed([review], clock);
  let asked = () => {};
  const waits = new Promise<void>((resolve) => asked = resolve);
  const executing = review.run(input).deadline("2h").execute(client, {
    onEvent: ({ type }) => {
      if (type === "interrupt.requested") asked();
    },
  });
  await waits;
  await clock.advance(7_200_000);
  const result = await executing;
  assert.equal(result.status, "timed-out");
  assert.equal((await client.runs.get(result.runId)).status, "cancelled");
  assert.equal(
    result.steps.gate === "waiting" || result.steps.gate === "cancelled",
    true,
  );
  await host.close();
});

test("execute() cancels its runs when it is aborted, and when an answer throws", async () => {
  const { host, client } = embed([review]);
  const caller = new AbortController();
  const reason = new Error("enough");
  let runId = "";
  await assert.rejects(
    review.run(input).execute(client, {
      signal: caller.signal,
      onEvent: (event) => {
        runId = event.runId;
        if (event.type === "interrupt.requested") caller.abort(reason);
      },
    }),
    { code: "aborted" },
  );
  assert.equal((await client.runs.get(runId)).status, "cancelled");
  await assert.rejects(
    review.run(input).on("gate", () => {
      throw new Error("no idea");
    }).execute(client, { onEvent: (event) => runId = event.runId }),
    /no idea/,
  );
  assert.equal((await client.runs.get(runId)).status, "cancelled");
  await assert.rejects(
    review.run(input).execute(client, { signal: AbortSignal.abort(reason) }),
    /enough/,
  );
  await host.close();
});

test("execute() finds the run of an earlier execution by its key", async () => {
  const { host, client } = embed([review]);
  const plan = review.run(input).on("gate", accept()).idempotencyKey(
    "review-7",
  );
  const [one, two] = [await plan.execute(client), await plan.execute(client)];
  assert.equal(one.runId, two.runId);
  assert.deepEqual(two.answers, []);
  await host.close();
});

test("execute() refuses an input that the schema refuses, before anything is sent", async () => {
  const strict = workflow("strict", { version: "1.0.0" })
    .input(z.object({ pr: z.number().int() }))
    .step("merge", mergePr, ({ input }) => ({ pr: input.pr }))
    .build();
  await assert.rejects(
    strict.run({ pr: 1.5 }).execute({
      runs: {
        start: () => assert.fail("nothing may be sent"),
        handle: () => assert.fail("nothing is followed"),
      },
    }),
    (error) => InputError.is(error),
  );
});

test("toJSON() gives a plan that is stored, read and carried out later", async () => {
  const plan = review.run(input)
    .tag("nightly")
    .idempotencyKey("k")
    .configure({ ai: { model: "small" } })
    .metadata({ by: "x" })
    .deadline("1h")
    .onAny({ action: "accept" })
    .on("gate", reject("no"))
    .expect({ status: "completed" })
    .fork(
      "other",
      { at: "gate" },
      (f) => f.on("gate", accept()).fork("deep", "start"),
    );
  const json: PlanJson = JSON.parse(JSON.stringify(plan));
  assert.deepEqual(json, {
    workflowId: "code-review",
    version: "1.2.0",
    input,
    tags: ["nightly"],
    metadata: { by: "x" },
    configurable: { ai: { model: "small" } },
    idempotencyKey: "k",
    answers: { gate: { action: "reject", feedback: "no" } },
    any: { action: "accept" },
    deadlineMs: 3_600_000,
    expect: [{ status: "completed" }],
    forks: [{
      name: "other",
      at: { at: "gate" },
      plan: {
        workflowId: "code-review",
        version: "1.2.0",
        input,
        tags: ["nightly"],
        metadata: { by: "x" },
        configurable: { ai: { model: "small" } },
        answers: { gate: { action: "accept" } },
        any: { action: "accept" },
        deadlineMs: 3_600_000,
        forks: [{
          name: "deep",
          at: "start",
          plan: {
            workflowId: "code-review",
            version: "1.2.0",
            input,
            tags: ["nightly"],
            metadata: { by: "x" },
            configurable: { ai: { model: "small" } },
            answers: { gate: { action: "accept" } },
            any: { action: "accept" },
            deadlineMs: 3_600_000,
          },
        }],
      },
    }],
  });
  const read = planFromJson(review, JSON.stringify(plan));
  assert.ok(read instanceof RunPlan);
  assert.deepEqual(JSON.parse(JSON.stringify(read)), json);
  const { host, client } = embed([review]);
  const result = await read.execute(client);
  assert.equal(result.output?.["posted"], "no");
  assert.equal(
    (result.forks["other"]?.output as { sha: string }).sha,
    "sha-7",
  );
  await host.close();
});

test("toJSON() keeps an edited workflow within the plan", () => {
  const edited = workflow("code-review-edited", { version: "2.0.0" })
    .input(z.object({ repo: z.string(), pr: z.number() }))
    .step("merge", mergePr, ({ input }) => ({ pr: input.pr })).build();
  const plan = review.run(input)
    .fork("edited", "start", (f) => f.definition(edited));
  const json: PlanJson = JSON.parse(JSON.stringify(plan));
  assert.deepEqual(
    json.forks?.[0]?.plan.definition,
    JSON.parse(JSON.stringify(edited)),
  );
  assert.deepEqual(
    JSON.parse(JSON.stringify(planFromJson(review, json))),
    json,
  );
});

test("toJSON() and planFromJson() refuse functions, and plans of other workflows", () => {
  assert.throws(
    () => review.run(input).on("gate", () => accept()).toJSON(),
    (error) =>
      InvalidArgumentError.is(error) && /on\("gate"\)/.test(error.message),
  );
  assert.throws(
    () => review.run(input).expect(() => true).toJSON(),
    (error) => InvalidArgumentError.is(error),
  );
  assert.throws(
    () => planFromJson(review, { workflowId: "x", version: "1", input: {} }),
    /a plan for the workflow "code-review" is wanted, this is for "x"/,
  );
  assert.throws(() => review.run(input).deadline("soon"), /length of time/);
});

test("a plan leaves the plan it was made from as it was", () => {
  const base = review.run(input).tag("a");
  base.tag("b").on("gate", accept()).fork("x", "start");
  assert.deepEqual(base.toJSON(), {
    workflowId: "code-review",
    version: "1.2.0",
    input,
    tags: ["a"],
  });
});

test("accept(), reject(), acceptEdited() and refine() spell answers as the protocol does", () => {
  assert.deepEqual(accept("ok"), { action: "accept", feedback: "ok" });
  assert.deepEqual(reject(), { action: "reject" });
  assert.deepEqual(acceptEdited({ text: "new" }, "better"), {
    action: "edit-accept",
    editedArtifactData: { text: "new" },
    feedback: "better",
  });
  assert.deepEqual(refine("shorter"), {
    action: "refine",
    refineFeedback: { scope: "whole", text: "shorter" },
  });
});
