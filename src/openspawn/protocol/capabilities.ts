// Web standards only.
import type { AgentStatus, Proficiency } from "./enums.ts";

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
