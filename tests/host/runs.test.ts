import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import {
  countingIds,
  delay,
  gate,
  noop,
  stepOf,
  Wire,
} from "../support/wire.ts";
import { FakeClock } from "../support/fake_clock.ts";

const clock = new FakeClock();
const host = createHost({
  workflows: [noop, delay, gate()],
  clock,
  ids: countingIds(),
});
const wire = new Wire(host);

test("POST /runs creates a run that can be read at once", async () => {
  const { status, body } = await wire.post("/runs", {
    workflowId: "conformance-noop",
  });
  assert.equal(status, 201);
  assert.match(body.runId, /^local\/run-\d{16}$/);
  assert.equal(body.status, "completed");
  const segment = body.runId.replace("/", "~2F");
  assert.equal(body.eventsUrl, `/runs/${segment}/events`);
  assert.equal(body.statusUrl, `/runs/${segment}`);
  assert.equal(Object.keys(body).length, 4);
  assert.equal((await wire.get(body.statusUrl)).status, 200);
  assert.equal((await wire.get(`${body.eventsUrl}/poll`)).status, 200);
});

test("POST /runs keeps a run together with all that needs nobody, and says where it stands", async () => {
  const inner = memoryStore();
  const kept: string[][] = [];
  const store: Store = {
    ...inner,
    createRun: (record, events, isNews) => {
      kept.push(events.map(({ type }) => type));
      return inner.createRun(record, events, isNews);
    },
    append: (runId, after, events, mustHold) => {
      kept.push(events.map(({ type }) => type));
      return inner.append(runId, after, events, mustHold);
    },
  };
  let started: string[][] | undefined;
  const step = stepOf(() => void (started = [...kept]));
  const wire = new Wire(
    createHost({ workflows: [noop, gate(), step], store }),
  );
  const create = async (workflowId: string) => {
    const { body } = await wire.post("/runs", { workflowId });
    return body;
  };
  assert.equal((await create("conformance-noop")).status, "completed");
  assert.deepEqual(kept.splice(0), [
    ["run.started", "node.started", "node.completed", "run.completed"],
  ]);
  assert.equal((await create("gated")).status, "waiting-approval");
  assert.deepEqual(kept.splice(0), [[
    "run.started",
    "node.started",
    "interrupt.requested",
    "node.suspended",
  ]]);
  const run = await create("one-step");
  assert.equal(run.status, "running");
  await wire.reach(run.statusUrl, "completed");
  // Code starts only when it is kept that it does.
  assert.deepEqual(started, [["run.started", "node.started"]]);
});

test("POST /runs refuses a body that is not the closed object", async () => {
  const good = { workflowId: "conformance-noop" };
  const cases: [unknown, string][] = [
    [undefined, ""],
    ["[]", ""],
    ["null", ""],
    ['"text"', ""],
    [{}, "/workflowId"],
    [{ workflowId: 7 }, "/workflowId"],
    [{ workflowId: "" }, "/workflowId"],
    [{ ...good, surprise: 1 }, "/surprise"],
    [{ ...good, scopeId: "" }, "/scopeId"],
    [{ ...good, scopeId: "s".repeat(257) }, "/scopeId"],
    [{ ...good, inputs: [] }, "/inputs"],
    [{ ...good, inputs: null }, "/inputs"],
    [{ ...good, metadata: "x" }, "/metadata"],
    [{ ...good, tags: "x" }, "/tags"],
    [{ ...good, tags: ["ok", 7] }, "/tags/1"],
    [{ ...good, tags: [""] }, "/tags/0"],
    [{ ...good, tags: ["x".repeat(257)] }, "/tags/0"],
    [{ ...good, tags: new Array(101).fill("t") }, "/tags"],
    [{ ...good, configurable: {} }, "/configurable/version"],
    [{ ...good, configurable: { version: 2 } }, "/configurable/version"],
    [
      { ...good, configurable: { version: 1, temperature: 1 } },
      "/configurable/temperature",
    ],
    [
      { ...good, configurable: { version: 1, ai: { tokens: 1 } } },
      "/configurable/ai/tokens",
    ],
    [
      { ...good, configurable: { version: 1, distillation: 7 } },
      "/configurable/distillation",
    ],
  ];
  for (const [body, pointer] of cases) {
    const answer = await wire.post("/runs", body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(answer.body.error, "validation_error");
    assert.equal(answer.body.details.pointer, pointer);
  }
});

test("POST /runs keeps tags, metadata and options as they came", async () => {
  const options = {
    tags: ["with space", "🎻", "a,b;c", "MiXed", "é".repeat(256), "MiXed"],
    metadata: { nested: { list: [1, null, { deep: true }] } },
    configurable: { version: 1, ai: { model: "m" }, extensions: { org: {} } },
    inputs: { extra: [1] },
  };
  const run = await wire.start("conformance-noop", options);
  const { body } = await wire.get(run);
  for (const key of Object.keys(options) as (keyof typeof options)[]) {
    assert.deepEqual(body[key], options[key]);
  }
  assert.deepEqual(body.variables, options.inputs);
  const [started] = await wire.log(run);
  assert.deepEqual(started.payload.tags, options.tags);
  assert.deepEqual(started.payload.owner, body.owner);
});

test("POST /runs counts the characters of a tag, not its UTF-16 units", async () => {
  await wire.start("conformance-noop", { tags: ["🎻".repeat(256)] });
  const { status } = await wire.post("/runs", {
    workflowId: "conformance-noop",
    tags: ["🎻".repeat(257)],
  });
  assert.equal(status, 400);
});

test("POST /runs refuses a budget, which it would not keep", async () => {
  const { status, body } = await wire.post("/runs", {
    workflowId: "conformance-noop",
    configurable: { version: 1, budget: { maxTokens: 5 } },
  });
  assert.equal(status, 422);
  assert.equal(body.error, "capability_required");
  assert.equal(body.details.requiredCapability, "configurable.budget");
});

test("POST /runs keeps the limits of its options and refuses those that are none", async () => {
  const run = await wire.start("conformance-noop", {
    configurable: { version: 1, run: { recursionLimit: 1 } },
  });
  await wire.reach(run, "completed");
  for (
    const [key, value] of [
      ["recursionLimit", 0],
      ["runTimeoutMs", "5"],
      ["escalationThreshold", 2],
      ["other", 1],
    ]
  ) {
    const { status, body } = await wire.post("/runs", {
      workflowId: "conformance-noop",
      configurable: { version: 1, run: { [key!]: value } },
    });
    assert.equal(status, 400, String(key));
    assert.equal(body.details.pointer, `/configurable/run/${key}`);
  }
});

test("POST /runs answers 404 for a workflow that is not here", async () => {
  for (const workflowId of ["nope", "__proto__", "toString", "../x"]) {
    const { status, body } = await wire.post("/runs", { workflowId });
    assert.equal(status, 404);
    assert.equal(body.error, "not_found");
  }
});

test("GET /runs/{id} gives the closed snapshot", async () => {
  const run = await wire.start("gated");
  const body = await wire.reach(run, "waiting-approval");
  assert.deepEqual(Object.keys(body).sort(), [
    "currentNodeId",
    "eventLogSchemaVersion",
    "nodeStates",
    "owner",
    "runId",
    "startedAt",
    "status",
    "variables",
    "workflowId",
  ]);
  assert.equal(body.currentNodeId, "gate");
  assert.equal(body.eventLogSchemaVersion, 3);
  assert.equal(body.workflowId, "gated");
  assert.equal(body.startedAt, "2026-01-01T00:00:00.000Z");
  assert.deepEqual(body.owner, {
    tenant: "local",
    subject: {
      issuer: "urn:tutti:embedded",
      subjectId: "local",
      tenant: "local",
      lane: "session",
      kind: "user",
    },
  });
  assert.equal(body.nodeStates.gate.status, "suspended");
  assert.equal(body.nodeStates.gate.interrupt.payload.data.title, "Go?");
  assert.equal(body.nodeStates.done.status, "pending");

  await wire.accept(run);
  const done = await wire.reach(run, "completed");
  assert.equal(done.currentNodeId, undefined);
  assert.equal(done.completedAt, "2026-01-01T00:00:00.000Z");
});

test("GET /runs/{id} answers 304 until something happens", async () => {
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const first = await wire.get(run);
  const etag = first.headers.get("etag")!;
  const same = await wire.get(run, { "if-none-match": etag });
  assert.equal(same.status, 304);
  assert.equal(same.body, "");
  await wire.accept(run);
  await wire.reach(run, "completed");
  const changed = await wire.get(run, { "if-none-match": etag });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get("etag"), etag);
});

test("a run id is accepted in both spellings", async () => {
  const run = await wire.start("conformance-noop");
  const { runId } = (await wire.get(run)).body;
  for (const slash of ["~2F", "%2F", "%2f", "~2f"]) {
    const path = `/runs/${runId.replace("/", slash)}`;
    assert.equal((await wire.get(path)).body.runId, runId);
  }
});

test("a run id of another tenant is refused before anything is looked up", async () => {
  const run = (await wire.start("conformance-noop")).replace("local", "other");
  const unknown = "/runs/other~2Fzzzzzzzzzzzzzzzzzzzz";
  for (const path of [run, unknown]) {
    const answers = [
      await wire.get(path),
      await wire.get(`${path}/events`, { "last-event-id": "abc" }),
      await wire.get(`${path}/events?streamMode=bogus`),
      await wire.get(`${path}/events/poll?timeout=bogus`),
      await wire.post(`${path}/cancel`, {}),
      await wire.post(`${path}:fork`, { mode: "replay" }),
      await wire.accept(path),
    ];
    for (const { status, body } of answers) {
      assert.equal(status, 403);
      assert.equal(body.error, "id_tenant_mismatch");
    }
  }
});

test("a run id that is unknown gives 404, one that cannot be gives 400", async () => {
  for (const path of ["", "/events", "/events/poll"]) {
    const unknown = await wire.get(
      `/runs/local~2Fzzzzzzzzzzzzzzzzzzzz${path}`,
    );
    assert.equal(unknown.status, 404);
    assert.equal(unknown.body.error, "not_found");
    for (
      const id of [
        "bare-id-without-tenant",
        "local~2Fshort",
        "local~2",
        "local~ZZaaaaaaaaaaaaaaaa",
        "local%2Faaaaaaaaaaaaaaaa%2Fbbbb",
        "local~2Faaaaaaaaaaaaaaaa%0A",
        "~FF~FEaaaaaaaaaaaaaaaaaaaa",
      ]
    ) {
      const { status, body } = await wire.get(`/runs/${id}${path}`);
      assert.equal(status, 400, id);
      assert.equal(body.error, "validation_error");
    }
  }
});

test("ten runs at once all complete, each with its own log", async () => {
  const runs = await Promise.all(
    Array.from({ length: 10 }, () => wire.start("conformance-noop")),
  );
  assert.equal(new Set(runs).size, 10);
  const logs = await Promise.all(runs.map((run) => wire.log(run)));
  for (const log of logs) {
    assert.deepEqual(log.map(({ type }) => type), [
      "run.started",
      "node.started",
      "node.completed",
      "run.completed",
    ]);
    assert.equal(new Set(log.map(({ runId }) => runId)).size, 1);
  }
  const ids = logs.flat().map(({ eventId }) => eventId);
  assert.equal(new Set(ids).size, ids.length);
});

test("POST cancel ends a run that is under way", async () => {
  const run = await wire.start("conformance-cancellable", {
    inputs: { delayMs: 15_000 },
  });
  await wire.reach(run, "running");
  const { status, body } = await wire.post(`${run}/cancel`, {
    reason: "changed my mind",
  });
  assert.equal(status, 200);
  assert.deepEqual(body, {
    runId: (await wire.get(run)).body.runId,
    status: "cancelled",
  });
  assert.equal((await wire.get(run)).body.status, "cancelled");
  assert.equal(clock.pending, 0);
  const log = await wire.log(run);
  assert.equal(log.at(-1).type, "run.cancelled");
  assert.deepEqual(log.at(-1).payload, {
    reason: "changed my mind",
    cancelledBy: "local",
    durationMs: 0,
  });
  assert.equal(log.at(-2).type, "node.cancelled");
});

test("POST cancel refuses a finished run and a body that is not its own", async () => {
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  for (const body of [undefined, {}, { reason: "late" }]) {
    const answer = await wire.post(`${run}/cancel`, body);
    assert.equal(answer.status, 409);
    assert.equal(answer.body.error, "run_terminal");
    assert.deepEqual(answer.body.details, { runStatus: "completed" });
  }
  for (
    const body of [{ why: "?" }, { reason: 7 }, { reason: "x".repeat(2001) }]
  ) {
    assert.equal((await wire.post(`${run}/cancel`, body)).status, 400);
  }
});

test("a delay ends when its time is over, not before", async () => {
  const run = await wire.start("conformance-cancellable", {
    inputs: { delayMs: 1_000 },
  });
  await wire.reach(run, "running");
  await clock.advance(999);
  assert.equal((await wire.get(run)).body.status, "running");
  await clock.advance(1);
  await wire.reach(run, "completed");
  const log = await wire.log(run);
  assert.deepEqual(log.at(-1).payload, {
    outputs: { waitedMs: 1000 },
    durationMs: 1000,
  });
  assert.equal(clock.pending, 0);
});
