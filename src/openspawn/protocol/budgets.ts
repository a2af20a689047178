// Web standards only.

/** The budget of an agent. */
export interface BudgetStatus {
  /** UUID. */
  readonly agentId: string;
  /** Whole credits. */
  readonly currentBalance: number;
  /** Per period; `null` is no limit. */
  readonly budgetPeriodLimit: number | null;
  /** In this period. */
  readonly budgetPeriodSpent: number;
  /** Left in this period; `null` without a limit, and by a quirk of the server for a limit of 0. */
  readonly budgetRemaining: number | null;
  /** ISO 8601. */
  readonly budgetPeriodStart: string | null;
  /** How much of the limit is spent. */
  readonly utilizationPercent: number | null;
}

/** What to change about a budget. */
export interface SetBudget {
  /** Whole credits per period; `null` lifts the limit, 0 blocks all spending. */
  readonly budgetPeriodLimit?: number | null | undefined;
  /** Whether this period begins anew. */
  readonly resetCurrentPeriod?: boolean | undefined;
}

/** Whether an agent can spend an amount. */
export interface CanSpend {
  /** The answer. */
  readonly canSpend: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Whole credits. */
  readonly currentBalance: number;
  /** Left in this period. */
  readonly budgetRemaining: number | null;
}
