import assert from "node:assert/strict";
import { inspect } from "node:util";
import test from "node:test";
import {
  createEventStream,
  createTransport,
  debugLog,
  HttpError,
  NetworkError,
  observer,
} from "@tutti/sdk/http";
import type { CallEvent, EventStreamOptions } from "@tutti/sdk/http";
import { FakeClock } from "../support/fake_clock.ts";
import { after, frameOf, logOf, sends } from "../support/numbers.ts";
import { cutAt, eventStream, streamNumbers } from "../support/numbers.ts";
import type { Numbered, Wire } from "../support/numbers.ts";
import type { StreamSource } from "@tutti/sdk/http";
import { collect } from "../support/scripted_fetch.ts";

const log = logOf(4);

/** What a stream over these connections tells, without functions and without what is not there. */
async function told(
  wires: readonly Wire[],
  options: Partial<EventStreamOptions> = {},
  source: Partial<StreamSource<Numbered>> = {},
): Promise<{ events: CallEvent[]; plain: unknown[]; thrown: unknown }> {
  const events: CallEvent[] = [];
  const { stream, clock } = streamNumbers(log, wires, {
    observe: observer((event) => events.push(event)),
    ...options,
  }, source);
  const started = clock.now();
  const thrown = await clock.run(
    collect(stream).then(() => undefined, (error) => error),
  );
  const plain = events.map(({ callId, action, at, ...rest }) => {
    assert.equal(callId, 1);
    assert.equal(action, "GET /numbers");
    return Object.fromEntries(
      Object.entries({ ...rest, at: at - started }).filter(([, value]) =>
        value !== undefined && typeof value !== "function"
      ),
    );
  });
  return { events, plain, thrown };
}

test("createEventStream() tells that it opens and closes when nothing goes wrong", async () => {
  const { events, plain } = await told([sends()]);
  assert.deepEqual(plain, [
    { type: "stream-open", attempt: 1, at: 0 },
    {
      type: "stream-close",
      attempt: 1,
      at: 0,
      lastSequence: 4,
      elapsedMs: 0,
    },
  ]);
  assert.deepEqual(events.map(({ cursor }) => cursor?.()), [
    { lastEventId: undefined, lastSequence: undefined },
    { lastEventId: "4", lastSequence: 4 },
  ]);
});

test("createEventStream() tells each reconnect, why and after what wait, when connections end early", async () => {
  const cut: Wire = (rest) =>
    eventStream([rest.slice(0, 2).map(frameOf).join("")], "cut");
  const { plain, events } = await told([cut, sends("close"), sends()], {
    retry: { initialDelayMs: 100, jitter: 0 },
  }, { isTerminal: ({ n }) => n === 9 && log.length === 0 });
  assert.deepEqual(plain.slice(0, 5), [
    { type: "stream-open", attempt: 1, at: 0 },
    {
      type: "stream-reconnect",
      attempt: 1,
      at: 0,
      lastSequence: 1,
      waitMs: 100,
      code: "network",
    },
    { type: "stream-open", attempt: 2, at: 100, lastSequence: 1 },
    // It closed cleanly, without the terminal event.
    {
      type: "stream-reconnect",
      attempt: 2,
      at: 100,
      lastSequence: 4,
      waitMs: 100,
    },
    { type: "stream-open", attempt: 3, at: 200, lastSequence: 4 },
  ]);
  assert.ok(NetworkError.is(events[1]?.error?.()));
  assert.equal(events[3]?.error, undefined);
});

test("createEventStream() tells that it was silent for too long when nothing comes", async () => {
  const { plain } = await told([cutAt(0, "stay"), sends()], {
    idleTimeoutMs: 5_000,
    retry: { initialDelayMs: 100, jitter: 0 },
  });
  assert.deepEqual(plain.slice(1, 3), [
    { type: "stream-silence", attempt: 1, at: 5_000, waitMs: 5_000 },
    {
      type: "stream-reconnect",
      attempt: 1,
      at: 5_000,
      waitMs: 100,
      code: "timeout",
    },
  ]);
});

test("createEventStream() tells what is missing when a sequence is, each time", async () => {
  const lossy: Wire = (rest) =>
    eventStream([
      rest.filter(({ n }) => n !== 1 && n !== 2).map(frameOf).join(""),
    ]);
  const { plain } = await told([lossy]);
  const gap = { type: "stream-gap", at: 0, lastSequence: 0, missing: 2 };
  assert.deepEqual(plain, [
    { type: "stream-open", attempt: 1, at: 0 },
    { ...gap, attempt: 1 },
    { type: "stream-open", attempt: 2, at: 0, lastSequence: 0 },
    { ...gap, attempt: 2 },
    { type: "stream-close", attempt: 2, at: 0, lastSequence: 4, elapsedMs: 0 },
  ]);
});

test("createEventStream() tells that it polls, and why, when there is no stream to be had", async () => {
  const { plain, events } = await told(
    [
      () => {
        throw new HttpError("GET /numbers", {
          status: 405,
          headers: new Headers(),
        });
      },
    ],
    {},
    {
      poll: (cursor) =>
        Promise.resolve({ items: after(log, cursor), isOver: true }),
      isUnavailable: HttpError.is,
    },
  );
  assert.deepEqual(plain, [
    {
      type: "stream-poll",
      attempt: 1,
      at: 0,
      code: "http-error",
      status: 405,
    },
    { type: "stream-close", attempt: 2, at: 0, lastSequence: 4, elapsedMs: 0 },
  ]);
  assert.ok(HttpError.is(events[0]?.error?.()));
});

test("createEventStream() tells why it closes when it gives up, is aborted, or nobody reads on", async () => {
  const refused: Wire = () => {
    throw new TypeError("refused");
  };
  const gaveUp = await told([refused], {
    retry: { retries: 1, initialDelayMs: 100, jitter: 0 },
  });
  assert.deepEqual(gaveUp.plain.at(-1), {
    type: "stream-close",
    attempt: 2,
    at: 100,
    elapsedMs: 100,
    code: "stream-interrupted",
  });
  assert.equal(gaveUp.events.at(-1)?.error?.(), gaveUp.thrown);

  const aborted = await told([sends()], { signal: AbortSignal.abort() });
  assert.deepEqual(aborted.plain, [
    {
      type: "stream-close",
      attempt: 0,
      at: 0,
      elapsedMs: 0,
      code: "aborted",
    },
  ]);

  const left: string[] = [];
  const { stream, clock } = streamNumbers(log, [sends("stay")], {
    observe: observer(({ type, code }) => left.push(`${type} ${code}`)),
  });
  await clock.run((async () => {
    for await (const { n } of stream) if (n === 1) break;
  })());
  await stream.close();
  assert.deepEqual(left, ["stream-open undefined", "stream-close undefined"]);
});

test("createEventStream() delivers the same when whoever watches it throws", async () => {
  const { stream, clock } = streamNumbers(log, [cutAt(50, "cut"), sends()], {
    observe: observer(() => {
      throw new Error("no say");
    }),
  });
  assert.deepEqual(await clock.run(collect(stream)), log);
});

test("observer() shows no word of a server when a stream tells its events", async () => {
  const secret = "canary-7d1f";
  const events: CallEvent[] = [];
  const lines: string[] = [];
  for (
    const observe of [
      observer((event) => events.push(event)),
      debugLog({ write: (line) => lines.push(line) }),
    ]
  ) {
    let turn = 0;
    const clock = new FakeClock();
    const transport = createTransport({
      baseUrl: "https://api.test",
      clock,
      observe,
      headers: { authorization: `Bearer ${secret}` },
      retry: false,
      fetch: () =>
        turn++ === 0
          ? eventStream([`id: ${secret}\nevent: ${secret}\ndata: 1\n\n`], "cut")
          : turn === 2
          ? new Response(secret, { status: 503 })
          : Response.json(secret, { status: 404, statusText: secret }),
    });
    const stream = createEventStream<number>({
      action: "GET /events",
      open: async (_cursor, signal) =>
        (await transport.open({
          method: "GET",
          path: "/events",
          contract: "safe",
          decode: () => undefined,
        }, { signal })).data,
      decode: ({ data }) => [Number(data)],
      sequenceOf: (item) => item,
      isTerminal: () => false,
    }, { clock, random: () => 1, observe: transport.observe });
    await clock.run(assert.rejects(collect(stream), HttpError.is));
  }
  assert.ok(events.some(({ type }) => type === "stream-reconnect"));
  assert.equal(
    events.findLast(({ type }) => type === "stream-close")?.cursor?.()
      .lastEventId,
    secret,
  );
  for (const shown of [JSON.stringify(events), inspect(events), `${lines}`]) {
    assert.ok(!shown.includes(secret), shown);
  }
  assert.deepEqual(
    lines.filter((line) => line.includes(" stream-"))
      .map((line) => line.replace(/#\d+/, "#")),
    [
      "tutti #.1 stream-open GET /events",
      "tutti #.1 stream-reconnect GET /events after network again in 250 ms",
      "tutti #.2 stream-reconnect GET /events after http-error again in 500 ms",
      "tutti #.3 stream-close GET /events < http-error 404 after 750 ms",
    ],
  );
});
