// Web standards only.
import type { JsonObject } from "../../http/mod.ts";

/** How sandboxes work together. The guides say `broadcast` for the third one, which the server refuses. */
export type CollaborationMode = "orchestrated" | "peer_to_peer" | "swarm";

/** A collaboration to start. */
export interface Orchestrate {
  /** 1 to 1000 characters. */
  readonly task: string;
  /** Ids of sandboxes of the workspace, at least one. */
  readonly participants: readonly string[];
  /** The server's default is `orchestrated`. */
  readonly mode?: CollaborationMode | null | undefined;
  /**
   * Free form: the server neither checks nor keeps it. The SDKs write `timeout` (10 to 3600 seconds), `max_iterations`,
   * `terminate_on_completion`, `save_history` and `extra_params`.
   */
  readonly config?: JsonObject | null | undefined;
}

/** How far a collaboration is. */
export interface CollaborationProgress {
  /** From 1. */
  readonly current_step: number;
  /** Of so many. */
  readonly total_steps: number;
  /** 0 to 100. */
  readonly percentage: number;
  /** In words. */
  readonly status_message: string | null;
  /** Never set. */
  readonly last_update: string | null;
}

/** A collaboration. The server keeps it in memory: a restart forgets it. */
export interface Collaboration {
  /** `col_…` */
  readonly collaboration_id: string;
  /** `ws_…` */
  readonly workspace_id: string;
  /** What is to be done. */
  readonly task: string;
  /** How. */
  readonly mode: CollaborationMode | (string & Record<never, never>);
  /** `running`, for ever, on today's server; the SDKs say `pending` and `in_progress`. */
  readonly status: string;
  /** Ids of sandboxes. */
  readonly participants: readonly string[];
  /** How far it is. */
  readonly progress: CollaborationProgress;
  /** What came out. */
  readonly result: JsonObject | null;
  /** What went wrong. */
  readonly error: string | null;
  /** Never set. */
  readonly created_at: string | null;
  /** Never set. */
  readonly updated_at: string | null;
}

/** An agent of a workspace: a sandbox, seen from outside. The guides call `primary_agent` `agent_type`. */
export interface DiscoveredAgent {
  /** `sb_…` */
  readonly sandbox_id: string;
  /** Of the sandbox. */
  readonly name: string;
  /** Of the sandbox. */
  readonly status: string;
  /** Of its configuration. */
  readonly primary_agent: string;
  /** Of its configuration. */
  readonly model: string;
  /** Always empty. */
  readonly capabilities: readonly string[];
  /** UTC without a zone. */
  readonly created_at: string | null;
}

/** The agents of a workspace, at most 100. */
export interface DiscoveredAgents {
  /** `ws_…` */
  readonly workspace_id: string;
  /** Each. */
  readonly agents: readonly DiscoveredAgent[];
  /** How many. */
  readonly count: number;
}
