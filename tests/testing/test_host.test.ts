import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { forEach, type, workflow } from "@tutti/sdk/dsl";
import { createTestHost, until } from "@tutti/sdk/testing";
import { gate, inputFrom, stepOf, workflowOf } from "../support/wire.ts";

const DAY_MS = 24 * 3_600_000;

const mail = workflowOf("mail", [
  { id: "wait", typeId: "core.delay", config: { ms: 3 * DAY_MS } },
  {
    id: "write",
    typeId: "local.mail.write",
    inputs: inputFrom("to"),
    after: ["wait"],
  },
  { id: "send", typeId: "local.mail.send", after: ["write"] },
]);

test("createTestHost() lets days pass at once, with stubs by node and by type", async () => {
  const host = createTestHost({
    workflows: [mail],
    stubs: {
      write: ({ to }) => ({ text: `Dear ${to}` }),
      "local.mail.send": { sent: true },
    },
  });
  const started = host.clock.now();
  const { status, runId, snapshot } = await host.run("mail", { to: "Ada" });
  assert.equal(status, "completed", JSON.stringify(snapshot));
  assert.equal(host.clock.now() - started, 3 * DAY_MS);
  assert.equal(host.clock.pending, 0);
  assert.deepEqual(host.calls.map(({ nodeId, input }) => [nodeId, input]), [
    ["write", { to: "Ada" }],
    ["send", {}],
  ]);
  assert.ok(host.calls.every((call) => call.runId === runId));
  assert.deepEqual(host.errors, []);
  await host.close();
});

test("createTestHost() stubs a node before its type, and a stub before code", async () => {
  const host = createTestHost({
    workflows: [stepOf(() => ({ by: "code" }))],
    stubs: { "local.test.step": { by: "type" }, step: { by: "node" } },
  });
  const { snapshot } = await host.run("one-step");
  assert.match(JSON.stringify(snapshot.nodeStates), /"by":"node"/);
  assert.doesNotMatch(JSON.stringify(snapshot), /"by":"(type|code)"/);
  await host.close();
});

test("createTestHost() refuses a node that has neither code nor stub", () => {
  assert.throws(
    () => createTestHost({ workflows: [mail], stubs: { send: {} } }),
    { code: "definition-invalid" },
  );
});

test("createTestHost() lets steps fail as planned, execution by execution", async () => {
  let worked = 0;
  const host = createTestHost({
    workflows: [workflowOf("one-step", [{
      id: "step",
      typeId: "local.test.step",
      settings: { maxRetries: 3, retryDelayMs: 60_000 },
    }], [{
      typeId: "local.test.step",
      run: () => ({ worked: ++worked }),
    }])],
    stepFaults: {
      step: [
        { kind: "throw" },
        undefined,
      ],
    },
  });
  const { status } = await host.run("one-step");
  assert.equal(status, "completed");
  assert.deepEqual(host.calls.map(({ attempt }) => attempt), [0, 1]);
  assert.equal(new Set(host.calls.map((c) => c.idempotencyKey)).size, 1);
  assert.equal(worked, 1);
  assert.match(String(host.errors[0]?.error), /fails as planned/);
  await host.close();
});

test("createTestHost() fails a step after its work was done", async () => {
  let worked = 0;
  const host = createTestHost({
    workflows: [stepOf(() => ({ worked: ++worked }))],
    stepFaults: {
      step: [{ kind: "throw", error: new Error("cut"), afterWork: true }],
    },
  });
  const { status } = await host.run("one-step");
  assert.equal(status, "failed");
  assert.equal(worked, 1);
  await host.close();
});

test("createTestHost() lets a step hang until the run is out of time", async () => {
  const host = createTestHost({
    workflows: [
      workflowOf("one-step", [{ id: "step", typeId: "local.test.step" }], [
        { typeId: "local.test.step", run: () => ({}) },
      ], { settings: { timeout: 7 * DAY_MS } }),
    ],
    stepFaults: { step: [{ kind: "hang" }] },
  });
  const { status, snapshot } = await host.run("one-step");
  assert.equal(status, "failed");
  assert.equal(snapshot.error?.code, "run_timeout");
  await host.close();
});

test("createTestHost() lets the store fail as planned, and goes on", async () => {
  const host = createTestHost({
    workflows: [stepOf(() => ({}))],
    storeFaults: { createRun: ["refuse"] },
  });
  await assert.rejects(host.run("one-step"), /internal_error/);
  assert.match(String(host.errors[0]?.error), /as planned: createRun/);
  assert.equal((await host.run("one-step")).status, "completed");
  await host.close();
});

test("createTestHost() keeps one run when a created answer is lost", async () => {
  const store = memoryStore();
  const host = createTestHost({
    workflows: [stepOf(() => ({}))],
    store,
    faults: [undefined, { kind: "lose-reply" }],
  });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    clock: host.clock,
    random: () => 0.5,
  });
  const starting = client.runs.start({ workflowId: "one-step" });
  const { clock } = host;
  // The keys of requests are hashed, which takes real time; only then the client waits to try again.
  await until(() => clock.waits.some((ms) => ms > 0 && ms < 10_000));
  await clock.advance(10_000);
  const run = await starting;
  assert.equal((await host.follow(run.id)).status, "completed");
  assert.equal(host.calls.length, 1);
  await host.close();
});

test("createTestHost() stops where somebody is wanted, and follows on", async () => {
  const host = createTestHost({ workflows: [gate()] });
  const { runId, status } = await host.run("gated");
  assert.equal(status, "waiting-approval");
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  await client.runs.get(runId);
  await client.runs.handle(runId).interrupt("gate").accept();
  assert.equal((await host.follow(runId)).status, "completed");
  await host.close();
});

test("createTestHost() lets no deadline pass while children are being made", async () => {
  const child = workflow("child", { version: "1.0.0" })
    .input(type<{ id: string }>({ id: "string" }))
    .approval(
      "ok",
      ({ input }) => ({ title: "Pay?", data: { id: input.id } }),
      {
        timeout: "1d",
      },
    )
    .output(({ ok }) => ({ action: ok.action }))
    .build();
  const parent = workflow("parent", { version: "1.0.0" })
    .input(type<{ ids: string[] }>({ ids: "array" }))
    .use(forEach("each", ({ input }) => input.ids, child, (id) => ({ id }), {
      concurrency: 2,
    }))
    .build();
  const run = async (): Promise<void> => {
    const host = createTestHost({ workflows: [parent, child] });
    const began = host.clock.now();
    const { status } = await host.run("parent", { ids: ["a", "b", "c"] });
    assert.equal(status, "waiting-approval");
    assert.equal(host.clock.now(), began);
    await host.close();
  };
  // Their ids take Web Crypto, which is another thread: one time in eight a day had passed before the second was there.
  for (let time = 0; time < 40; time++) await run();
  // Where that thread has to wait for others, any number of moments may pass: here what it is asked to do later, too.
  const { subtle } = crypto;
  const { digest } = subtle;
  const held: (() => void)[] = [];
  let later = 0;
  subtle.digest = async (algorithm, bytes) => {
    if (bytes.byteLength > 0) {
      await new Promise<void>((wake) => held.push(wake));
    } else if (++later % 10 === 0) held.shift()?.();
    return await digest.call(subtle, algorithm, bytes);
  };
  try {
    await run();
    assert.ok(later >= 20);
  } finally {
    subtle.digest = digest;
  }
});

test("createTestHost() refuses stubs and faults of steps that are not there", () => {
  // A misspelt name would let the real code run: the mail would be sent.
  for (
    const plan of [
      { stubs: { sned: { sent: true } } },
      { stepFaults: { sned: [{ kind: "throw" as const }] } },
    ]
  ) {
    assert.throws(
      () => createTestHost({ workflows: [mail], ...plan }),
      {
        code: "invalid-argument",
        path: /^(stubs|stepFaults)\.sned$/,
        message: /there are "wait", "write", "send"$/,
      },
    );
  }
});

test("run() of a test host names the workflows there are when it has no such one", async () => {
  const host = createTestHost({
    workflows: [gate(), stepOf(() => ({}))],
    // Types of other workflows: a table that several tests share.
    stubs: { "local.mail.send": { sent: true } },
  });
  await assert.rejects(host.run("gatde"), {
    code: "invalid-argument",
    message:
      'Cannot use "workflowId": no workflow is called "gatde", there are "gated", "one-step"',
  });
  await host.close();
});
