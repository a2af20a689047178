// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { invoke } from "./invoke.ts";
import type { WorkflowDefinition } from "./protocol/mod.ts";

/** The workflows that a host has. */
export class WorkflowsResource {
  readonly #api: OpenwopApi;

  /**
   * Made by the client.
   *
   * @param api The way to the host.
   */
  constructor(api: OpenwopApi) {
    this.#api = api;
  }

  /**
   * Gets the definition of a workflow. Retried. Source: v2 §6.2 row 3.
   *
   * @param workflowId Which one.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found`.
   */
  get(workflowId: string, options?: CallOptions): Promise<WorkflowDefinition> {
    return invoke(this.#api, "workflows.get", [workflowId], {}, options);
  }
}
