import assert from "node:assert/strict";
import test from "node:test";
import {
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
import { collect } from "../support/scripted_fetch.ts";

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
