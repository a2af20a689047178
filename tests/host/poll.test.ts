import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { FakeClock, until } from "../support/fake_clock.ts";
import { countingIds, gate, noop, Wire, workflowOf } from "../support/wire.ts";

function open() {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [noop, gate()],
    clock,
    ids: countingIds(),
  });
  return { clock, host, wire: new Wire(host) };
}

test("GET poll gives the closed answer with an exclusive cursor", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  const all = await wire.log(run);
  const { body, headers } = await wire.get(`${run}/events/poll?timeout=1`);
  assert.equal(headers.get("cache-control"), "no-cache");
  assert.deepEqual(body, {
    runId: all[0].runId,
    events: all,
    lastSequence: 3,
    status: "completed",
    isTerminal: true,
  });
  const after = async (cursor: number) =>
    (await wire.get(`${run}/events/poll?timeout=1&afterSequence=${cursor}`))
      .body;
  assert.deepEqual((await after(-1)).events, all);
  assert.deepEqual((await after(0)).events, all.slice(1));
  assert.deepEqual((await after(1003)).events, []);
  assert.equal((await after(1003)).lastSequence, 3);
});

test("GET poll waits for news, and no longer than it was told", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const poll = `${run}/events/poll?afterSequence=3`;

  let answered = false;
  const news = wire.get(poll).finally(() => answered = true);
  await until(() => clock.pending === 1);
  assert.deepEqual(clock.waits, [30_000]);
  assert.equal(answered, false);
  await wire.accept(run);
  const { body } = await news;
  assert.equal(body.events[0].sequence, 4);
  assert.equal(clock.pending, 0);

  const other = await wire.start("gated");
  await wire.reach(other, "waiting-approval");
  const nothing = wire.get(`${other}/events/poll?afterSequence=3&timeout=2`);
  await until(() => clock.pending === 1);
  await clock.advance(2_000);
  assert.deepEqual((await nothing).body.events, []);
  assert.equal((await nothing).body.status, "waiting-approval");
  assert.equal((await nothing).body.isTerminal, false);
});

test("GET poll rejects with the reason when its caller gives up", async () => {
  const { wire, clock } = open();
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const controller = new AbortController();
  const poll = wire.host.fetch(
    `${wire.host.url}${run}/events/poll?afterSequence=3`,
    { signal: controller.signal },
  );
  await until(() => clock.pending === 1);
  const reason = new Error("no time");
  controller.abort(reason);
  await assert.rejects(poll, reason);
  await until(() => clock.pending === 0);
});

test("GET poll refuses a query that cannot be", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  for (
    const query of [
      "timeout=0",
      "timeout=61",
      "timeout=x",
      "timeout=",
      "afterSequence=-2",
      "afterSequence=1.5",
      "afterSequence=abc",
    ]
  ) {
    const { status, body } = await wire.get(`${run}/events/poll?${query}`);
    assert.equal(status, 400, query);
    assert.equal(body.error, "validation_error");
  }
});

test("GET poll gives a long log in pages", async () => {
  const wide = workflowOf(
    "wide",
    Array.from({ length: 700 }, (_, index) => ({
      id: `n${index}`,
      typeId: "core.noop",
    })),
  );
  const wire = new Wire(createHost({ workflows: [wide] }));
  const run = await wire.start("wide");
  await wire.reach(run, "completed");
  let cursor = -1;
  const sizes: number[] = [];
  for (;;) {
    const { body } = await wire.get(
      `${run}/events/poll?timeout=1&afterSequence=${cursor}`,
    );
    assert.equal(body.lastSequence, 1401);
    if (body.events.length === 0) break;
    sizes.push(body.events.length);
    cursor = body.events.at(-1).sequence;
  }
  assert.deepEqual(sizes, [1000, 402]);
});
