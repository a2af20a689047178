import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { gate, noop, stepOf } from "../support/wire.ts";

for (const major of [1, 2] as const) {
  test(`a client of version ${major} runs, answers, forks and compares on the embedded host`, async () => {
    const host = createHost({
      workflows: [gate(), noop, stepOf((input) => input)],
      majors: [1, 2],
    });
    const client = new OpenwopClient({
      baseUrl: host.url,
      fetch: host.fetch,
      major,
    });
    const run = await client.runs.start({ workflowId: "gated" });
    await run.interrupt("gate").accept();
    await run.result();
    const types: string[] = [];
    for await (const event of run.events()) types.push(event.type);
    assert.equal(types[0], "run.started");
    assert.equal(types.at(-1), "run.completed");
    const echo = await client.runs.start({
      workflowId: "one-step",
      inputs: { value: 7 },
    });
    await echo.result();
    const fork = await echo.fork({ fromSequence: 0, mode: "replay" });
    await fork.result();
    const diff = await echo.diff(fork);
    assert.equal(diff?.divergedAtSeq, null);
    const definition = await client.workflows.get("gated");
    assert.equal(definition.id, "gated");
    await host.close();
  });

  test(`a client of version ${major} pauses and cancels on the embedded host`, async () => {
    const host = createHost({ workflows: [gate()], majors: [1, 2] });
    const client = new OpenwopClient({
      baseUrl: host.url,
      fetch: host.fetch,
      major,
    });
    const run = await client.runs.start({ workflowId: "gated" });
    await run.interrupt("gate").wait();
    assert.equal((await run.pause()).status, "paused");
    assert.equal((await run.resume()).status, "running");
    const { results } = await client.runs.bulkCancel({ runIds: [run.id] });
    assert.deepEqual(results.map(({ runId, ok }) => [runId, ok]), [
      [run.id, true],
    ]);
    await assert.rejects(run.result());
    await host.close();
  });
}
