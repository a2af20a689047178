import assert from "node:assert/strict";
import test from "node:test";
import { HttpError, NetworkError } from "@tutti/sdk/http";
import type { RetryOptions, TransportOptions } from "@tutti/sdk/http";
import { broken, json, text } from "../support/scripted_fetch.ts";
import type { Step } from "../support/scripted_fetch.ts";
import { bench, read } from "../support/transport.ts";

/** The waits of a call that fails until its retries are used up. */
async function waitsOf(
  retry: RetryOptions,
  options: Partial<TransportOptions> = {},
): Promise<number[]> {
  const waits: number[] = [];
  const steps: Step[] = Array(20).fill(broken);
  const { transport, clock } = bench(steps, {
    timeoutMs: Infinity,
    ...options,
    retry,
    observe: (step, _context, detail) => {
      if (step === "retry") waits.push(detail as number);
    },
  });
  await assert.rejects(clock.run(transport.call(read)), NetworkError);
  assert.equal(clock.pending, 0);
  return waits;
}

test("retry gives a fixed sequence when jitter is off: 1 s, 2 s, 4 s, at most 32 s", async () => {
  const schedule = {
    initialDelayMs: 1_000,
    factor: 2,
    maxDelayMs: 32_000,
    jitter: 0,
  };
  assert.deepEqual(await waitsOf({ ...schedule, retries: 3 }), [
    1_000,
    2_000,
    4_000,
  ]);
  assert.deepEqual(await waitsOf({ ...schedule, retries: 8 }), [
    1_000,
    2_000,
    4_000,
    8_000,
    16_000,
    32_000,
    32_000,
    32_000,
  ]);
});

test("retry gives a schedule of initial and maximal interval, exponent and time in all", async () => {
  const schedule = {
    initialDelayMs: 500,
    factor: 1.5,
    maxDelayMs: 2_000,
    jitter: 0,
    retries: Infinity,
  };
  assert.deepEqual(await waitsOf({ ...schedule, maxElapsedMs: 7_000 }), [
    500,
    750,
    1_125,
    1_687.5,
    2_000,
  ]);
  assert.deepEqual(await waitsOf({ ...schedule, maxElapsedMs: 0 }), []);
});

test("retry counts the time of the tries into maxElapsedMs, and never cuts one short", async () => {
  const slow: Step = () =>
    new Promise((resolve) => {
      clock.schedule(900, () => resolve(new Response("", { status: 503 })));
    });
  const { transport, clock, server } = bench([slow, slow, slow], {
    retry: { initialDelayMs: 100, jitter: 0, maxElapsedMs: 1_500 },
  });
  const started = clock.now();
  await assert.rejects(clock.run(transport.call(read)), HttpError);
  assert.equal(server.requests.length, 2);
  assert.equal(clock.now() - started, 1_900);
});

test("retry waits a random part when jitter says how much of it", async () => {
  const retry = { retries: 1, initialDelayMs: 1_000 };
  for (
    const [jitter, random, waited] of [
      [undefined, 0, 0],
      [undefined, 0.5, 500],
      [1, 0.5, 500],
      [0.25, 0, 750],
      [0.25, 1, 1_000],
      [0, 0, 1_000],
    ] as const
  ) {
    assert.deepEqual(
      await waitsOf({ ...retry, jitter }, { random: () => random }),
      [waited],
    );
  }
});

test("retry of the call goes over that of the client, setting by setting", async () => {
  const { transport, clock } = bench([broken, broken, broken], {
    retry: { retries: 1, initialDelayMs: 10, jitter: 0 },
  });
  const started = clock.now();
  await assert.rejects(
    clock.run(transport.call(read, { retry: { retries: 2 } })),
    (error) => NetworkError.is(error) && error.attempts === 3,
  );
  assert.equal(clock.now() - started, 30);
});

test("call() waits for the reset of the rate limit when a 429 has no Retry-After", async () => {
  const epoch = Date.UTC(2026, 0, 1) / 1_000;
  for (
    const [headers, waited] of [
      [{ "x-ratelimit-reset": "20" }, 20_000],
      [{ "ratelimit-reset": "2.5" }, 2_500],
      [{ "ratelimit-reset": "3", "x-ratelimit-reset": "9" }, 3_000],
      [{ "x-ratelimit-reset": String(epoch + 12) }, 12_000],
      [{ "x-ratelimit-reset": String(epoch - 12) }, 500],
      [{ "retry-after": "7", "x-ratelimit-reset": "20" }, 7_000],
      [{ "x-ratelimit-reset": "soon" }, 500],
    ] as const
  ) {
    const { transport, clock } = bench([
      text("", { status: 429, headers }),
      json(1),
    ]);
    const started = clock.now();
    await clock.run(transport.call(read));
    assert.equal(clock.now() - started, waited, JSON.stringify(headers));
  }
});

test("call() does not wait for the reset of the rate limit when something else failed", async () => {
  const { transport, clock } = bench([
    text("", { status: 503, headers: { "x-ratelimit-reset": "50" } }),
    json(1),
  ]);
  const started = clock.now();
  await clock.run(transport.call(read));
  assert.equal(clock.now() - started, 500);
});

test("call() throws at once when the reset is further away than maxRetryAfterMs", async () => {
  const { transport, clock, server } = bench([
    text("", { status: 429, headers: { "x-ratelimit-reset": "61" } }),
  ]);
  await assert.rejects(
    clock.run(transport.call(read)),
    (error) => HttpError.is(error) && error.retryAfterMs === 61_000,
  );
  assert.equal(server.requests.length, 1);
});
