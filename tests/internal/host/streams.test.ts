import assert from "node:assert/strict";
import test from "node:test";
import { Openings } from "../../../src/host/openings.ts";
import { match } from "../../../src/host/router.ts";
import { Signals } from "../../../src/host/signals.ts";
import { FakeClock } from "../../support/fake_clock.ts";

test("Signals wakes listeners of that run, and misses nothing in between", async () => {
  const clock = new FakeClock();
  const signals = new Signals(clock);
  const { signal } = new AbortController();
  const early = signals.listen("a");
  const other = signals.listen("b");
  signals.notify("a");
  assert.equal(await early.wait(1_000, signal), "news");
  const waiting = other.wait(1_000, signal);
  signals.notify("a");
  await clock.advance(1_000);
  assert.equal(await waiting, "timeout");
  assert.equal(signals.size, 2);
  early.close();
  other.close();
  other.close();
  assert.equal(signals.size, 0);
  assert.equal(clock.pending, 0);
  signals.notify("a");
});

test("Signals ends a wait when its signal aborts, and drops the timer", async () => {
  const clock = new FakeClock();
  const signals = new Signals(clock);
  const controller = new AbortController();
  const listener = signals.listen("a");
  const waiting = listener.wait(1_000, controller.signal);
  assert.equal(clock.pending, 1);
  controller.abort();
  assert.equal(await waiting, "ended");
  assert.equal(clock.pending, 0);
  assert.equal(await listener.wait(1_000, controller.signal), "ended");
  listener.close();
  const again = signals.listen("a");
  listener.close();
  assert.equal(signals.size, 1);
  again.close();
});

test("Openings hands on the caller's reason and forgets what was closed", () => {
  const openings = new Openings();
  const caller = new AbortController();
  const first = openings.open(caller.signal);
  const second = openings.open(undefined);
  assert.equal(openings.size, 2);
  caller.abort("enough");
  assert.equal(first.signal.reason, "enough");
  assert.equal(second.signal.aborted, false);
  first.close();
  openings.closeAll();
  assert.equal(second.signal.aborted, true);
  second.close();
  assert.equal(openings.size, 0);
  assert.equal(openings.open(caller.signal).signal.aborted, true);
});

test("match() splits before it decodes, and knows verbs from ids", () => {
  const ids = (method: string, path: string) =>
    match(method, path.split("/").slice(1))?.ids;
  assert.deepEqual(ids("POST", "/runs"), []);
  assert.deepEqual(ids("GET", "/runs/a~2Fb"), ["a~2Fb"]);
  assert.deepEqual(ids("GET", "/runs/a%2Fb/events"), ["a%2Fb"]);
  assert.deepEqual(ids("POST", "/runs/a~2Fb:fork"), ["a~2Fb"]);
  assert.deepEqual(ids("POST", "/runs/anon:x~2Fb9:fork"), ["anon:x~2Fb9"]);
  assert.deepEqual(ids("POST", "/runs/r/interrupts/a:b"), ["r", "a:b"]);
  for (
    const [method, path] of [
      ["GET", "/runs/a:fork"],
      ["POST", "/runs/a:dance"],
      ["POST", "/runs/:fork"],
      ["GET", "/runs//events"],
      ["GET", "/runs/a/events/"],
      ["POST", "/runs/a/interrupts/"],
      ["GET", "/a/runs"],
      ["HEAD", "/runs/a"],
    ] as const
  ) assert.equal(ids(method, path), undefined, path);
});
