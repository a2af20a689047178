import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { FakeClock } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { delay, gate, noop, Wire } from "../support/wire.ts";

const KEY = { "idempotency-key": "c".repeat(22) };

/** How a request goes on whose host closes in the middle of it. */
type Ask = (wire: Wire, run: string) => Promise<{ status: number }>;

const asks: Record<string, Ask> = {
  create: (wire) => wire.post("/runs", { workflowId: "gated" }, KEY),
  cancel: (wire, run) => wire.post(`${run}/cancel`, {}, KEY),
  answer: (wire, run) =>
    wire.post(`${run}/interrupts/gate`, {
      resumeValue: { action: "accept" },
    }, KEY),
  fork: (wire, run) =>
    wire.post(`${run}:fork`, { mode: "branch", fromSeq: 1 }, KEY),
  register: (wire) =>
    wire.post("/webhooks", {
      url: "https://hooks.example.com/",
      events: ["run.completed"],
    }, KEY),
  put: (wire) =>
    wire.send("PUT", "/host/tutti/workflows/w", {
      ...noop.definition,
      id: "w",
    }, KEY),
};

for (const [what, ask] of Object.entries(asks)) {
  test(`close() in the middle of a ${what} answers it or refuses it, and the next host answers its repeat`, async () => {
    for (let moment = 0; moment < 60; moment += 1) {
      const file = hasSqlite() ? new StoreFile() : undefined;
      const memory = memoryStore();
      const open = (): Store & { close?(): void } => file?.open() ?? memory;
      const errors: unknown[] = [];
      const clock = new FakeClock();
      const options = {
        workflows: [noop, delay, gate()],
        registration: {},
        clock,
        webhooks: { resolve: () => Promise.resolve([]) },
        onError: (error: unknown) => errors.push(error),
      };
      try {
        const store = open();
        const first = createHost({ ...options, store });
        const wire = new Wire(first);
        const run = await wire.start("gated");
        await wire.reach(run, "waiting-approval");
        const asked = ask(wire, run);
        for (let n = 0; n < moment; n++) await Promise.resolve();
        await first.close();
        store.close?.();
        const { status } = await asked;
        assert.ok(status < 300 || status === 503, `${moment}: ${status}`);
        const second = createHost({ ...options, store: open() });
        const again = await ask(new Wire(second), run);
        assert.ok(again.status < 300, `${moment}: again ${again.status}`);
        await second.close();
        assert.deepEqual(errors, [], `${moment}`);
        assert.equal(clock.pending, 0);
      } finally {
        file?.delete();
      }
    }
  });
}
