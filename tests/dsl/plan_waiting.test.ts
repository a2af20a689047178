// What ends the waiting for an answer that a function of a plan never gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, type AnyQuestion, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { page, review } from "../support/child_workflows.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { WopServer } from "../support/wop_server.ts";

const two = workflow("two", { version: "1.0.0" }).input()
  .parallel({
    a: (w) => w.approval("one", () => ({ title: "One?" })),
    b: (w) => w.approval("other", () => ({ title: "Other?" })),
  })
  .output(({ one, other }) => ({ one: one.decidedBy, other: other.decidedBy }))
  .build();
const requested = (name: string): Parameters<WopServer["append"]>[0] => [
  "interrupt.requested",
  { kind: "approval", data: {}, key: name },
  name,
];

/** A host, a client that carries out plans, and another one for whoever is faster. */
function town() {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [two, page, review],
    clock,
    subject: (request) => request.headers.get("x-person") ?? "ci",
  });
  const as = (person: string) =>
    new OpenwopClient({
      baseUrl: host.url,
      fetch: host.fetch,
      headers: { "x-person": person },
      clock,
    });
  return { host, clock, client: as("ci"), ann: as("ann") };
}

/** A host whose log is what the test writes, and its client. */
function scripted() {
  const server = new WopServer();
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    fetch: server.fetch,
  });
  server.append(["run.started", { workflowId: "two" }], requested("one"));
  return { server, client };
}

/** A function that never answers, and the question that it was asked. */
function thinking() {
  let tell: (question: AnyQuestion) => void;
  const asked = new Promise<AnyQuestion>((resolve) => tell = resolve);
  const think = (question: AnyQuestion): Promise<never> => {
    tell(question);
    return new Promise(() => {});
  };
  return { asked, think };
}

test("execute() goes on when somebody else answers what a function still thinks about", async () => {
  const { host, client, ann } = town();
  const { asked, think } = thinking();
  let runId = "";
  const executing = two.run({})
    .on("one", think)
    .on("other", accept())
    .execute(client, { onEvent: (event) => runId = event.runId });
  const { signal } = await asked;
  assert.equal(signal.aborted, false);
  await ann.runs.handle(runId).interrupt("one").accept();
  const { output, answers } = await executing;
  assert.deepEqual(output, { one: "ann", other: "ci" });
  assert.deepEqual(answers.map(({ name }) => name), ["other"]);
  assert.equal(signal.aborted, true);
  await host.close();
});

test("execute() ends with a run that is cancelled, and with one that fails, while a function thinks", async () => {
  const { host, client, ann } = town();
  const first = thinking();
  let runId = "";
  const cancelling = two.run({}).onAny(first.think)
    .execute(client, { onEvent: (event) => runId = event.runId });
  const { signal } = await first.asked;
  await ann.runs.handle(runId).cancel("not today");
  assert.equal((await cancelling).status, "cancelled");
  assert.equal(signal.aborted, true);

  await host.close();

  const other = scripted();
  const second = thinking();
  const executing = two.run({}).onAny(second.think).execute(other.client);
  const question = await second.asked;
  other.server.append(
    ["run.failed", { error: { code: "print", message: "no paper" } }],
  );
  const { status, error } = await executing;
  assert.deepEqual([status, error?.message], ["failed", "no paper"]);
  assert.equal(question.signal.aborted, true);
});

test("execute() ends at its deadline while a function thinks, and tells it", async () => {
  const { host, clock, client } = town();
  const { asked, think } = thinking();
  const executing = two.run({}).onAny(think).deadline("2h").execute(client);
  const { signal } = await asked;
  await clock.advance(7_200_000);
  assert.equal((await executing).status, "timed-out");
  assert.equal(signal.aborted, true);
  await host.close();
});

test("execute() ends with its signal while a function thinks, and tells it", async () => {
  const { host, client } = town();
  const { asked, think } = thinking();
  const caller = new AbortController();
  const executing = two.run({}).onAny(think)
    .execute(client, { signal: caller.signal });
  const { signal } = await asked;
  caller.abort(new Error("enough"));
  await assert.rejects(executing, { code: "aborted" });
  assert.equal(signal.aborted, true);
  await host.close();
});

test("execute() ends with a run whose child still asks a function", async () => {
  const { host, client, ann } = town();
  const { asked, think } = thinking();
  let runId = "";
  const executing = page.run({ text: "x" })
    .on("size", { answers: { points: 1 } })
    .on("review.gate", think)
    .execute(client, { onEvent: (event) => runId = event.runId });
  const { signal, name } = await asked;
  assert.equal(name, "review.gate");
  await ann.runs.handle(runId).cancel("not today");
  assert.equal((await executing).status, "cancelled");
  assert.equal(signal.aborted, true);
  await host.close();
});

test("execute() tells its events while a function thinks, and heeds nothing that it says or throws too late", async () => {
  const { server, client } = scripted();
  const resolved: string[] = [];
  server.onResolve = (name) => resolved.push(name);
  const seen: string[] = [];
  const { status, answers, steps } = await two.run({})
    .on("one", ({ signal }) =>
      new Promise((_, refuse) => {
        signal.addEventListener("abort", () => refuse(new Error("too late")));
        server.append(
          ["node.cancelled", { nodeId: "one" }, "one"],
          requested("other"),
        );
      }))
    .on("other", ({ signal }) =>
      new Promise((answer) => {
        signal.addEventListener("abort", () => answer(accept()));
        server.append(["run.completed", { outputs: {} }]);
      }))
    .execute(client, { onEvent: ({ type }) => seen.push(type) });
  assert.equal(status, "completed");
  assert.deepEqual(seen, [
    "run.started",
    "interrupt.requested",
    "node.cancelled",
    "interrupt.requested",
    "run.completed",
  ]);
  assert.deepEqual(steps, { one: "cancelled" });
  assert.deepEqual([answers, resolved], [[], []]);
});
