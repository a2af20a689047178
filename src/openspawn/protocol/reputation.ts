// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { ReputationEventType, ReputationLevel } from "./enums.ts";

/** How far an agent is trusted. */
export interface Reputation {
  /** From 0 to 100. */
  readonly trustScore: number;
  /** The same in words. */
  readonly reputationLevel: ReputationLevel;
  /** How many. */
  readonly tasksCompleted: number;
  /** How many. */
  readonly tasksSuccessful: number;
  /** In percent. */
  readonly successRate: number;
  /** ISO 8601. */
  readonly lastActivityAt: string | null;
  /** How far it is to the next level, where there is one. */
  readonly promotionProgress: {
    readonly currentLevel: number;
    readonly nextLevel: number;
    readonly trustScoreRequired: number;
    readonly tasksRequired: number;
    readonly trustScoreProgress: number;
    readonly tasksProgress: number;
  } | null;
}

/** One change of the trust in an agent. */
export interface ReputationEvent {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID. */
  readonly agentId: string;
  /** Why. */
  readonly type: ReputationEventType;
  /** By how much, with its sign. */
  readonly impact: number;
  /** Before. */
  readonly previousScore: number;
  /** After. */
  readonly newScore: number;
  /** The task it is about. */
  readonly taskId: string | null;
  /** Who did it. */
  readonly triggeredBy: string | null;
  /** In words. */
  readonly reason: string | null;
  /** Whatever belongs to it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A page of changes. */
export interface ReputationPage {
  /** Newest first. */
  readonly data: readonly ReputationEvent[];
  /** How many there are in all. */
  readonly total: number;
}

/** A bonus or a penalty. */
export interface ChangeTrust {
  /** Why. */
  readonly reason: string;
  /** By how much; a penalty is subtracted. @default 10 */
  readonly amount?: number | undefined;
}

/** An agent among the most trusted. */
export interface Leader {
  /** UUID. */
  readonly id: string;
  /** Slug. */
  readonly agentId: string;
  /** For people. */
  readonly name: string;
  /** From 1 to 10. */
  readonly level: number;
  /** From 0 to 100. */
  readonly trustScore: number;
  /** The same in words. */
  readonly reputationLevel: ReputationLevel;
  /** How many. */
  readonly tasksCompleted: number;
}
