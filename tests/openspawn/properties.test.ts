import assert from "node:assert/strict";
import test from "node:test";
import { reconcileTransfer, TransferError } from "@tutti/sdk/openspawn";
import fc from "../support/properties.ts";
import { openSpawnKit, withOpenSpawn } from "../support/openspawn.ts";

test("the server accepts the signature of whatever can be sent", async () => {
  const { as, server } = openSpawnKit();
  server.limit = Infinity;
  const { tasks } = as("lead");
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue()),
      async (title, metadata) => {
        // The server stores no NUL, and what an answer has under __proto__ is left out.
        fc.pre(!/\\u0000|"__proto__"/.test(JSON.stringify([title, metadata])));
        const given = JSON.parse(JSON.stringify({ title, metadata }));
        const task = await tasks.create(given);
        assert.deepEqual(task.metadata, given.metadata);
        assert.equal(task.title, given.title);
      },
    ),
    { numRuns: 60 },
  );
});

test("whatever happens to transfers and their answers, each takes effect once and is settled", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          amount: fc.integer({ min: 1, max: 9 }),
          fate: fc.constantFrom("arrives", "lost before", "lost after"),
          spend: fc.integer({ min: 0, max: 3 }),
        }),
        { maxLength: 6 },
      ),
      async (plan) => {
        const kit = openSpawnKit();
        const { fetch } = kit.server;
        let fate = "";
        const client = kit.as("lead", {
          retry: { initialDelayMs: 0 },
          fetch: async (request) => {
            const isTransfer = request.url.endsWith("/transfer");
            if (isTransfer && fate === "lost before") {
              throw new TypeError("cut");
            }
            const answer = await fetch(request);
            if (isTransfer && fate === "lost after") throw new TypeError("cut");
            return answer;
          },
        });
        let moved = 0;
        for (const { amount, spend, ...step } of plan) {
          fate = step.fate;
          const error = await client.credits.transfer({
            toAgentId: kit.id("worker1"),
            amount,
          }).then(() => undefined, (thrown) => thrown);
          assert.ok(TransferError.is(error));
          if (spend > 0) {
            await client.credits.spend({ amount: spend, reason: "meanwhile" });
          }
          const outcome = await reconcileTransfer(client, error);
          const wanted = fate === "lost before" ? "not-applied" : "applied";
          assert.equal(outcome, wanted);
          if (outcome === "applied") moved += amount;
        }
        assert.equal(kit.server.agent("worker1").currentBalance, 75 + moved);
      },
    ),
    { numRuns: 25 },
  );
});

test("a connection that breaks after the work leaves one effect, on a real socket", async () => {
  await withOpenSpawn(async ({ as, id, server }) => {
    const client = as("lead", { retry: { initialDelayMs: 0 } });
    server.fault = ({ target }) =>
      target.endsWith("/transfer") ? "drop" : undefined;
    const error = await client.credits.transfer({
      toAgentId: id("worker1"),
      amount: 30,
    }).then(() => undefined, (thrown) => thrown);
    assert.ok(TransferError.is(error));
    assert.equal((error.cause as { code?: string }).code, "network");
    assert.equal(server.agent("worker1").currentBalance, 105);
    assert.equal(await reconcileTransfer(client, error), "applied");

    let cuts = 2;
    server.fault = ({ target }) =>
      target.endsWith("/tasks") && cuts-- > 0 ? "drop" : undefined;
    await client.tasks.create({ title: "Once" });
    assert.equal(server.state.tasks.length, 1);
  });
});
