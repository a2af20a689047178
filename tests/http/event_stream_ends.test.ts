import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  asyncDispose,
  DecodeError,
  HttpError,
  NetworkError,
  StreamInterruptedError,
} from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import {
  after,
  eventStream,
  frameOf,
  logOf,
  sends,
  streamNumbers,
} from "../support/numbers.ts";
import type { Wire } from "../support/numbers.ts";
import { bodyOf, collect, countListeners } from "../support/scripted_fetch.ts";

const log = logOf(3);

const refused =
  (status: number, init: { retryAfterMs?: number } = {}): Wire => () => {
    throw new HttpError("GET /numbers", {
      status,
      headers: new Headers(),
      retryable: status >= 500 || status === 429,
      ...init,
    });
  };

const down: Wire = () => {
  throw new NetworkError("GET /numbers", new TypeError("refused"));
};

test("createEventStream() opens nothing before the first item is asked for", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [sends()]);
  await settle();
  assert.equal(cursors.length, 0);
  assert.equal(clock.pending, 0);
  await stream.close();
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
  assert.equal(cursors.length, 0);
});

test("createEventStream() gives up when reconnects fail in a row, and says where to go on", async () => {
  const first: Wire = (rest) => eventStream([frameOf(rest[0]!)], "cut");
  const { stream, clock, cursors } = streamNumbers(log, [first, down], {
    retry: { retries: 3 },
  });
  const seen: number[] = [];
  await assert.rejects(
    clock.run((async () => {
      for await (const { n } of stream) seen.push(n);
    })()),
    (error) =>
      StreamInterruptedError.is(error) && error.lastEventId === "0" &&
      error.retryable && NetworkError.is(error.cause),
  );
  assert.deepEqual(seen, [0]);
  assert.equal(cursors.length, 4);
  assert.equal(clock.pending, 0);
});

test("createEventStream() does not give up when every connection brings something", async () => {
  const long = logOf(40);
  const one: Wire = (rest) => eventStream([frameOf(rest[0]!)], "cut");
  const { stream, clock } = streamNumbers(long, [one], {
    retry: { retries: 1 },
  });
  assert.equal((await clock.run(collect(stream))).length, 41);
});

test("createEventStream() waits longer and longer when reconnects fail, and never beyond the cap", async () => {
  const wires = [down, down, down, down, sends()];
  const { stream, clock } = streamNumbers(log, wires, {
    retry: { initialDelayMs: 100, maxDelayMs: 300 },
  });
  const started = clock.now();
  await clock.run(collect(stream));
  assert.equal(clock.now() - started, 100 + 200 + 300 + 300);
});

test("createEventStream() waits as long as the server asks when it asks", async () => {
  const asks: Wire = (rest) =>
    eventStream([`retry: 7000\n${frameOf(rest[0]!)}`], "cut");
  const byField = streamNumbers(log, [asks, sends()]);
  let started = byField.clock.now();
  await byField.clock.run(collect(byField.stream));
  assert.equal(byField.clock.now() - started, 7_000);

  const byHeader = streamNumbers(log, [
    refused(429, { retryAfterMs: 9_000 }),
    sends(),
  ]);
  started = byHeader.clock.now();
  await byHeader.clock.run(collect(byHeader.stream));
  assert.equal(byHeader.clock.now() - started, 9_000);
});

test("createEventStream() throws the answer itself when it will not pass", async () => {
  for (const status of [400, 401, 403, 404]) {
    const { stream, clock, cursors } = streamNumbers(log, [refused(status)]);
    await assert.rejects(
      clock.run(collect(stream)),
      (error) => HttpError.is(error) && error.status === status,
    );
    assert.equal(cursors.length, 1);
  }
});

test("createEventStream() reconnects when the server is silent, and not when it only hums", async () => {
  const silentAfter: Wire = (rest) => eventStream([frameOf(rest[0]!)], "stay");
  const { stream, clock, cursors } = streamNumbers(
    log,
    [silentAfter, sends()],
    {
      idleTimeoutMs: 1_000,
    },
  );
  const all = collect(stream);
  await clock.advance(999);
  assert.equal(cursors.length, 1);
  await clock.advance(1);
  await clock.advance(250);
  assert.equal(cursors.length, 2);
  assert.deepEqual(await clock.run(all), log);

  const humming: Wire = (rest) => {
    let beats = 0;
    return new Response(
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise<void>((resolve) =>
            hum.clock.schedule(900, resolve)
          );
          const text = ++beats < 5 ? ": beat\n" : rest.map(frameOf).join("");
          controller.enqueue(new TextEncoder().encode(text));
        },
      }, { highWaterMark: 0 }),
      { headers: { "content-type": "text/event-stream" } },
    );
  };
  const hum = streamNumbers(log, [humming], { idleTimeoutMs: 1_000 });
  assert.deepEqual(await hum.clock.run(collect(hum.stream)), log);
  assert.equal(hum.cursors.length, 1);
});

test("createEventStream() does not count silence while the reader is busy", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    (rest) => eventStream(rest.map(frameOf), "stay"),
  ], { idleTimeoutMs: 1_000 });
  const seen: number[] = [];
  for await (const { n } of stream) {
    seen.push(n);
    await clock.advance(60_000);
  }
  assert.deepEqual(seen, [0, 1, 2, 3]);
  assert.equal(cursors.length, 1);
});

test("createEventStream() waits for days when the server is there but has nothing to say", async () => {
  const quiet: Wire = () => eventStream([": here\n"], "stay");
  const wires = [...Array.from({ length: 2_000 }, () => quiet), sends()];
  const { stream, clock } = streamNumbers(log, wires, {
    idleTimeoutMs: 60_000,
    retry: { retries: 2 },
  });
  const started = clock.now();
  assert.deepEqual(await clock.run(collect(stream), 20_000), log);
  assert.ok(clock.now() - started >= 2_000 * 60_000);
});

test("createEventStream() reads no further than the loop has come", async () => {
  const body = bodyOf(log.map(frameOf));
  const { stream } = streamNumbers(log, [
    () =>
      new Response(body.stream, {
        headers: { "content-type": "text/event-stream" },
      }),
  ]);
  for await (const { n } of stream) {
    await settle();
    assert.equal(body.taken, n + 1);
  }
});

test("leaving the loop gives the connection back and leaves nothing behind", async () => {
  const body = bodyOf(log.map(frameOf), "stay");
  let signal: AbortSignal | undefined;
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const { stream, clock } = streamNumbers(log, [
    (_rest, _cursor, given) => {
      signal = given;
      return new Response(body.stream, {
        headers: { "content-type": "text/event-stream" },
      });
    },
  ], { signal: controller.signal });
  for await (const { n } of stream) if (n === 1) break;
  await settle();
  assert.equal(body.cancelled, true);
  assert.equal(signal?.aborted, true);
  assert.equal(clock.pending, 0);
  assert.equal(listeners(), 0);
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

test("an abort ends the stream with its reason when it waits, reads or sleeps", async () => {
  const wires: Wire[] = [
    () => new Promise<Response>(() => {}),
    sends("stay"),
    down,
  ];
  for (const [index, wire] of wires.entries()) {
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const longer = logOf(9);
    const { stream, clock } = streamNumbers(
      index === 1 ? longer : log,
      [index === 1 ? (rest) => eventStream([frameOf(rest[0]!)], "stay") : wire],
      { signal: controller.signal },
    );
    const all = collect(stream);
    all.catch(() => {});
    await settle();
    controller.abort("enough");
    await assert.rejects(
      all,
      (error) => AbortedError.is(error) && error.cause === "enough",
    );
    assert.equal(clock.pending, 0);
    assert.equal(listeners(), 0);
  }
});

test("close() ends a pending next() without an error", async () => {
  for (
    const wire of [sends("stay"), () => new Promise<Response>(() => {}), down]
  ) {
    const { stream, clock } = streamNumbers(
      logOf(9).slice(0, 3),
      [
        wire as Wire,
      ],
      {},
      { isTerminal: () => false },
    );
    let last: IteratorResult<unknown> | undefined;
    const all = collect(stream);
    await settle();
    // It waits behind the one of the loop, and is told before close() is over.
    stream.next().then((result) => last = result);
    await stream.close();
    assert.equal(last?.done, true);
    await all;
    await stream.close();
    assert.equal(clock.pending, 0);
  }
});

test("await using closes the stream when the block ends", async () => {
  const { stream, clock } = streamNumbers(log, [sends("stay")]);
  await stream.next();
  await (stream as unknown as Record<symbol, () => Promise<void>>)[
    asyncDispose
  ]!();
  assert.equal(clock.pending, 0);
  assert.equal((await stream.next()).done, true);
});

test("createEventStream() polls when there is no stream to be had", async () => {
  for (
    const wire of [
      refused(501),
      () => Response.json({ no: "stream" }),
    ] as Wire[]
  ) {
    let asked = 0;
    const { stream, clock, cursors } = streamNumbers(log, [wire], {}, {
      isUnavailable: (error) => HttpError.is(error) || DecodeError.is(error),
      poll: (cursor) => {
        const rest = after(log, cursor);
        // Nothing new every other time; one item at a time.
        const items = asked++ % 2 === 0 ? rest.slice(0, 1) : [];
        return Promise.resolve({ items, isOver: false });
      },
    });
    const started = clock.now();
    assert.deepEqual(await clock.run(collect(stream)), log);
    assert.deepEqual(cursors.filter(({ how }) => how === "open").length, 1);
    assert.equal(clock.now() - started, 3_000);
    assert.equal(clock.pending, 0);
  }
});

test("createEventStream() never streams when it is told to poll", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [sends()], {
    pollOnly: true,
  }, {
    poll: (cursor) =>
      Promise.resolve({ items: after(log, cursor), isOver: true }),
  });
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.deepEqual(cursors.map(({ how }) => how), ["poll"]);
});

test("createEventStream() ends when a quiet connection closes and a poll says that it is over", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [sends()], {
    cursor: { lastSequence: 3 },
  }, { poll: () => Promise.resolve({ items: [], isOver: true }) });
  assert.deepEqual(await clock.run(collect(stream)), []);
  assert.deepEqual(cursors.map(({ how }) => how), ["open", "poll"]);
});

test("createEventStream() tries again when a poll fails, and gives up when it keeps failing", async () => {
  let failures = 0;
  const healing = streamNumbers(log, [sends()], { pollOnly: true }, {
    poll: (cursor) => {
      if (failures++ < 2) return Promise.reject(new NetworkError("p", "x"));
      return Promise.resolve({ items: after(log, cursor), isOver: true });
    },
  });
  assert.deepEqual(await healing.clock.run(collect(healing.stream)), log);
  const failing = streamNumbers(log, [sends()], {
    pollOnly: true,
    retry: { retries: 2 },
  }, { poll: () => Promise.reject(new NetworkError("p", "x")) });
  await assert.rejects(
    failing.clock.run(collect(failing.stream)),
    StreamInterruptedError,
  );
  assert.equal(failing.cursors.length, 3);
});

test("createEventStream() refuses an answer when it is no event stream and cannot be polled", async () => {
  const types = ["text/html", "text/event-streams", "x-text/event-stream"];
  for (const type of types) {
    const { stream, clock, cursors } = streamNumbers(log, [
      () => new Response("<html>", { headers: { "content-type": type } }),
    ]);
    await assert.rejects(
      clock.run(collect(stream)),
      (error) => DecodeError.is(error) && error.message.includes(`"${type}"`),
    );
    assert.equal(cursors.length, 1);
  }
});

test("createEventStream() takes the content type of an event stream in any case, with parameters or without", async () => {
  const types = [
    "text/event-stream",
    "Text/Event-Stream;charset=UTF-8",
    "text/event-stream ; a=b",
  ];
  for (const type of types) {
    const { stream, clock } = streamNumbers(log, [
      (rest) =>
        new Response(rest.map(frameOf).join(""), {
          headers: { "content-type": type },
        }),
    ]);
    assert.deepEqual(await clock.run(collect(stream)), log, type);
  }
});

test("createEventStream() refuses a frame when it is too long", async () => {
  const { stream, clock } = streamNumbers(log, [
    () => eventStream([`data: ${"x".repeat(200)}`]),
  ], { maxFrameLength: 100 });
  await assert.rejects(clock.run(collect(stream)), DecodeError);
});
