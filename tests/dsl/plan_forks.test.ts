import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, reject, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { review } from "../support/review_workflow.ts";

const input = { repo: "acme/api", pr: 7 };

test("execute() leaves no fork to itself when another one fails, and throws what failed first", async () => {
  const host = createHost({ workflows: [review] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  let see: (runId: string) => void = () => {};
  const waiting = new Promise<string>((resolve) => see = resolve);
  const plan = review.run(input)
    .fork("deeper", { after: "fetch" }, (f) =>
      f.on("gate", accept())
        // Asks, and nobody answers.
        .fork("asks", { at: "gate" }, (g) =>
          g.on("gate", () =>
            new Promise(() => {})))
        .fork("fails", { at: "gate" }, (g) =>
          g.on("gate", async () => {
            await waiting;
            throw new Error("no idea");
          })))
    .fork(
      "too",
      { at: "gate" },
      (f) => f.on("gate", () => new Promise(() => {})),
    );
  await assert.rejects(
    plan.on("gate", accept()).execute(client, {
      onEvent: ({ type, runId }, path) => {
        if (type === "interrupt.requested" && path.at(-1) === "asks") {
          see(runId);
        }
      },
    }),
    /no idea/,
  );
  assert.equal((await client.runs.get(await waiting)).status, "cancelled");
  await host.close();
});

test("execute() says of outputs that were expected why the run gave none", async () => {
  const guarded = workflow("guarded", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "Go on?" }))
    .output(({ gate }) => ({ by: gate.decidedBy }))
    .build();
  const host = createHost({ workflows: [guarded] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const { ok, error, expectations } = await guarded.run({})
    .on("gate", reject("no"))
    .expect({ output: { by: "ann" } })
    .execute(client);
  assert.equal(ok, false);
  assert.deepEqual(expectations, [{
    ok: false,
    message: `it should be completed: it is failed: ${error?.message}`,
  }]);
  await host.close();
});

test("execute() finds the forks of an earlier execution by their keys", async () => {
  const host = createHost({ workflows: [review] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const plan = review.run(input).onAny(accept()).idempotencyKey("run-1")
    .fork("anew", "start", (f) => f.idempotencyKey("anew-1"))
    .fork("later", { at: "gate" }, (f) => f.idempotencyKey("later-1"));
  const [one, two] = [await plan.execute(client), await plan.execute(client)];
  assert.equal(one.runId, two.runId);
  assert.equal(one.forks.anew.runId, two.forks.anew.runId);
  assert.equal(one.forks.later.runId, two.forks.later.runId);
  await host.close();
});

test("fork() refuses a second fork of one name, and toJSON() what would not survive JSON", () => {
  const plan = review.run(input).fork("x", { at: "gate" });
  assert.throws(() => plan.fork("x", "start"), {
    message: 'Cannot use "name": it has a fork "x" already',
  });
  const at = new Date(0) as never;
  assert.throws(
    () => plan.fork("y", "start", (f) => f.metadata({ by: { at } })).toJSON(),
    { code: "invalid-argument", path: "plan/forks/1/plan/metadata/by/at" },
  );
});
