// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { AgentEntity } from "./agents.ts";
import type { ConsensusStatus, ConsensusType, VoteValue } from "./enums.ts";

/** A new vote among agents. */
export interface CreateConsensus {
  /** What it is about. */
  readonly type: ConsensusType;
  /** Up to 255 characters. */
  readonly title: string;
  /** What it is about, in words. */
  readonly description: string;
  /** UUID of whatever it is about. */
  readonly subjectId?: string | undefined;
  /** What that is. */
  readonly subjectType?: string | undefined;
  /** How many votes decide it. @default 2 */
  readonly quorumRequired?: number | undefined;
  /** How much of those that are no abstentions must approve, in percent. @default 50 */
  readonly approvalThreshold?: number | undefined;
  /** How long it is open. @default 24 */
  readonly expiresInHours?: number | undefined;
  /** UUIDs of those who may vote. @default everybody */
  readonly voterIds?: readonly string[] | undefined;
}

/** A vote among agents. */
export interface ConsensusRequest {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** What it is about. */
  readonly type: ConsensusType;
  /** Where it stands. */
  readonly status: ConsensusStatus;
  /** For people. */
  readonly title: string;
  /** What it is about, in words. */
  readonly description: string;
  /** UUID of the agent that asks. */
  readonly requesterId: string;
  /** UUID of whatever it is about. */
  readonly subjectId: string | null;
  /** What that is. */
  readonly subjectType: string | null;
  /** How many votes decide it. */
  readonly quorumRequired: number;
  /** In percent. */
  readonly approvalThreshold: number;
  /** How many. */
  readonly votesApprove: number;
  /** How many. */
  readonly votesReject: number;
  /** How many. */
  readonly votesAbstain: number;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** ISO 8601. */
  readonly decidedAt: string | null;
  /** With `eligibleVoters`. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** In lists and alone. */
  readonly requester?: AgentEntity;
  /** Alone. */
  readonly votes?: readonly ConsensusVote[];
}

/** One vote. */
export interface ConsensusVote {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** What was voted on. */
  readonly requestId: string;
  /** UUID of the agent. */
  readonly voterId: string;
  /** How. */
  readonly vote: VoteValue | string;
  /** Why. */
  readonly reason: string | null;
  /** From 1 to 10. */
  readonly voterLevel: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** In a request that was got alone. */
  readonly voter?: AgentEntity;
}
