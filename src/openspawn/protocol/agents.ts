// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type {
  AgentMode,
  AgentRole,
  AgentStatus,
  Proficiency,
  ReputationEventType,
  ReputationLevel,
} from "./enums.ts";

/** An agent as lists show it. */
export interface AgentSummary {
  /** UUID: what every other call wants. */
  readonly id: string;
  /** Slug: what the agent signs its requests as. Unique in its organisation. */
  readonly agentId: string;
  /** For people. */
  readonly name: string;
  /** What it is. */
  readonly role: AgentRole;
  /** From 1 to 10. */
  readonly level: number;
  /** The language model it runs on. */
  readonly model: string;
  /** What it may do now. */
  readonly status: AgentStatus;
  /** Whole credits. */
  readonly currentBalance: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** An agent alone. */
export interface Agent extends AgentSummary {
  /** What it takes of credits earned under it, from 0 to 50 percent. */
  readonly managementFeePct: number;
  /** Whole credits per period; `null` is no limit, 0 blocks all spending. */
  readonly budgetPeriodLimit: number | null;
  /** Whole credits, in this period. */
  readonly budgetPeriodSpent: number;
  /** What it can do. */
  readonly capabilities: readonly Capability[];
  /** Whatever was kept with it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/**
 * An agent as the server keeps it. The server also sends the agent's encrypted secret in it, which the client takes
 * out of every answer.
 */
export interface AgentEntity extends Omit<Agent, "capabilities"> {
  /** Its organisation. */
  readonly orgId: string;
  /** How it works. */
  readonly mode: AgentMode;
  /** Who spawned it; `null` for one that was registered. */
  readonly parentId: string | null;
  /** How many children it may have, where that is not by its level. */
  readonly maxChildren: number;
  /** From 0 to 100. */
  readonly trustScore: number;
  /** How many. */
  readonly tasksCompleted: number;
  /** How many. */
  readonly tasksSuccessful: number;
  /** Whole credits. */
  readonly lifetimeEarnings: number;
  /** ISO 8601. */
  readonly budgetPeriodStart: string | null;
  /** ISO 8601. */
  readonly lastActivityAt: string | null;
  /** ISO 8601. */
  readonly lastPromotionAt: string | null;
  /** Field of work. */
  readonly domain: string | null;
  /** ISO 8601. */
  readonly deletedAt: string | null;
  /** Only after `update()`. */
  readonly capabilities?: readonly Capability[];
  /** Picture; later servers only. */
  readonly avatar?: string | null;
  /** Later servers only. */
  readonly avatarColor?: string | null;
}

/** An agent and those below it. */
export interface AgentTree extends AgentEntity {
  /** Those it spawned; absent at the last level. */
  readonly children?: readonly AgentTree[];
}

/** Something that an agent can do. */
export interface Capability {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID of the agent. */
  readonly agentId: string;
  /** Its name, in lower case where it was added alone. */
  readonly capability: string;
  /** How well. */
  readonly proficiency: Proficiency;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A new agent. */
export interface CreateAgent {
  /** Slug that it will sign as, up to 100 characters. @default made from the name, with six random characters */
  readonly agentId?: string | undefined;
  /** For people, up to 255 characters. */
  readonly name: string;
  /** What it is. @default "worker" */
  readonly role?: AgentRole | undefined;
  /** From 1 to 10. @default 1 */
  readonly level?: number | undefined;
  /** The language model. @default "sonnet" */
  readonly model?: string | undefined;
  /** How it works. @default "worker" */
  readonly mode?: AgentMode | undefined;
  /** From 0 to 50 percent. @default 0 */
  readonly managementFeePct?: number | undefined;
  /** Whole credits per period. @default no limit */
  readonly budgetPeriodLimit?: number | undefined;
  /** What it can do. */
  readonly capabilities?: readonly NewCapability[] | undefined;
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
}

/** A new child of the agent that asks. The server ignores metadata and capabilities here. */
export interface SpawnAgent {
  /** Slug that it will sign as. @default made from the name, with six random characters */
  readonly agentId?: string | undefined;
  /** For people. */
  readonly name: string;
  /** Below that of the parent, from 1. @default one below the parent */
  readonly level?: number | undefined;
  /** The language model. @default that of the parent */
  readonly model?: string | undefined;
  /** Whole credits per period. @default no limit */
  readonly budgetPeriodLimit?: number | undefined;
}

/** What to change about an agent; the rest stays. */
export interface UpdateAgent
  extends Partial<Omit<CreateAgent, "agentId" | "role" | "capabilities">> {
  /** Replaces what was kept with it. */
  readonly metadata?: JsonObject | undefined;
}

/** A new agent, and the secret that it signs with. */
export interface CreatedAgent<
  Shown = Pick<
    AgentSummary,
    "id" | "agentId" | "name" | "role" | "level" | "model"
  >,
> {
  /** What the server tells about it. */
  readonly agent: Shown;
  /** 64 hex digits, told this once: keep it, and out of logs. */
  readonly secret: string;
  /** The server's words. */
  readonly message: string;
}

/** A child that waits to be activated. */
export type SpawnedAgent = CreatedAgent<
  Pick<AgentSummary, "id" | "agentId" | "name" | "level" | "status"> & {
    readonly parentId: string;
  }
>;

/** The new status of an agent. */
export interface AgentStatusChange {
  /** UUID. */
  readonly id: string;
  /** What it may do now. */
  readonly status: AgentStatus;
}

/** What the server says where it says nothing else. */
export interface ServerMessage {
  /** Its words. */
  readonly message: string;
}

/** How many children an agent may have. */
export interface AgentCapacity {
  /** Whether there is room. */
  readonly canSpawn: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Active children. */
  readonly current: number;
  /** The most. */
  readonly max: number;
}

/** A capability to add. */
export interface NewCapability {
  /** Up to 100 characters. */
  readonly capability: string;
  /** How well. @default "standard" */
  readonly proficiency?: Proficiency | undefined;
}

/** How common a capability is. */
export interface CapabilityCount {
  /** Its name. */
  readonly capability: string;
  /** How many agents have it. */
  readonly count: number;
}

/** What to look for in agents. */
export interface CapabilityQuery {
  /** Names without commas, at least one. */
  readonly capabilities: readonly string[];
  /** How well at least. */
  readonly minProficiency?: Proficiency | undefined;
}

/** An agent that has a capability; one for each of both. */
export interface CapabilityMatch {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** From 1 to 10. */
  readonly level: number;
  /** What it may do now. */
  readonly status: AgentStatus;
  /** What it can do. */
  readonly capability: string;
  /** How well. */
  readonly proficiency: Proficiency;
  /** The higher the better. */
  readonly score: number;
}

/** The agent that fits best. */
export interface BestMatch {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** From 1 to 10. */
  readonly level: number;
  /** What of the wanted it can do. */
  readonly matchedCapabilities: readonly Pick<
    Capability,
    "capability" | "proficiency"
  >[];
  /** How much of the wanted that is. */
  readonly coveragePercent: number;
  /** The higher the better. */
  readonly totalScore: number;
}

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
