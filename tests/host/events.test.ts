import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { isTerminalEvent } from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import {
  countingIds,
  delay,
  gate,
  noop,
  parseFrames,
  stepOf,
  Wire,
  workflowOf,
} from "../support/wire.ts";

function open() {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [noop, delay, gate()],
    clock,
    ids: countingIds(),
  });
  return { clock, host, wire: new Wire(host) };
}

/** Reads an open stream piece by piece. */
async function openStream(
  wire: Wire,
  path: string,
  init: RequestInit = {},
) {
  const response = await wire.host.fetch(wire.host.url + path, init);
  assert.equal(response.status, 200);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  return {
    response,
    reader,
    next: async () => {
      const { done, value } = await reader.read();
      return done ? undefined : decoder.decode(value);
    },
  };
}

test("events come in a closed envelope with sequences from 0 and one terminal event at the end", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  const { runId } = (await wire.get(run)).body;
  const log = await wire.log(run);
  const allowed = new Set([
    "eventId",
    "runId",
    "type",
    "nodeId",
    "timestamp",
    "sequence",
    "schemaVersion",
    "payload",
  ]);
  log.forEach((event, index) => {
    assert.equal(event.sequence, index);
    assert.equal(event.runId, runId);
    assert.equal(event.schemaVersion, 1);
    assert.equal(event.timestamp, "2026-01-01T00:00:00.000Z");
    assert.match(event.eventId, /^[A-Za-z0-9._~-]{16,128}$/);
    for (const key of Object.keys(event)) assert.ok(allowed.has(key), key);
    if (event.type.startsWith("node.")) assert.equal(event.nodeId, "noop");
  });
  assert.equal(log.filter(({ type }) => isTerminalEvent(type)).length, 1);
  assert.deepEqual(log.at(-1).payload, { outputs: {}, durationMs: 0 });
});

test("GET events streams everything in mode debug and is closed by the server", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  const response = await wire.host.fetch(
    `${wire.host.url}${run}/events?streamMode=debug`,
    { headers: { accept: "text/event-stream" } },
  );
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.equal(response.headers.get("cache-control"), "no-cache");
  assert.equal(response.headers.get("openwop-version"), "2.0");
  const text = await response.text();
  assert.ok(text.startsWith(": ok\n\n"));
  const frames = parseFrames(text);
  assert.deepEqual(frames.map(({ id }) => id), [0, 1, 2, 3]);
  for (const { id, event, data } of frames) {
    assert.equal(data.sequence, id);
    assert.equal(data.type, event);
  }
});

test("Last-Event-ID is an exclusive cursor, 0 included", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  const all = await wire.frames(run);
  for (const [index] of all.entries()) {
    const rest = await wire.frames(run, "streamMode=debug", {
      "last-event-id": String(index),
    });
    assert.deepEqual(rest, all.slice(index + 1));
  }
  const beyond = await wire.frames(run, "streamMode=debug", {
    "last-event-id": "1003",
  });
  assert.deepEqual(beyond, []);
});

test("a malformed Last-Event-ID is refused", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  for (const id of ["abc", "-1", "1.5", "1e3", "9".repeat(16)]) {
    const { status, body } = await wire.get(`${run}/events`, {
      "last-event-id": id,
    });
    assert.equal(status, 400, id);
    assert.equal(body.error, "validation_error");
  }
});

test("an unsupported streamMode is refused with a list, whatever is accepted", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  for (
    const mode of [
      "bogus",
      "",
      "updates,bogus",
      "values,updates",
      "values,values",
      "debug,",
      "debug, updates",
      "DEBUG",
    ]
  ) {
    for (const accept of ["text/event-stream", "application/json"]) {
      const { status, body } = await wire.get(
        `${run}/events?streamMode=${encodeURIComponent(mode)}`,
        { accept },
      );
      assert.equal(status, 400, mode);
      assert.equal(body.error, "unsupported_stream_mode");
      assert.deepEqual(body.details.supported, [
        "updates",
        "values",
        "messages",
        "debug",
      ]);
    }
  }
  const twice = await wire.get(`${run}/events?streamMode=debug&streamMode=x`);
  assert.equal(twice.body.error, "unsupported_stream_mode");
});

test("each mode shows what belongs to it", async () => {
  const { wire } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await wire.accept(run);
  const types = async (query: string) =>
    (await wire.frames(run, query)).map(({ event }) => event);
  const updates = await types("streamMode=updates");
  assert.deepEqual(updates, [
    "run.started",
    "interrupt.requested",
    "node.suspended",
    "approval.received",
    "interrupt.resolved",
    "node.completed",
    "node.completed",
    "run.completed",
  ]);
  assert.deepEqual(await types(""), updates);
  assert.deepEqual(await types("streamMode=messages,updates"), updates);
  assert.deepEqual(await types("streamMode=messages"), []);
  const debug = await types("streamMode=debug");
  assert.ok(debug.includes("node.started") && debug.includes("node.resumed"));
  assert.deepEqual(await types("streamMode=updates,debug"), debug);
});

test("mode values shows the snapshot after each transition, and first on resume", async () => {
  const { wire } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  await wire.accept(run);
  const frames = await wire.frames(run, "streamMode=values");
  assert.ok(frames.every(({ event }) => event === "state.snapshot"));
  const statuses = frames.map(({ data }) => data.status);
  assert.equal(statuses[0], "running");
  assert.ok(statuses.includes("waiting-approval"));
  assert.deepEqual(frames.at(-1)!.data, (await wire.get(run)).body);

  const resumed = await wire.frames(run, "streamMode=values", {
    "last-event-id": "3",
  });
  assert.equal(resumed[0]!.id, 3);
  assert.equal(resumed[0]!.event, "state.snapshot");
  assert.deepEqual(
    resumed.slice(1),
    frames.filter(({ id }) => id > 3),
  );
  const late = await wire.frames(run, "streamMode=values", {
    "last-event-id": "1000",
  });
  assert.deepEqual(late.map(({ data }) => data.status), ["completed"]);
});

test("a stream follows a live run to its end", async () => {
  const { wire } = open();
  const run = await wire.start("gated");
  const text = wire.host.fetch(`${wire.host.url}${run}/events`)
    .then((response) => response.text());
  await wire.reach(run, "waiting-approval");
  await wire.accept(run);
  const frames = parseFrames(await text);
  assert.deepEqual(frames, await wire.frames(run, "streamMode=updates"));
  assert.equal(frames.at(-1)!.event, "run.completed");
});

test("a silent stream sends a comment every 15 seconds", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const stream = await openStream(wire, `${run}/events`);
  assert.equal(await stream.next(), ": ok\n\n");
  assert.match((await stream.next())!, /node\.suspended/);
  for (let round = 0; round < 3; round++) {
    const piece = stream.next();
    await clock.advance(14_999);
    assert.equal(clock.pending, 1);
    await clock.advance(1);
    assert.equal(await piece, ":keepalive\n\n");
  }
  assert.equal(clock.pending, 0);
  await stream.reader.cancel();
});

test("events that a mode does not show do not put the comment off", async () => {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [stepOf(async (_input, context) => {
      for (let line = 0; line < 5; line++) {
        await new Promise<void>((resolve) => clock.schedule(4_000, resolve));
        context.log("info", `line ${line}`);
      }
    })],
    clock,
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  await until(() => clock.pending === 1);
  const stream = await openStream(wire, `${run}/events`);
  await stream.next();
  assert.match((await stream.next())!, /run\.started/);
  const piece = stream.next();
  await clock.advance(14_999);
  await clock.advance(1);
  assert.equal(await piece, ":keepalive\n\n");
  await clock.advance(5_000);
  await wire.reach(run, "completed");
});

test("bufferMs gathers events into one frame until the run waits or ends", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const query = "streamMode=debug&bufferMs=5000";
  const stream = await openStream(wire, `${run}/events?${query}`);
  await stream.next();
  // The suspension ends the window at once.
  const [first] = parseFrames((await stream.next())!);
  assert.equal(first!.event, "batch");
  assert.deepEqual(
    first!.data.map(({ sequence }: { sequence: number }) => sequence),
    [0, 1, 2, 3],
  );
  assert.equal(first!.id, 3);
  const rest = stream.next();
  await settle();
  await wire.accept(run);
  const [second] = parseFrames((await rest)!);
  assert.equal(second!.event, "batch");
  assert.equal(second!.data.at(-1).type, "run.completed");
  assert.equal(await stream.next(), undefined);
  assert.equal(clock.pending, 0);
});

test("bufferMs lets go of what it has when its time is over", async () => {
  const { wire, clock } = open();
  const run = await wire.start("conformance-cancellable");
  await wire.reach(run, "running");
  const stream = await openStream(
    wire,
    `${run}/events?streamMode=debug&bufferMs=200`,
  );
  await stream.next();
  const piece = stream.next();
  await clock.advance(199);
  assert.deepEqual(clock.waits, [1, 29_801]);
  await clock.advance(1);
  const [batch] = parseFrames((await piece)!);
  assert.deepEqual(
    batch!.data.map(({ type }: { type: string }) => type),
    ["run.started", "node.started"],
  );
  await stream.reader.cancel();
  for (const wrong of ["-1", "5001", "x", "1.5", ""]) {
    const { status } = await wire.get(`${run}/events?bufferMs=${wrong}`);
    assert.equal(status, 400, wrong);
  }
});

test("a stream works only while somebody reads", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  // Opened, never read, never closed.
  for (let count = 0; count < 100; count++) {
    await wire.host.fetch(`${wire.host.url}${run}/events`);
  }
  assert.equal(clock.pending, 0);
  // Read to where it waits, then abandoned.
  const streams = await Promise.all(
    Array.from({ length: 50 }, () => openStream(wire, `${run}/events`)),
  );
  for (const stream of streams) {
    await stream.next();
    await stream.next();
  }
  assert.equal(clock.pending, 0);
  const waits = streams.map((stream) => stream.next());
  await until(() => clock.pending === 50);
  for (const stream of streams) await stream.reader.cancel();
  await Promise.all(waits);
  assert.equal(clock.pending, 0);
});

test("a slow reader gets every event without anything being read ahead", async () => {
  let lines = 0;
  const host = createHost({
    workflows: [stepOf((_input, context) => {
      for (; lines < 900; lines++) context.log("debug", "x".repeat(100));
    })],
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  const stream = await openStream(wire, `${run}/events?streamMode=debug`);
  await stream.next();
  await wire.reach(run, "completed");
  const pieces: number[] = [];
  const ids: number[] = [];
  for (;;) {
    const piece = await stream.next();
    if (piece === undefined) break;
    pieces.push(piece.length);
    ids.push(...parseFrames(piece).map(({ id }) => id));
    await settle();
  }
  assert.equal(lines, 900);
  assert.deepEqual(ids, Array.from({ length: 904 }, (_, index) => index));
  assert.ok(Math.max(...pieces) < 256 * 500, String(pieces));
});

test("many readers of one run all see the same", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  const readers = Array.from(
    { length: 200 },
    () =>
      wire.host.fetch(`${wire.host.url}${run}/events`)
        .then((response) => response.text()),
  );
  await wire.reach(run, "waiting-approval");
  await wire.accept(run);
  const texts = await Promise.all(readers);
  const expected = await wire.frames(run, "streamMode=updates");
  for (const text of texts) assert.deepEqual(parseFrames(text), expected);
  assert.equal(clock.pending, 0);
});

test("an aborted stream fails with the reason and leaves nothing behind", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const reason = new Error("seen enough");
  const controller = new AbortController();
  const stream = await openStream(wire, `${run}/events`, {
    signal: controller.signal,
  });
  await stream.next();
  await stream.next();
  const piece = stream.next();
  await until(() => clock.pending === 1);
  controller.abort(reason);
  await assert.rejects(piece, reason);
  assert.equal(clock.pending, 0);
});

test("GET poll gives the closed answer with an exclusive cursor", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  const all = await wire.log(run);
  const { body, headers } = await wire.get(`${run}/events/poll?timeout=1`);
  assert.equal(headers.get("cache-control"), "no-cache");
  assert.deepEqual(body, {
    runId: all[0].runId,
    events: all,
    lastSequence: 3,
    status: "completed",
    isTerminal: true,
  });
  const after = async (cursor: number) =>
    (await wire.get(`${run}/events/poll?timeout=1&afterSequence=${cursor}`))
      .body;
  assert.deepEqual((await after(-1)).events, all);
  assert.deepEqual((await after(0)).events, all.slice(1));
  assert.deepEqual((await after(1003)).events, []);
  assert.equal((await after(1003)).lastSequence, 3);
});

test("GET poll waits for news, and no longer than it was told", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const poll = `${run}/events/poll?afterSequence=3`;

  let answered = false;
  const news = wire.get(poll).finally(() => answered = true);
  await until(() => clock.pending === 1);
  assert.deepEqual(clock.waits, [30_000]);
  assert.equal(answered, false);
  await wire.accept(run);
  const { body } = await news;
  assert.equal(body.events[0].sequence, 4);
  assert.equal(clock.pending, 0);

  const other = await wire.start("gated");
  await wire.reach(other, "waiting-approval");
  const nothing = wire.get(`${other}/events/poll?afterSequence=3&timeout=2`);
  await until(() => clock.pending === 1);
  await clock.advance(2_000);
  assert.deepEqual((await nothing).body.events, []);
  assert.equal((await nothing).body.status, "waiting-approval");
  assert.equal((await nothing).body.isTerminal, false);
});

test("GET poll rejects with the reason when its caller gives up", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const controller = new AbortController();
  const poll = wire.host.fetch(
    `${wire.host.url}${run}/events/poll?afterSequence=3`,
    { signal: controller.signal },
  );
  await until(() => clock.pending === 1);
  const reason = new Error("no time");
  controller.abort(reason);
  await assert.rejects(poll, reason);
  await until(() => clock.pending === 0);
});

test("GET poll refuses a query that cannot be", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  for (
    const query of [
      "timeout=0",
      "timeout=61",
      "timeout=x",
      "timeout=",
      "afterSequence=-2",
      "afterSequence=1.5",
      "afterSequence=abc",
    ]
  ) {
    const { status, body } = await wire.get(`${run}/events/poll?${query}`);
    assert.equal(status, 400, query);
    assert.equal(body.error, "validation_error");
  }
});

test("GET poll gives a long log in pages", async () => {
  const wide = workflowOf(
    "wide",
    Array.from({ length: 700 }, (_, index) => ({
      id: `n${index}`,
      typeId: "core.noop",
    })),
  );
  const wire = new Wire(createHost({ workflows: [wide] }));
  const run = await wire.start("wide");
  await wire.reach(run, "completed");
  let cursor = -1;
  const sizes: number[] = [];
  for (;;) {
    const { body } = await wire.get(
      `${run}/events/poll?timeout=1&afterSequence=${cursor}`,
    );
    assert.equal(body.lastSequence, 1401);
    if (body.events.length === 0) break;
    sizes.push(body.events.length);
    cursor = body.events.at(-1).sequence;
  }
  assert.deepEqual(sizes, [1000, 402]);
});
