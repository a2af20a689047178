import assert from "node:assert/strict";
import test from "node:test";
import { createLiveMessages } from "@tutti/sdk/roundtable";
import type { LiveFrame } from "@tutti/sdk/roundtable";
import { settle } from "../support/fake_clock.ts";
import { roundTableBench } from "../support/roundtable.ts";
import { following } from "../support/roundtable_following.ts";
import { memorySocket } from "../support/roundtable_server_socket.ts";
import { countListeners } from "../support/scripted_fetch.ts";

/** What the messages say. */
function contents(frames: readonly LiveFrame[]): unknown[] {
  return frames.flatMap((frame) =>
    frame.type === "message" ? [frame.data.content.n] : []
  );
}

test("createLiveMessages() gives the backlog in the order of time, each message once", async () => {
  const { clock, server, live, got } = await following({}, ({ server }) => {
    for (let n = 0; n < 4; n++) {
      // The server sorts by priority.
      server.live.enqueue("scout", { content: { n }, priority: n });
    }
    server.live.enqueue("editor", { content: { n: "not for us" } });
  });
  await clock.advance(100);
  assert.deepEqual(contents(got), [0, 1, 2, 3]);
  assert.equal(got[0]?.type, "connected");
  server.live.restart();
  server.live.enqueue("scout", { content: { n: 4 } });
  await clock.advance(1_000);
  assert.deepEqual(contents(got), [0, 1, 2, 3, 4]);
  assert.equal(server.live.all.length, 2);
  await live.close();
  assert.equal(clock.pending, 0);
});

test("createLiveMessages() gives no frame any more when it is closed while a backlog comes in", async () => {
  for (const how of ["close", "abort"]) {
    const controller = new AbortController();
    const { clock, live, got, end } = await following(
      { signal: controller.signal },
      ({ server }) => server.live.enqueue("scout", { content: { n: 1 } }),
    );
    assert.deepEqual(got.map(({ type }) => type), ["connected"]);
    // The backlog is held for a moment, to be sorted.
    if (how === "close") await live.close();
    else controller.abort("enough");
    const why = await end;
    if (how === "close") assert.equal(why, "done");
    else assert.equal((why as { readonly code?: string }).code, "aborted");
    assert.equal(got.length, 1, how);
    assert.deepEqual(await live.next(), { done: true, value: undefined });
    assert.equal(clock.pending, 0);
  }
});

test("createLiveMessages() opens nothing before it is asked for something", async () => {
  const { server, client, clock } = roundTableBench();
  const live = createLiveMessages(client, {
    agentId: "scout",
    WebSocket: memorySocket(server),
  });
  await settle();
  assert.equal(server.live.all.length, 0);
  await live.close();
  assert.deepEqual(await live.next(), { done: true, value: undefined });
  await assert.rejects(live.send({ to_agent: "a" }), { code: "network" });
  assert.equal(server.live.all.length, 0);
  assert.equal(clock.pending, 0);
});

test("createLiveMessages() says who it is in its URL, at the root of the server", async () => {
  const urls: string[] = [];
  const { live, server } = await following({
    agentId: "scout & co",
    workspaceId: "ws_1",
    userId: "usr_1",
    WebSocket: class extends memorySocket(roundTableBench().server) {
      constructor(url: string) {
        super(url);
        urls.push(url);
      }
    },
  });
  assert.equal(server.live.all.length, 0);
  assert.deepEqual(urls, [
    "wss://table.test/ws/connect?user_id=usr_1&workspace_id=ws_1&agent_id=scout+%26+co",
  ]);
  await live.close();
});

test("createLiveMessages() answers pings, and the server keeps it", async () => {
  const { clock, server, live } = await following({ refreshMs: Infinity });
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(30_000);
    server.live.ping();
  }
  await settle();
  const [connection] = server.live.all;
  assert.equal(server.live.all.length, 1);
  assert.equal(connection?.isForgotten, false);
  assert.deepEqual(connection?.received.at(-1), { type: "pong" });
  await live.close();
});

test("createLiveMessages() notices a silent death, also while commands are answered", async () => {
  const { clock, server, live, got } = await following({
    refreshMs: Infinity,
  });
  server.live.ping();
  await settle();
  // The server forgets it: no close, no pings, and cheerful answers without effect.
  const [connection] = server.live.all;
  connection!.isForgotten = true;
  server.live.leave(connection!);
  for (let n = 0; n < 7; n++) {
    await clock.advance(10_000);
    await live.send({ to_agent: "editor", content: { n } });
  }
  assert.equal(server.live.all.length, 1);
  await clock.advance(6_000);
  assert.equal(server.live.all.length, 2);
  assert.equal(server.live.connections.length, 1);
  assert.deepEqual(got.map(({ type }) => type), ["connected", "connected"]);
  await live.close();
  assert.equal(clock.pending, 0);
});

test("createLiveMessages() gives frames that it does not know, and goes on", async () => {
  const { server, live, got } = await following();
  const [connection] = server.live.all;
  const strange = [
    "no json",
    "[1]",
    "7",
    '{"type":"agent.joined","agent_id":"x"}',
    '{"type":"message","data":{}}',
    '{"type":"subscribed","topics":["never asked"]}',
    '{"no":"type"}',
  ];
  for (const text of strange) connection!.end.send(text);
  connection!.end.send('{"type":"error","message":"hm"}');
  connection!.end.send(
    '{"type":"message","data":{"message_id":"m","content":{"n":1},"timestamp":1,"__proto__":{"x":1}}}',
  );
  await settle();
  const unknown = got.filter(({ type }) => type === "unknown");
  assert.deepEqual(
    unknown.map((frame) => "frame" in frame && frame.frame),
    strange.map((text) => text === "no json" ? text : JSON.parse(text)),
  );
  assert.deepEqual(got.at(-2), { type: "error", message: "hm" });
  assert.deepEqual(contents(got), [1]);
  assert.equal(JSON.stringify(got.at(-1)).includes("__proto__"), false);
  await live.close();
});

test("createLiveMessages() passes live messages through, and then ends no session for the backlog", async () => {
  const { clock, server, live, got } = await following();
  await clock.advance(15_000);
  await clock.advance(1_000);
  assert.equal(server.live.all.length, 2);
  const data = server.live.enqueue("scout", { content: { n: 1 } });
  const frame = JSON.stringify({ type: "message", data });
  server.live.all[1]!.end.send(frame);
  server.live.all[1]!.end.send(frame);
  await clock.advance(60_000);
  assert.equal(server.live.all.length, 2);
  assert.deepEqual(contents(got), [1]);
  // A session for the backlog is no news, a break is.
  assert.deepEqual(got.map(({ type }) => type), ["connected", "message"]);
  server.live.restart();
  await clock.advance(60_000);
  assert.equal(server.live.all.length, 3);
  assert.equal(got.at(-1)?.type, "connected");
  await live.close();
});

test("createLiveMessages() gets messages that are sent while it is connected with the next session", async () => {
  const { clock, server, live, got } = await following({ refreshMs: 5_000 });
  for (let n = 0; n < 6; n++) {
    server.live.enqueue("scout", { content: { n } });
    await clock.advance(3_000);
  }
  await clock.advance(6_000);
  assert.deepEqual(contents(got), [0, 1, 2, 3, 4, 5]);
  await live.close();
});

test("createLiveMessages() goes on to the next session when a command was never answered", async () => {
  const { clock, server, live, got } = await following({ refreshMs: 5_000 });
  server.live.all[0]!.isMute = true;
  const sent = live.send({ to_agent: "editor" }, { timeoutMs: 6_000 });
  sent.catch(() => {});
  server.live.enqueue("scout", { content: { n: 1 } });
  await clock.advance(6_000);
  await assert.rejects(sent, { code: "timeout" });
  await clock.advance(2_000);
  assert.deepEqual(contents(got), [1]);
  await live.close();
});

test("createLiveMessages() keeps a bounded number of frames, and loses none that the backlog has", async () => {
  const { server, client, clock } = roundTableBench();
  for (let n = 0; n < 90; n++) server.live.enqueue("scout", { content: { n } });
  const live = createLiveMessages(client, {
    agentId: "scout",
    WebSocket: memorySocket(server),
    maxWaiting: 10,
    refreshMs: Infinity,
  });
  const got: LiveFrame[] = [];
  for (let taken = 0; taken < 91; taken++) {
    const next = live.next();
    await clock.advance(200);
    got.push((await next).value);
  }
  assert.deepEqual(
    contents(got).sort((a, b) => Number(a) - Number(b)),
    Array.from({ length: 90 }, (_, n) => n),
  );
  await live.close();
  assert.equal(clock.pending, 0);
});

test("createLiveMessages() gives up after too many failures in a row, and says so once", async () => {
  const { clock, server, live, end } = await following(
    { retry: { retries: 3, initialDelayMs: 100, factor: 2, jitter: 0 } },
    ({ server }) => server.live.isRefusing = true,
  );
  const waiting = live.send({ to_agent: "editor" }).catch((error) => error);
  await clock.advance(100 + 200 + 400);
  const error = await end as { code: string; retryable: boolean };
  assert.equal(error.code, "stream-interrupted");
  assert.equal(error.retryable, true);
  assert.equal((await waiting).code, "stream-interrupted");
  assert.deepEqual(await live.next(), { done: true, value: undefined });
  assert.equal(live.closed, true);
  assert.equal(server.live.all.length, 0);
  assert.equal(clock.pending, 0);
});

test("createLiveMessages() waits longer after each failure, and is patient again after a sign of life", async () => {
  const { clock, server, live } = await following(
    {
      refreshMs: Infinity,
      retry: { retries: 4, initialDelayMs: 1_000, factor: 2, jitter: 0 },
    },
  );
  for (let round = 0; round < 3; round++) {
    server.live.isRefusing = true;
    server.live.restart();
    await clock.advance(1_000 + 2_000 + 3_999);
    assert.equal(server.live.connections.length, 0);
    server.live.isRefusing = false;
    await clock.advance(1);
    await settle();
    assert.equal(server.live.connections.length, 1);
    server.live.ping();
    await settle();
  }
  assert.equal(live.closed, false);
  await live.close();
});

test("close() ends a pending next() and pending commands, and leaves nothing behind", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const { clock, server, live, end } = await following({
    signal: controller.signal,
  });
  server.live.all[0]!.isMute = true;
  const sent = live.send({ to_agent: "editor" });
  await live.close();
  await live.close();
  assert.equal(await end, "done");
  await assert.rejects(sent, { code: "network" });
  assert.equal(server.live.connections.length, 0);
  assert.equal(clock.pending, 0);
  assert.equal(listeners(), 0);
});

test("createLiveMessages() ends with the signal of its caller, at any time", async () => {
  const controller = new AbortController();
  const { clock, server, end, live } = await following({
    signal: controller.signal,
  });
  const reason = new Error("enough");
  controller.abort(reason);
  const error = await end as { code: string; cause: unknown };
  assert.equal(error.code, "aborted");
  assert.equal(error.cause, reason);
  assert.equal(server.live.connections.length, 0);
  assert.equal(live.closed, true);
  assert.equal(clock.pending, 0);
  const late = await following({ signal: AbortSignal.abort(reason) });
  assert.equal((await late.end as { code: string }).code, "aborted");
  assert.equal(late.server.live.all.length, 0);
});

test("leaving the loop closes the socket", async () => {
  const { server, client, clock } = roundTableBench();
  const live = createLiveMessages(client, {
    agentId: "scout",
    WebSocket: memorySocket(server),
  });
  for await (const frame of live) {
    assert.equal(frame.type, "connected");
    break;
  }
  await settle();
  assert.equal(server.live.connections.length, 0);
  assert.equal(live.closed, true);
  assert.equal(clock.pending, 0);
});

test("createLiveMessages() refuses options that cannot be right, and a runtime without a socket", () => {
  const { client } = roundTableBench();
  for (
    const options of [
      { maxWaiting: 0 },
      { maxRemembered: NaN },
      { refreshMs: 0 },
      { idleTimeoutMs: NaN },
    ]
  ) {
    assert.throws(() => createLiveMessages(client, options), {
      code: "invalid-argument",
      path: Object.keys(options)[0],
    });
  }
  const global = globalThis as { WebSocket?: unknown };
  const own = Object.getOwnPropertyDescriptor(global, "WebSocket");
  Object.defineProperty(global, "WebSocket", {
    value: undefined,
    configurable: true,
    writable: true,
  });
  try {
    assert.throws(() => createLiveMessages(client), {
      code: "unsupported-runtime",
    });
  } finally {
    if (own) Object.defineProperty(global, "WebSocket", own);
    else delete global.WebSocket;
  }
});

test("createLiveMessages() bears a socket that fails once more when it is closed, as that of Node 22 does", async () => {
  let made = 0;
  class Failing extends EventTarget {
    constructor() {
      super();
      made++;
      queueMicrotask(() => this.dispatchEvent(new Event("error")));
    }
    send(): void {}
    close(): void {
      this.dispatchEvent(new Event("error"));
    }
  }
  const { clock, end } = await following({
    WebSocket: Failing,
    retry: { retries: 3, initialDelayMs: 1_000, jitter: 0 },
  });
  await clock.advance(999);
  assert.equal(made, 1);
  await clock.advance(10_000);
  assert.equal((await end as { code: string }).code, "stream-interrupted");
  assert.equal(made, 4);
  assert.equal(clock.pending, 0);
});
