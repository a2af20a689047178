import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { FakeClock } from "../support/fake_clock.ts";
import { collector, heapUsed } from "../support/heap.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { gate, Wire } from "../support/wire.ts";

test("a run that waits for a person takes less than 2 kB once idle, with the SQLite store", async () => {
  // Before the first runs everything is loaded and compiled, and 256 runs stay at hand whatever there is.
  const counts = [500, 2_500];
  const gc = collector();
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    const clock = new FakeClock();
    const host = createHost({
      workflows: [gate()],
      store: file.open(),
      clock,
    });
    const wire = new Wire(host);
    let started = 0;
    const sizes: number[] = [];
    for (const count of counts) {
      for (; started < count; started++) {
        const run = await wire.start("gated", {
          metadata: { note: "x".repeat(2_000) },
        });
        if (started % 100 === 0) await wire.reach(run, "waiting-approval");
      }
      if (gc) sizes.push(await heapUsed(gc));
    }
    assert.equal(clock.pending, 0);
    if (gc) {
      const each = (sizes[1]! - sizes[0]!) / (counts[1]! - counts[0]!);
      assert.ok(each < 2_000, `${each.toFixed(0)} bytes for each run`);
    }
    await host.close();
  } finally {
    file.delete();
  }
});
