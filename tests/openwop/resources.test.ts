import assert from "node:assert/strict";
import test from "node:test";
import { DecodeError, InvalidArgumentError } from "@tutti/sdk/http";
import { isCode, OpenwopClient } from "@tutti/sdk/openwop";
import { createHost } from "@tutti/sdk/host";
import { collect } from "../support/scripted_fetch.ts";
import { reply, RUN_ID, wopBench } from "../support/wop_server.ts";

/** Each call must be refused here, naming the place. */
async function refusesEach(
  cases: readonly [
    path: string,
    call: (client: OpenwopClient) => Promise<unknown>,
  ][],
): Promise<void> {
  for (const [path, call] of cases) {
    const { client, server } = wopBench();
    await assert.rejects(
      call(client),
      (error) => InvalidArgumentError.is(error) && error.path === path,
      path,
    );
    assert.equal(server.requests.length, 0, path);
  }
}

const deployment = { version: "1.0.0", transition: "promote" } as const;

test("a number or list out of bounds is refused before it is sent", async () => {
  const many = (count: number): string[] => new Array(count).fill("x");
  await refusesEach([
    ["tags", (c) => c.runs.create({ workflowId: "w", tags: many(101) })],
    [
      "tags[1]",
      (c) => c.runs.create({ workflowId: "w", tags: ["ok", "x".repeat(257)] }),
    ],
    ["tags[0]", (c) => c.runs.create({ workflowId: "w", tags: [""] })],
    ["runOptionsOverlay.tags", (c) =>
      c.runs.fork(RUN_ID, {
        mode: "branch",
        fromSeq: 1,
        runOptionsOverlay: { tags: many(101) },
      })],
    ["fromSeq", (c) => c.runs.fork(RUN_ID, { mode: "branch", fromSeq: -1 })],
    ["runIds", (c) => c.runs.bulkCancel({ runIds: [] })],
    ["runIds", (c) => c.runs.bulkCancel({ runIds: many(101) })],
    ["runIds[0]", (c) => c.runs.bulkCancel({ runIds: [""] })],
    ["signal.rating", (c) =>
      c.runs.createAnnotation(RUN_ID, {
        signal: { kind: "rating", rating: 6 as never },
      })],
    ["maxEvents", (c) => c.runs.debugBundle(RUN_ID, { maxEvents: 0 })],
    ["limit", (c) => collect(c.runs.list({ limit: 0 }))],
    ["limit", (c) => collect(c.prompts.list({ limit: 1.5 }))],
    [
      "events",
      (c) => c.webhooks.register({ url: "https://a.test", events: [] }),
    ],
    [
      "canaryPercent",
      (c) => c.agents.deploy("a", { ...deployment, canaryPercent: 101 }),
    ],
    ["fromSeq", (c) => c.audit.verify({ fromSeq: -1, toSeq: 2 })],
    ["toSeq", (c) => c.audit.verify({ fromSeq: 0, toSeq: NaN })],
  ]);
});

test("what is just within the bounds is sent", async () => {
  const { client, server, clock } = wopBench();
  // 256 characters of two UTF-16 units each.
  const tags = new Array(100).fill("😀".repeat(256));
  await clock.run(client.runs.create({ workflowId: "w", tags }));
  server.first.push(() => reply({ results: [] }));
  const runIds = new Array(100).fill(RUN_ID);
  await clock.run(client.runs.bulkCancel({ runIds }));
  assert.equal(server.requests.length, 2);
});

test("a field that a closed body does not have is refused before it is sent", async () => {
  const typo = { workflowID: "w" } as never;
  await refusesEach([
    ["workflowID", (c) => c.runs.create(typo)],
    ["workflowID", (c) => c.runs.start(typo)],
    ["drain", (c) => c.runs.pause(RUN_ID, { drain: "now" } as never)],
    [
      "drainPolicy",
      (c) => c.runs.resume(RUN_ID, { drainPolicy: "immediate" } as never),
    ],
    [
      "fromSequence",
      (c) => c.runs.fork(RUN_ID, { mode: "branch", fromSequence: 1 } as never),
    ],
    ["ids", (c) => c.runs.bulkCancel({ runIds: ["x"], ids: [] } as never)],
    ["eventNames", (c) =>
      c.webhooks.register({
        url: "https://a.test",
        events: ["run.completed"],
        eventNames: [],
      } as never)],
    ["to", (c) => c.agents.deploy("a", { ...deployment, to: "x" } as never)],
    ["kind", (c) =>
      c.triggerSubscriptions.create({
        source: "form",
        workflowId: "w",
        kind: "x",
      } as never)],
    ["rating", (c) => c.runs.createAnnotation(RUN_ID, { rating: 5 } as never)],
  ]);
});

test("what is no object, no list, or missing is refused before it is sent", async () => {
  const no = undefined as never;
  await refusesEach([
    ["runs.create", (c) => c.runs.create(null as never)],
    ["runs.create", (c) => c.runs.create("w" as never)],
    ["runs.pause", (c) => c.runs.pause(RUN_ID, [] as never)],
    ["tags", (c) => c.runs.create({ workflowId: "w", tags: "t" as never })],
    ["runIds", (c) => c.runs.bulkCancel({ runIds: RUN_ID as never })],
    ["runIds", (c) => c.runs.bulkCancel({ reason: "r" } as never)],
    ["events", (c) =>
      c.webhooks.register({
        url: "https://a.test",
        events: "run.completed" as never,
      })],
    ["url", (c) => c.webhooks.register({ events: ["a.b"] } as never)],
    ["secret", (c) => c.webhooks.rotateSecret("w", no)],
    ["against", (c) => c.runs.diff(RUN_ID, no)],
    ["mode", (c) => c.runs.fork(RUN_ID, { fromSeq: 1 } as never)],
    ["signal", (c) => c.runs.createAnnotation(RUN_ID, { note: "n" } as never)],
    ["resumeValue", (c) => c.interrupts.resolve(RUN_ID, "gate", no)],
    ["resumeValue", (c) => c.interrupts.resolveByToken("t", no)],
    ["transition", (c) => c.agents.deploy("a", { version: "1" } as never)],
    ["toSeq", (c) => c.audit.verify({ fromSeq: 0 } as never)],
    [
      "source",
      (c) => c.triggerSubscriptions.create({ workflowId: "w" } as never),
    ],
  ]);
});

test("an id that no path can hold is refused before it is sent", async () => {
  await refusesEach([
    ["runId", (c) => c.runs.effects("")],
    ["agentId", (c) => c.agents.get("..")],
    ["artifactId", (c) => c.runs.getArtifact(RUN_ID, "\u0000")],
    ["toolId", (c) => c.tools.get(undefined as never)],
  ]);
});

test("webhooks.register() sends what only version 1 knows to version 1 alone, in its names", async () => {
  const bodies: unknown[] = [];
  for (const major of [1, 2] as const) {
    const { client, server, clock } = wopBench({ major });
    server.first.push(() =>
      Response.json({ subscriptionId: "w-1", webhookId: "w-1" }, {
        headers: major === 2 ? { "OpenWOP-Version": "2.0" } : {},
      })
    );
    const types = ["run.completed", "agent.tool-called"];
    const { webhookId } = await clock.run(
      client.webhooks.register({
        url: "https://a.test",
        events: types,
        eventTypes: types,
        tenantId: "acme",
      }),
    );
    assert.equal(webhookId, "w-1");
    bodies.push(JSON.parse(server.requests[0]!.text));
  }
  const types = ["run.completed", "agent.toolCalled"];
  assert.deepEqual(bodies, [
    {
      url: "https://a.test",
      events: types,
      eventTypes: types,
      tenantId: "acme",
    },
    { url: "https://a.test", events: ["run.completed", "agent.tool-called"] },
  ]);
});

test("runs.list() ends where the cursor is empty, and refuses one that is no text", async () => {
  const { client, server, clock } = wopBench();
  for (const end of [undefined, null, ""]) {
    server.first.push(() => reply({ runs: [{}], nextCursor: end }));
    const all = await clock.run(client.runs.list().toArray());
    assert.equal(all.length, 1);
  }
  for (const nextCursor of [7, {}, ["a"], true]) {
    server.first.push(() => reply({ runs: [{}], nextCursor }));
    await assert.rejects(
      clock.run(client.runs.list().toArray()),
      (error) => DecodeError.is(error) && /nextCursor/.test(error.message),
    );
  }
  assert.equal(server.requests.length, 7);
});

test("runs.list() goes from page to page, and on from where it was left", async () => {
  const { client, server, clock } = wopBench();
  const runs = ["a", "b", "c"].map((runId) => ({
    runId,
    workflowId: "w",
    status: "completed",
  }));
  const pages = (): Response[] => [
    reply({ runs: runs.slice(0, 2), nextCursor: "n/1" }),
    reply({ runs: runs.slice(2) }),
  ];
  const answers = [...pages(), pages()[1]!];
  server.first.push(...answers.map((answer) => () => answer));
  const list = client.runs.list({ status: "completed" }, {
    headers: { "x-mine": "1" },
  });
  const seen: string[] = [];
  for await (const { runId } of list) seen.push(runId);
  assert.deepEqual(seen, ["a", "b", "c"]);
  assert.deepEqual(server.requests.map(({ path }) => path), [
    "/runs?status=completed",
    "/runs?status=completed&cursor=n%2F1",
  ]);
  assert.equal(server.requests[1]?.headers.get("x-mine"), "1");
  const rest = await clock.run(
    client.runs.list({ status: "completed" }, { cursor: { page: "n/1" } })
      .toArray(),
  );
  assert.deepEqual(rest.map(({ runId }) => runId), ["c"]);
});

test("a list page without its array is not believed", async () => {
  const { client, server } = wopBench();
  server.first.push(() => reply({ deliveries: {} }));
  await assert.rejects(
    collect(client.webhooks.deadLetters("acme/w")),
    (error) => DecodeError.is(error),
  );
});

test("an answer that lacks what it promises is not believed", async () => {
  const cases: readonly [unknown, (c: OpenwopClient) => Promise<unknown>][] = [
    [{ status: "paused" }, (c) => c.runs.pause(RUN_ID)],
    [{ results: {} }, (c) => c.runs.bulkCancel({ runIds: [RUN_ID] })],
    [
      { secret: "s" },
      (c) => c.webhooks.register({ url: "https://a.test", events: ["x.y"] }),
    ],
    ["text", (c) => c.agents.list()],
    [null, (c) => c.content.getSettings()],
  ];
  for (const [body, call] of cases) {
    const { client, server, clock } = wopBench();
    server.first.push(() => reply(body));
    await assert.rejects(
      clock.run(call(client)),
      (error) => DecodeError.is(error),
    );
  }
});

test("webhooks.unregister() takes a deletion with and without a body", async () => {
  for (const body of [null, '{"unregistered":true}']) {
    const { client, server, clock } = wopBench();
    server.first.push(() =>
      new Response(body, {
        status: body === null ? 204 : 200,
        headers: { "OpenWOP-Version": "2.0" },
      })
    );
    assert.equal(
      await clock.run(client.webhooks.unregister("acme/w")),
      undefined,
    );
    assert.equal(server.requests[0]?.path, "/webhooks/acme/w");
  }
});

test("runs.getIfChanged() gives nothing when the host says so", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(
    () =>
      new Response(null, {
        status: 304,
        headers: { "OpenWOP-Version": "2.0" },
      }),
  );
  assert.equal(
    await clock.run(client.runs.getIfChanged(RUN_ID, '"7"')),
    undefined,
  );
  assert.equal(server.requests[0]?.headers.get("if-none-match"), '"7"');
  const changed = await clock.run(client.runs.getIfChanged(RUN_ID, '"7"'));
  assert.equal(changed?.runId, RUN_ID);
});

test("host.events() resumes after a cut with the last id, and tells whoever watches the client", async () => {
  const told: string[] = [];
  const { client, server, clock } = wopBench({
    observe: (step, { action }) =>
      step.startsWith("stream-") && told.push(`${step} ${action}`),
  });
  const beat = (id: number): string =>
    `id: h${id}\nevent: heartbeat.evaluated\ndata: {"heartbeatId":"x","n":${id}}\n\n`;
  const stream = (body: string) => (): Response =>
    new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "OpenWOP-Version": "2.0",
      },
    });
  server.first.push(stream(beat(1) + beat(2)), stream(beat(3)));
  const events = client.host.events();
  const seen: (string | undefined)[] = [];
  for (let count = 0; count < 3; count++) {
    const { value } = await clock.run(events.next());
    seen.push(value?.id);
    assert.equal(value?.type, "heartbeat.evaluated");
  }
  await events.close();
  assert.deepEqual(seen, ["h1", "h2", "h3"]);
  assert.equal(server.requests[1]?.headers.get("last-event-id"), "h2");
  assert.equal(server.requests[0]?.headers.get("accept"), "text/event-stream");
  assert.equal(told[0], "stream-open GET /host/events");
  assert.equal(told.at(-1), "stream-close GET /host/events");
});

test("the embedded host forks as it advertises, and the client asks it for nothing else", async () => {
  const definition = {
    id: "noop",
    name: "Noop",
    version: "1.0.0",
    nodes: [{
      id: "pass",
      typeId: "core.noop",
      name: "Pass",
      position: { x: 0, y: 0 },
      config: {},
      inputs: {},
    }],
    edges: [],
    triggers: [],
    variables: [],
    metadata: {},
    settings: {},
  };
  const host = createHost({ workflows: [{ definition, nodes: [] }] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  assert.equal(await client.discovery.has("eventLog"), true);
  assert.equal(await client.discovery.has("replay"), true);
  const run = await client.runs.start({ workflowId: "noop" });
  await run.result();
  const fork = await client.runs.fork(run.id, { mode: "replay" });
  assert.equal(fork.sourceRunId, run.id);
  await assert.rejects(client.agents.list(), {
    code: "unsupported",
    capability: "agents.manifestRuntime",
  });
  await assert.rejects(
    client.interrupts.resolve(run.id, "nobody", {}),
    (error) =>
      isCode(error, "not_found") || isCode(error, "interrupt_already_resolved"),
  );
  await host.close();
});
