import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  compareResults,
  eq,
  fragment,
  fromDefinition,
  insert,
  planFromJson,
  reject,
  repeat,
  sub,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
import { book, page, review } from "../support/child_workflows.ts";
import { CHILD_ID, RUN_ID, WopServer } from "../support/wop_server.ts";

type Workflows = NonNullable<Parameters<typeof createTestHost>[0]>["workflows"];

function embed(...more: NonNullable<Workflows>[number][]) {
  const host = createTestHost({ workflows: [review, page, book, ...more] });
  const sent: string[] = [];
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: (request) => {
      sent.push(decodeURIComponent(request.url.replaceAll("~", "%")));
      return host.fetch(request);
    },
    clock: host.clock,
  });
  return { host, client, sent };
}

test("on() answers what a child asks, by the path of its step", async () => {
  const { host, client } = embed();
  const seen: unknown[] = [];
  const result = await page.run({ text: "one" })
    .on("size", { answers: { points: 12 } })
    .on("review.gate", ({ signal, ...question }) => {
      assert.equal(signal.aborted, false);
      seen.push(question);
      return reject(`not ${question.data.text}`);
    })
    .execute(client);
  assert.deepEqual(result.output, { decided: "reject", points: 12 });
  assert.deepEqual(seen, [{
    name: "review.gate",
    kind: "approval",
    round: 0,
    items: [],
    data: { text: "one" },
  }]);
  assert.deepEqual(result.answers.map(({ name, round }) => [name, round]), [
    ["size", 0],
    ["review.gate", 0],
  ]);
  assert.deepEqual(Object.keys(result.steps), ["size", "review", "output"]);
  await host.close();
});

test("on() answers what children of children ask for each entry of a list, and says for which", async () => {
  const { host, client } = embed();
  const plan = book.run({ text: "a b c" })
    .on("pages.size", ({ items }) => ({ answers: { points: items[0]! } }))
    .on(
      "pages.review.gate",
      ({ items: [page], data }) => page === 1 ? reject(data.text) : accept(),
    )
    .on("gate", accept());
  const result = await plan.execute(client);
  assert.deepEqual(result.output, {
    pages: [
      { decided: "accept", points: 0 },
      { decided: "reject", points: 1 },
      { decided: "accept", points: 2 },
    ],
    bound: "accept",
  });
  const given = result.answers
    .filter(({ name }) => name === "pages.review.gate")
    .map(({ items, round, answer }) => [items?.[0], round, answer] as const);
  assert.deepEqual(given.sort((a, b) => a[0]! - b[0]!), [
    [0, 0, accept()],
    [1, 0, reject("b")],
    [2, 0, accept()],
  ]);

  const other = await plan.on("pages.review.gate", accept()).execute(client);
  assert.deepEqual(compareResults(result, other).answers, [{
    name: "pages.review.gate",
    items: [1],
    left: reject("b"),
    right: accept(),
  }]);
  await host.close();
});

test("onAny() answers children too, and a plan without an answer for them does not follow them", async () => {
  const { host, client, sent } = embed();
  const any = await book.run({ text: "a b" })
    .onAny(({ kind, name, items }) =>
      kind === "clarification"
        ? { answers: { points: 1 } }
        : accept(`${name} ${items}`)
    ).execute(client);
  assert.equal(any.status, "completed");
  assert.deepEqual(
    any.answers.map(({ name, items }) => `${name} ${items ?? "-"}`).sort(),
    [
      "gate -",
      "pages.review.gate 0",
      "pages.review.gate 1",
      "pages.size 0",
      "pages.size 1",
    ],
  );

  sent.length = 0;
  let cancelled: Promise<unknown> | undefined;
  const shallow = await book.run({ text: "a" }).on("gate", accept())
    .execute(client, {
      onEvent: ({ type, payload, runId }) => {
        if (type !== "node.dispatched") return;
        // Somebody else answers the child, which is another run; here nobody does.
        assert.notEqual((payload as { childRunId: string }).childRunId, runId);
        cancelled ??= client.runs.cancel(runId, { reason: "enough" });
      },
    });
  await cancelled;
  assert.equal(shallow.status, "cancelled");
  const streams = sent.filter((url) => url.includes("/events"));
  assert.deepEqual(
    new Set(streams.map((url) => url.split("/runs/")[1])).size,
    1,
  );
  await host.close();
});

const rounds = workflow("child-rounds", { version: "1.0.0" })
  .input(type<{ text: string }>({ text: "string" }))
  .use(
    repeat(
      "again",
      (w) =>
        w.use(sub("review", review, ({ input }) => ({ text: input.text }))),
      {
        until: ({ review }) => eq(review.decided, "accept"),
        max: 5,
      },
    ),
  )
  .approval("gate", () => ({ title: "Fine?" }))
  .output(({ again, gate }) => ({ times: again.iterations, by: gate.action }))
  .build();

test("on() counts how often the children of one step ask, also in a fork that finds them in its log", async () => {
  const { host, client } = embed(rounds);
  const asked: string[] = [];
  const result = await rounds.run({ text: "x" })
    .on("review.gate", ({ round }) => {
      asked.push(`review.gate ${round}`);
      return round < 2 ? reject("once more") : accept();
    })
    .on("gate", accept())
    .fork("later", { at: "gate" }, (f) => f.on("gate", accept("again")))
    .fork("anew", { at: "review" }, (f) => f.on("review.gate", accept()))
    .execute(client);
  assert.equal(result.output?.times, 3);
  assert.deepEqual(asked, [0, 1, 2].map((round) => `review.gate ${round}`));
  assert.equal(result.forks.later.output?.times, 3);
  assert.deepEqual(
    result.forks.later.answers.map(({ name, round }) => `${name} ${round}`)
      .sort(),
    ["gate 0", "review.gate 0", "review.gate 1", "review.gate 2"],
  );
  assert.deepEqual(compareResults(result, result.forks.later).answers, [
    { name: "gate", left: accept(), right: accept("again") },
  ]);
  assert.equal(result.forks.anew.output?.times, 1);
  assert.notEqual(result.runId, result.forks.anew.runId);
  await host.close();
});

test("fork() refuses a place within a child, and names the step to fork at", async () => {
  const { host, client } = embed();
  const plan = page.run({ text: "x" }).onAny({ action: "accept" });
  const at = { at: "review.gate" } as const;
  const refused = {
    code: "invalid-argument",
    message:
      /"review\.gate" lies in a child of the run, which has a log of its own: fork at "review", and the child begins anew/,
  };
  // @ts-expect-error a fork begins at a step of the run itself
  assert.throws(() => plan.fork("in", at), refused);
  const json = JSON.parse(JSON.stringify(plan.fork("in", { at: "review" })));
  json.forks[0].at = at;
  assert.throws(() => planFromJson(page, json), refused);
  json.forks[0].at = { after: "review.gate" };
  assert.throws(() => planFromJson(page, json), refused);

  const result = await page.run({ text: "x" })
    .on("size", { answers: { points: 1 } })
    .on("review.gate", reject())
    .fork("yes", { at: "review" }, (f) => f.on("review.gate", accept()))
    .execute(client);
  assert.equal(result.output?.decided, "reject");
  assert.deepEqual(result.forks.yes.output, { decided: "accept", points: 1 });
  await host.close();
});

test("toJSON() keeps answers to children, and planFromJson() gives them", async () => {
  const { host, client } = embed();
  const plan = page.run({ text: "x" })
    .on("size", { answers: { points: 3 } })
    .on("review.gate", reject("no"));
  const text = JSON.stringify(plan);
  assert.deepEqual(JSON.parse(text).answers["review.gate"], reject("no"));
  const read = planFromJson(fromDefinition(JSON.stringify(page)), text);
  assert.equal(JSON.stringify(read), text);
  assert.deepEqual((await read.execute(client)).output, {
    decided: "reject",
    points: 3,
  });
  assert.throws(
    () => plan.on("review.gate", () => accept()).toJSON(),
    /on\("review\.gate"\)/,
  );
  await host.close();
});

test("on() answers a child that a fragment runs", async () => {
  const looked = fragment(
    type<{ text: string }>(),
    (w) => w.use(sub("review", review, ({ input }) => ({ text: input.text }))),
  );
  const twice = workflow("child-twice", { version: "1.0.0" })
    .input(type<{ text: string }>({ text: "string" }))
    .use(insert("one", looked, ({ input }) => ({ text: input.text })))
    .use(insert("two", looked, ({ input }) => ({ text: input.text })))
    .output(({ one, two }) => ({
      one: one.review.decided,
      two: two.review.decided,
    }))
    .build();
  const { host, client } = embed(twice);
  const { output } = await twice.run({ text: "x" })
    .on("one-review.gate", reject())
    .on("two-review.gate", accept())
    .execute(client);
  assert.deepEqual(output, { one: "reject", two: "accept" });
  await host.close();
});

test("execute() ends with what an answer to a child throws, and cancels both runs", async () => {
  const { host, client } = embed();
  const runs: string[] = [];
  await assert.rejects(
    page.run({ text: "x" })
      .on("size", { answers: { points: 1 } })
      .on("review.gate", () => {
        throw new Error("no idea");
      })
      .execute(client, {
        onEvent: ({ type, payload, runId }) => {
          if (type === "node.dispatched") {
            runs[0] = runId;
            runs[1] = (payload as { childRunId: string }).childRunId;
          }
        },
      }),
    /no idea/,
  );
  for (const id of runs) {
    const { status } = await client.runs.handle(id).waitFor("cancelled");
    assert.equal(status, "cancelled");
  }
  assert.equal(runs.length, 2);
  await host.close();
});

test("execute() waits for an answer to a child that the end of its parent overtakes", async () => {
  const { host } = embed();
  // The confirmation of the last answer comes after the run has ended.
  let ended = () => {};
  const end = new Promise<void>((resolve) => ended = resolve);
  const client = new OpenwopClient({
    baseUrl: host.url,
    clock: host.clock,
    fetch: async (request) => {
      const answer = await host.fetch(request);
      if (
        request.method === "POST" && request.url.includes("interrupts/gate")
      ) {
        await end;
      }
      return answer;
    },
  });
  const result = await page.run({ text: "x" })
    .on("size", { answers: { points: 1 } })
    .on("review.gate", accept("late"))
    .execute(client, {
      onEvent: ({ type }) => {
        if (type === "run.completed") ended();
      },
    });
  assert.deepEqual(result.answers.map(({ name }) => name), [
    "size",
    "review.gate",
  ]);
  await host.close();
});

test("on() answers on a host that tells of a question by node.suspended only, and of a child by node.dispatched", async () => {
  const [parent, child] = [new WopServer(), new WopServer()];
  type Event = Parameters<WopServer["append"]>[0];
  const suspended = (nodeId: string): Event => [
    "node.suspended",
    { nodeId, interruptId: `i-${nodeId}`, kind: "approval" },
    nodeId,
  ];
  const completed = (nodeId: string): Event => [
    "node.completed",
    { nodeId, outputs: {} },
    nodeId,
  ];
  const given: unknown[] = [];
  child.append(["run.started", { workflowId: review.id }], suspended("gate"));
  child.onResolve = (nodeId, value) => {
    given.push([`child ${nodeId}`, value]);
    child.append(completed("gate"), ["run.completed", { outputs: {} }]);
    const childStatus = "running";
    parent.append(
      ["node.dispatched", { ...dispatched, childStatus }, "review"],
      completed("review"),
      suspended("gate"),
    );
  };
  const dispatched = { childRunId: CHILD_ID, childWorkflowId: review.id };
  parent.append(
    ["run.started", { workflowId: "asking" }],
    ["node.started", { nodeId: "review", attempt: 1 }, "review"],
    ["node.dispatched", dispatched, "review"],
    // It waits for its child, and is asked nothing.
    suspended("review"),
  );
  parent.onResolve = (nodeId, value) => {
    given.push([nodeId, value]);
    parent.append(completed("gate"), [
      "run.completed",
      { outputs: { done: true } },
    ]);
  };
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    fetch: (request) => {
      const path = (id: string) => id.replace("/", "~2F");
      const isChild = request.url.includes(path(CHILD_ID));
      return isChild
        ? child.fetch(
          new Request(
            request.url.replace(path(CHILD_ID), path(RUN_ID)),
            request,
          ),
        )
        : parent.fetch(request);
    },
  });
  const asking = workflow("asking", { version: "1.0.0" }).input()
    .use(sub("review", review, () => ({ text: "x" })))
    .approval("gate", () => ({ title: "?" }))
    .build();
  const { status, answers } = await asking.run({})
    .onAny(({ name }) => accept(name)).execute(client);
  assert.equal(status, "completed");
  assert.deepEqual(given, [
    ["child gate", accept("review.gate")],
    ["gate", accept("gate")],
  ]);
  assert.deepEqual(answers.map(({ name, round }) => [name, round]), [
    ["review.gate", 0],
    ["gate", 0],
  ]);
});
