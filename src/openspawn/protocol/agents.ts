// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { Capability, NewCapability } from "./capabilities.ts";
import type { AgentMode, AgentRole, AgentStatus } from "./enums.ts";

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

/** An agent without what it can do. */
export interface AgentRecord extends AgentSummary {
  /** What it takes of credits earned under it, from 0 to 50 percent. */
  readonly managementFeePct: number;
  /** Whole credits per period; `null` is no limit, 0 blocks all spending. */
  readonly budgetPeriodLimit: number | null;
  /** Whole credits, in this period. */
  readonly budgetPeriodSpent: number;
  /** Whatever was kept with it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** An agent alone. */
export interface Agent extends AgentRecord {
  /** What it can do. */
  readonly capabilities: readonly Capability[];
}

/**
 * An agent as the server keeps it. The server also sends the agent's encrypted secret in it, which the client takes
 * out of every answer.
 */
export interface AgentEntity extends AgentRecord {
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

/** What may be said of an agent at any time. */
export interface AgentSettings {
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
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
}

/** A new agent. */
export interface CreateAgent extends AgentSettings {
  /** Slug that it will sign as, up to 100 characters. @default made from the name, with six random characters */
  readonly agentId?: string | undefined;
  /** For people, up to 255 characters. */
  readonly name: string;
  /** What it is. @default "worker" */
  readonly role?: AgentRole | undefined;
  /** What it can do. */
  readonly capabilities?: readonly NewCapability[] | undefined;
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
export interface UpdateAgent extends AgentSettings {
  /** For people, up to 255 characters. */
  readonly name?: string | undefined;
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
