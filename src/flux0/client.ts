// Web standards only.
import { disposable } from "../http/mod.ts";
import type { AsyncCloseable, Transport } from "../http/mod.ts";
import { createAgents } from "./agents.ts";
import type { AgentsResource } from "./agents.ts";
import { createApi } from "./api.ts";
import type { Flux0Api, Flux0ClientOptions } from "./api.ts";
import { createDiscovery } from "./discovery.ts";
import type { DiscoveryResource } from "./discovery.ts";
import { createSessions } from "./sessions.ts";
import type { SessionsResource } from "./sessions.ts";

/**
 * A client of a flux0 server.
 *
 * Reads are retried, posts never: a message that arrived twice would run the agent twice. The servers know no keys;
 * whoever can reach one can read everything on it.
 *
 * `close()` and `await using` end the streams that are open.
 *
 * @example
 * ```ts
 * import { Flux0Client } from "@tutti/sdk/flux0";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a server; leave `fetch` out to talk to a real one.
 * const fetch = ({ url }: Request) =>
 *   Response.json({ data: [{ id: "aB3dE6gH9j", name: "Meteo", type: url }] });
 *
 * const client = new Flux0Client({ baseUrl: "http://localhost:8080", fetch });
 * const [agent] = await client.agents.list();
 * assert.equal(agent?.name, "Meteo");
 * assert.equal(agent?.type, "http://localhost:8080/api/agents");
 * ```
 */
export class Flux0Client {
  /** Who can be talked to. */
  readonly agents: AgentsResource;
  /** Conversations: make, read, say something, follow. */
  readonly sessions: SessionsResource;
  /** What the server offers. */
  readonly discovery: DiscoveryResource;
  /** What carries the calls, user included: for operations that this client does not have. */
  readonly transport: Transport;
  readonly #api: Flux0Api;

  /**
   * Makes a client; nothing is sent.
   *
   * @param options Where the server is and how to talk to it.
   * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, user, budget or retry that cannot be right.
   */
  constructor(options: Flux0ClientOptions = {}) {
    const api = createApi(options);
    this.#api = api;
    this.transport = api.transport;
    this.agents = createAgents(api);
    this.sessions = createSessions(api);
    this.discovery = createDiscovery(api);
    disposable(this, () => this.close());
  }

  /**
   * Makes a client that is the same except for what is given: for another server, or another user.
   *
   * @param changes Options that are different.
   * @throws {InvalidArgumentError} as the constructor does.
   */
  with(changes: Flux0ClientOptions): Flux0Client {
    return new Flux0Client({ ...this.#api.options, ...changes });
  }

  /** Ends the streams that are open. What was read stays, and the client can still be used. */
  async close(): Promise<void> {
    await Promise.all([...this.#api.open.values()].map((it) => it.close()));
  }
}

/** What `await using` needs to know. */
export interface Flux0Client extends AsyncCloseable {}
