import assert from "node:assert/strict";
import test from "node:test";
import fc from "../../support/properties.ts";
import { Alarms } from "../../../src/host/alarms.ts";
import { FakeClock } from "../../support/fake_clock.ts";

test("Alarms ring once each, the earliest first, on one timer", async () => {
  const clock = new FakeClock(0);
  const rung: string[] = [];
  const alarms = new Alarms(clock, (id) => rung.push(`${clock.now()} ${id}`));
  for (let n = 0; n < 1_000; n++) alarms.set(`run-${n}`, 1_000 - n);
  assert.equal(clock.pending, 1);
  assert.equal(alarms.size, 1_000);
  assert.deepEqual(clock.waits, [1]);
  await clock.advance(3);
  assert.deepEqual(rung, ["1 run-999", "2 run-998", "3 run-997"]);
  assert.equal(clock.pending, 1);
  await clock.advance(1_000);
  assert.equal(rung.length, 1_000);
  assert.equal(new Set(rung).size, 1_000);
  assert.equal(clock.pending, 0);
  assert.equal(alarms.size, 0);
});

test("Alarms of the same moment ring in the order in which they were set, and what is past rings at once", async () => {
  const clock = new FakeClock(100);
  const rung: string[] = [];
  const alarms = new Alarms(clock, (id) => rung.push(id));
  for (const id of ["c", "a", "b"]) alarms.set(id, 50);
  alarms.set("a", 50);
  await clock.advance(0);
  assert.deepEqual(rung, ["c", "a", "b"]);
});

test("Alarms that are set from within the ringing of another ring too", async () => {
  const clock = new FakeClock(0);
  const rung: string[] = [];
  const alarms = new Alarms(clock, (id) => {
    rung.push(id);
    if (rung.length < 5) alarms.set(id, clock.now());
    else alarms.set("later", clock.now() + 10);
  });
  alarms.set("again", 1);
  await clock.advance(1);
  assert.deepEqual(rung, Array(5).fill("again"));
  assert.deepEqual(clock.waits, [10]);
  alarms.clear();
  assert.equal(clock.pending, 0);
});

test("Alarms ring as a plain list would, whatever is set anew or given up", async () => {
  const step = fc.record({
    id: fc.nat(20),
    due: fc.option(fc.nat(50), { nil: undefined }),
    pass: fc.nat(5),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 200 }),
      async (steps) => {
        const clock = new FakeClock(0);
        const rung: string[] = [];
        const expected: string[] = [];
        const alarms = new Alarms(clock, (id) => rung.push(id));
        const list = new Map<string, { due: number; order: number }>();
        let order = 0;
        const ring = (): void => {
          const due = [...list].filter(([, at]) => at.due <= clock.now())
            .sort(([, a], [, b]) => a.due - b.due || a.order - b.order);
          for (const [id] of due) expected.push(id), list.delete(id);
        };
        for (const { id, due, pass } of steps) {
          const name = `run-${id}`;
          alarms.set(name, due);
          if (due === undefined) list.delete(name);
          else if (list.get(name)?.due !== due) {
            list.set(name, { due, order: order++ });
          }
          await clock.advance(pass);
          ring();
          assert.equal(alarms.size, list.size);
          assert.equal(clock.pending, list.size > 0 ? 1 : 0);
        }
        await clock.advance(100);
        ring();
        assert.deepEqual(rung, expected);
      },
    ),
    { numRuns: 60 },
  );
});

test("Alarms that are set anew again and again leave nothing behind", () => {
  const clock = new FakeClock(0);
  const alarms = new Alarms(clock, () => {});
  // Each of these would keep an entry of a heap that is never cleared.
  for (let n = 0; n < 20_000; n++) alarms.set("one", 1_000_000 - n % 2 - n);
  assert.equal(alarms.size, 1);
  assert.ok(alarms.entries < 200, `${alarms.entries} entries`);
});
