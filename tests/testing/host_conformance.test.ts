import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore, sqliteStore } from "@tutti/sdk/host";
import { hostConformance } from "@tutti/sdk/testing";
import type { ConformanceCheck } from "@tutti/sdk/testing";
import { conformanceHost } from "../support/conformance_host.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";

const ways = ["in process", "over a socket"] as const;

for (const over of ways) {
  const inMemory = hostConformance(() => conformanceHost(memoryStore(), over));
  for (const check of inMemory) {
    test(`the host in memory, ${over}, ${check.name}`, () => keeps(check));
  }
  const onDisk = hostConformance(async () => {
    const file = new StoreFile();
    const subject = await conformanceHost(file.open(), over);
    return {
      ...subject,
      async close(): Promise<void> {
        await subject.close?.();
        file.delete();
      },
    };
  });
  for (const check of onDisk) {
    test(`the host on SQLite, ${over}, ${check.name}`, async () => {
      if (hasSqlite()) return await keeps(check);
      assert.throws(() => sqliteStore(":memory:"), {
        code: "unsupported-runtime",
      });
    });
  }
}

/** Nothing may be blocked here, and what is inapplicable is so because the host does not advertise it. */
async function keeps(check: ConformanceCheck): Promise<void> {
  const result = await check.run();
  if (result.outcome === "passed") return;
  assert.equal(result.outcome, "inapplicable", JSON.stringify(result));
  assert.match(result.reason, /is not advertised$/);
}
