import assert from "node:assert/strict";
import test from "node:test";
import { Flux0Client } from "@tutti/sdk/flux0";
import type { StreamEvent } from "@tutti/sdk/flux0";
import {
  observer,
  StreamInterruptedError,
  TimeoutError,
} from "@tutti/sdk/http";
import {
  createScriptedFetch,
  eventReply,
  jsonReply,
  silentReply,
} from "@tutti/sdk/testing";
import type { ScriptedEvent } from "@tutti/sdk/testing";
import { FakeClock } from "../support/fake_clock.ts";
import { flux0Bench } from "../support/flux0.ts";

const message = { type: "message", source: "user", content: "Hi" } as const;

function streamOf(
  events: readonly (ScriptedEvent | string)[],
  end: "close" | "cut" | "stay" = "close",
) {
  const { fetch } = createScriptedFetch({ replies: [eventReply(events, end)] });
  const client = new Flux0Client({ fetch });
  return client.sessions.stream("talk-00001", message);
}

test("stream() gives chunks and statuses as they come", async () => {
  const { client, server } = flux0Bench();
  const events: StreamEvent[] = [];
  const sessionId = server.session("error status");
  for await (const event of client.sessions.stream(sessionId, message)) {
    events.push(event);
  }
  const [chunk, status] = events;
  assert.equal(events.length, 2);
  assert.equal(chunk?.event, "chunk");
  if (chunk?.event === "chunk") {
    assert.equal(chunk.data.event_id, "e");
    assert.deepEqual(chunk.data.patches, [
      { op: "add", path: "/-", value: "half an ans" },
    ]);
  }
  assert.equal(status?.event, "status");
  if (status?.event === "status") {
    assert.equal(status.id, "");
    assert.equal(status.data.data.status, "error");
  }
});

test("stream() and send() tell whoever watches the client of the stream beside its call", async () => {
  for (const isTurn of [false, true]) {
    const told: string[] = [];
    const { fetch } = createScriptedFetch({
      replies: [
        eventReply([{ event: "status", data: { data: {} } }], "close"),
      ],
    });
    const client = new Flux0Client({
      fetch,
      observe: observer(({ type, attempt }) => told.push(`${type} ${attempt}`)),
    });
    const stream = isTurn
      ? client.sessions.send("talk-00001", "Hi")
      : client.sessions.stream("talk-00001", message);
    for await (const _ of stream) {
      // Only what is told of it matters.
    }
    assert.deepEqual(told.filter((one) => one.startsWith("stream")), [
      "stream-open 1",
      "stream-close 1",
    ]);
  }
});

test("stream() passes on what it does not know and what it cannot read", async () => {
  const seen: string[] = [];
  const stream = streamOf([
    ": hello\n\n",
    { event: "later", data: "anything" },
    { event: "chunk", data: "{" },
    { event: "chunk", data: { event_id: 1, patches: [] } },
    { event: "chunk", data: { event_id: "e", patches: [null] } },
    { event: "chunk", data: "null" },
    { event: "status", data: { data: {} } },
    { event: "status", data: { data: { status: "typing" } } },
    'event: status\ndata: {"data": {"status":\ndata: "x", "n": NaN}}\n\n',
  ]);
  for await (const event of stream) seen.push(event.event);
  assert.deepEqual(seen, [
    "unknown",
    "invalid",
    "invalid",
    "invalid",
    "invalid",
    "invalid",
    "status",
    "status",
  ]);
});

test("stream() takes a last event without its blank line when it is whole", async () => {
  const seen: string[] = [];
  const whole = 'event: status\ndata: {"data": {"status": "typing"}}';
  for await (const event of streamOf([whole])) seen.push(event.event);
  assert.deepEqual(seen, ["status"]);
  await assert.rejects(async () => {
    for await (const _ of streamOf([whole.slice(0, -1)]));
  }, { code: "stream-interrupted" });
});

test("stream() reads NaN and Infinity as null, outside of strings only", async () => {
  const text = String.raw`{"event_id": "e", "patches": [{"op": "add", "path":` +
    String.raw` "/-", "value": ["a NaN \" Infinity", -Infinity, NaN]}]}`;
  for await (const event of streamOf([`event: chunk\ndata: ${text}\n\n`])) {
    assert.equal(event.event, "chunk");
    if (event.event === "chunk") {
      assert.deepEqual(event.data.patches[0]?.value, [
        'a NaN " Infinity',
        null,
        null,
      ]);
    }
  }
});

test("stream() refuses a frame with a string that never ends, and does not hang", async () => {
  // Full of quotes: each could be the begin of one. Quadratic work would be 10^12 steps.
  const hostile = '{"a": "' + '\\"'.repeat(500_000);
  for await (const event of streamOf([`event: chunk\ndata: ${hostile}\n\n`])) {
    assert.equal(event.event, "invalid");
  }
});

test("stream() throws for an answer that is no event stream, and for a refusal", async () => {
  const { fetch } = createScriptedFetch({
    replies: [
      jsonReply({}),
      jsonReply({ detail: "Only message events" }, { status: 422 }),
    ],
  });
  const client = new Flux0Client({ fetch });
  const read = async () => {
    for await (const _ of client.sessions.stream("talk-00001", message));
  };
  await assert.rejects(read(), { code: "decode" });
  await assert.rejects(read(), {
    status: 422,
    platformMessage: "Only message events",
  });
});

test("stream() throws after the idle timeout of the call, else of the client", async () => {
  for (
    const [ofClient, ofCall, wanted] of [
      [undefined, undefined, 60_000],
      [7_000, undefined, 7_000],
      [7_000, 3_000, 3_000],
    ]
  ) {
    const { client, server, clock } = flux0Bench({ idleTimeoutMs: ofClient });
    const started = clock.now();
    const stream = client.sessions.stream(server.session("crash"), message, {
      idleTimeoutMs: ofCall,
    });
    await clock.run(stream.next());
    const error = await clock.run(
      stream.next().catch((error: unknown) => error),
    );
    assert.ok(StreamInterruptedError.is(error));
    assert.ok(TimeoutError.is(error.cause));
    assert.equal(clock.now() - started, wanted);
    assert.equal(clock.pending, 0);
  }
});

test("stream() cannot be without an idle timeout", async () => {
  const { client, server } = flux0Bench();
  for (const idleTimeoutMs of [Infinity, 0, NaN, 86_400_001]) {
    const stream = client.sessions.stream(server.session("echo"), message, {
      idleTimeoutMs,
    });
    await assert.rejects(stream.next(), {
      code: "invalid-argument",
      path: "idleTimeoutMs",
    });
  }
  assert.equal(server.requests.length, 0);
});

test("stream() throws the timeout itself when nothing is answered at all", async () => {
  const clock = new FakeClock();
  const { fetch, requests } = createScriptedFetch({ otherwise: silentReply });
  const client = new Flux0Client({ fetch, clock });
  const stream = client.sessions.stream("talk-00001", message, {
    connectTimeoutMs: 9_000,
  });
  const error = await clock.run(stream.next().catch((error: unknown) => error));
  assert.ok(TimeoutError.is(error));
  assert.equal(error.budget, "connect");
  assert.equal(requests.length, 1);
  assert.equal(clock.pending, 0);
});

test("stream() gives the connection back when the loop is left", async () => {
  const { fetch, requests } = createScriptedFetch({
    replies: [
      eventReply(
        [{ event: "status", data: { data: { status: "x" } } }],
        "stay",
      ),
    ],
  });
  const client = new Flux0Client({ fetch });
  for await (const _ of client.sessions.stream("talk-00001", message)) break;
  assert.equal(requests[0]?.signal.aborted, true);
});
