import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  createPulledStream,
  createTransport,
  idempotencyKeys,
} from "@tutti/sdk/http";
import type { Operation } from "@tutti/sdk/http";
import {
  countListeners,
  createScriptedFetch,
  FakeClock,
  jsonReply,
  settle,
  silentReply,
  textReply,
} from "@tutti/sdk/testing";
import {
  eventStream,
  frameOf,
  logOf,
  sends,
  streamNumbers,
} from "../support/numbers.ts";

const order: Operation<unknown, "keyed"> = {
  method: "POST",
  path: "/orders",
  contract: "keyed",
  decode: (body) => body,
};

test("two keyed calls at once have a key, tries and an end of their own", async () => {
  const clock = new FakeClock();
  let made = 0;
  const tries = new Map<string, number>();
  const server = createScriptedFetch({
    otherwise: (request) => {
      const key = request.headers.get("idempotency-key") ?? "";
      const count = (tries.get(key) ?? 0) + 1;
      tries.set(key, count);
      // The first one needs two tries more than the second one.
      return key === "key-1" && count < 3
        ? textReply("", { status: 503 })(request)
        : jsonReply(key)(request);
    },
  });
  const transport = createTransport({
    baseUrl: "https://api.test",
    fetch: server.fetch,
    clock,
    idempotency: idempotencyKeys({
      header: "idempotency-key",
      createKey: () => `key-${++made}`,
    }),
  });
  const replies = await clock.run(
    Promise.all([transport.call(order), transport.call(order)]),
  );
  assert.deepEqual(
    replies.map(({ data, idempotencyKey, attempts }) => [
      data,
      idempotencyKey,
      attempts,
    ]),
    [["key-1", "key-1", 3], ["key-2", "key-2", 1]],
  );
  assert.equal(clock.pending, 0);
});

test("an abort ends the call that it belongs to, and not the one beside it", async () => {
  const clock = new FakeClock();
  const server = createScriptedFetch({
    routes: { "GET /silent": silentReply, "GET /thing": jsonReply(1) },
  });
  const transport = createTransport({
    baseUrl: "https://api.test",
    fetch: server.fetch,
    clock,
  });
  const read = { ...order, method: "GET", contract: "safe" } as const;
  const mine = new AbortController();
  const shared = new AbortController();
  const listeners = countListeners(shared.signal);
  const path = "/silent";
  const one = transport.call({ ...read, path }, { signal: mine.signal });
  const two = transport.call({ ...read, path }, { signal: shared.signal });
  const three = transport.call({ ...read, path }, { signal: shared.signal });
  const ends = Promise.allSettled([one, two, three]);
  await settle();
  mine.abort("mine");
  await assert.rejects(one, { code: "aborted", cause: "mine" });
  assert.equal(listeners(), 2);
  const { data } = await transport.call({ ...read, path: "/thing" }, {
    signal: shared.signal,
  });
  assert.equal(data, 1);
  assert.equal(listeners(), 2);
  shared.abort("both");
  for (const end of (await ends).slice(1)) {
    assert.ok(end.status === "rejected" && AbortedError.is(end.reason));
    assert.equal(end.reason.cause, "both");
  }
  assert.equal(listeners(), 0);
  assert.equal(clock.pending, 0);
});

test("two callers of next() share the items of an event stream, in order, over a reconnect", async () => {
  const log = logOf(5);
  const { stream, clock, cursors } = streamNumbers(log, [
    (rest) => eventStream(rest.slice(0, 2).map(frameOf), "cut"),
    sends(),
  ]);
  const results = await clock.run(
    Promise.all(Array.from({ length: log.length + 2 }, () => stream.next())),
  );
  assert.deepEqual(
    results.map(({ done, value }) => done ? "end" : value.n),
    [0, 1, 2, 3, 4, 5, "end", "end"],
  );
  assert.equal(cursors.length, 2);
  assert.equal(clock.pending, 0);
});

test("close() ends every caller of next() that waits", async () => {
  const { stream, clock } = streamNumbers(logOf(1), [
    () => eventStream([], "stay"),
  ]);
  const waiting = [stream.next(), stream.next(), stream.next()];
  await settle();
  await Promise.all([stream.close(), stream.close()]);
  for (const { done } of await Promise.all(waiting)) assert.equal(done, true);
  assert.equal(clock.pending, 0);
});

test("two callers of next() share the items of a pulled stream, in order", async () => {
  const batches = [[1, 2], [3]];
  const stream = createPulledStream(
    { action: "GET /numbers", clock: new FakeClock() },
    () => async () => {
      await settle(1);
      return batches.shift();
    },
  );
  const results = await Promise.all(
    Array.from({ length: 4 }, () => stream.next()),
  );
  assert.deepEqual(results.map(({ value }) => value), [1, 2, 3, undefined]);
  assert.equal(stream.closed, true);
});
