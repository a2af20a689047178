// Web standards only.
import { randomHex } from "../http/mod.ts";
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/**
 * Agents: their life, hierarchy, budget, capabilities and reputation. All ids are UUIDs.
 *
 * Reads are retried. Changes are sent under an idempotency key and retried, but never after a 500. A malformed id or
 * number is refused with `invalid-argument` before anything is sent.
 */
export interface AgentMethods {
  /** Gets all agents of the organisation, newest first. The server has no filter here. */
  list(options?: CallOptions): Promise<readonly Wire.AgentSummary[]>;
  /**
   * Gets those that wait to be activated, out of all agents: the route that is meant for it cannot be reached.
   *
   * @throws {OpenSpawnError} as `list()` does.
   */
  listPending(options?: CallOptions): Promise<readonly Wire.AgentSummary[]>;
  /**
   * Gets an agent.
   *
   * @throws {OpenSpawnError} 404 where there is none.
   */
  get(id: string, options?: CallOptions): Promise<Wire.Agent>;
  /**
   * Registers an agent without a parent, active at once; needs an agent of role `hr`. Its secret is told this once.
   *
   * The vendor's SDK leaves `agentId` out, which the server refuses; here it is made from the name.
   *
   * @throws {OpenSpawnError} 403 for another role, 409 where the slug is taken, 400 for fields that do not fit.
   */
  create(
    agent: Wire.CreateAgent,
    options?: CallOptions,
  ): Promise<Wire.CreatedAgent>;
  /** Changes an agent; needs role `hr`. Status and role cannot be changed (400). */
  update(
    id: string,
    change: Wire.UpdateAgent,
    options?: CallOptions,
  ): Promise<Wire.AgentEntity>;
  /**
   * Revokes an agent for ever; needs role `hr`.
   *
   * @throws {OpenSpawnError} 409 where it is revoked already, 403 for oneself.
   */
  revoke(id: string, options?: CallOptions): Promise<Wire.AgentStatusChange>;
  /** Gets the balance of an agent, in whole credits. */
  getBalance(id: string, options?: CallOptions): Promise<number>;
  /**
   * Makes a child of the agent that asks, which waits to be activated; needs level 3 and free capacity. The server
   * ignores metadata and capabilities here: an agent of role `hr` can set them later.
   *
   * @throws {OpenSpawnError} 400 for a level that is not below the parent's, 403 without capacity, 500 where the slug
   * is taken.
   */
  spawn(
    agent: Wire.SpawnAgent,
    options?: CallOptions,
  ): Promise<Wire.SpawnedAgent>;
  /**
   * Activates a child; for its parent and agents of level 10.
   *
   * @throws {OpenSpawnError} 400 where it is not pending.
   */
  activate(id: string, options?: CallOptions): Promise<Wire.AgentStatusChange>;
  /**
   * Rejects a child, which is then in no list any more; for its parent and agents of level 10.
   *
   * @throws {OpenSpawnError} 400 where it is not pending.
   */
  reject(
    id: string,
    why?: { readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<Wire.ServerMessage>;
  /** Gets an agent and those below it, three levels deep if not said otherwise; 0 is the agent alone. */
  getHierarchy(
    id: string,
    query?: { readonly depth?: number | undefined },
    options?: CallOptions,
  ): Promise<Wire.AgentTree>;
  /** How many children the agent that asks may have. On the reference server always 500: another route hides it. */
  getCapacity(options?: OnceCallOptions): Promise<Wire.AgentCapacity>;
  /** Takes a level from an agent; for founders and admins from level 9. */
  demote(
    id: string,
    why: { readonly reason: string },
    options?: CallOptions,
  ): Promise<Wire.ServerMessage>;
  /** Gets the most trusted agents; ten, if not said otherwise. */
  listLeaders(
    query?: { readonly limit?: number | undefined },
    options?: CallOptions,
  ): Promise<readonly Wire.Leader[]>;
  /**
   * Gets how far an agent is trusted.
   *
   * @throws {OpenSpawnError} 500 for an unknown id.
   */
  getReputation(id: string, options?: CallOptions): Promise<Wire.Reputation>;
  /** Gets a page of the changes of trust, newest first; `listReputation()` of the module goes through all of them. */
  listReputation(
    id: string,
    query?: {
      readonly limit?: number | undefined;
      readonly offset?: number | undefined;
    },
    options?: CallOptions,
  ): Promise<Wire.ReputationPage>;
  /**
   * Adds to the trust in an agent; for its parent and agents from level 7, others get 500. With an API key it takes
   * effect and is answered with 500.
   */
  awardBonus(
    id: string,
    bonus: Wire.ChangeTrust,
    options?: CallOptions,
  ): Promise<Wire.ReputationEvent>;
  /** Takes from the trust in an agent; otherwise as `awardBonus()`. */
  applyPenalty(
    id: string,
    penalty: Wire.ChangeTrust,
    options?: CallOptions,
  ): Promise<Wire.ReputationEvent>;
  /** Gets the budget of an agent. */
  getBudget(id: string, options?: CallOptions): Promise<Wire.BudgetStatus>;
  /** Changes the budget of a child; for its parent and agents of level 10. A limit of 0 blocks all spending. */
  setBudget(
    id: string,
    budget: Wire.SetBudget,
    options?: CallOptions,
  ): Promise<Wire.BudgetStatus>;
  /** Whether an agent can spend an amount now. An unknown agent cannot. */
  canSpend(
    id: string,
    query: { readonly amount: number },
    options?: CallOptions,
  ): Promise<Wire.CanSpend>;
  /** Gets the budgets of which 80 percent or more are spent. */
  listBudgetAlerts(
    options?: CallOptions,
  ): Promise<readonly Wire.BudgetStatus[]>;
  /** Gets what an agent can do; nothing for an unknown one. */
  listCapabilities(
    id: string,
    options?: CallOptions,
  ): Promise<readonly Wire.Capability[]>;
  /**
   * Adds something that an agent can do; for itself, its parent and agents of level 10.
   *
   * @throws {OpenSpawnError} 400 where it is there.
   */
  addCapability(
    id: string,
    capability: Wire.NewCapability,
    options?: CallOptions,
  ): Promise<Wire.Capability>;
  /** Changes how well an agent can do something, by the id of the capability; for itself, its parent and agents of level 10. */
  updateCapability(
    id: string,
    change: { readonly proficiency: Wire.Proficiency },
    options?: CallOptions,
  ): Promise<Wire.Capability>;
  /** Takes a capability away, by its id; for the parent and agents of level 10. */
  removeCapability(
    id: string,
    options?: CallOptions,
  ): Promise<Wire.ServerMessage>;
  /** How common each capability is. On the reference server always 500: another route hides it. */
  countCapabilities(
    options?: OnceCallOptions,
  ): Promise<readonly Wire.CapabilityCount[]>;
  /** Finds the agents that can do any of these things, one result for each agent and thing. */
  findByCapabilities(
    query: Wire.CapabilityQuery & {
      readonly onlyActive?: boolean | undefined;
    },
    options?: CallOptions,
  ): Promise<readonly Wire.CapabilityMatch[]>;
  /** Finds the agent that fits best; `null` where none does. */
  findBestMatch(
    query: Wire.CapabilityQuery,
    options?: CallOptions,
  ): Promise<Wire.BestMatch | null>;
}

/** {@linkcode AgentMethods}, for whoever the client stands for. */
export type AgentsResource<Who extends Wire.Credential> = ForCredential<
  Who,
  AgentMethods,
  | "create"
  | "update"
  | "revoke"
  | "spawn"
  | "activate"
  | "reject"
  | "demote"
  | "setBudget"
  | "addCapability"
  | "updateCapability"
  | "removeCapability",
  "awardBonus" | "applyPenalty"
>;

/** Makes the resource out of the operations of the server. */
export function createAgents(methods: AgentMethods): AgentMethods {
  const { list, getBalance } = methods;

  /** Makes a slug where none is given, and names the agent in the answer. */
  const named = (name: "create" | "spawn") => {
    const call = methods[name];
    return async (agent: Wire.CreateAgent, options?: CallOptions) => {
      const slug = String(agent.name).toLowerCase().replace(/[^a-z\d]+/g, "-");
      const { data, secret, message } = await call({
        ...agent,
        agentId: agent.agentId ??
          `${slug.slice(0, 90)}-${randomHex().slice(26)}`,
      }, options) as unknown as Record<string, unknown>;
      return { agent: data, secret, message } as never;
    };
  };
  return {
    ...methods,
    create: named("create"),
    spawn: named("spawn"),
    listPending: async (options) =>
      (await list(options)).filter(({ status }) => status === "pending"),
    getBalance: async (id, options) =>
      (await getBalance(id, options) as unknown as { balance: number }).balance,
  };
}
