// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/**
 * Votes among agents. A vote is decided as soon as as many have voted as it wants and one of them did not abstain:
 * approved, where enough of those who did not abstain approve, otherwise rejected.
 */
export interface ConsensusMethods {
  /** Asks for a vote. */
  create(
    request: Wire.CreateConsensus,
    options?: CallOptions,
  ): Promise<Wire.ConsensusRequest>;
  /** Gets the open ones, those that end first before the others. */
  listPending(
    options?: CallOptions,
  ): Promise<readonly Wire.ConsensusRequest[]>;
  /** Gets the open ones that the agent that asks may vote on and has not. */
  listVotable(
    options?: CallOptions,
  ): Promise<readonly Wire.ConsensusRequest[]>;
  /**
   * Gets one, with its votes.
   *
   * @throws {OpenSpawnError} 500 for an unknown id.
   */
  get(id: string, options?: CallOptions): Promise<Wire.ConsensusRequest>;
  /**
   * Votes. The answer does not tell whether that decided it.
   *
   * @throws {OpenSpawnError} 400 for a second vote and for one that is closed, 403 for those who may not vote, 404.
   */
  vote(
    id: string,
    vote: {
      readonly vote: Wire.VoteValue;
      readonly reason?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<Wire.ConsensusVote>;
  /**
   * Takes a request back; for whoever made it.
   *
   * @throws {OpenSpawnError} 400 where it is closed.
   */
  cancel(id: string, options?: CallOptions): Promise<Wire.ConsensusRequest>;
}

/** {@linkcode ConsensusMethods}, for whoever the client stands for. */
export type ConsensusResource<Who extends Wire.Credential> = ForCredential<
  Who,
  ConsensusMethods,
  "create" | "vote" | "cancel"
>;
