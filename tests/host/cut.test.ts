import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import type { JsonObject } from "@tutti/sdk/openwop";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { stepOf, Wire } from "../support/wire.ts";

for (const asks of [false, true]) {
  test(`a step that another process has cut ${asks ? "asks nothing" : "does not end"}, and begins anew`, async () => {
    if (!hasSqlite()) return assert.equal(hasSqlite(), false);
    const file = new StoreFile();
    let begun = 0;
    let goOn = (): void => {};
    const step = stepOf(async (_input, ctx) => {
      begun++;
      await new Promise<void>((resolve) => goOn = resolve);
      if (!asks) return {};
      const data = { customKind: "x" };
      return await ctx.interrupt<JsonObject>({ kind: "custom", data });
    });
    const clock = new FakeClock();
    const open = () =>
      createHost({ workflows: [step], store: file.open(), clock });
    try {
      const [first, second] = [open(), open()];
      const [here, there] = [new Wire(first), new Wire(second)];
      const run = await here.start("one-step");
      await here.reach(run, "running");
      while (begun < 1) await settle(1);
      const cut = await there.post(`${run}:pause`, {
        drainPolicy: "immediate",
      });
      assert.equal(cut.status, 202);
      // Where it runs nobody has heard of that.
      goOn();
      await settle(20);
      const types = (await there.soFar(run)).map(({ type }) => type);
      assert.deepEqual(types, ["run.started", "node.started", "run.paused"]);
      assert.equal((await there.post(`${run}:resume`)).status, 202);
      file.poll();
      while (begun < 2) await settle(1);
      goOn();
      if (asks) {
        await here.reach(run, "waiting-input");
        await here.post(`${run}/interrupts/step`, { resumeValue: {} });
        while (begun < 3) await settle(1);
        goOn();
      }
      await here.reach(run, "completed");
      const log = await here.log(run);
      const starts = log.filter(({ type }) => type === "node.started");
      assert.deepEqual(starts.map(({ payload }) => payload.attempt), [0, 1]);
      await first.close();
      await second.close();
    } finally {
      file.delete();
    }
  });
}
