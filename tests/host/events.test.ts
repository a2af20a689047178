import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { isTerminalEvent } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { countingIds, gate, noop, parseFrames, Wire } from "../support/wire.ts";

function open() {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [noop, gate()],
    clock,
    ids: countingIds(),
  });
  return { clock, host, wire: new Wire(host) };
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
