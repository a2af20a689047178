// Web standards only.
import type { CallOptions, JsonObject } from "../http/mod.ts";

/** The agents that a host has: inventory, deployments, roster, org chart. Reads are retried. Source: v2 §6.2 rows 31 to 38. */
export interface AgentsResource {
  /**
   * Gets the inventory. Capability `agents.manifestRuntime`.
   *
   * @throws {UnsupportedError} `unsupported`.
   */
  list(options?: CallOptions): Promise<AgentInventory>;
  /**
   * Gets one agent. Capability `agents.manifestRuntime`.
   *
   * @throws {OpenwopError} 404 `not_found`.
   * @throws {UnsupportedError} `unsupported`.
   */
  get(agentId: string, options?: CallOptions): Promise<AgentEntry>;
  /**
   * Gets the versions of an agent and where they stand. Capability `agents.deployment`.
   *
   * @throws as `get()` does.
   */
  listDeployments(
    agentId: string,
    options?: CallOptions,
  ): Promise<readonly AgentDeployment[]>;
  /**
   * Moves a version of an agent to another state. Sent under an idempotency key and retried. Capability
   * `agents.deployment`.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for a field that no host takes, or a percentage that is none.
   * @throws {OpenwopError} 403 `eval_gate_unmet`, 400 `no_active_deployment`.
   * @throws {UnsupportedError} `unsupported`.
   */
  deploy(
    agentId: string,
    request: DeploymentTransition,
    options?: CallOptions,
  ): Promise<AgentDeployment>;
  /**
   * Gets who works here. Capability `agents.roster`.
   *
   * @throws as `list()` does.
   */
  listRoster(options?: CallOptions): Promise<JsonObject>;
  /**
   * Gets one who works here. Capability `agents.roster`.
   *
   * @throws as `get()` does.
   */
  getRosterEntry(
    rosterId: string,
    options?: CallOptions,
  ): Promise<AgentRosterEntry>;
  /**
   * Gets the departments and who belongs to them. Capability `agents.orgChart`.
   *
   * @throws as `list()` does.
   */
  orgChart(options?: CallOptions): Promise<AgentOrgChart>;
  /**
   * Gets one department and what it is responsible for. Capability `agents.orgChart`.
   *
   * @throws as `get()` does.
   */
  getDepartment(
    departmentId: string,
    query?: { readonly recursive?: boolean | undefined },
    options?: CallOptions,
  ): Promise<AgentDepartmentView>;
}

/** All agents of a host. */
export interface AgentInventory {
  /** One by one. */
  readonly agents: readonly AgentEntry[];
  /** How many there are. */
  readonly total: number;
}

/** What a host says about an agent; no prompts, no secrets. */
export interface AgentEntry {
  /** Its id. */
  readonly agentId: string;
  /** Its role. */
  readonly persona: string;
  /** For people. */
  readonly label: string;
  /** More words. */
  readonly description?: string;
  /** What sort of model it wants. */
  readonly modelClass: string;
  /** The pack that it came with. */
  readonly packName: string;
  /** The release of the pack. */
  readonly packVersion: string;
  /** What it may use. */
  readonly toolAllowlist: readonly string[];
  /** Whether hand-offs to it are typed. */
  readonly hasHandoffSchemas: boolean;
  /** 0 to 1. */
  readonly confidenceThreshold?: number;
  /** What it has to do without on this host. */
  readonly degraded?: readonly string[];
}

/** A state of a deployment. */
export type DeploymentState =
  | "draft"
  | "test"
  | "staged"
  | "active"
  | "paused"
  | "deprecated"
  | "rolled-back";

/** A version of an agent, and where it stands. */
export interface AgentDeployment {
  /** The agent. */
  readonly agentId: string;
  /** Of the agent. */
  readonly version: string;
  /** Where it stands. */
  readonly state: DeploymentState;
  /** Share of the traffic, 0 to 100. */
  readonly canaryPercent?: number;
  /** What a rollback goes back to. */
  readonly rollbackPointer?: string;
  /** Where it is offered. */
  readonly channels?: readonly string[];
  /** The eval run that let it pass. */
  readonly evalRunId?: string;
  /** The approval that let it pass. */
  readonly approvalGateId?: string;
}

/** The body of `POST /agents/{agentId}/deployments`. Source: v1 §5.2. The object is closed. */
export interface DeploymentTransition {
  /** Of the agent. */
  readonly version: string;
  /** What to do. */
  readonly transition:
    | "promote"
    | "pause"
    | "deprecate"
    | "rollback"
    | "adjust-canary";
  /** Where it shall stand. */
  readonly toState?: DeploymentState;
  /** Where it is offered. */
  readonly channel?: string;
  /** 0 to 100. */
  readonly canaryPercent?: number;
  /** The eval run that lets it pass. */
  readonly evalRunId?: string;
  /** For the log. */
  readonly reason?: string;
}

/** One who works here. */
export interface AgentRosterEntry {
  /** `host:<name>`. */
  readonly rosterId: string;
  /** Its role. */
  readonly persona: string;
  /** The agent behind it. */
  readonly agentRef: {
    readonly agentId: string;
    readonly version?: string;
    readonly channel?: string;
  };
  /** What it runs. */
  readonly workflows?: readonly string[];
  /** Whose it is. */
  readonly owner: { readonly tenantId: string; readonly workspaceId?: string };
  /** Whether it works now. @default true */
  readonly enabled?: boolean;
  /** For people. */
  readonly label?: string;
  /** More words. */
  readonly description?: string;
}

/** Departments and who belongs to them. */
export interface AgentOrgChart {
  /** Whose it is. */
  readonly owner: { readonly tenantId: string; readonly workspaceId?: string };
  /** Flat; `parentDepartmentId` makes the tree. */
  readonly departments: readonly AgentDepartment[];
  /** Who works where. */
  readonly members: readonly AgentMember[];
}

/** A department. */
export interface AgentDepartment {
  /** Its id. */
  readonly departmentId: string;
  /** For people. */
  readonly name: string;
  /** The one above it. */
  readonly parentDepartmentId?: string | null;
  /** Who is wanted. */
  readonly roles: readonly { readonly roleId: string; readonly name: string }[];
}

/** Who works where. */
export interface AgentMember {
  /** Who. */
  readonly rosterId: string;
  /** Where. */
  readonly departmentId: string;
  /** As what. */
  readonly roleId: string;
  /** To whom. */
  readonly reportsTo: string | null;
}

/** One department and what it is responsible for. */
export interface AgentDepartmentView {
  /** The department. */
  readonly department: AgentDepartment;
  /** Who works there. */
  readonly members: readonly AgentMember[];
  /** What they do. */
  readonly responsibilities: readonly string[];
}
