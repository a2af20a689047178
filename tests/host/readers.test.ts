import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { NodeContext, RunEvent } from "@tutti/sdk/openwop";
import { settle } from "../support/fake_clock.ts";
import { noop, parseFrames, stepOf, Wire } from "../support/wire.ts";

/** The same store, and how its logs are read. */
function counting(
  store: Store,
): { store: Store; reads: { after: number; limit: number }[] } {
  const reads: { after: number; limit: number }[] = [];
  return {
    reads,
    store: {
      ...store,
      readEvents: (runId, after, limit) => {
        reads.push({ after, limit });
        return store.readEvents(runId, after, limit);
      },
    },
  };
}

/** A finished run with so many lines in its log. */
async function longRun(lines: number): Promise<{ store: Store; run: string }> {
  const short = memoryStore();
  const host = createHost({ workflows: [noop], store: short });
  const run = await new Wire(host).start("conformance-noop");
  await new Wire(host).reach(run, "completed");
  await host.close();
  const runId = decodeURIComponent(run.slice("/runs/".length));
  const log = await short.readEvents(runId, -1, 100);
  const record = await short.loadRun(runId);
  const store = memoryStore();
  await store.createRun(record!, log.slice(0, 1));
  const events: RunEvent[] = Array.from({ length: lines }, (_, n) => ({
    ...log[0]!,
    eventId: `line-${String(n + 1).padStart(20, "0")}`,
    type: "log.appended",
    sequence: n + 1,
    payload: { level: "info", message: `line ${n}` },
  } as RunEvent));
  await store.append(runId, 0, events);
  const rest = log.slice(1).map((event, n) => ({
    ...event,
    sequence: lines + 1 + n,
  }));
  await store.append(runId, lines, rest);
  return { store, run };
}

test("200 readers of a run that goes on get each event once, in order, wherever they begin", async () => {
  let emit: NodeContext["emit"] | undefined;
  let finish = (): void => {};
  const { store, reads } = counting(memoryStore());
  const host = createHost({
    store,
    workflows: [stepOf(async (_, context) => {
      emit = context.emit;
      await new Promise<void>((resolve) => finish = resolve);
      return {};
    })],
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  while (!emit) await settle(1);
  const say = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) await emit!("acme.said", { n });
  };
  await say(0, 300);
  const read = async (after: number, mode: string) => {
    const headers = { "last-event-id": String(after) };
    const path = `${run}/events?streamMode=${mode}`;
    const response = await host.fetch(host.url + path, { headers });
    return { after, mode, text: await response.text() };
  };
  const readers = Array.from({ length: 200 }, (_, n) => {
    const mode = n % 10 === 0 ? "updates" : "debug";
    return read(n % 4 === 0 ? n : 0, mode);
  });
  await settle(20);
  const before = reads.length;
  for (let n = 300; n < 400; n++) {
    await say(n, n + 1);
    await settle(n % 7);
  }
  // Each event is read once, and perhaps the empty place behind it, not once for each reader.
  assert.ok(reads.length - before < 100 * 20, `${reads.length - before} reads`);
  finish();
  const all = await Promise.all(readers);
  const log = await wire.log(run);
  assert.equal(log.length, 400 + 4);
  for (const { after, mode, text } of all) {
    const frames = parseFrames(text);
    if (mode === "debug") {
      const wanted = log.filter(({ sequence }) => sequence > after);
      assert.deepEqual(frames.map(({ data }) => data), wanted);
    }
    const ids = frames.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
    assert.equal(frames.at(-1)?.event, "run.completed");
  }
  await host.close();
});

test("a log of 50,000 events is streamed a page at a time, read once for all, and never ahead of the reader", async () => {
  const { store: inner, run } = await longRun(50_000);
  const { store, reads } = counting(inner);
  const host = createHost({ workflows: [noop], store });
  const whole = async (): Promise<number> => {
    const response = await host.fetch(
      `${host.url}${run}/events?streamMode=debug`,
    );
    const from = reads.length;
    let [count, pieces, next] = [0, 0, 0];
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces++;
      // One more page than was asked for would be one too many for a reader that has stopped.
      assert.ok(reads.length - from <= pieces, "it was read ahead");
      const frames = parseFrames(new TextDecoder().decode(value));
      assert.ok(frames.length <= 256, `${frames.length} events at once`);
      for (const { id } of frames) assert.equal(id, next++);
      count += frames.length;
    }
    return count;
  };
  // Whatever the view of the run takes is read before.
  await new Wire(host).get(run);
  reads.length = 0;
  assert.equal(await whole(), 50_004);
  assert.ok(reads.every(({ limit }) => limit <= 256));
  assert.ok(reads.length <= Math.ceil(50_004 / 256) + 1, `${reads.length}`);
  await host.close();
});

test("readers that come together share what is read, and none can change what another one gets", async () => {
  const { store: inner, run } = await longRun(2_000);
  const { store, reads } = counting(inner);
  const host = createHost({ workflows: [noop], store });
  await new Wire(host).get(run);
  reads.length = 0;
  const texts = await Promise.all(Array.from({ length: 50 }, async () => {
    const response = await host.fetch(
      `${host.url}${run}/events?streamMode=debug`,
    );
    let text = "";
    const decoder = new TextDecoder();
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += decoder.decode(value, { stream: true });
      value.fill(0x20);
    }
  }));
  for (const text of texts) {
    const ids = parseFrames(text).map(({ id }) => id);
    assert.deepEqual(ids, Array.from({ length: 2_004 }, (_, n) => n));
  }
  assert.ok(reads.length <= 2 * Math.ceil(2_004 / 256), `${reads.length}`);
  await host.close();
});
