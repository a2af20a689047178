import assert from "node:assert/strict";
import test from "node:test";
import { sleep, systemClock } from "@tutti/sdk/http";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { countListeners } from "../support/scripted_fetch.ts";

test("sleep() resolves when its time has passed, not before", async () => {
  const clock = new FakeClock();
  let awake = false;
  const nap = sleep(clock, 100).then(() => awake = true);
  await clock.advance(99);
  assert.equal(awake, false);
  await clock.advance(1);
  assert.equal(awake, true);
  await nap;
});

test("sleep() rejects with the reason itself when the signal aborts, and leaves nothing behind", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const why = { any: "value" };
  const nap = sleep(clock, 100, controller.signal);
  nap.catch(() => {});
  assert.equal(listeners(), 1);
  controller.abort(why);
  await assert.rejects(nap, (reason) => reason === why);
  assert.equal(clock.pending, 0);
});

test("sleep() removes its listener when the time has passed", async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const nap = sleep(clock, 10, signal);
  await clock.advance(10);
  await nap;
  assert.equal(listeners(), 0);
});

test("sleep() rejects without a timer when the signal was aborted before", async () => {
  const clock = new FakeClock();
  await assert.rejects(
    sleep(clock, 10, AbortSignal.abort(new Error("gone"))),
    /gone/,
  );
  assert.equal(clock.pending, 0);
});

test("sleep() waits the shortest time when the duration is negative or not a number", async () => {
  const clock = new FakeClock();
  const naps = [sleep(clock, -5), sleep(clock, NaN), sleep(clock, 0)];
  await clock.advance(0);
  await Promise.all(naps);
});

test("systemClock.schedule() does not wake at once when the wait is longer than a timer can hold", async () => {
  let woken = false;
  const cancel = systemClock.schedule(2 ** 40, () => woken = true);
  await settle(5);
  assert.equal(woken, false);
  cancel();
  cancel();
});

test("systemClock.schedule() sets no timer that is longer than runtimes can hold, and wakes when all of the time has passed", () => {
  const { setTimeout } = globalThis;
  const set: { wake: () => void; ms: number }[] = [];
  globalThis.setTimeout =
    ((wake: () => void, ms: number) =>
      set.push({ wake, ms })) as unknown as typeof setTimeout;
  try {
    let woken = 0;
    systemClock.schedule(5e9 + 7, () => woken++);
    for (let at = 0; at < set.length; at++) {
      assert.equal(woken, 0);
      set[at]!.wake();
    }
    assert.equal(woken, 1);
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  assert.ok(set.every(({ ms }) => ms < 2 ** 31));
  assert.equal(set.reduce((sum, { ms }) => sum + ms, 0), 5e9 + 7);
});

test("systemClock.schedule() wakes after its time and not after cancel()", async () => {
  const order: string[] = [];
  const cancel = systemClock.schedule(1, () => order.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) =>
    systemClock.schedule(3, () => {
      order.push("woken");
      resolve();
    })
  );
  assert.deepEqual(order, ["woken"]);
});
