import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError, NetworkError } from "@tutti/sdk/http";
import type { StreamPage } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import {
  after,
  eventStream,
  frameOf,
  logOf,
  sends,
  streamNumbers,
} from "../support/numbers.ts";
import type { Numbered, Wire } from "../support/numbers.ts";
import { collect } from "../support/scripted_fetch.ts";

const log = logOf(4);

const down = (): never => {
  throw new NetworkError("GET /numbers", new TypeError("refused"));
};

test("createEventStream() leaves a poll that does not care when it is closed or aborted", async () => {
  const deaf = { poll: () => new Promise<StreamPage<Numbered>>(() => {}) };
  const closed = streamNumbers(log, [], { pollOnly: true }, deaf);
  const next = closed.stream.next();
  await settle();
  await closed.stream.close();
  assert.equal((await next).done, true);

  const controller = new AbortController();
  const { signal } = controller;
  const aborted = streamNumbers(log, [], { pollOnly: true, signal }, deaf);
  const waiting = aborted.stream.next();
  await settle();
  controller.abort();
  await assert.rejects(waiting, AbortedError);
});

test("createEventStream() counts polls that fail in a row, and one that brings nothing ends the row", async () => {
  let polls = 0;
  const { stream, clock } = streamNumbers(
    log,
    [],
    { pollOnly: true, retry: { retries: 1 } },
    {
      poll: (cursor) => {
        polls++;
        if (polls % 2 === 1 && polls < 20) down();
        const items = polls < 20 ? [] : after(log, cursor);
        return Promise.resolve({ items, isOver: polls >= 20 });
      },
    },
  );
  assert.deepEqual(await clock.run(collect(stream)), log);
});

test("createEventStream() begins to count failures anew behind a connection that missed something", async () => {
  const lossy: Wire = (rest) =>
    eventStream([rest.filter(({ n }) => n !== 2).map(frameOf).join("")]);
  const wires = [down, down, lossy, down, down, sends()];
  const { stream, clock, cursors } = streamNumbers(log, wires, {
    retry: { retries: 2 },
  });
  assert.deepEqual(await clock.run(collect(stream)), log);
  assert.equal(cursors.length, wires.length);
});

test("createEventStream() delivers what has no sequence, also where a server says null for none", async () => {
  const items = [{ n: 0 }, { n: null }, { n: 1 }, {}, { n: 2 }];
  const { stream, clock, cursors } = streamNumbers(
    log,
    [
      () =>
        eventStream(items.map((item) => `data: ${JSON.stringify(item)}\n\n`)),
    ],
    {},
    { isTerminal: ({ n }) => n === 2 },
  );
  assert.deepEqual(await clock.run(collect(stream)), items);
  assert.equal(cursors.length, 1);
});
