// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { AgentEntity } from "./agents.ts";
import type { BudgetStatus } from "./budgets.ts";
import type { CreditType, Open } from "./enums.ts";

/** What the agent that asks has. */
export interface CreditBalance {
  /** Whole credits. */
  readonly balance: number;
  /** In this period. */
  readonly budgetPeriodSpent: number;
  /** Per period; `null` is no limit. */
  readonly budgetPeriodLimit: number | null;
}

/** Credits that came or went. */
export interface CreditTransaction {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID of the agent. */
  readonly agentId: string;
  /** The direction. */
  readonly type: CreditType;
  /** Whole credits, always positive. */
  readonly amount: number;
  /** What was there afterwards. */
  readonly balanceAfter: number;
  /** Up to 500 characters. */
  readonly reason: string;
  /** What kind of thing caused it. */
  readonly triggerType: string | null;
  /** Which event did. */
  readonly triggerEventId: string | null;
  /** For which task. */
  readonly sourceTaskId: string | null;
  /** For which agent. */
  readonly sourceAgentId: string | null;
  /** Dollars, as a decimal text. */
  readonly litellmCostUsd: string | null;
  /** As the server keeps it; not the header of the call. */
  readonly idempotencyKey: string | null;
  /** Whatever belongs to it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  /** In the history. */
  readonly agent?: AgentEntity;
}

/** A page of the history. */
export interface CreditHistory {
  /** Newest first. */
  readonly data: readonly CreditTransaction[];
  /** What was asked for, and how many there are in all. */
  readonly meta: {
    readonly total: number;
    readonly limit: number;
    readonly offset: number;
  };
}

/** Credits that are spent. */
export interface SpendCredits {
  /** Whole, at least 1. */
  readonly amount: number;
  /** Up to 500 characters. */
  readonly reason: string;
  /** What kind of thing causes it, for example `llm_call`. */
  readonly triggerType?: string | undefined;
  /** UUID of the task it is for. */
  readonly sourceTaskId?: string | undefined;
  /** UUID of the agent it is for. */
  readonly sourceAgentId?: string | undefined;
}

/** Credits that are moved to another agent. */
export interface TransferCredits {
  /** UUID: a child, a sibling, or anybody for an agent of level 10. */
  readonly toAgentId: string;
  /** Whole, at least 1. */
  readonly amount: number;
  /** Why. */
  readonly reason?: string | undefined;
}

/** What both sides have after a transfer; only corrected servers get as far as to say it. */
export interface TransferResult {
  /** Who gave. */
  readonly from: BudgetStatus;
  /** Who got. */
  readonly to: BudgetStatus;
}

/** Credits that somebody gives or takes by decree. */
export interface AdjustCredits {
  /** UUID. */
  readonly agentId: string;
  /** Whole, at least 1. */
  readonly amount: number;
  /** The direction. */
  readonly type: CreditType;
  /** The server puts `[Admin] ` before it. */
  readonly reason: string;
}

/** The credits of the organisation. Earned and spent are always 0 on the reference server. */
export interface CreditStats {
  /** How many. */
  readonly totalAgents: number;
  /** How many. */
  readonly activeAgents: number;
  /** Whole credits. */
  readonly totalBalance: number;
  /** How many. */
  readonly totalTransactions: number;
  /** Whole credits. */
  readonly totalEarned: number;
  /** Whole credits. */
  readonly totalSpent: number;
  /** Credits. */
  readonly avgBalance: number;
}

/** The credits of one day. All always 0 on the reference server. */
export interface CreditTrend {
  /** ISO 8601. */
  readonly date: string;
  /** What came. */
  readonly credits: number;
  /** What went. */
  readonly debits: number;
  /** The difference. */
  readonly net: number;
}

/** The credits of one agent. Earned and spent are always 0 on the reference server. */
export interface AgentCredits {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** From 1 to 10. */
  readonly level: number;
  /** Whole credits. */
  readonly currentBalance: number;
  /** Whole credits. */
  readonly totalEarned: number;
  /** Whole credits. */
  readonly totalSpent: number;
  /** How many. */
  readonly transactionCount: number;
  /** Credits. */
  readonly avgTransactionSize: number;
  /** ISO 8601. */
  readonly lastActivity: string | null;
}

/** What one kind of cause has cost. */
export interface TriggerCredits {
  /** What kind. */
  readonly triggerType: string;
  /** How many. */
  readonly count: number;
  /** Whole credits. */
  readonly totalAmount: number;
  /** Credits. */
  readonly avgAmount: number;
}

/** Something to look at. */
export interface CreditAlert {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** What. */
  readonly alertType: Open<"low_balance" | "high_velocity" | "budget_exceeded">;
  /** In words. */
  readonly message: string;
  /** How serious. */
  readonly severity: Open<"warning" | "critical">;
  /** What it is. */
  readonly value: number;
  /** What it should not pass. */
  readonly threshold: number;
}

/** Who spends most. */
export interface TopSpender {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** Whole credits. */
  readonly totalSpent: number;
}
