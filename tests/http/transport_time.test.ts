import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  InvalidArgumentError,
  TimeoutError,
  within,
} from "@tutti/sdk/http";
import type { TimeoutBudget } from "@tutti/sdk/http";
import { FakeClock, settle } from "../support/fake_clock.ts";
import {
  bodyOf,
  countListeners,
  json,
  silent,
  text,
} from "../support/scripted_fetch.ts";
import { bench, read } from "../support/transport.ts";

function ranOut(budget: TimeoutBudget, timeoutMs: number) {
  return (error: unknown): boolean =>
    TimeoutError.is(error) && error.budget === budget &&
    error.timeoutMs === timeoutMs;
}

test("call() gives up a try when no headers come within the connect budget", async () => {
  const { transport, clock, server } = bench([silent, json(1)]);
  const reply = await clock.run(
    transport.call(read, { connectTimeoutMs: 1_000 }),
  );
  assert.equal(reply.attempts, 2);
  assert.equal(server.requests[0]?.signal.aborted, true);
  assert.equal(clock.pending, 0);
});

test("call() throws which budget ran out when it may not try again", async () => {
  const once = { retry: false } as const;
  const silence = bench([silent]);
  await assert.rejects(
    silence.clock.run(
      silence.transport.call(read, { ...once, connectTimeoutMs: 10 }),
    ),
    ranOut("connect", 10),
  );
  const stalled = bodyOf(["{"], "stay");
  const stall = bench([() => new Response(stalled.stream)]);
  await assert.rejects(
    stall.clock.run(
      stall.transport.call(read, { ...once, idleTimeoutMs: 20 }),
    ),
    ranOut("idle", 20),
  );
  await settle();
  assert.equal(stalled.cancelled, true);
  const slow = bench([silent]);
  await assert.rejects(
    slow.clock.run(
      slow.transport.call(read, { ...once, attemptTimeoutMs: 30 }),
    ),
    ranOut("attempt", 30),
  );
  for (const { clock } of [silence, stall, slow]) {
    assert.equal(clock.pending, 0);
  }
});

test("call() ends all tries when the total budget runs out", async () => {
  const { transport, clock, server } = bench([silent, silent, silent]);
  const started = clock.now();
  await assert.rejects(
    clock.run(
      transport.call(read, { connectTimeoutMs: 4_000, timeoutMs: 10_000 }),
    ),
    ranOut("total", 10_000),
  );
  assert.equal(clock.now() - started, 10_000);
  assert.equal(server.requests.length, 3);
  assert.equal(clock.pending, 0);
});

test("call() does not count a slow body as idle when pieces keep coming", async () => {
  const clock = new FakeClock();
  let pieces = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise<void>((resolve) => clock.schedule(900, resolve));
      pieces++;
      controller.enqueue(new TextEncoder().encode(" "));
      if (pieces === 5) {
        controller.enqueue(new TextEncoder().encode("1"));
        controller.close();
      }
    },
  });
  const { transport } = bench([() => new Response(stream)], { clock });
  const reply = await clock.run(
    transport.call(read, { idleTimeoutMs: 1_000 }),
  );
  assert.equal(reply.data, 1);
});

/** A body that gives `count` pieces of a number, each `everyMs` after the one before, and then nothing more. */
function dripping(
  clock: FakeClock,
  count: number,
  everyMs: number,
  end: "close" | "stall" = "close",
): ReadableStream<Uint8Array> {
  let pieces = 0;
  return new ReadableStream({
    async pull(controller) {
      if (pieces === count) {
        if (end === "close") return controller.close();
        return await new Promise<never>(() => {});
      }
      pieces++;
      await new Promise<void>((resolve) => clock.schedule(everyMs, resolve));
      controller.enqueue(new TextEncoder().encode("1"));
    },
  }, { highWaterMark: 0 });
}

test("call() ends when a body has been silent for as long as the idle budget since its last piece", async () => {
  const clock = new FakeClock();
  const { transport } = bench([
    () => new Response(dripping(clock, 3, 700, "stall")),
  ], { clock, retry: false });
  const started = clock.now();
  await assert.rejects(
    clock.run(transport.call(read, { idleTimeoutMs: 1_000 })),
    ranOut("idle", 1_000),
  );
  assert.equal(clock.now() - started, 3 * 700 + 1_000);
  assert.equal(clock.pending, 0);
});

test("call() sets one timer for the silence of a body, however many pieces come", async () => {
  for (const pieces of [1, 15]) {
    const clock = new FakeClock();
    let timers = 0;
    const counting = {
      now: () => clock.now(),
      schedule: (ms: number, wake: () => void) => {
        timers++;
        return clock.schedule(ms, wake);
      },
    };
    const { transport } = bench([
      () => new Response(dripping(clock, pieces, 1)),
    ], { clock: counting });
    const reply = await clock.run(transport.call(read));
    assert.equal(reply.data, Number("1".repeat(pieces)));
    // The whole call, the way to the headers, and the body.
    assert.equal(timers, 3);
    assert.equal(clock.pending, 0);
  }
});

test("call() reads nothing and sets no timer when an answer comes after its budget", async () => {
  const clock = new FakeClock();
  const body = bodyOf(["1"], "stay");
  let answer = (_: Response): void => {};
  const { transport } = bench([], {
    clock,
    retry: false,
    fetch: () => new Promise((resolve) => answer = resolve),
  });
  await assert.rejects(
    clock.run(transport.call(read, { connectTimeoutMs: 10 })),
    ranOut("connect", 10),
  );
  answer(new Response(body.stream));
  await settle();
  assert.equal(clock.pending, 0);
  assert.equal(body.cancelled, true);
});

test("call() waits for ever when budgets are lifted", async () => {
  const { transport, clock } = bench([silent]);
  const controller = new AbortController();
  const call = transport.call(read, {
    timeoutMs: Infinity,
    connectTimeoutMs: Infinity,
    signal: controller.signal,
  });
  call.catch(() => {});
  await clock.advance(1e12);
  assert.equal(clock.pending, 0);
  controller.abort();
  await assert.rejects(call, AbortedError);
});

test("call() ends with the reason of the signal when it is aborted in any phase", async () => {
  const phases = [
    bench([silent]),
    bench([() => new Response(bodyOf(["1"], "stay").stream)]),
    bench([text("", { status: 503 })]),
    bench([text(null, { status: 503 })], { sign: () => new Promise(() => {}) }),
    bench([], { aroundAttempt: [() => new Promise(() => {})] }),
    // A fetch that does not care about the signal.
    bench([() => new Promise(() => {})]),
  ];
  for (const [index, { transport, clock }] of phases.entries()) {
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const why = new Error("changed my mind");
    const call = transport.call(read, { signal: controller.signal });
    call.catch(() => {});
    await settle();
    controller.abort(why);
    await assert.rejects(
      call,
      (error) => AbortedError.is(error) && error.cause === why,
      `phase ${index}`,
    );
    assert.equal(clock.pending, 0, `timers of phase ${index}`);
    assert.equal(listeners(), 0, `listeners of phase ${index}`);
  }
});

test("call() sends nothing when the signal was aborted before", async () => {
  const { transport, server } = bench([]);
  await assert.rejects(
    transport.call(read, { signal: AbortSignal.abort("x") }),
    (error) => AbortedError.is(error) && error.cause === "x",
  );
  assert.equal(server.requests.length, 0);
});

test("call() leaves no timer and no listener when it succeeds", async () => {
  const { transport, clock } = bench([json(1)]);
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  await clock.run(transport.call(read, { signal }));
  assert.equal(clock.pending, 0);
  assert.equal(listeners(), 0);
});

test("call() gives an answer back that came after everybody left", async () => {
  const late = bodyOf(["1"], "stay");
  let answer: (response: Response) => void = () => {};
  const { transport } = bench([
    () => new Promise((resolve) => answer = resolve),
  ]);
  const controller = new AbortController();
  const call = transport.call(read, { signal: controller.signal });
  call.catch(() => {});
  await settle();
  controller.abort();
  await assert.rejects(call, AbortedError);
  answer(new Response(late.stream));
  await settle();
  assert.equal(late.cancelled, true);
});

test("call() refuses a budget when it is no duration", async () => {
  const { transport } = bench([]);
  for (const timeoutMs of [0, -1, NaN, "5" as never]) {
    await assert.rejects(
      transport.call(read, { timeoutMs }),
      (error) => InvalidArgumentError.is(error) && error.path === "timeoutMs",
    );
  }
});

test("within() refuses a budget when it is no duration, before anything is done", async () => {
  const clock = new FakeClock();
  for (const timeoutMs of [0, -1, NaN, "5" as never]) {
    await assert.rejects(
      within(clock, "the wait", { timeoutMs }, () => assert.fail("it began")),
      (error) => InvalidArgumentError.is(error) && error.path === "timeoutMs",
    );
  }
  assert.equal(clock.pending, 0);
});

test("open() stops its budgets with the headers and goes on obeying the signal", async () => {
  const body = bodyOf(["a"], "stay");
  const { transport, clock, server } = bench([() => new Response(body.stream)]);
  const controller = new AbortController();
  const { data } = await clock.run(
    transport.open(read, {
      signal: controller.signal,
      timeoutMs: 1_000,
      attemptTimeoutMs: 900,
    }),
  );
  assert.equal(clock.pending, 0);
  await clock.advance(10_000);
  assert.equal(server.requests[0]?.signal.aborted, false);
  controller.abort();
  assert.equal(server.requests[0]?.signal.aborted, true);
  // Response.text() hides in some browsers what its stream failed with.
  await assert.rejects(data.body!.getReader().read(), AbortedError);
});

test("within() leaves work that does not care, and begins none when it was aborted before", async () => {
  const clock = new FakeClock();
  const deaf = () => new Promise<never>(() => {});
  await assert.rejects(
    clock.run(within(clock, "the wait", { timeoutMs: 50 }, deaf)),
    ranOut("total", 50),
  );
  let begun = 0;
  const signal = AbortSignal.abort("why");
  await assert.rejects(
    within(clock, "the wait", { signal }, () => Promise.resolve(begun++)),
    (error) => AbortedError.is(error) && error.cause === "why",
  );
  assert.equal(begun, 0);
});

test("within() leaves no timer and no listener when its work is done or fails", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const options = { signal, timeoutMs: 50 };
  assert.equal(
    await within(clock, "the wait", options, () => Promise.resolve(7)),
    7,
  );
  const bug = new RangeError("mine");
  await assert.rejects(
    within(clock, "the wait", options, () => Promise.reject(bug)),
    (error) => error === bug,
  );
  assert.equal(clock.pending, 0);
  assert.equal(listeners(), 0);
});

test("within() names the wait when the time or the caller ends it", async () => {
  const clock = new FakeClock();
  const work = (signal: AbortSignal) =>
    new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(new Error("inner")))
    );
  await assert.rejects(
    clock.run(within(clock, "the wait", { timeoutMs: 50 }, work)),
    (error) =>
      TimeoutError.is(error) && error.message.includes("the wait") &&
      error.budget === "total",
  );
  const controller = new AbortController();
  const call = within(clock, "the wait", controller, work);
  controller.abort("enough");
  await assert.rejects(
    call,
    (error) => AbortedError.is(error) && error.cause === "enough",
  );
  assert.equal(clock.pending, 0);
  assert.equal(
    await within(clock, "the wait", {}, () => Promise.resolve(7)),
    7,
  );
});
