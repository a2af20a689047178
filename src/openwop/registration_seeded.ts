// Web standards only.
import { compare, getDefinition, RegistrationError } from "./registration.ts";
import type { RegistryHost, WorkflowRegistry } from "./registration.ts";

/**
 * The registry for hosts that get their workflows in their own way, from files or at their start: those of the protocol
 * itself, all reference hosts that are known, and the embedded host.
 *
 * `register` sends nothing that changes anything. It reads the workflow and says `unchanged` where the host has this
 * very definition; anywhere else it throws. Call it before the first run, to learn at once that a deployment was
 * forgotten.
 *
 * A host that rewrites definitions as it takes them in has another content hash for them.
 *
 * @param host Reads definitions; an `OpenwopClient` does.
 *
 * @example
 * ```ts
 * import { createHost } from "@tutti/sdk/host";
 * import { createSeededRegistry, OpenwopClient } from "@tutti/sdk/openwop";
 * import type { WorkflowDefinition } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
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
 * const host = createHost({ workflows: [{ definition, nodes: [] }] });
 * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
 * const registry = createSeededRegistry(client);
 *
 * assert.equal((await registry.register(definition)).outcome, "unchanged");
 * await assert.rejects(
 *   registry.register({ ...definition, version: "1.1.0" }),
 *   { code: "registration-unsupported" },
 * );
 * await host.close();
 * ```
 */
export function createSeededRegistry(host: RegistryHost): WorkflowRegistry {
  return {
    async register(definition, options) {
      const { contentHash, foundHash } = await compare(
        host,
        definition,
        options,
      );
      const workflowId = definition.id;
      if (foundHash !== contentHash) {
        throw new RegistrationError(workflowId, contentHash, foundHash);
      }
      return { workflowId, contentHash, outcome: "unchanged" };
    },
    get: (workflowId, options) => getDefinition(host, workflowId, options),
  };
}
