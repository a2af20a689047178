import assert from "node:assert/strict";
import test from "node:test";
import { createLiveMessages, RoundTableClient } from "@tutti/sdk/roundtable";
import type {
  LiveFrame,
  LiveMessages,
  LiveMessagesOptions,
} from "@tutti/sdk/roundtable";
import { until } from "../support/fake_clock.ts";
import { NodeWebSocket, TestWebSocket } from "../support/node_websocket.ts";
import { patientClock } from "../support/patient_clock.ts";
import { servingRoundTable } from "../support/roundtable_serving.ts";

/** Follows an agent on a real socket; the list grows as frames come. */
function follow(
  baseUrl: string,
  options: LiveMessagesOptions = {},
): { readonly live: LiveMessages; readonly got: LiveFrame[] } {
  const client = new RoundTableClient({ baseUrl, clock: patientClock });
  const live = createLiveMessages(client, {
    agentId: "scout",
    WebSocket: TestWebSocket,
    retry: { initialDelayMs: 10, maxDelayMs: 50, retries: Infinity },
    ...options,
  });
  const got: LiveFrame[] = [];
  (async () => {
    for await (const frame of live) got.push(frame);
  })().catch(() => {});
  return { live, got };
}

function messages(got: readonly LiveFrame[]): unknown[] {
  return got.flatMap((frame) =>
    frame.type === "message" ? [frame.data.content.n] : []
  );
}

test("live messages on a real socket: backlog, commands, and a message for the next session", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    server.live.enqueue("scout", { content: { n: 0 }, priority: 0 });
    server.live.enqueue("scout", { content: { n: 1 }, priority: 9 });
    const { live, got } = follow(baseUrl, { refreshMs: 50 });
    await until(() => messages(got).length === 2);
    assert.deepEqual(messages(got), [0, 1]);
    const { message_id } = await live.send({
      to_agent: "scout",
      content: { n: 2 },
    });
    await live.subscribe(["alpha"]);
    await until(() => messages(got).length === 3);
    const last = got.at(-1);
    assert.equal(last?.type === "message" && last.data.message_id, message_id);
    await live.close();
    await until(() => server.live.connections.length === 0);
  });
});

test("live messages on a real socket survive restarts of the server, with no message twice or lost", async () => {
  await servingRoundTable(async ({ server, baseUrl, stop, start }) => {
    const { live, got } = follow(baseUrl, { refreshMs: 100 });
    for (let n = 0; n < 4; n++) {
      server.live.enqueue("scout", { content: { n } });
      await until(() => messages(got).includes(n));
      await stop();
      server.live.enqueue("scout", { content: { n: n + 0.5 } });
      start();
      await until(() => messages(got).includes(n + 0.5));
    }
    assert.deepEqual(messages(got), [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]);
    await live.close();
  });
});

test("live messages on a real socket survive malformed and binary frames", async () => {
  await servingRoundTable(async ({ server, baseUrl, raw }) => {
    const { live, got } = follow(baseUrl);
    await until(() => got.length === 1);
    raw(1, new TextEncoder().encode('{"type":"message","da'));
    raw(2, new Uint8Array([0, 255]));
    raw(9, new Uint8Array());
    server.live.ping();
    await until(() => got.length === 3);
    assert.deepEqual(got.slice(1), [
      { type: "unknown", frame: '{"type":"message","da' },
      { type: "unknown", frame: null },
    ]);
    await until(() => server.live.all[0]?.received.at(-1)?.type === "pong");
    await live.send({ to_agent: "editor" });
    assert.equal(server.live.all.length, 1);
    await live.close();
  });
});

test("live messages on a real socket reconnect after a frame that the server refuses for ever", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    const { live, got } = follow(baseUrl, { idleTimeoutMs: 300 });
    await until(() => got.length === 1);
    // As after a malformed frame: nothing is answered, nothing is closed.
    server.live.all[0]!.isMute = true;
    server.live.enqueue("scout", { content: { n: 1 } });
    await until(() => messages(got).length === 1);
    assert.ok(server.live.all.length >= 2);
    await live.close();
  });
});

test("live messages on a real socket end with an error when the handshake is refused", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    server.live.isRefusing = true;
    const live = createLiveMessages(new RoundTableClient({ baseUrl }), {
      WebSocket: TestWebSocket,
      retry: { retries: 2, initialDelayMs: 1 },
    });
    await assert.rejects(live.next(), { code: "stream-interrupted" });
  });
  // And when nobody listens at all: no program is given this port by chance.
  const live = createLiveMessages(
    new RoundTableClient({ baseUrl: "http://127.0.0.1:2" }),
    { WebSocket: TestWebSocket, retry: false },
  );
  await assert.rejects(live.next(), { code: "stream-interrupted" });
});

test("live messages take any class of sockets, on every runtime", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    server.live.enqueue("scout", { content: { n: 1 } });
    const { live, got } = follow(baseUrl, { WebSocket: NodeWebSocket });
    await until(() => messages(got).length === 1);
    await live.close();
    await until(() => server.live.connections.length === 0);
  });
});

test("two agents talk to each other over real sockets", async () => {
  await servingRoundTable(async ({ baseUrl }) => {
    const scout = follow(baseUrl, { refreshMs: 60 });
    const editor = follow(baseUrl, { refreshMs: 60, agentId: "editor" });
    await scout.live.send({ to_agent: "editor", content: { n: 1 } });
    await until(() => messages(editor.got).includes(1));
    await editor.live.send({
      to_agent: "scout",
      content: { n: 2 },
      message_type: "response",
    });
    await until(() => messages(scout.got).includes(2));
    assert.deepEqual(messages(scout.got), [2]);
    assert.deepEqual(messages(editor.got), [1]);
    await scout.live.close();
    await editor.live.close();
  });
});
