import assert from "node:assert/strict";
import test from "node:test";
import { countListeners, settle } from "@tutti/sdk/testing";
import { flux0Bench } from "../support/flux0.ts";

/** A session in which an agent has answered. */
async function told(type: string) {
  const bench = flux0Bench();
  const sessionId = bench.server.session(type);
  const turn = bench.client.sessions.send(sessionId, "Hi");
  await turn.text();
  bench.server.requests.length = 0;
  return { ...bench, sessionId, turn };
}

test("listEvents() gives all, and filters by offset, source, correlation id and type", async () => {
  const { client, server, sessionId, turn } = await told("tool");
  const offsets = async (
    filter: Parameters<typeof client.sessions.listEvents>[1],
  ) =>
    (await client.sessions.listEvents(sessionId, filter))
      .map(({ offset }) => offset);
  assert.deepEqual(await offsets({}), [0, 1, 2, 3, 4]);
  assert.deepEqual(await offsets({ min_offset: 3 }), [3, 4]);
  assert.deepEqual(await offsets({ source: "user" }), [0]);
  assert.deepEqual(await offsets({ types: ["tool"] }), [3]);
  assert.deepEqual(await offsets({ types: [] }), []);
  assert.deepEqual(await offsets({ types: ["message"], source: "ai_agent" }), [
    2,
    4,
  ]);
  const { correlationId } = turn;
  assert.deepEqual(await offsets({ correlation_id: correlationId }), [
    0,
    1,
    2,
    3,
    4,
  ]);
  assert.deepEqual(await offsets({ correlation_id: "RID(x)::y" }), []);
  // The server answers its own filter by type with 422, always.
  assert.ok(server.requests.every(({ path }) => !path.includes("types")));
});

test("listEvents() does not repeat a 500, which does not pass, and can step over it", async () => {
  const { client, server, sessionId } = await told("unknown status");
  await assert.rejects(client.sessions.listEvents(sessionId), { status: 500 });
  assert.equal(server.requests.length, 1);
  const events = await client.sessions.listEvents(sessionId, {}, {
    skipUnreadable: true,
  });
  // 0 message, 1 message, 2 the unknown word, 3 typing, 4 message.
  assert.deepEqual(events.map(({ offset }) => offset), [3, 4]);
  assert.deepEqual(
    (await client.sessions.listEvents(sessionId, { min_offset: 3 }))
      .map(({ offset }) => offset),
    [3, 4],
  );
});

test("listEvents() finds what is readable behind the last bad event, wherever it is", async () => {
  for (const bad of [[0], [1], [7], [8], [2, 5], [0, 19], [19], [3, 4, 5]]) {
    const { client, server } = flux0Bench({}, {
      agents: {
        chatty(emit) {
          for (let offset = 1; offset < 20; offset++) {
            emit.status(bad.includes(offset) ? "odd" : "typing");
          }
          emit.completed();
        },
      },
    });
    const sessionId = server.session("chatty");
    if (bad.includes(0)) {
      server.store.store(
        server.store.sessions.get(sessionId)!,
        "x",
        "ai_agent",
        { type: "status", data: { type: "status", status: "odd" } },
      );
    }
    await client.sessions.send(sessionId, "Hi", { reconcile: false }).collect();
    const last = server.events(sessionId).length;
    const shift = bad.includes(0) ? 1 : 0;
    const first = Math.max(...bad.map((at) => at === 0 ? 1 : at + 1 + shift));
    const events = await client.sessions.listEvents(sessionId, {}, {
      skipUnreadable: true,
    });
    assert.deepEqual(
      events.map(({ offset }) => offset),
      Array.from({ length: last - first }, (_, index) => first + index),
      `bad: ${bad}`,
    );
  }
});

test("listEvents() gives up on a server that is broken in another way", async () => {
  let calls = 0;
  const { client } = flux0Bench({
    fetch: () => {
      calls++;
      return new Response("Internal Server Error", { status: 500 });
    },
  });
  await assert.rejects(
    client.sessions.listEvents("talk-00001", {}, { skipUnreadable: true }),
    { status: 500 },
  );
  assert.equal(calls, 32);
});

test("follow() gives what was said and whatever comes, once and in order", async () => {
  const { client, server, clock } = flux0Bench();
  const sessionId = server.session("echo");
  await client.sessions.send(sessionId, "one").text();
  const stream = client.sessions.follow(sessionId, {
    types: ["message"],
    min_offset: 1,
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { offset } of stream) {
      seen.push(offset);
      if (seen.length === 3) break;
    }
  })();
  await clock.advance(5_500);
  assert.deepEqual(seen, [3]);
  await client.sessions.send(sessionId, "two").text();
  await clock.run(reading);
  assert.deepEqual(seen, [3, 4, 7]);
  assert.equal(stream.closed, true);
  assert.equal(clock.pending, 0);
  const polls = server.requests.filter(({ path }) => /min_offset/.test(path));
  assert.deepEqual(
    polls.map(({ path }) => path.split("=")[1]),
    ["1", ...Array(polls.length - 1).fill("4")],
  );
});

test("follow() asks as often as it is told, and retries in between", async () => {
  const { server, clock, client } = flux0Bench();
  let failures = 2;
  const sessionId = server.session("echo");
  const shaky = client.with({
    fetch: (request) =>
      failures-- > 0
        ? new Response(null, { status: 503 })
        : server.fetch(request),
  });
  await client.sessions.send(sessionId, "one").text();
  const stream = shaky.sessions.follow(sessionId, {}, { pollIntervalMs: 20 });
  const started = clock.now();
  assert.equal((await clock.run(stream.next())).value?.offset, 0);
  assert.equal(clock.now() - started, 1_500);
  for (let rest = 0; rest < 3; rest++) await stream.next();
  const before = server.requests.length;
  const waiting = stream.next();
  await clock.advance(99);
  assert.equal(server.requests.length - before, 5);
  await stream.close();
  assert.equal((await waiting).done, true);
  assert.equal(clock.pending, 0);
});

test("follow() steps over what cannot be read when it is told to", async () => {
  const { client, clock, server, sessionId } = await told("unknown status");
  const strict = client.sessions.follow(sessionId);
  await assert.rejects(strict.next(), { status: 500 });
  const stream = client.sessions.follow(sessionId, {}, {
    skipUnreadable: true,
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { offset } of stream) {
      seen.push(offset);
      if (seen.length === 3) break;
    }
  })();
  await clock.advance(1_000);
  assert.deepEqual(seen, [3, 4]);
  // From then on the bad one is behind it: one request a look.
  server.requests.length = 0;
  await clock.advance(3_000);
  assert.equal(server.requests.length, 3);
  server.store.store(server.store.sessions.get(sessionId)!, "x", "user", {
    type: "message",
    data: { type: "message", parts: [] },
  });
  await clock.run(reading);
  assert.deepEqual(seen, [3, 4, 5]);
});

test("follow() obeys a signal and leaves nothing behind", async () => {
  const { client, clock, server } = flux0Bench();
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const stream = client.sessions.follow(server.session("echo"), {}, {
    signal: controller.signal,
  });
  const reading = stream.next().catch((error: { code: string }) => error.code);
  await settle(10);
  controller.abort();
  assert.equal(await reading, "aborted");
  assert.equal(listeners(), 0);
  assert.equal(clock.pending, 0);
});

test("follow() tells its end to whoever watches the client", async () => {
  const steps: string[] = [];
  const { server, client } = flux0Bench({
    observe: (step, { action }) => steps.push(`${step} ${action}`),
  });
  const sessionId = server.session("echo");
  await client.sessions.send(sessionId, "one").text();
  const stream = client.sessions.follow(sessionId);
  await stream.next();
  await stream.close();
  assert.equal(
    steps.at(-1),
    `stream-close GET /api/sessions/${sessionId}/events`,
  );
});
