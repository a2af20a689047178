// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";

/** What runs in a sandbox, as the server keeps it. */
export interface AgentConfig {
  /** 1 to 100 characters. */
  readonly primary_agent: string;
  /** The server's default is `gpt-4`. */
  readonly model: string;
  /** The server's default is none. */
  readonly sub_agents: readonly string[];
  /** 256 to 128,000; the server's default is 4096. */
  readonly max_tokens: number;
  /** 0 to 2; the server's default is 0.7. */
  readonly temperature: number;
}

/**
 * What a sandbox is to run. A member that is left out or `null` gets the server's default. The server takes other
 * members and drops them; three of them are in the models of the official SDKs.
 */
export interface AgentConfigInput {
  /** 1 to 100 characters. */
  readonly primary_agent: string;
  /** A name of a model. */
  readonly model?: string | null | undefined;
  /** Names of agents. */
  readonly sub_agents?: readonly string[] | null | undefined;
  /** 256 to 128,000. */
  readonly max_tokens?: number | null | undefined;
  /** 0 to 2. */
  readonly temperature?: number | null | undefined;
  /** Dropped by the server. */
  readonly system_prompt?: string | null | undefined;
  /** Dropped by the server. */
  readonly tools?: readonly JsonValue[] | null | undefined;
  /** Dropped by the server. */
  readonly extra_config?: JsonObject | null | undefined;
}

/** Limits of a sandbox. The server checks what it is given, and shows and keeps its defaults whatever that was. */
export interface ResourceLimits {
  /** 128 to 16,384. */
  readonly max_memory_mb: number;
  /** 0.1 to 16. */
  readonly max_cpu_cores: number;
  /** 1 to 1000. */
  readonly max_disk_gb: number;
  /** 10 to 86,400. */
  readonly timeout_seconds: number;
}

/** What a sandbox is created from. */
export interface CreateSandbox {
  /** 1 to 100 characters, not necessarily unique. */
  readonly name: string;
  /** What it runs. */
  readonly agent_config: AgentConfigInput;
  /** See {@linkcode ResourceLimits}. */
  readonly resource_limits?: Partial<ResourceLimits> | null | undefined;
  /** In the models of the official SDKs; dropped by the server. */
  readonly description?: string | null | undefined;
}

/** `provisioning`, then `running`, then `stopped`; `starting` and `error` are documented and never seen. */
export type SandboxStatus =
  | "provisioning"
  | "running"
  | "stopped"
  | (string & Record<never, never>);

/** How a sandbox is. */
export interface SandboxHealth {
  /** The status of the sandbox. */
  readonly status: string;
  /** Never set. */
  readonly last_check: string | null;
  /** The status of the sandbox, again. */
  readonly container_status: string;
  /** Empty. */
  readonly resource_usage: JsonObject;
}

/** What the SDKs call `connection_details`. */
export interface SandboxConnection {
  /** Where it is. */
  readonly endpoint?: string | null;
  /** What opens it. */
  readonly token?: string | null;
  /** Where its socket is. */
  readonly websocket_url?: string | null;
  /** Until when. */
  readonly expires_at?: string | null;
}

/** A sandbox in a list. */
export interface SandboxSummary {
  /** `sb_…` */
  readonly sandbox_id: string;
  /** The workspace that it is in. */
  readonly workspace_id: string;
  /** Its name. */
  readonly name: string;
  /** Where it stands. */
  readonly status: SandboxStatus;
  /** What it runs. */
  readonly agent_config: AgentConfig;
  /** UTC without a zone. */
  readonly created_at: string | null;
}

/** A sandbox. It is a row in the server's database; nothing is executed. */
export interface Sandbox extends SandboxSummary {
  /** Always the defaults. */
  readonly resource_limits: ResourceLimits;
  /** How it is. */
  readonly health: SandboxHealth;
  /** Always `null` today. */
  readonly connection: SandboxConnection | null;
  /** UTC without a zone. */
  readonly updated_at: string | null;
}

/** Where a sandbox stands. The guides print an uptime too, which no server sends. */
export interface SandboxStatusReport {
  /** `sb_…` */
  readonly sandbox_id: string;
  /** Where it stands. */
  readonly status: SandboxStatus;
  /** UTC without a zone. */
  readonly created_at: string | null;
  /** UTC without a zone. */
  readonly updated_at: string | null;
}

/** Figures of a sandbox. All of them are zero today; the guides print `messages_sent`, which no server sends. */
export interface SandboxMetrics {
  /** `sb_…` */
  readonly sandbox_id: string;
  /** The figures. */
  readonly metrics: {
    /** Part of a core. */
    readonly cpu_usage: number;
    /** In MB. */
    readonly memory_usage_mb: number;
    /** In GB. */
    readonly disk_usage_gb: number;
    /** In bytes. */
    readonly network_io: {
      /** Sent. */
      readonly bytes_sent: number;
      /** Received. */
      readonly bytes_received: number;
    };
    /** In seconds. */
    readonly uptime_seconds: number;
  };
}
