import assert from "node:assert/strict";
import test from "node:test";
import {
  HttpError,
  idempotencyKeys,
  InvalidArgumentError,
  NetworkError,
} from "@tutti/sdk/http";
import { bodyOf, broken, json, text } from "../support/scripted_fetch.ts";
import type { Step } from "../support/scripted_fetch.ts";
import { bench, read, write } from "../support/transport.ts";

const passing = [408, 429, 500, 502, 503, 504];

test("call() tries again when a status stands for a passing condition", async () => {
  for (const status of passing) {
    const { transport, clock, server } = bench([
      text("", { status }),
      json({ ok: true }),
    ]);
    const reply = await clock.run(transport.call(read));
    assert.deepEqual(reply.data, { ok: true });
    assert.equal(reply.attempts, 2);
    assert.equal(server.requests.length, 2);
    assert.equal(clock.pending, 0);
  }
});

test("call() does not try again when a status will not pass", async () => {
  for (const status of [400, 401, 403, 404, 409, 410, 422, 501, 505]) {
    const { transport, clock, server } = bench([text("", { status })]);
    await assert.rejects(
      clock.run(transport.call(read)),
      (error) => HttpError.is(error) && error.status === status,
    );
    assert.equal(server.requests.length, 1);
  }
});

test("call() waits twice as long each time, up to the cap, when it keeps failing", async () => {
  const fail: Step = text("", { status: 503 });
  const { transport, clock } = bench([fail, fail, fail, fail, json(1)], {
    retry: { retries: 4, initialDelayMs: 1_000, maxDelayMs: 3_000 },
  });
  const started = clock.now();
  const times: number[] = [];
  const call = transport.call({
    ...read,
    isRetryable: () => {
      times.push(clock.now() - started);
      return true;
    },
  });
  assert.equal((await clock.run(call)).data, 1);
  assert.deepEqual(times, [0, 1_000, 3_000, 6_000]);
  assert.equal(clock.now() - started, 9_000);
});

test("call() spreads its waits over the whole bound when jitter is whole, and not at all when there is none", async () => {
  for (const [jitter, waited] of [[1, 250], [0.4, 700], [0, 1_000]] as const) {
    const { transport, clock } = bench([text("", { status: 503 }), json(1)], {
      random: () => 0.25,
      retry: { initialDelayMs: 1_000, jitter },
    });
    const started = clock.now();
    await clock.run(transport.call(read));
    assert.equal(clock.now() - started, waited);
  }
});

test("call() throws the last error when its retries are used up", async () => {
  const { transport, clock, server } = bench([broken, broken, broken, broken]);
  await assert.rejects(
    clock.run(transport.call(read)),
    (error) =>
      NetworkError.is(error) && error.cause instanceof TypeError &&
      error.message ===
        "Cannot finish GET /things: the connection failed",
  );
  assert.equal(server.requests.length, 4);
});

test("call() sends once when retries are switched off for the client or the call", async () => {
  const a = bench([broken], { retry: false });
  await assert.rejects(a.clock.run(a.transport.call(read)), NetworkError);
  const b = bench([broken]);
  await assert.rejects(
    b.clock.run(b.transport.call(read, { retry: false })),
    NetworkError,
  );
});

test("call() never repeats an operation when its contract says never", async () => {
  for (const step of [broken, text("", { status: 503 })]) {
    const { transport, clock, server } = bench([step]);
    await assert.rejects(clock.run(transport.call(write("never"))));
    assert.equal(server.requests.length, 1);
    assert.equal(server.requests[0]?.headers.has("idempotency-key"), false);
  }
});

test("call() has no retry option when the contract says never", async () => {
  const { transport, clock } = bench([json(1)]);
  // @ts-expect-error there is nothing to say about retries
  await clock.run(transport.call(write("never"), { retry: { retries: 9 } }));
});

test("call() repeats under one key when the operation is keyed and the reply is lost", async () => {
  const { transport, clock, server } = bench([
    broken,
    text("", { status: 500 }),
    json({ id: "t1" }, { status: 201 }),
  ]);
  const reply = await clock.run(transport.call(write("keyed")));
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.get("idempotency-key")),
    ["made-here", "made-here", "made-here"],
  );
  assert.deepEqual(server.requests.map(({ text }) => text), [
    '{"a":1}',
    '{"a":1}',
    '{"a":1}',
  ]);
  assert.equal(reply.idempotencyKey, "made-here");
});

test("call() sends the caller's key, fitted to the platform, when there is one", async () => {
  const { transport, clock, server } = bench([json(1)], {
    idempotency: idempotencyKeys({
      header: "x-key",
      createKey: () => "unused",
      toKey: (key) => Promise.resolve(`${key}!`),
    }),
  });
  const reply = await clock.run(
    transport.call(write("keyed"), { idempotencyKey: "mine" }),
  );
  assert.equal(server.requests[0]?.headers.get("x-key"), "mine!");
  assert.equal(reply.idempotencyKey, "mine!");
});

test("call() sends its key, whatever headers the caller adds", async () => {
  const { transport, clock, server } = bench([json(1)]);
  const reply = await clock.run(
    transport.call(write("keyed"), {
      headers: { "Idempotency-Key": "another", "x-a": "1" },
    }),
  );
  const sent = server.requests[0]?.headers;
  assert.equal(sent?.get("idempotency-key"), "made-here");
  assert.equal(sent?.get("x-a"), "1");
  assert.equal(reply.idempotencyKey, "made-here");
});

test("call() sends once when the platform has no keys", async () => {
  const { transport, clock, server } = bench([broken], {
    idempotency: undefined,
  });
  await assert.rejects(clock.run(transport.call(write("keyed"))), NetworkError);
  assert.equal(server.requests.length, 1);
});

test("call() refuses an empty key when one is handed in", async () => {
  const { transport, clock, server } = bench([]);
  await assert.rejects(
    clock.run(transport.call(write("keyed"), { idempotencyKey: "" })),
    (error) =>
      InvalidArgumentError.is(error) && error.path === "idempotencyKey",
  );
  assert.equal(server.requests.length, 0);
});

test("call() waits at least as long as the server asks when it gives a hint", async () => {
  for (
    const [header, value, waited] of [
      ["retry-after", "7", 7_000],
      ["retry-after-ms", "1500", 1_500],
      ["retry-after", "Thu, 01 Jan 2026 00:00:09 GMT", 9_000],
      ["retry-after", "0", 500],
      ["retry-after-ms", "499", 500],
    ] as const
  ) {
    const { transport, clock } = bench([
      text("", { status: 429, headers: { [header]: value } }),
      json(1),
    ]);
    const started = clock.now();
    await clock.run(transport.call(read));
    assert.equal(clock.now() - started, waited, `${header}: ${value}`);
  }
});

test("call() throws instead of waiting when the server asks for more than is allowed", async () => {
  const { transport, clock } = bench([
    text("", { status: 429, headers: { "retry-after": "61" } }),
  ]);
  await assert.rejects(
    clock.run(transport.call(read)),
    (error) => HttpError.is(error) && error.retryAfterMs === 61_000,
  );
  assert.equal(clock.pending, 0);
});

test("call() throws the real error when the wait would outlast the total budget", async () => {
  const { transport, clock, server } = bench([
    text("", { status: 503, headers: { "retry-after": "10" } }),
  ]);
  const started = clock.now();
  await assert.rejects(
    clock.run(transport.call(read, { timeoutMs: 10_000 })),
    (error) => HttpError.is(error) && error.status === 503,
  );
  assert.equal(clock.now(), started);
  assert.equal(server.requests.length, 1);
});

test("call() obeys the operation when it overrides what is worth another try", async () => {
  const careful = bench([text("", { status: 500 })]);
  await assert.rejects(
    careful.clock.run(careful.transport.call({
      ...read,
      isRetryable: (error) => HttpError.is(error) && error.status !== 500,
    })),
  );
  assert.equal(careful.server.requests.length, 1);

  const eager = bench([text("", { status: 404 }), json(1)]);
  const reply = await eager.clock.run(
    eager.transport.call({ ...read, isRetryable: () => true }),
  );
  assert.equal(reply.attempts, 2);
});

test("call() tries again when the connection breaks inside the body", async () => {
  const { transport, clock } = bench([
    () => new Response(bodyOf(['{"a":'], "cut").stream),
    json({ a: 1 }),
  ]);
  assert.deepEqual((await clock.run(transport.call(read))).data, { a: 1 });
});

test("call() refuses a schedule when it cannot be right", async () => {
  const { transport } = bench([]);
  for (
    const retry of [{ retries: -1 }, { factor: 0.5 }, {
      initialDelayMs: NaN,
    }, { maxRetryAfterMs: "1" as never }]
  ) {
    await assert.rejects(transport.call(read, { retry }), InvalidArgumentError);
  }
  assert.throws(
    () => bench([], { retry: { retries: -1 } }),
    (error) => InvalidArgumentError.is(error) && error.path === "retry.retries",
  );
});
