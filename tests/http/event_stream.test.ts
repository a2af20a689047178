import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import { collect } from "../support/scripted_fetch.ts";
import type { BodyEnd } from "../support/scripted_fetch.ts";
import {
  cutAt,
  eventStream,
  frameOf,
  logOf,
  sends,
  streamNumbers,
} from "../support/numbers.ts";
import type { Wire } from "../support/numbers.ts";

const log = logOf(4);
const size = new TextEncoder().encode(log.map(frameOf).join("")).length;

test("createEventStream() delivers everything once when nothing goes wrong", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [sends()]);
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(cursors.length, 1);
  assert.deepEqual(stream.cursor, { lastEventId: "4", lastSequence: 4 });
  assert.equal(clock.pending, 0);
});

test("createEventStream() ends with the terminal item when the connection stays open", async () => {
  const { stream, clock } = streamNumbers(log, [sends("stay")]);
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(clock.pending, 0);
});

test("createEventStream() delivers everything once when the wire is cut at any byte, in any way", async () => {
  for (const end of ["close", "cut", "stay"] as const) {
    for (let cut = 0; cut <= size; cut++) {
      const { stream, clock } = streamNumbers(log, [cutAt(cut, end), sends()]);
      assert.deepEqual(
        await clock.run(collect(stream)),
        log,
        `${end} at ${cut}`,
      );
      assert.equal(clock.pending, 0, `${end} at ${cut}`);
    }
  }
});

test("createEventStream() asks for what is missing when the wire drops between any two events", async () => {
  for (let drop = 0; drop < log.length; drop++) {
    const { stream, clock, cursors } = streamNumbers(log, [
      (rest) => eventStream([rest.slice(0, drop).map(frameOf).join("")], "cut"),
      sends(),
    ]);
    assert.deepEqual(await clock.run(collect(stream)), log);
    assert.deepEqual(
      cursors.map(({ lastSequence, lastEventId }) => [
        lastSequence,
        lastEventId,
      ]),
      [
        [undefined, undefined],
        drop === 0 ? [undefined, undefined] : [drop - 1, `${drop - 1}`],
      ],
    );
  }
});

test("createEventStream() takes the last event when only its blank line is missing", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    cutAt(size - 1, "close"),
  ]);
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(cursors.length, 1);
});

test("createEventStream() drops what it has delivered when a server repeats itself", async () => {
  const twice: Wire = () => {
    const frames = log.slice(0, 3).map(frameOf);
    return eventStream([[...frames, ...frames].join("")], "cut");
  };
  const again: Wire = () => eventStream([log.map(frameOf).join("")]);
  const { stream, clock } = streamNumbers(log, [twice, again]);
  assert.deepEqual(await clock.run(collect(stream)), log);
});

test("createEventStream() asks again when a sequence is missing, and accepts that it is when it is missing twice", async () => {
  const lossy: Wire = (rest) =>
    eventStream([rest.filter(({ n }) => n !== 2).map(frameOf).join("")]);
  const once = streamNumbers(log, [lossy, sends()]);
  assert.deepEqual(await once.clock.run(collect(once.stream)), log);
  assert.equal(once.cursors[1]?.lastSequence, 1);

  const always = streamNumbers(log, [lossy]);
  assert.deepEqual(
    (await always.clock.run(collect(always.stream))).map(({ n }) => n),
    [0, 1, 3, 4],
  );
  assert.equal(always.cursors.length, 2);
});

test("createEventStream() accepts gaps at once when sequences need not be dense", async () => {
  const { stream, clock, cursors } = streamNumbers(
    log,
    [
      (rest) =>
        eventStream([
          rest.filter(({ n }) => n % 2 === 0).map(frameOf).join(""),
        ]),
    ],
    {},
    { dense: false },
  );
  assert.deepEqual(
    (await clock.run(collect(stream))).map(({ n }) => n),
    [0, 2, 4],
  );
  assert.equal(cursors.length, 1);
});

test("createEventStream() splits a frame that holds several items, and resumes inside it", async () => {
  const batch = `data: ${JSON.stringify(log.slice(0, 3))}\n\n`;
  const { stream, clock } = streamNumbers(log, [
    () => eventStream([batch], "cut"),
    () => eventStream([batch, log.slice(3).map(frameOf).join("")]),
  ]);
  assert.deepEqual(await clock.run(collect(stream)), log);
});

test("createEventStream() counts a frame as delivered with its last item, and one without items at once", async () => {
  const batch = `id: 7\ndata: ${JSON.stringify(log.slice(0, 2))}\n\n`;
  const { stream } = streamNumbers(log, [
    () => eventStream([`${batch}id: 8\ndata: []\n\n`, frameOf(log[2]!)]),
  ]);
  const cursors = [];
  for (let n = 0; n < 3; n++) {
    assert.deepEqual((await stream.next()).value, log[n]);
    cursors.push(stream.cursor);
  }
  await stream.close();
  assert.deepEqual(cursors, [
    { lastEventId: undefined, lastSequence: 0 },
    { lastEventId: "7", lastSequence: 1 },
    { lastEventId: "2", lastSequence: 2 },
  ]);
});

test("createEventStream() resumes behind a frame that had no items", async () => {
  const { stream, clock, cursors } = streamNumbers(log, [
    (rest) => eventStream([frameOf(rest[0]!), "id: 99\ndata: []\n\n"], "cut"),
    sends(),
  ]);
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(cursors[1]?.lastEventId, "99");
});

test("createEventStream() delivers nothing behind the terminal item, in its frame or after it", async () => {
  const more = [{ n: 5, text: "late" }, { n: 6, text: "later" }];
  const { stream, clock, cursors } = streamNumbers(
    log,
    [
      (rest) =>
        eventStream([
          rest.slice(0, 4).map(frameOf).join("") +
          `data: ${JSON.stringify([log[4], more[0]])}\n\n` + frameOf(more[1]!),
        ], "stay"),
    ],
    {},
    { isTerminal: ({ n }) => n === 4 },
  );
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(cursors.length, 1);
  assert.equal(clock.pending, 0);
});

test("createEventStream() leaves out no frame that cannot be read, also where sequences need not be dense", async () => {
  const garbage: Wire = (rest) =>
    eventStream([frameOf(rest[0]!), "data: {oops\n\n", frameOf(rest[2]!)]);
  const { stream, clock, cursors } = streamNumbers(
    log,
    [garbage, sends()],
    {},
    { dense: false },
  );
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(cursors[1]?.lastSequence, 0);
});

test("createEventStream() reconnects when a frame cannot be read", async () => {
  const garbage: Wire = (rest) =>
    eventStream([
      frameOf(rest[0]!),
      "id: 1\ndata: {oops\n\n",
      frameOf(rest[2]!),
    ]);
  const { stream, clock } = streamNumbers(log, [garbage, sends()]);
  assert.deepEqual(await clock.run(collect(stream)), log);
});

test("createEventStream() begins behind the cursor when it is given one", async () => {
  const { stream, clock } = streamNumbers(log, [sends()], {
    cursor: { lastSequence: 2 },
  });
  assert.deepEqual(await clock.run(collect(stream)), log.slice(3));
});

test("createEventStream() goes on elsewhere when its cursor is handed over", async () => {
  for (let stop = 1; stop < log.length; stop++) {
    const first = streamNumbers(log, [sends("stay")]);
    const seen = [];
    for await (const item of first.stream) {
      seen.push(item);
      if (seen.length === stop) break;
    }
    const second = streamNumbers(log, [sends()], {
      cursor: first.stream.cursor,
    });
    seen.push(...await second.clock.run(collect(second.stream)));
    assert.deepEqual(seen, log);
  }
});

test("createEventStream() delivers everything once and in order when cuts, stalls, repeats, losses and reorders are arbitrary", async () => {
  const fault = fc.record({
    from: fc.nat(3),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    mixed: fc.boolean(),
    cut: fc.nat(400),
    pieces: fc.integer({ min: 1, max: 50 }),
    end: fc.constantFrom<BodyEnd>("close", "cut", "stay"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 6 }),
      fc.nat(9),
      async (faults, last) => {
        const items = logOf(last);
        const wires = faults.map((fault): Wire => (_rest, cursor) => {
          const start = Math.max(
            0,
            (cursor.lastSequence ?? -1) + 1 - fault.from,
          );
          const rest = items.slice(start);
          const sent = fault.mixed
            ? fault.order.flatMap((index) => rest[index] ?? [])
            : rest;
          const bytes = new TextEncoder().encode(sent.map(frameOf).join(""))
            .subarray(0, fault.cut);
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; at += fault.pieces) {
            chunks.push(bytes.subarray(at, at + fault.pieces));
          }
          return eventStream(chunks, fault.end);
        });
        // Said where to begin, it also sees when the beginning is missing.
        const { stream, clock } = streamNumbers(items, [...wires, sends()], {
          cursor: { lastSequence: -1 },
        });
        const seen = await clock.run(collect(stream));
        const numbers = seen.map(({ n }) => n);
        assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
        assert.equal(new Set(numbers).size, numbers.length);
        assert.equal(numbers.at(-1), last);
        // A gap is asked for once: it takes a server that skips the same item twice to make it final.
        if (faults.filter(({ mixed }) => mixed).length < 2) {
          assert.deepEqual(seen, items);
        }
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 150 },
  );
});
