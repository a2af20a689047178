import assert from "node:assert/strict";
import test from "node:test";
import { waitForCollaboration, watchMessages } from "@tutti/sdk/roundtable";
import type {
  Collaboration,
  WatchMessagesOptions,
} from "@tutti/sdk/roundtable";
import { settle, until } from "../support/fake_clock.ts";
import { roundTableBench } from "../support/roundtable.ts";
import type { RoundTableBench } from "../support/roundtable.ts";
import { countListeners } from "../support/scripted_fetch.ts";

interface WatchBench extends RoundTableBench {
  /** Lets a message arrive. */
  arrive(n: number): void;
  /** What was given, in order. */
  readonly got: unknown[];
  readonly end: Promise<unknown>;
}

async function watching(
  options: WatchMessagesOptions = {},
  before = 0,
): Promise<WatchBench> {
  const bench = roundTableBench();
  const { client, server } = bench;
  const { workspace_id } = await client.workspaces.create({ name: "Lab" });
  const [from, to] = await Promise.all(
    ["a", "b"].map((name) =>
      client.sandboxes.create(workspace_id, {
        name,
        agent_config: { primary_agent: "x" },
      })
    ),
  );
  const arrive = (n: number): void =>
    void server.store({
      from_sandbox_id: from!.sandbox_id,
      to_sandbox_id: to!.sandbox_id,
      workspace_id,
      content: { n },
    });
  for (let n = 0; n < before; n++) arrive(n);
  server.requests.length = 0;
  const got: unknown[] = [];
  const loop = async (): Promise<void> => {
    const messages = watchMessages(client, to!.sandbox_id, options);
    for await (const { content } of messages) got.push(content.n);
  };
  const end = loop().then(() => "done", (error) => error);
  await settle();
  return { ...bench, arrive, got, end };
}

test("watchMessages() gives each message once, oldest first", async () => {
  const controller = new AbortController();
  const { clock, arrive, got } = await watching(
    { signal: controller.signal },
    3,
  );
  assert.deepEqual(got, [0, 1, 2]);
  await clock.advance(1_999);
  arrive(3);
  assert.equal(got.length, 3);
  await clock.advance(1);
  assert.deepEqual(got, [0, 1, 2, 3]);
  for (let n = 4; n < 300; n += 2) {
    arrive(n);
    arrive(n + 1);
    await clock.advance(2_000);
  }
  assert.deepEqual(got, Array.from({ length: 300 }, (_, n) => n));
  controller.abort();
});

test("watchMessages() leaves out what is there when it is told to", async () => {
  const controller = new AbortController();
  const { clock, arrive, got } = await watching({
    existing: false,
    pollIntervalMs: 500,
    signal: controller.signal,
  }, 3);
  arrive(3);
  await clock.advance(500);
  assert.deepEqual(got, [3]);
  controller.abort();
});

test("watchMessages() says when more came than the server can show", async () => {
  const controller = new AbortController();
  let gaps = 0;
  const { clock, arrive, got } = await watching({
    onGap: () => gaps++,
    signal: controller.signal,
  }, 100);
  assert.equal(gaps, 0);
  for (let n = 100; n < 250; n++) arrive(n);
  await clock.advance(2_000);
  assert.equal(gaps, 1);
  assert.deepEqual(got.slice(-2), [248, 249]);
  assert.equal(new Set(got).size, got.length);
  controller.abort();
});

test("watchMessages() ends with its signal, and leaves nothing behind", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const { clock, end, server } = await watching({ signal: controller.signal });
  assert.equal(listeners(), 1);
  const reason = new Error("enough");
  controller.abort(reason);
  const error = await end as { code: string; cause: unknown };
  assert.equal(error.code, "aborted");
  assert.equal(error.cause, reason);
  assert.equal(clock.pending, 0);
  assert.equal(listeners(), 0);
  assert.equal(server.to(/messages/).length, 1);
});

test("watchMessages() ends at once when it is closed while it waits", async () => {
  const { client, server, clock } = roundTableBench();
  server.first.push(() =>
    Response.json({ success: true, data: { messages: [] } })
  );
  const messages = watchMessages(client, "sb_1");
  server.first.unshift(() => undefined);
  const next = messages.next();
  // The login, the look, and then the wait for the next one.
  await until(() => server.requests.length === 2 && clock.pending === 1);
  await messages.close();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.equal(clock.pending, 0);
  assert.equal(messages.closed, true);
});

test("watchMessages() bears a server that fails for a moment, and ends when it refuses", async () => {
  const { clock, server, arrive, got, end } = await watching();
  server.first.push(() => new Response("busy", { status: 503 }));
  arrive(0);
  await clock.advance(10_000);
  assert.deepEqual(got, [0]);
  server.sandboxes.clear();
  await clock.advance(10_000);
  assert.equal((await end as { kind: string }).kind, "not-found");
  assert.equal(clock.pending, 0);
});

/** A collaboration that goes through these states, one for each look. */
function goingThrough(
  states: readonly Partial<Collaboration>[],
): RoundTableBench {
  let look = 0;
  const bench = roundTableBench({
    apiKey: "a.b.c",
    fetch: () =>
      Response.json({
        success: true,
        data: {
          collaboration_id: "col_1",
          status: "running",
          progress: { percentage: 10 },
          result: null,
          error: null,
          ...states[Math.min(look++, states.length - 1)],
        },
      }),
  });
  return bench;
}

test("waitForCollaboration() waits for the end, and tells of each step once", async () => {
  const progress = (percentage: number): Partial<Collaboration> => ({
    progress: { percentage } as Collaboration["progress"],
  });
  const { client, clock } = goingThrough([
    { status: "pending" },
    progress(10),
    progress(10),
    progress(60),
    { status: "completed", ...progress(100) },
  ]);
  const told: string[] = [];
  const done = await clock.run(waitForCollaboration(client, "col_1", {
    onProgress: ({ status, progress: { percentage } }) =>
      told.push(`${status} ${percentage}`),
  }));
  assert.equal(done.status, "completed");
  assert.deepEqual(told, [
    "pending 10",
    "running 10",
    "running 60",
    "completed 100",
  ]);
  assert.equal(clock.pending, 0);
});

test("waitForCollaboration() sees every kind of end", async () => {
  const ends: Partial<Collaboration>[] = [
    { status: "failed" },
    { result: { sum: 1 } },
    { error: "out of money" },
    { status: "in_progress", progress: { percentage: 100 } as never },
    { status: "something new" },
  ];
  for (const state of ends) {
    const { client, clock } = goingThrough([{}, state]);
    const done = await clock.run(waitForCollaboration(client, "col_1"));
    assert.equal(done.status, state.status ?? "running");
  }
  const { client, clock } = goingThrough([{}, {
    progress: { percentage: 50 } as never,
  }]);
  const half = await clock.run(waitForCollaboration(client, "col_1", {
    isOver: ({ progress }) => progress.percentage >= 50,
  }));
  assert.equal(half.progress.percentage, 50);
});

test("waitForCollaboration() ends with its budget where the server never goes on", async () => {
  const { client, clock } = goingThrough([{}]);
  const started = clock.now();
  await assert.rejects(
    clock.run(
      waitForCollaboration(client, "col_1", { timeoutMs: 60_000 }),
    ),
    { code: "timeout", budget: "total" },
  );
  assert.equal(clock.now() - started, 60_000);
  assert.equal(clock.pending, 0);
});

test("waitForCollaboration() ends with its signal, and when the server has forgotten", async () => {
  const controller = new AbortController();
  const { client, clock } = goingThrough([{}]);
  const waiting = waitForCollaboration(client, "col_1", {
    signal: controller.signal,
  });
  await settle();
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, { code: "aborted" });
  assert.equal(clock.pending, 0);

  const bench = roundTableBench();
  const { workspace_id } = await bench.client.workspaces.create({ name: "a" });
  const { sandbox_id } = await bench.client.sandboxes.create(workspace_id, {
    name: "a",
    agent_config: { primary_agent: "a" },
  });
  const { collaboration_id } = await bench.client.collaborations.orchestrate(
    workspace_id,
    { task: "t", participants: [sandbox_id] },
  );
  const forgotten = waitForCollaboration(bench.client, collaboration_id);
  forgotten.catch(() => {});
  await settle();
  bench.server.restart();
  await bench.clock.advance(2_000);
  await assert.rejects(forgotten, { kind: "not-found" });
});

test("watchMessages() and waitForCollaboration() refuse a pause that is none", async () => {
  const { client, server } = roundTableBench();
  for (const pollIntervalMs of [-1, NaN, Infinity, 0.5, "9" as never]) {
    const wanted = { code: "invalid-argument", path: "pollIntervalMs" };
    assert.throws(
      () => watchMessages(client, "sb_1", { pollIntervalMs }),
      wanted,
    );
    await assert.rejects(
      waitForCollaboration(client, "col_1", { pollIntervalMs }),
      wanted,
    );
  }
  assert.equal(server.requests.length, 0);
});

test("watchMessages() tells its end to whoever watches the client", async () => {
  const steps: string[] = [];
  const { client } = roundTableBench({
    observe: (step, { action }) => steps.push(`${step} ${action}`),
  });
  const { workspace_id } = await client.workspaces.create({ name: "Lab" });
  const { sandbox_id } = await client.sandboxes.create(workspace_id, {
    name: "a",
    agent_config: { primary_agent: "x" },
  });
  await client.messages.send(sandbox_id, {
    to_sandbox_id: sandbox_id,
    content: {},
  });
  const messages = watchMessages(client, sandbox_id);
  await messages.next();
  await messages.close();
  assert.equal(steps.at(-1), "stream-close the watch for messages");
});
