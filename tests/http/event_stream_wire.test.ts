import assert from "node:assert/strict";
import test from "node:test";
import { DecodeError, StreamInterruptedError } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import {
  eventStream,
  frameOf,
  logOf,
  sends,
  streamNumbers,
} from "../support/numbers.ts";
import type { Numbered, Wire } from "../support/numbers.ts";
import { bodyOf, collect } from "../support/scripted_fetch.ts";

const log = logOf(3);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const inLines = ({ n, text }: Numbered): string =>
  `id: ${n}\ndata: {"n":\ndata: ${n},\ndata:"text":"${text}"}\n\n`;

/** How a server may write the same events. */
const spellings: Record<string, (items: readonly Numbered[]) => string> = {
  LF: (items) => items.map(frameOf).join(""),
  CRLF: (items) => items.map(frameOf).join("").replaceAll("\n", "\r\n"),
  CR: (items) => items.map(frameOf).join("").replaceAll("\n", "\r"),
  "a byte order mark": (items) => "\ufeff" + items.map(frameOf).join(""),
  "no last blank line": (items) => items.map(frameOf).join("").slice(0, -1),
  "no last line end": (items) => items.map(frameOf).join("").slice(0, -2),
  "comments and other fields": (items) =>
    ": hello\n\nretry: 10\n\n" +
    items.map((item) => `:\nnoise\nx: y\n${frameOf(item)}event: none\n\n`)
      .join(""),
  "several data lines": (items) => items.map(inLines).join(""),
  "several data lines and CRLF": (items) =>
    items.map(inLines).join("").replaceAll("\n", "\r\n"),
};

test("createEventStream() delivers everything once when any spelling is cut at any byte, in any way", async () => {
  for (const [name, spell] of Object.entries(spellings)) {
    const size = encode(spell(log)).length;
    for (const end of ["close", "cut", "stay"] as const) {
      for (let cut = 0; cut <= size; cut++) {
        const { stream, clock } = streamNumbers(log, [
          (rest) => {
            const all = encode(spell(rest));
            return eventStream([all.subarray(0, cut)], end);
          },
          (rest) => eventStream([spell(rest)]),
        ]);
        assert.deepEqual(
          await clock.run(collect(stream)),
          log,
          `${name}, ${end} at ${cut}`,
        );
        assert.equal(clock.pending, 0, `${name}, ${end} at ${cut}`);
      }
    }
  }
});

test("createEventStream() delivers everything once when any spelling comes byte by byte", async () => {
  for (const [name, spell] of Object.entries(spellings)) {
    const bytes = Array.from(encode(spell(log)), (byte) => Uint8Array.of(byte));
    const { stream, clock, cursors } = streamNumbers(log, [
      () => eventStream(bytes),
    ]);
    assert.deepEqual(await clock.run(collect(stream)), log, name);
    assert.equal(cursors.length, 1, name);
  }
});

test("createEventStream() asks for what is missing when any spelling drops between any two events", async () => {
  for (const [name, spell] of Object.entries(spellings)) {
    for (let drop = 0; drop < log.length; drop++) {
      const { stream, clock, cursors } = streamNumbers(log, [
        (rest) =>
          eventStream([drop === 0 ? "" : spell(rest.slice(0, drop))], "close"),
        (rest) => eventStream([spell(rest)]),
      ]);
      assert.deepEqual(
        await clock.run(collect(stream)),
        log,
        `${name}, ${drop}`,
      );
      assert.deepEqual(
        cursors.map(({ lastSequence }) => lastSequence),
        [undefined, drop === 0 ? undefined : drop - 1],
        `${name}, ${drop}`,
      );
    }
  }
});

test("createEventStream() takes a clean close for an interruption when the last item has not come", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    (rest) => eventStream([rest.slice(0, 2).map(frameOf).join("")], "close"),
  ], { retry: false });
  const seen: number[] = [];
  await assert.rejects(
    clock.run((async () => {
      for await (const { n } of stream) seen.push(n);
    })()),
    (error) =>
      StreamInterruptedError.is(error) && error.lastEventId === "1" &&
      error.cause === undefined,
  );
  assert.deepEqual(seen, [0, 1]);
  assert.equal(cursors.length, 1);
});

test("createEventStream() never comes back sooner than the server's retry when chance would have it so", async () => {
  const asks: Wire = (rest) =>
    eventStream([`retry: 7000\n${frameOf(rest[0]!)}`], "cut");
  const { stream, clock } = streamNumbers(log, [asks, asks, sends()], {
    random: () => 0,
  });
  const started = clock.now();
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(clock.now() - started, 14_000);
});

test("createEventStream() gives up when the server's retry is longer than we may be told to wait", async () => {
  const asks: Wire = (rest) =>
    eventStream([`retry: 61000\n${frameOf(rest[0]!)}`], "cut");
  const { stream, clock, cursors } = streamNumbers(log, [asks, sends()], {
    retry: { maxRetryAfterMs: 60_000 },
  });
  await assert.rejects(
    clock.run(collect(stream)),
    (error) => StreamInterruptedError.is(error) && error.lastEventId === "0",
  );
  assert.equal(cursors.length, 1);
});

test("createEventStream() ignores a retry when it is no number", async () => {
  const asks: Wire = (rest) =>
    eventStream([`retry: 7s\nretry: -1\nretry:\n${frameOf(rest[0]!)}`], "cut");
  const { stream, clock } = streamNumbers(log, [asks, sends()], {
    random: () => 0,
  });
  const started = clock.now();
  await clock.run(collect(stream));
  assert.equal(clock.now() - started, 0);
});

test("createEventStream() keeps the last id when an id holds a NUL", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    (rest) =>
      eventStream([
        frameOf(rest[0]!),
        `id: 1\0\ndata: ${JSON.stringify(rest[1])}\n\n`,
      ], "cut"),
    sends(),
  ]);
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.deepEqual(
    cursors.map(({ lastEventId, lastSequence }) => [lastEventId, lastSequence]),
    [[undefined, undefined], ["0", 1]],
  );
});

test("createEventStream() takes no id out of a frame that was cut, for half of one could be another", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    () =>
      eventStream([
        'data: {"n":0}\nid: 10\n\ndata: {"n":1}\nid: 1',
      ]),
    (rest) => eventStream([rest.map(frameOf).join("")]),
  ]);
  const seen = await clock.run(collect(stream));
  assert.deepEqual(seen.map(({ n }) => n), [0, 1, 2, 3]);
  assert.deepEqual(cursors[1], {
    how: "open",
    lastEventId: "10",
    lastSequence: 1,
  });
});

test("createEventStream() blames no half frame for an end", async () => {
  for (const half of ['data: {"n":', 'data: {"n":0}\nid', ""]) {
    const { stream, clock } = streamNumbers(log, [
      () => eventStream([half]),
    ], { retry: false });
    await assert.rejects(clock.run(collect(stream)), (error) => {
      assert.ok(StreamInterruptedError.is(error));
      assert.equal(error.cause, undefined, half);
      return true;
    });
  }
});

test("createEventStream() hands every event to the platform when nobody knows its name", async () => {
  const names: string[] = [];
  const { stream, clock } = streamNumbers(
    log,
    [
      (rest) =>
        eventStream([
          `event: brand.new\ndata: ${JSON.stringify(rest[0])}\n\n`,
          ...rest.slice(1).map(frameOf),
        ]),
    ],
    {},
    {
      decode: (frame) => {
        names.push(frame.event);
        return [JSON.parse(frame.data)];
      },
    },
  );
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.deepEqual(names, ["brand.new", "item", "item", "item"]);
});

test("createEventStream() refuses a line or an event without an end when the bound is reached, however it comes", async () => {
  const endless = {
    "a line": () => encode("data: " + "x".repeat(50)),
    "a comment": () => encode(": " + "x".repeat(50)),
    "an unknown field": () => encode("x".repeat(50)),
    "lines of data": () => encode("data: 0123456789\n"),
  };
  for (const [name, piece] of Object.entries(endless)) {
    let taken = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        taken++;
        // Only the first piece begins a line, where lines do not end.
        const bytes = piece();
        controller.enqueue(
          name === "lines of data" || taken === 1 ? bytes : bytes.slice(6),
        );
      },
      cancel() {
        cancelled = true;
      },
    }, { highWaterMark: 0 });
    const { stream, clock, cursors } = streamNumbers(log, [
      () =>
        new Response(body, {
          headers: { "content-type": "text/event-stream" },
        }),
    ], { maxFrameLength: 1_000 });
    await assert.rejects(
      clock.run(collect(stream)),
      (error) => DecodeError.is(error) && error.message.includes("1000"),
      name,
    );
    await settle();
    assert.equal(cursors.length, 1, name);
    assert.equal(cancelled, true, name);
    assert.ok(taken < 120, `${name}: ${taken} pieces`);
  }
});

test("createEventStream() reads one piece ahead at most when the consumer is slow, however much is in a piece", async () => {
  const long = logOf(4_999);
  const perPiece = 100;
  const pieces = Array.from(
    { length: long.length / perPiece },
    (_, k) =>
      long.slice(k * perPiece, (k + 1) * perPiece).map(frameOf).join(""),
  );
  const body = bodyOf(pieces);
  const { stream } = streamNumbers(long, [
    () =>
      new Response(body.stream, {
        headers: { "content-type": "text/event-stream" },
      }),
  ]);
  let seen = 0;
  for await (const { n } of stream) {
    assert.equal(n, seen++);
    if (n % 250 === 0) await settle(1);
    assert.equal(body.taken, Math.floor(n / perPiece) + 1);
  }
  assert.equal(seen, long.length);
});
