import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import type { RunEvent } from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
import {
  finish,
  type History,
  meaning,
  recordHistory,
  stubs,
  workflows,
} from "../support/histories.ts";

const folder = new URL("../histories/", import.meta.url);
const current = new URL("0.1.0/", folder);

// RECORD=1 makes the recordings of a new version; those of old versions stay for ever.
if (process.env.RECORD) {
  mkdirSync(current, { recursive: true });
  for (const name of Object.keys(workflows)) {
    const text = JSON.stringify(await recordHistory(name), null, 2);
    writeFileSync(new URL(`${name}.json`, current), `${text}\n`);
  }
}

const recorded = readdirSync(folder).sort().flatMap((version) =>
  readdirSync(new URL(`${version}/`, folder)).sort().map((file) => ({
    name: `${version}/${file}`,
    history: JSON.parse(
      readFileSync(new URL(`${version}/${file}`, folder), "utf8"),
    ) as History,
  }))
);

/** A host that finds the first events of a recording in its store. */
async function hostWith({ record, events }: History, count: number) {
  const store = memoryStore();
  await store.createRun(record, events.slice(0, count));
  await store.release();
  const { definition } = record;
  const host = createTestHost({
    workflows: [{ definition, nodes: [] }],
    store,
    stubs,
  });
  const log = (runId = record.runId): Promise<readonly RunEvent[]> =>
    store.readEvents(runId, -1, Infinity);
  return { host, log };
}

test("there are recordings of all kinds of runs", () => {
  assert.deepEqual(
    recorded.filter(({ name }) => name.startsWith("0.1.0/"))
      .map(({ history }) => history.record.definition.id).sort(),
    Object.keys(workflows).sort(),
  );
  const types = new Set(
    recorded.flatMap(({ history }) => history.events.map(({ type }) => type)),
  );
  for (
    const type of [
      "run.completed",
      "run.failed",
      "node.retried",
      "node.skipped",
      "node.suspended",
      "interrupt.requested",
      "interrupt.resolved",
    ]
  ) assert.ok(types.has(type as never), type);
});

for (const { name, history } of recorded) {
  test(`a replay of the recording ${name} makes the same decisions`, async () => {
    const { record, events } = history;
    const { host, log } = await hostWith(history, events.length);
    const path = encodeURIComponent(record.runId);
    const answer = await host.fetch(`${host.url}/runs/${path}:fork`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ mode: "replay" }),
    });
    assert.equal(answer.status, 201);
    const { runId } = await answer.json();
    await host.follow(runId);
    const again = await log(runId);
    // A replay takes the last word of a node at once, without the attempts and answers before it.
    const decided = (of: readonly RunEvent[]) =>
      of.map(meaning).filter(({ type }) =>
        /^(run|variable|channel)\.|^node\.(completed|failed|skipped)$/.test(
          type,
        )
      );
    assert.deepEqual(decided(again), decided(events));
    assert.deepEqual(host.calls, []);
    assert.deepEqual(host.errors, []);
    await host.close();
  });

  test(`the recording ${name} is continued from every event on`, async () => {
    const { record, events } = history;
    for (let count = 1; count < events.length; count++) {
      const { host, log } = await hostWith(history, count);
      await finish(host, record.runId);
      const whole = await log();
      assert.deepEqual(whole.slice(0, count), events.slice(0, count));
      assert.deepEqual(
        meaning(whole.at(-1)!),
        meaning(events.at(-1)!),
        `from event ${count}`,
      );
      const outcomes = (of: readonly RunEvent[]) =>
        of.filter(({ type }) => type === "node.completed").map(meaning)
          .map((one) => JSON.stringify(one)).sort();
      assert.deepEqual(outcomes(whole), outcomes(events), `from ${count}`);
      await host.close();
    }
  });
}
