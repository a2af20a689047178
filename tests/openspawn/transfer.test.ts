import assert from "node:assert/strict";
import test from "node:test";
import {
  OpenSpawnError,
  reconcileTransfer,
  TransferError,
} from "@tutti/sdk/openspawn";
import type { OpenSpawnClient } from "@tutti/sdk/openspawn";
import { openSpawnKit, withOpenSpawn } from "../support/openspawn.ts";
import type { OpenSpawnKit } from "../support/openspawn.ts";

const isTransfer = ({ target }: { readonly target: string }): boolean =>
  target.endsWith("/credits/transfer");

/** Makes a transfer that stays open. */
async function open(
  { as, id }: OpenSpawnKit,
  amount = 30,
): Promise<{ client: OpenSpawnClient<"agent">; error: TransferError }> {
  const client = as("lead", { retry: { initialDelayMs: 0 } });
  const error = await client.credits.transfer({
    toAgentId: id("worker1"),
    amount,
    reason: "help",
  }).then(() => assert.fail(), (thrown) => thrown);
  assert.ok(TransferError.is(error), String(error));
  return { client, error };
}

test("credits.transfer() is sent once, and the error has what settles it", async () => {
  await withOpenSpawn(async (kit) => {
    const { client, error } = await open(kit);
    assert.equal(error.code, "transfer-uncertain");
    assert.equal(error.retryable, false);
    assert.deepEqual(error.transfer, {
      toAgentId: kit.id("worker1"),
      amount: 30,
      reason: "help",
    });
    assert.deepEqual(error.before, { balance: 200, transactions: 0 });
    assert.ok(OpenSpawnError.is(error.cause));
    assert.equal(kit.server.received.filter(isTransfer).length, 1);
    // It was moved, though the answer says nothing of it.
    assert.equal(kit.server.agent("worker1").currentBalance, 105);
    assert.equal(await reconcileTransfer(client, error), "applied");
  });
});

test("reconcileTransfer() tells a request that never arrived from one whose answer was lost", async () => {
  for (const arrives of [true, false]) {
    const kit = openSpawnKit();
    const { fetch } = kit.server;
    const client = kit.as("lead", {
      retry: { initialDelayMs: 0 },
      fetch: async (request) => {
        if (!isTransfer({ target: request.url })) return await fetch(request);
        if (arrives) await fetch(request);
        throw new TypeError("cut");
      },
    });
    const error = await client.credits.transfer({
      toAgentId: kit.id("worker1"),
      amount: 30,
    }).then(() => assert.fail(), (thrown) => thrown);
    assert.equal(error.cause.code, "network");
    assert.equal(
      kit.server.received.filter(isTransfer).length,
      arrives ? 1 : 0,
    );
    assert.equal(
      await reconcileTransfer(client, error),
      arrives ? "applied" : "not-applied",
    );
  }
});

test("reconcileTransfer() counts what the history explains, before and after", async () => {
  await withOpenSpawn(async (kit) => {
    await kit.as("lead").credits.spend({ amount: 20, reason: "before" });
    const { client, error } = await open(kit);
    await client.credits.spend({ amount: 7, reason: "after" });
    await kit.as("hr").credits.adjust({
      agentId: kit.id("lead"),
      amount: 50,
      type: "credit",
      reason: "after",
    });
    assert.equal(await reconcileTransfer(client, error), "applied");
    // What was stored is enough, in another process.
    const { transfer, before } = JSON.parse(JSON.stringify(error));
    assert.equal(
      await reconcileTransfer(client, { transfer, before }),
      "applied",
    );
    // A second one of the same amount is not the first one.
    const second = await open(kit);
    assert.equal(
      await reconcileTransfer(second.client, second.error),
      "applied",
    );
    assert.equal(await reconcileTransfer(client, error), "unknown");
  });
});

test("reconcileTransfer() finds the entry that a corrected server writes", async () => {
  const kit = openSpawnKit();
  const { client, error } = await open(kit);
  const { state } = kit.server;
  state.ledger.unshift(state.row({
    agentId: kit.id("lead"),
    type: "debit",
    amount: 30,
    balanceAfter: 170,
    reason: "help",
    triggerType: "transfer",
    sourceAgentId: kit.id("worker1"),
  }));
  assert.equal(await reconcileTransfer(client, error), "applied");
});

test("reconcileTransfer() begins anew when an entry comes between, and gives up at last", async () => {
  const kit = openSpawnKit();
  const { error } = await open(kit);
  const { fetch, state } = kit.server;
  const moving = (times: number): OpenSpawnClient<"agent"> =>
    kit.as("lead", {
      fetch: async (request) => {
        const response = await fetch(request);
        if (request.url.endsWith("/balance") && times-- > 0) {
          const lead = kit.server.agent("lead");
          lead.currentBalance -= 1;
          state.ledger.unshift(state.row({
            agentId: lead.id,
            type: "debit",
            amount: 1,
            reason: "tick",
          }));
        }
        return response;
      },
    });
  assert.equal(await reconcileTransfer(moving(2), error), "applied");
  assert.equal(await reconcileTransfer(moving(100), error), "unknown");
});

test("credits.transfer() throws a refusal as it is: nothing was moved", async () => {
  await withOpenSpawn(async ({ as, id, server }) => {
    const { credits } = as("lead");
    const refusals: readonly [object, number][] = [
      [{ toAgentId: id("worker1"), amount: 1_000 }, 400],
      [{ toAgentId: id("founder"), amount: 1 }, 403],
      [{ toAgentId: "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f", amount: 1 }, 404],
    ];
    for (const [given, status] of refusals) {
      await assert.rejects(credits.transfer(given as never), {
        name: "OpenSpawnError",
        status,
      });
    }
    assert.equal(server.agent("lead").currentBalance, 200);
  });
});

test("credits.transfer() refuses before anything is sent what would corrupt a balance", async () => {
  const { as, id, server } = openSpawnKit();
  const toAgentId = id("worker1");
  const wrong: readonly [object, string][] = [
    [{ toAgentId, amount: "5" }, "amount"],
    [{ toAgentId, amount: 0 }, "amount"],
    [{ toAgentId, amount: 1.5 }, "amount"],
    [{ toAgentId, amount: 2 ** 31 }, "amount"],
    [{ toAgentId }, "amount"],
    [{ amount: 5 }, "toAgentId"],
    [{ toAgentId: "worker1", amount: 5 }, "toAgentId"],
  ];
  for (const [given, path] of wrong) {
    await assert.rejects(as("lead").credits.transfer(given as never), {
      code: "invalid-argument",
      path,
    });
  }
  assert.deepEqual(server.received.filter(isTransfer), []);
});

test("credits.transfer() gives what a corrected server answers", async () => {
  const kit = openSpawnKit();
  kit.server.fault = (request, sent) =>
    isTransfer(request)
      ? { ...sent, status: 201, body: { data: { from: {}, to: {} } } }
      : undefined;
  const result = await kit.as("lead").credits.transfer({
    toAgentId: kit.id("worker1"),
    amount: 5,
  });
  assert.deepEqual(Object.keys(result), ["from", "to"]);
});

test("credits.transfer() reads balance and history of one moment, and says where they would not stand still", async () => {
  const kit = openSpawnKit();
  const { fetch, state } = kit.server;
  const lead = kit.server.agent("lead");
  const earning = (times: number): OpenSpawnClient<"agent"> =>
    kit.as("lead", {
      fetch: async (request) => {
        // Just before the balance is read, the agent earns what it is about to give.
        if (request.url.endsWith("/balance") && times-- > 0) {
          lead.currentBalance += 30;
          state.ledger.unshift(state.row({
            agentId: lead.id,
            type: "credit",
            amount: 30,
            reason: "task.done",
          }));
        }
        if (isTransfer({ target: request.url })) throw new TypeError("cut");
        return await fetch(request);
      },
    });
  const given = { toAgentId: kit.id("worker1"), amount: 30 };
  const once = earning(1);
  const error = await once.credits.transfer(given)
    .then(() => assert.fail(), (thrown) => thrown);
  assert.deepEqual(error.before, { balance: 230, transactions: 1 });
  assert.equal(await reconcileTransfer(once, error), "not-applied");

  const busy = earning(100);
  const unknown = await busy.credits.transfer(given)
    .then(() => assert.fail(), (thrown) => thrown);
  assert.equal(unknown.before.transactions, -1);
  assert.equal(await reconcileTransfer(kit.as("lead"), unknown), "unknown");
});
