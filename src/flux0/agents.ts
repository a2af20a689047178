// Web standards only.
import { path } from "../http/mod.ts";
import type { OnceCallOptions } from "../http/mod.ts";
import { checkText, list, record } from "./api.ts";
import type { Flux0Api, Flux0CallOptions } from "./api.ts";
import type { Agent, CreateAgent } from "./protocol/mod.ts";

/** The agents of a server. They can be neither changed nor deleted. */
export class AgentsResource {
  readonly #api: Flux0Api;

  /**
   * Made by the client.
   *
   * @param api The way to the server.
   */
  constructor(api: Flux0Api) {
    this.#api = api;
  }

  /**
   * Gets all agents, in the order in which they were made. Retried.
   *
   * @param options Options of the call.
   */
  list(options?: Flux0CallOptions): Promise<readonly Agent[]> {
    const path = "/api/agents";
    return this.#api.get({ path, decode: list<Agent>(`GET ${path}`) }, options);
  }

  /**
   * Makes an agent. Sent once: the server would make a second one of the same name.
   *
   * @param agent What it is. Its `type` is not checked until a message is posted, which then waits for ever.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, nothing was sent.
   * @throws {Flux0Error} 422, with `issues`.
   */
  async create(agent: CreateAgent, options?: OnceCallOptions): Promise<Agent> {
    checkText("agent.name", agent.name, 100);
    checkText("agent.type", agent.type, 100);
    const path = "/api/agents";
    return await this.#api.post({
      path,
      json: agent,
      decode: record<Agent>(`POST ${path}`),
    }, options);
  }

  /**
   * Gets an agent; the vendor's SDK calls it `retrieve`. Retried.
   *
   * @param agentId Which one.
   * @param options Options of the call.
   * @throws {Flux0Error} 404, `isNotFound`; 422 for an id that is not ten characters long.
   */
  async get(agentId: string, options?: Flux0CallOptions): Promise<Agent> {
    const at = path`/api/agents/${agentId}`;
    return await this.#api.get({
      path: at,
      decode: record<Agent>(`GET ${at}`),
    }, options);
  }
}
