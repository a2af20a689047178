// Web standards only.
import { HttpError, refuse, TuttiError } from "../http/mod.ts";
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type { ForCredential, UncertainPromise } from "./credentials.ts";
import { readLedger } from "./ledger.ts";
import type * as Wire from "./protocol/mod.ts";
import { TransferError } from "./transfer_error.ts";

/**
 * Credits of the agent that asks, and figures of the organisation. Amounts are whole credits, from 1 to 2147483647.
 *
 * Reads are retried. `spend()` and `adjust()` are sent under an idempotency key and retried, but never after a 500;
 * `transfer()` is never retried.
 */
export interface CreditMethods {
  /** Gets what the agent that asks has. */
  balance(options?: CallOptions): Promise<number>;
  /** The same, with its budget. */
  getBalance(options?: CallOptions): Promise<Wire.CreditBalance>;
  /**
   * Moves credits to a child, a sibling, or, from level 10 on, to anybody.
   *
   * **The reference server moves them and then answers 500**, without an entry in the history, and an idempotency key
   * changes nothing about it: calling again moves them again. So it is sent once, and whatever leaves it open ends as a
   * {@linkcode TransferError} `transfer-uncertain`, which {@linkcode reconcileTransfer} settles. For that the balance
   * and the length of the history are read first, which takes three calls.
   *
   * @throws {TransferError} `transfer-uncertain`: whether the credits were moved is not known.
   * @throws {OpenSpawnError} 400 for more than there is, 403 for an agent that is no relation, 404.
   */
  transfer(
    transfer: Wire.TransferCredits,
    options?: OnceCallOptions,
  ): UncertainPromise<Wire.TransferResult>;
  /** Gets a page of the agent's own history, newest first; `listTransactions()` goes through all of it. */
  history(
    query?: {
      readonly limit?: number | undefined;
      readonly offset?: number | undefined;
    },
    options?: CallOptions,
  ): Promise<Wire.CreditHistory>;
  /**
   * Spends credits.
   *
   * @throws {OpenSpawnError} 400 for more than the balance or the budget allows.
   */
  spend(
    spending: Wire.SpendCredits,
    options?: CallOptions,
  ): Promise<Wire.CreditTransaction>;
  /**
   * Gives or takes credits by decree; for agents of role `hr` and `admin`.
   *
   * @throws {OpenSpawnError} 400 where less than nothing would be left.
   */
  adjust(
    adjustment: Wire.AdjustCredits,
    options?: CallOptions,
  ): Promise<Wire.CreditTransaction>;
  /** Gets the credits of the organisation. */
  getStats(options?: CallOptions): Promise<Wire.CreditStats>;
  /** Gets the credits of each day; of 30 days, if not said otherwise. */
  listTrends(
    query?: {
      readonly days?: number | undefined;
      readonly agentId?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<readonly Wire.CreditTrend[]>;
  /** Gets the credits of each agent. */
  listAgents(options?: CallOptions): Promise<readonly Wire.AgentCredits[]>;
  /** Gets what each kind of cause has cost; in 30 days, if not said otherwise. */
  listTriggers(
    query?: {
      readonly type?: Wire.CreditType | undefined;
      readonly days?: number | undefined;
    },
    options?: CallOptions,
  ): Promise<readonly Wire.TriggerCredits[]>;
  /** Gets what to look at. */
  listAlerts(options?: CallOptions): Promise<readonly Wire.CreditAlert[]>;
  /** Gets who spends most; ten of seven days, if not said otherwise. */
  listTopSpenders(
    query?: {
      readonly days?: number | undefined;
      readonly limit?: number | undefined;
    },
    options?: CallOptions,
  ): Promise<readonly Wire.TopSpender[]>;
}

/** {@linkcode CreditMethods}, for whoever the client stands for: an API key has no balance and no history. */
export type CreditsResource<Who extends Wire.Credential> = ForCredential<
  Who,
  CreditMethods,
  "balance" | "getBalance" | "transfer" | "history" | "spend" | "adjust"
>;

/** Makes the resource out of the operations of the server. */
export function createCredits(methods: CreditMethods): CreditMethods {
  const { getBalance, history, transfer } = methods;
  const balance: CreditMethods["balance"] = async (options) =>
    (await getBalance(options)).balance;
  return {
    ...methods,
    balance,
    async transfer(given, options) {
      const wanted = { ...given };
      for (const name of ["toAgentId", "amount"] as const) {
        if (wanted[name] == null) refuse(name, "it is missing");
      }
      const { entries: _, ...before } = await readLedger(
        { balance, history },
        Infinity,
        options,
      );
      try {
        return await transfer(wanted, options);
      } catch (error) {
        if (!TuttiError.is(error) || !error.attempts) throw error;
        // A refusal comes before anything is moved; an answer that cannot be read may come after it.
        const isRefusal = HttpError.is(error) && error.status >= 300 &&
          error.status < 500 && error.status !== 408;
        throw isRefusal ? error : new TransferError(wanted, before, error);
      }
    },
  };
}
