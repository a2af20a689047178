import assert from "node:assert/strict";
import test from "node:test";
import { sleep } from "@tutti/sdk/http";
import { countListeners, FakeClock, until } from "@tutti/sdk/testing";

test("FakeClock wakes timers in order and tells what is left", async () => {
  const clock = new FakeClock(1_000);
  const woken: string[] = [];
  clock.schedule(20, () => woken.push("b"));
  clock.schedule(10, () => woken.push("a"));
  clock.schedule(20, () => woken.push("c"));
  const cancel = clock.schedule(15, () => woken.push("never"));
  clock.schedule(-5, () => {
    woken.push("now");
    clock.schedule(1, () => woken.push("nested"));
  });
  assert.deepEqual(clock.waits, [0, 10, 15, 20, 20]);
  cancel();
  cancel();
  assert.deepEqual(woken, []);
  await clock.advance(10);
  assert.deepEqual(woken, ["now", "nested", "a"]);
  assert.equal(clock.now(), 1_010);
  assert.equal(clock.pending, 2);
  await clock.advance(100);
  assert.deepEqual(woken, ["now", "nested", "a", "b", "c"]);
  assert.equal(clock.now(), 1_110);
});

test("FakeClock.advance() lets what follows a timer happen before the next one is due", async () => {
  const clock = new FakeClock(0);
  const woken: number[] = [];
  const work = (async () => {
    for (let turn = 0; turn < 3; turn++) {
      await sleep(clock, 10);
      woken.push(clock.now());
    }
  })();
  await clock.advance(35);
  assert.deepEqual(woken, [10, 20, 30]);
  assert.equal(clock.now(), 35);
  await work;
});

test("FakeClock.run() throws when nothing ever settles the promise", async () => {
  const clock = new FakeClock();
  await assert.rejects(clock.run(new Promise(() => {}), 5), /5 turns/);
  await assert.rejects(clock.run(Promise.reject(new Error("x"))), /x/);
});

test("until() throws when the condition never comes true", async () => {
  let turns = 0;
  await until(() => ++turns === 5);
  assert.equal(turns, 5);
  await assert.rejects(until(() => false, 3), /never came true/);
});

test("countListeners() counts what is there, however it came", () => {
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const one = (): void => {};
  signal.addEventListener("abort", one);
  signal.addEventListener("abort", one, { once: true });
  signal.addEventListener("abort", { handleEvent: one });
  assert.equal(listeners(), 2);
  signal.removeEventListener("abort", one);
  assert.equal(listeners(), 1);
});
