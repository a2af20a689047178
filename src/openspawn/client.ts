// Web standards only.
import { createResources, refuse } from "../http/mod.ts";
import type { CallOptions, Transport } from "../http/mod.ts";
import { createAgents } from "./agents.ts";
import type { AgentsResource } from "./agents.ts";
import type { ApiKeysResource } from "./api_keys.ts";
import { createApi } from "./api.ts";
import type {
  AgentOptions,
  ApiKeyOptions,
  OpenSpawnApi,
  OpenSpawnClientOptions,
  UserOptions,
} from "./api.ts";
import type { AuthResource } from "./auth.ts";
import type { ChannelsResource } from "./channels.ts";
import { checkField } from "./check_input.ts";
import type { ConsensusResource } from "./consensus.ts";
import { createCredits } from "./credits.ts";
import type { CreditsResource } from "./credits.ts";
import { checkCredential, describe } from "./describe.ts";
import type { DirectMessagesResource } from "./direct_messages.ts";
import { createEvents } from "./events.ts";
import type { EventsResource } from "./events.ts";
import { createMessages } from "./messages.ts";
import type { MessagesResource } from "./messages.ts";
import { OPERATIONS } from "./protocol/mod.ts";
import type { Credential } from "./protocol/mod.ts";
import type { SystemResource } from "./system.ts";
import { createTasks } from "./tasks.ts";
import type { TasksResource } from "./tasks.ts";
import type { TemplatesResource } from "./templates.ts";
import type { WebhooksResource } from "./webhooks.ts";

/** A client of an OpenSpawn server; see the constructor of the same name. */
export interface OpenSpawnClient<Who extends Credential = Credential> {
  /** Agents. */
  readonly agents: AgentsResource<Who>;
  /** Tasks. */
  readonly tasks: TasksResource<Who>;
  /** What tasks are made from. */
  readonly templates: TemplatesResource<Who>;
  /** Votes among agents. */
  readonly consensus: ConsensusResource<Who>;
  /** Credits. */
  readonly credits: CreditsResource<Who>;
  /** Messages in channels. */
  readonly messages: MessagesResource<Who>;
  /** Channels. */
  readonly channels: ChannelsResource<Who>;
  /** Direct messages. */
  readonly directMessages: DirectMessagesResource<Who>;
  /** What happened. */
  readonly events: EventsResource;
  /** Subscriptions to what happens. */
  readonly webhooks: WebhooksResource<Who>;
  /** API keys. */
  readonly apiKeys: ApiKeysResource<Who>;
  /** Tokens of users. */
  readonly auth: AuthResource<Who>;
  /** The server itself. */
  readonly system: SystemResource;
  /** How many milliseconds the server's clock is ahead of ours; `undefined` until an answer has told, and in pages of another origin. */
  readonly clockSkewMs: number | undefined;
  /**
   * Gets the UUID of the agent that the client signs as, out of the list of agents; once, then it is kept.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for a client without an agent, and for a slug that is in no list.
   */
  whoAmI(options?: CallOptions): Promise<string>;
  /**
   * What carries the calls, signed as the methods are: for operations that this client does not have. Paths are whole,
   * prefix included.
   */
  readonly transport: Transport;
}

/** What makes clients; the credential decides about their type. */
export interface OpenSpawnClientConstructor {
  /** Stands for an agent. */
  new (options: AgentOptions): OpenSpawnClient<"agent">;
  /** Stands for an API key. */
  new (options: ApiKeyOptions): OpenSpawnClient<"apiKey">;
  /** Stands for a user. */
  new (options: UserOptions): OpenSpawnClient<"accessToken">;
  /** Stands for what is known only when it runs. */
  new (options: OpenSpawnClientOptions): OpenSpawnClient;
}

/**
 * A client of an OpenSpawn server, also called BikiniBottom.
 *
 * With `agentId` and `secret` it signs as an agent, which can do everything but what users do. With `apiKey` it reads:
 * methods that the server does not let a key use are no functions in its type, and refuse with `invalid-argument`
 * before anything is sent; methods that take effect and are answered with 500 have no result. It holds no connection
 * and needs no closing.
 *
 * Reads are retried. Changes of an agent are retried under an idempotency key after lost answers and 429, 502, 503 and
 * 504, but not after a 500, which this server answers after it has done the work; those of an API key only after a 429.
 * Encrypted secrets of agents are taken out of every answer.
 *
 * The constructor throws an `InvalidArgumentError` `invalid-argument` for a base URL, credential, budget or retry that
 * cannot be right, and sends nothing.
 *
 * @example
 * ```ts
 * import { OpenSpawnClient } from "@tutti/sdk/openspawn";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a server; leave `fetch` out to talk to a real one.
 * const fetch = (request: Request) =>
 *   Response.json({
 *     data: { title: "Review PR 123", signed: request.headers.has("x-signature") },
 *   }, { status: 201 });
 *
 * const client = new OpenSpawnClient({
 *   baseUrl: "https://api.example.com",
 *   agentId: "worker1",
 *   secret: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
 *   fetch,
 * });
 * const task = await client.tasks.create({ title: "Review PR 123", priority: "high" });
 * assert.deepEqual(task, { title: "Review PR 123", signed: true });
 * ```
 */
export const OpenSpawnClient: OpenSpawnClientConstructor = class {
  readonly #api: OpenSpawnApi;

  constructor(options: OpenSpawnClientOptions) {
    const api = this.#api = createApi(options);
    const { transport } = api;
    const methods = createResources<OpenSpawnClient<"agent">>(
      OPERATIONS,
      transport,
      (...call) => describe(api, ...call),
      (id, name) => String(checkField(name, id)),
    );
    const agents = createAgents(methods.agents);
    let me: string | undefined;
    const whoAmI = async (call?: CallOptions): Promise<string> => {
      checkCredential(api, "!", "whoAmI()");
      return me ??=
        (await agents.list(call)).find((it) => it.agentId === api.agentId)
          ?.id ?? refuse("agentId", "an agent of the organisation is wanted");
    };
    Object.assign(this, methods, {
      agents,
      tasks: createTasks(methods.tasks, whoAmI),
      credits: createCredits(methods.credits),
      messages: createMessages(methods.messages),
      events: createEvents(methods.events),
      transport,
      whoAmI,
    });
  }

  get clockSkewMs(): number | undefined {
    return this.#api.clockSkewMs;
  }
} as unknown as OpenSpawnClientConstructor;
