// Web standards only.
import { checkObject } from "../http/mod.ts";
import type { OnceCallOptions } from "../http/mod.ts";
import { checkText } from "./check_input.ts";
import type { Flux0Api, Flux0CallOptions } from "./api.ts";
import type { Agent, CreateAgent } from "./protocol/mod.ts";

/** The agents of a server. They can be neither changed nor deleted. */
export interface AgentsResource {
  /**
   * Gets all agents, in the order in which they were made. Retried.
   *
   * @param options Options of the call.
   */
  list(options?: Flux0CallOptions): Promise<readonly Agent[]>;

  /**
   * Makes an agent. Sent once: the server would make a second one of the same name.
   *
   * @param agent What it is. Its `type` is not checked until a message is posted, which then waits for ever.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, nothing was sent.
   * @throws {Flux0Error} 422, with `issues`.
   */
  create(agent: CreateAgent, options?: OnceCallOptions): Promise<Agent>;

  /**
   * Gets an agent; the vendor's SDK calls it `retrieve`. Retried.
   *
   * @param agentId Which one.
   * @param options Options of the call.
   * @throws {Flux0Error} 404, `isNotFound`; 422 for an id that is not ten characters long.
   */
  get(agentId: string, options?: Flux0CallOptions): Promise<Agent>;
}

/** Makes the resource. Sends nothing. */
export function createAgents(api: Flux0Api): AgentsResource {
  return {
    list: (options) => api.call("agents.list", [], options),
    async create(agent, options) {
      const { name, type } = checkObject("agent", agent);
      checkText("name", name, 100);
      checkText("type", type, 100);
      return await api.call("agents.create", [], options, { json: agent });
    },
    get: (agentId, options) => api.call("agents.get", [agentId], options),
  };
}
