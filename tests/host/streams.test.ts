import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import {
  countingIds,
  delay,
  gate,
  noop,
  parseFrames,
  stepOf,
  Wire,
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

test("what is left of a run that is over comes in one piece, unless it is long", async () => {
  const inner = memoryStore();
  let failing = false;
  const store: Store = {
    ...inner,
    readEvents: (runId, after, limit) =>
      failing
        ? Promise.reject(new Error("disk"))
        : inner.readEvents(runId, after, limit),
  };
  const host = createHost({
    store,
    workflows: [
      noop,
      stepOf((_input, context) => {
        for (let line = 0; line < 300; line++) context.log("info", "x");
      }),
    ],
    onError: () => {},
  });
  const wire = new Wire(host);
  const short = await wire.start("conformance-noop");
  for (
    const [query, events] of [
      ["", ["run.started", "node.completed", "run.completed"]],
      ["?streamMode=debug&bufferMs=100", ["batch"]],
      ["?streamMode=messages", []],
    ] as const
  ) {
    const stream = await openStream(wire, `${short}/events${query}`);
    const piece = (await stream.next())!;
    assert.ok(piece.startsWith(": ok\n\n"));
    assert.deepEqual(parseFrames(piece).map(({ event }) => event), events);
    assert.equal(await stream.next(), undefined);
  }
  const values = await openStream(wire, `${short}/events?streamMode=values`, {
    headers: { "last-event-id": "1" },
  });
  assert.deepEqual(
    parseFrames((await values.next())!).map(({ id }) => id),
    [1, 2, 3],
  );
  assert.equal(await values.next(), undefined);

  const long = await wire.start("one-step");
  await wire.reach(long, "completed");
  const stream = await openStream(wire, `${long}/events?streamMode=debug`);
  assert.equal(await stream.next(), ": ok\n\n");
  assert.equal(parseFrames((await stream.next())!).length, 256);
  await stream.reader.cancel();
  const rest = await host.fetch(`${host.url}${long}/events?streamMode=debug`, {
    headers: { "last-event-id": "100" },
  });
  assert.equal(parseFrames(await rest.text()).length, 203);

  failing = true;
  assert.equal((await wire.get(`${short}/events`)).status, 500);
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
