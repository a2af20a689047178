// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { CreditHistory, CreditTransaction } from "./protocol/mod.ts";

/** The two calls that tell. */
export interface LedgerReader {
  /** What the agent has. */
  balance(options?: CallOptions): Promise<number>;
  /** What its history says. */
  history(
    query: { readonly limit: number },
    options?: CallOptions,
  ): Promise<CreditHistory>;
}

/** What an agent has, and what its history says about it, of one moment. */
export interface Ledger {
  /** Whole credits. */
  readonly balance: number;
  /** How many entries there are; -1 where the history would not stand still. */
  readonly transactions: number;
  /** Those that came after the first `since`, newest first. */
  readonly entries: readonly CreditTransaction[];
}

/** Reads both until no entry comes between: there is no call that gives them together. */
export async function readLedger(
  credits: LedgerReader,
  since: number,
  options: CallOptions | undefined,
): Promise<Ledger> {
  let balance = NaN;
  for (let turn = 0; turn < 5; turn++) {
    const { meta: { total } } = await credits.history({ limit: 1 }, options);
    const limit = Math.max(1, total - since);
    balance = await credits.balance(options);
    const { data, meta } = await credits.history({ limit }, options);
    if (meta.total === total) {
      const added = Math.max(0, total - since);
      return { balance, transactions: total, entries: data.slice(0, added) };
    }
  }
  return { balance, transactions: -1, entries: [] };
}
