// Web standards only.

/** How to look for agents for a task. */
export interface RoutingQuery {
  /** How much of the wanted they must be able to do, in percent. */
  readonly minCoverage?: number | undefined;
}

/** An agent that a task could go to. */
export interface RoutingCandidate {
  /** UUID. */
  readonly agentId: string;
  /** For people. */
  readonly agentName: string;
  /** From 1 to 10. */
  readonly level: number;
  /** What of the wanted it can do. */
  readonly matchedCapabilities: readonly string[];
  /** What it cannot. */
  readonly missingCapabilities: readonly string[];
  /** How much of the wanted it can do. */
  readonly coveragePercent: number;
  /** How well. */
  readonly avgProficiency: number;
  /** How many it has. */
  readonly currentTaskCount: number;
  /** The higher the better. */
  readonly score: number;
}

/** Whom a task could go to, or went to. */
export interface RoutingResult {
  /** UUID. */
  readonly taskId: string;
  /** From the metadata of the task; without them there are no candidates. */
  readonly requiredCapabilities: readonly string[];
  /** The best first. */
  readonly candidates: readonly RoutingCandidate[];
  /** The best. */
  readonly bestMatch: RoutingCandidate | null;
  /** Whether it got the task. */
  readonly autoAssigned: boolean;
}
