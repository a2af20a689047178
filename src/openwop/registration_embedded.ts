// Web standards only.
import { fillPath } from "../http/mod.ts";
import { createApi } from "./api.ts";
import { expecting } from "./expecting.ts";
import type { OneMajorOptions } from "./api.ts";
import { createDiscovery } from "./discovery.ts";
import { codecV2, projectId } from "./protocol/mod.ts";
import type { WorkflowRegistry } from "./registration.ts";
import { createRouteRegistry } from "./registration_route.ts";
import { createWorkflows } from "./workflows.ts";

/** Where the embedded host takes workflows; below the prefix that the protocol leaves to hosts. Source: v2 §2.4. */
const WORKFLOWS = "/host/tutti/workflows";

/**
 * The registry of an embedded host in another process, or in this one: what `deploy()` wants. The host must have been
 * made with `registration`, and must have the code of every node type; it then keeps the definition until it is taken
 * away or replaced.
 *
 * It tells `deploy()` what the host can run, and so a workflow that the host lacks code for is refused before it is sent.
 * To register what is there already, by content, sends nothing. A definition that is sent may arrive twice when an answer
 * is lost, which changes nothing: it is retried.
 *
 * @param options Where the host is and how to talk to it, as for a client; `major` is always 2 here.
 * @returns A registry whose `facts()`, `list()` and `register()` fail with 404 `not_found`, or `registration-unsupported`,
 * where the host takes no workflows.
 * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, API key, budget or retry that cannot be right.
 *
 * @example
 * ```ts
 * import { defineNode, deploy, type, workflow } from "@tutti/sdk/dsl";
 * import { createHost } from "@tutti/sdk/host";
 * import { createEmbeddedRegistry, OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const greet = defineNode({
 *   typeId: "local.example.greet",
 *   input: type<{ name: string }>(),
 *   output: type<{ text: string }>(),
 *   run: ({ name }) => ({ text: `Hello, ${name}` }),
 * });
 * // On a server: `serve(host, { port })`, with `access`, because whoever may call it may deploy to it.
 * const host = createHost({ workflows: [], registration: { nodes: [greet] } });
 *
 * const hello = workflow("hello", { version: "1.0.0" })
 *   .input(type<{ name: string }>())
 *   .step("greet", greet, ({ input }) => ({ name: input.name }))
 *   .output(({ greet }) => ({ text: greet.text }))
 *   .build();
 * const at = { baseUrl: host.url, fetch: host.fetch };
 * const registry = createEmbeddedRegistry(at);
 * assert.equal((await deploy(hello, { registry })).outcome, "created");
 * assert.equal((await deploy(hello, { registry })).outcome, "unchanged");
 *
 * const run = await hello.start(new OpenwopClient(at), { name: "Ada" });
 * assert.deepEqual((await run.result()).output, { text: "Hello, Ada" });
 * await host.close();
 * ```
 */
export function createEmbeddedRegistry(
  options: OneMajorOptions,
): WorkflowRegistry {
  const api = createApi({ ...options, major: 2 }, [codecV2]);
  const { transport } = api;
  const discovery = createDiscovery(api);
  const one = (workflowId: string) =>
    fillPath(`${WORKFLOWS}/{workflowId}`, [workflowId], projectId);
  const list = {
    method: "GET",
    path: WORKFLOWS,
    contract: "safe",
    decode: expecting<Shelf>(`GET ${WORKFLOWS}`, {
      workflowIds: "array",
      nodeTypes: "array",
    }),
  } as const;
  const routes = createRouteRegistry(
    { workflows: createWorkflows(api), transport },
    {
      register: (definition) => ({
        method: "PUT",
        path: one(definition.id),
        json: definition,
        contract: "safe",
      }),
      list: { route: list, ids: (body) => list.decode(body).workflowIds },
      remove: (workflowId) => ({
        method: "DELETE",
        path: one(workflowId),
        contract: "safe",
      }),
    },
  );
  return {
    ...routes,
    facts: async (call) => ({
      discovery: await discovery.get(call),
      nodeTypes: (await transport.call(list, call)).data.nodeTypes,
    }),
  };
}

/** What the route of the list answers. */
interface Shelf {
  readonly workflowIds: readonly string[];
  readonly nodeTypes: readonly string[];
}
