// Web standards only.
import { HttpError } from "../http/mod.ts";
import type {
  CallOptions,
  HeaderRecord,
  JsonValue,
  RetryContract,
  Transport,
} from "../http/mod.ts";
import type { WorkflowDefinition } from "./protocol/mod.ts";
import {
  compare,
  getDefinition,
  isAbsent,
  RegistrationError,
} from "./registration.ts";
import type { RegistryHost, WorkflowRegistry } from "./registration.ts";

/** One request of a host's own. */
export interface RegistryRoute {
  /** Upper case. */
  readonly method: string;
  /** Encoded, below the base URL of the transport: write it with the `path` tag. */
  readonly path: string;
  /** Appended to the path; `undefined` leaves one out. */
  readonly query?:
    | Readonly<Record<string, string | number | boolean | undefined>>
    | undefined;
  /** Added to those of the transport. */
  readonly headers?: HeaderRecord | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Whether the host may get it twice: `safe` for a PUT that replaces. @default "never" */
  readonly contract?: RetryContract | undefined;
}

/** The routes by which one kind of host takes workflows. */
export interface RegistryRoutes {
  /** Takes a definition in, or replaces the one of the same id. */
  register(definition: WorkflowDefinition): RegistryRoute;
  /** Lists what is there, and how its answer is read. */
  readonly list?: {
    /** The request. */
    readonly route: RegistryRoute;
    /** The ids in the answer. */
    readonly ids: (body: JsonValue | undefined) => readonly string[];
  } | undefined;
  /** Takes a workflow away. */
  readonly remove?: ((workflowId: string) => RegistryRoute) | undefined;
}

/** Where the routes are. */
export interface RouteRegistryHost extends RegistryHost {
  /**
   * Sends the requests. Make one with `createTransport`: routes of a host's own lie outside of the protocol, so its
   * version header is neither sent nor wanted. Source: v2 §2.4.
   */
  readonly transport: Pick<Transport, "call">;
}

/**
 * The registry for a host that has a route of its own, under `/host/<org>/` where it keeps to the text: you say what the
 * route is, and get everything around it. Definitions are checked before they are sent; one that the host has already,
 * by content, is not sent.
 *
 * No reference host was seen to have such a route, so none is built in. What comes back is judged by its status alone.
 * Two programs that register two definitions under one id at once replace each other's.
 *
 * @param host Reads definitions and sends requests.
 * @param routes What the host's routes are.
 *
 * @example
 * ```ts
 * import { createTransport, path } from "@tutti/sdk/http";
 * import { createRouteRegistry, OpenwopClient } from "@tutti/sdk/openwop";
 * import type { WorkflowDefinition } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a host with such a route; leave `fetch` out to talk to a real one.
 * let stored: string | undefined;
 * const fetch = async (request: Request) => {
 *   if (request.method === "PUT") stored = await request.text();
 *   const status = stored === undefined ? 404 : 200;
 *   return new Response(stored ?? "{}", {
 *     status,
 *     headers: { "OpenWOP-Version": "2.0", "content-type": "application/json" },
 *   });
 * };
 * const baseUrl = "https://wop.example.com";
 * const { workflows } = new OpenwopClient({ baseUrl, fetch, major: 2 });
 * const transport = createTransport({ baseUrl, fetch });
 * const registry = createRouteRegistry({ workflows, transport }, {
 *   register: (definition) => ({
 *     method: "PUT",
 *     path: path`/host/acme/workflows/${definition.id}`,
 *     json: definition,
 *     contract: "safe",
 *   }),
 * });
 *
 * const definition: WorkflowDefinition = {
 *   id: "greeting",
 *   name: "Greeting",
 *   version: "1.0.0",
 *   nodes: [{
 *     id: "hello",
 *     typeId: "core.noop",
 *     name: "hello",
 *     position: { x: 0, y: 0 },
 *     config: {},
 *     inputs: {},
 *   }],
 *   edges: [],
 *   triggers: [],
 *   variables: [],
 *   metadata: {},
 *   settings: { timeout: 0, maxRetries: 0, logLevel: "info" },
 * };
 * assert.equal((await registry.register(definition)).outcome, "created");
 * assert.equal((await registry.register(definition)).outcome, "unchanged");
 * ```
 */
export function createRouteRegistry(
  host: RouteRegistryHost,
  routes: RegistryRoutes,
): WorkflowRegistry {
  async function send(
    route: RegistryRoute,
    options: CallOptions | undefined,
  ): Promise<JsonValue | undefined> {
    const { contract = "never", ...request } = route;
    const operation = {
      ...request,
      contract,
      decode: (body: JsonValue | undefined) => body,
    };
    return (await host.transport.call(operation, options)).data;
  }
  const { list, remove } = routes;
  return {
    async register(definition, options) {
      const { contentHash, foundHash } = await compare(
        host,
        definition,
        options,
      );
      const workflowId = definition.id;
      if (foundHash === contentHash) {
        return { workflowId, contentHash, outcome: "unchanged" };
      }
      try {
        await send(routes.register(definition), options);
      } catch (cause) {
        // Hosts without the route say one or the other: they take nothing from outside.
        if (!isAbsent(cause) && !isNoMethod(cause)) throw cause;
        throw new RegistrationError(workflowId, contentHash, foundHash, cause);
      }
      const outcome = foundHash === undefined ? "created" : "replaced";
      return { workflowId, contentHash, outcome };
    },
    get: (workflowId, options) => getDefinition(host, workflowId, options),
    ...(list && {
      list: async (options?: CallOptions) =>
        list.ids(await send(list.route, options)),
    }),
    ...(remove && {
      async remove(workflowId: string, options?: CallOptions) {
        try {
          await send(remove(workflowId), options);
        } catch (error) {
          // Where the host still shows the workflow, it is the route that is missing.
          if (
            !isAbsent(error) ||
            await getDefinition(host, workflowId, options)
          ) throw error;
        }
      },
    }),
  };
}

/** Whether the host knows no such method: one of the reference hosts says so in a page of HTML. */
function isNoMethod(error: unknown): boolean {
  return HttpError.is(error) && [405, 501].includes(error.status);
}
