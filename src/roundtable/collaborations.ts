// Web standards only.
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type {
  Collaboration,
  DiscoveredAgents,
  Orchestrate,
} from "./protocol/mod.ts";

/** Collaborations: sandboxes that work on one task. */
export interface CollaborationsResource {
  /**
   * Starts a collaboration. Never repeated. `waitForCollaboration()` follows it.
   *
   * @param workspaceId Where.
   * @param request The task, and who takes part.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found` for the workspace or a participant, `bad-request` for a participant of
   * another workspace, `validation`.
   */
  orchestrate(
    workspaceId: string,
    request: Orchestrate,
    options?: OnceCallOptions,
  ): Promise<Collaboration>;

  /**
   * Gets a collaboration. Retried. The server keeps collaborations in the memory of one process: after a restart, and
   * in another process of the same server, they are `not-found`.
   *
   * @param collaborationId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  get(collaborationId: string, options?: CallOptions): Promise<Collaboration>;

  /**
   * Tells which agents a workspace has, at most 100. Retried.
   *
   * @param workspaceId Where.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, also where the workspace is somebody else's.
   */
  discoverAgents(
    workspaceId: string,
    options?: CallOptions,
  ): Promise<DiscoveredAgents>;
}
