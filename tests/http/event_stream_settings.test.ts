import assert from "node:assert/strict";
import test from "node:test";
import {
  DecodeError,
  InvalidArgumentError,
  NetworkError,
  StreamInterruptedError,
} from "@tutti/sdk/http";
import type { EventStreamOptions } from "@tutti/sdk/http";
import {
  eventStream,
  logOf,
  sends,
  streamNumbers,
} from "../support/numbers.ts";
import type { Wire } from "../support/numbers.ts";
import { collect, countListeners } from "../support/scripted_fetch.ts";

const log = logOf(3);

const down: Wire = () => {
  throw new NetworkError("GET /numbers", new TypeError("refused"));
};

test("createEventStream() refuses a number when it is none that its option may be", () => {
  const wrong: [keyof EventStreamOptions, unknown[]][] = [
    ["idleTimeoutMs", [0, -1, NaN, "9"]],
    ["pollIntervalMs", [-1, NaN, "9"]],
    ["maxFrameLength", [0, -1, NaN, "9"]],
  ];
  for (const [name, values] of wrong) {
    for (const value of values) {
      assert.throws(
        () => streamNumbers(log, [sends()], { [name]: value }),
        (error) => InvalidArgumentError.is(error) && error.path === name,
        `${name} ${value}`,
      );
    }
  }
});

test("createEventStream() reconnects ten times when nobody says how often, from 250 ms to 10 s", async () => {
  const waits: unknown[] = [];
  const { stream, clock } = streamNumbers(log, [down], {
    observe: (step, _context, detail) => {
      if (step === "stream-reconnect") {
        waits.push((detail as { waitMs?: number }).waitMs);
      }
    },
  });
  await assert.rejects(
    clock.run(collect(stream)),
    (error) => StreamInterruptedError.is(error) && NetworkError.is(error.cause),
  );
  assert.deepEqual(waits, [
    ...[250, 500, 1_000, 2_000, 4_000, 8_000],
    ...[10_000, 10_000, 10_000, 10_000],
  ]);
});

test("createEventStream() bears a minute of silence and no more when nobody says how long", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    () => eventStream([], "stay"),
    sends(),
  ]);
  const all = collect(stream);
  await clock.advance(59_999);
  assert.equal(cursors.length, 1);
  // The silence, and the first wait.
  await clock.advance(1 + 250);
  assert.equal(cursors.length, 2);
  assert.deepEqual(await all, log);
});

test("createEventStream() leaves nothing on the caller's signal when it ends by itself or gives up", async () => {
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const ends = streamNumbers(log, [sends("stay")], { signal });
  assert.deepEqual(await ends.clock.run(collect(ends.stream)), log);
  const fails = streamNumbers(log, [down], { signal });
  await assert.rejects(fails.clock.run(collect(fails.stream)));
  assert.equal(listeners(), 0);
  assert.equal(ends.clock.pending + fails.clock.pending, 0);
});

test("createEventStream() polls once a second when nobody says how often", async () => {
  let polls = 0;
  const { stream, clock, cursors } = streamNumbers(log, [sends()], {
    pollOnly: true,
  }, {
    poll: () => Promise.resolve({ items: [], isOver: ++polls === 4 }),
  });
  const all = collect(stream);
  await clock.advance(2_999);
  assert.equal(polls, 3);
  await clock.advance(1);
  assert.equal(polls, 4);
  assert.deepEqual(await all, []);
  assert.ok(cursors.every(({ how }) => how === "poll"));
});

test("createEventStream() refuses a retry that cannot be right, and reconnects never when there is none", async () => {
  const wrong = [{ retries: -1 }, { factor: 0 }, { jitter: 2 }];
  for (const retry of wrong) {
    const [name] = Object.keys(retry);
    assert.throws(
      () => streamNumbers(log, [sends()], { retry }),
      (error) =>
        InvalidArgumentError.is(error) && error.path === `retry.${name}`,
    );
  }
  const { stream, clock, cursors } = streamNumbers(log, [down], {
    retry: false,
  });
  await assert.rejects(clock.run(collect(stream)), StreamInterruptedError.is);
  assert.equal(cursors.length, 1);
});

test("createEventStream() streams when it is told to poll and the platform has no poll", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [sends()], {
    pollOnly: true,
  });
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.ok(cursors.every(({ how }) => how !== "poll"));
});

test("createEventStream() takes a frame of 4 MiB and none that is longer when nobody says how long", async () => {
  const lengths = (length: number) =>
    streamNumbers(
      log,
      [
        () => eventStream([`data: ${"0".repeat(length)}\n\n`], "close"),
      ],
      { retry: false },
      {
        decode: ({ data }) => [{ n: data.length, text: "" }],
        isTerminal: () => true,
      },
    );
  const fits = lengths(4_194_304);
  assert.deepEqual(await fits.clock.run(collect(fits.stream)), [
    { n: 4_194_304, text: "" },
  ]);
  const long = lengths(4_194_305);
  await assert.rejects(long.clock.run(collect(long.stream)), DecodeError.is);
});
