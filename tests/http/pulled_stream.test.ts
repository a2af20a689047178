import assert from "node:assert/strict";
import test from "node:test";
import { createPulledStream, observer, pullFrames } from "@tutti/sdk/http";
import type { Observe, PulledStream, SseFrame } from "@tutti/sdk/http";
import { countListeners, createBody, settle } from "@tutti/sdk/testing";
import { FakeClock } from "../support/fake_clock.ts";

/** A stream that gives one number a pull, and then waits for ever. */
function numbers(
  count: number,
  more: { signal?: AbortSignal; onEnd?: () => void } = {},
): PulledStream<number> {
  let next = 0;
  return createPulledStream<number>(
    {
      action: "GET /numbers",
      clock: new FakeClock(),
      ...more,
    },
    (signal) => () =>
      next < count
        ? Promise.resolve([next++])
        : new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason))
        ),
  );
}

test("createPulledStream() starts nothing before the first item is asked for", async () => {
  const log: string[] = [];
  const stream = createPulledStream<number>(
    {
      action: "GET /",
      clock: new FakeClock(),
      onEnd: () => log.push("end"),
    },
    () => {
      log.push("start");
      return () => Promise.resolve(undefined);
    },
  );
  await settle();
  assert.equal(log.length, 0);
  assert.equal((await stream.next()).done, true);
  assert.equal(log.join(), "start,end");
  // One that never began has nothing to end.
  const unused = numbers(1, { onEnd: () => log.push("never") });
  await unused.close();
  assert.equal(unused.closed, true);
  assert.equal((await unused.next()).done, true);
  assert.equal(log.length, 2);
});

test("createPulledStream() pulls lazily, and no batch before the last one is read", async () => {
  const log: string[] = [];
  const batches = [["a", "b"], [], ["c"]];
  function* lazily(batch: readonly string[]) {
    for (const item of batch) {
      log.push(`make ${item}`);
      yield item;
    }
  }
  const stream = createPulledStream<string>(
    { action: "GET /", clock: new FakeClock() },
    () => () => {
      log.push("pull");
      const batch = batches.shift();
      return Promise.resolve(batch && lazily(batch));
    },
  );
  for await (const item of stream) log.push(`read ${item}`);
  assert.deepEqual(log, [
    "pull",
    "make a",
    "read a",
    "make b",
    "read b",
    "pull",
    "pull",
    "make c",
    "read c",
    "pull",
  ]);
});

test("createPulledStream() ends a waiting read when it is closed, without an error", async () => {
  let ends = 0;
  const stream = numbers(0, { onEnd: () => ends++ });
  const reading = stream.next();
  await settle();
  await stream.close();
  await stream.close();
  assert.deepEqual(await reading, { done: true, value: undefined });
  assert.equal(ends, 1);
});

test("createPulledStream() throws for the signal of the caller, and lets go of it", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const stream = numbers(2, { signal: controller.signal });
  assert.equal((await stream.next()).value, 0);
  controller.abort("why");
  // Before the next item, though one is there.
  await assert.rejects(stream.next(), { code: "aborted", cause: "why" });
  assert.equal(listeners(), 0);
  assert.equal(stream.closed, true);
  const late = numbers(2, { signal: controller.signal });
  await assert.rejects(late.next(), { code: "aborted" });
});

test("createPulledStream() throws what a pull throws, once", async () => {
  const stream = createPulledStream<number>(
    { action: "GET /", clock: new FakeClock() },
    () => () => Promise.reject(new RangeError("no")),
  );
  await assert.rejects(stream.next(), RangeError);
  assert.equal((await stream.next()).done, true);
});

test("createPulledStream() throws for the signal of the caller, whatever the pull that it broke off throws", async () => {
  const controller = new AbortController();
  const stream = createPulledStream<number>(
    { action: "GET /", clock: new FakeClock(), signal: controller.signal },
    (signal) => () =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new RangeError("mine")))
      ),
  );
  const next = stream.next();
  await settle();
  controller.abort("why");
  await assert.rejects(next, { code: "aborted", cause: "why" });
});

/** Reads frames of one body. */
function framesOf(
  chunks: readonly string[],
  end: "close" | "cut" | "stay",
  idleTimeoutMs?: number,
  observe?: Observe,
  maxFrameLength?: number,
) {
  const clock = new FakeClock();
  const body = createBody(chunks, end);
  const stream = createPulledStream<readonly [SseFrame, boolean]>(
    { action: "POST /talk", clock, observe },
    (signal, tell) => {
      const pull = pullFrames(
        { action: "POST /talk", clock, idleTimeoutMs, maxFrameLength, tell },
        signal,
        () =>
          Promise.resolve(
            new Response(body.stream, {
              headers: { "content-type": "text/event-stream" },
            }),
          ),
      );
      return async () => {
        const batch = await pull();
        return batch?.[0].map((frame) => [frame, batch[1] ?? false] as const);
      };
    },
  );
  return { clock, body, stream };
}

test("pullFrames() gives the frames of one body, and tells what was cut off", async () => {
  const { stream, clock } = framesOf(
    ["data: 1\n\nda", "ta: 2\n\nevent: x\ndata: 3"],
    "close",
  );
  const seen: unknown[] = [];
  for await (const [{ event, data }, isCut] of stream) {
    seen.push([event, data, isCut]);
  }
  assert.deepEqual(seen, [
    ["message", "1", false],
    ["message", "2", false],
    ["x", "3", true],
  ]);
  assert.equal(clock.pending, 0);
});

test("pullFrames() throws after a silence, and when the connection breaks", async () => {
  const silent = framesOf(["data: 1\n\n"], "stay", 5_000);
  await silent.clock.run(silent.stream.next());
  await assert.rejects(silent.clock.run(silent.stream.next()), {
    code: "timeout",
    budget: "idle",
    timeoutMs: 5_000,
  });
  assert.equal(silent.clock.pending, 0);
  assert.equal(silent.body.cancelled, true);
  const broken = framesOf(["data: 1\n\n"], "cut");
  await broken.stream.next();
  await assert.rejects(broken.stream.next(), { code: "network" });
  assert.equal(broken.clock.pending, 0);
});

test("pullFrames() refuses to wait for ever", async () => {
  for (const idleTimeoutMs of [Infinity, 0, 86_400_001]) {
    const { stream } = framesOf([], "stay", idleTimeoutMs);
    await assert.rejects(stream.next(), { code: "invalid-argument" });
  }
});

test("pullFrames() bears a minute of silence when nobody says how long", async () => {
  const { stream, clock } = framesOf([], "stay");
  const started = clock.now();
  await assert.rejects(clock.run(stream.next()), {
    code: "timeout",
    budget: "idle",
    timeoutMs: 60_000,
  });
  assert.equal(clock.now() - started, 60_000);
});

test("pullFrames() refuses a frame that is longer than its bound, and a bound that is none", async () => {
  const long = framesOf(["data: 12345\n\n"], "close", 1_000, undefined, 4);
  await assert.rejects(long.stream.next(), { code: "decode" });
  for (const bound of [0, -1, NaN, "9" as never]) {
    const { stream } = framesOf([], "stay", 1_000, undefined, bound);
    await assert.rejects(stream.next(), {
      code: "invalid-argument",
      path: "maxFrameLength",
    });
  }
});

test("pullFrames() takes a frame of 4 MiB and none that is longer when nobody says how long", async () => {
  const most = "x".repeat(4 * 1024 * 1024);
  const { stream } = framesOf([`data:${most}\n\n`], "close");
  const { value } = await stream.next();
  assert.equal(value?.[0].data.length, most.length);
  const long = framesOf([`data:${most}x\n\n`], "close");
  await assert.rejects(long.stream.next(), { code: "decode" });
});

test("pullFrames() gives the connection back when the reader leaves", async () => {
  const { stream, body, clock } = framesOf(["data: 1\n\n"], "stay");
  for await (const _ of stream) break;
  assert.equal(body.cancelled, true);
  assert.equal(clock.pending, 0);
});

/** A watcher, and the events that it was told, in short. */
function watcher(): { observe: Observe; told: string[] } {
  const told: string[] = [];
  const observe = observer((event) => {
    assert.equal(event.callId, 1);
    assert.equal(event.action, "POST /talk");
    const { type, attempt, waitMs, code, elapsedMs } = event;
    told.push(
      [type, attempt, waitMs, code, elapsedMs].filter((one) =>
        one !== undefined
      ).join(" "),
    );
  });
  return { observe, told };
}

test("createPulledStream() tells its watcher that the connection opens and that the stream ends", async () => {
  const { observe, told } = watcher();
  const { stream } = framesOf(["data: 1\n\n"], "close", undefined, observe);
  assert.deepEqual(told, []);
  await stream.next();
  assert.deepEqual(told, ["stream-open 1"]);
  assert.equal((await stream.next()).done, true);
  assert.deepEqual(told, ["stream-open 1", "stream-close 1 0"]);
  await stream.close();
  assert.equal(told.length, 2);
});

test("createPulledStream() tells its watcher of a silence, and why the stream ends", async () => {
  const { observe, told } = watcher();
  const { stream, clock } = framesOf(["data: 1\n\n"], "stay", 5_000, observe);
  await clock.run(stream.next());
  await assert.rejects(clock.run(stream.next()), { code: "timeout" });
  assert.deepEqual(told, [
    "stream-open 1",
    "stream-silence 1 5000",
    "stream-close 1 timeout 5000",
  ]);
});

test("createPulledStream() tells its watcher of no failure when the reader leaves, and of nothing when it never came", async () => {
  const left = watcher();
  const { stream } = framesOf(
    ["data: 1\n\n"],
    "stay",
    undefined,
    left.observe,
  );
  for await (const _ of stream) break;
  assert.deepEqual(left.told, ["stream-open 1", "stream-close 1 0"]);

  const unread = watcher();
  await framesOf([], "close", undefined, unread.observe).stream.close();
  assert.deepEqual(unread.told, []);
});
