// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { CreditsResource } from "./credits.ts";
import { readLedger } from "./ledger.ts";
import type { TransferError } from "./transfer_error.ts";

/**
 * What became of a transfer: the credits were moved (`applied`), or they were not (`not-applied`); or something else
 * changed the balance meanwhile, in a way that the history does not show (`unknown`).
 */
export type TransferOutcome = "applied" | "not-applied" | "unknown";

/**
 * Finds out whether a transfer has moved credits.
 *
 * The history tells of everything that changed the balance, but not of transfers: the reference server moves the
 * credits and fails before it writes the entry. So what the history does not explain is the transfer. Where a corrected
 * server has written an entry, that is found.
 *
 * It reads only, and may be repeated. It cannot tell a transfer that is still under way from one that was not made, so
 * wait for a while after a lost connection; and while one transfer of an agent is open, make no other one.
 *
 * @param client A client of the agent that gave.
 * @param error From `credits.transfer()`.
 * @param options Options of the calls.
 * @throws {OpenSpawnError} as `credits.history()` does.
 *
 * @example
 * ```ts
 * import { OpenSpawnClient, reconcileTransfer, TransferError } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * let balance = 100;
 * const client = new OpenSpawnClient({
 *   baseUrl: "https://api.example.com",
 *   agentId: "lead",
 *   secret: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
 *   // Like the reference server: it moves the credits, and fails.
 *   fetch: ({ url, method }) => {
 *     if (method === "POST") {
 *       balance -= 30;
 *       return Response.json({ error: "Internal server error" }, { status: 500 });
 *     }
 *     return Response.json(
 *       url.includes("/balance")
 *         ? { data: { balance } }
 *         : { data: [], meta: { total: 0 } },
 *     );
 *   },
 * });
 * try {
 *   await client.credits.transfer({
 *     toAgentId: "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f",
 *     amount: 30,
 *   });
 *   assert.fail("it was answered with 500");
 * } catch (error) {
 *   assert.ok(TransferError.is(error));
 *   assert.equal(await reconcileTransfer(client, error), "applied");
 * }
 * ```
 */
export async function reconcileTransfer(
  client: {
    readonly credits: Pick<CreditsResource<"agent">, "balance" | "history">;
  },
  { transfer, before }: Pick<TransferError, "transfer" | "before">,
  options?: CallOptions,
): Promise<TransferOutcome> {
  const { balance, transactions, entries } = await readLedger(
    client.credits,
    before.transactions,
    options,
  );
  const added = transactions - before.transactions;
  if (before.transactions < 0 || added < 0 || entries.length < added) {
    return "unknown";
  }
  const explained = entries.reduce(
    (sum, { type, amount }) => sum + (type === "credit" ? amount : -amount),
    before.balance,
  );
  if (balance === explained - transfer.amount) return "applied";
  if (balance !== explained) return "unknown";
  return entries.some(({ type, amount, sourceAgentId, triggerType }) =>
      type === "debit" && amount === transfer.amount &&
      (sourceAgentId === transfer.toAgentId ||
        /transfer/i.test(triggerType ?? ""))
    )
    ? "applied"
    : "not-applied";
}
