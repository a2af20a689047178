// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { createMethods } from "./invoke.ts";
import type { WorkflowDefinition } from "./protocol/mod.ts";

/** The workflows that a host has. */
export interface WorkflowsResource {
  /**
   * Gets the definition of a workflow. Retried. Source: v2 §6.2 row 3.
   *
   * @param workflowId Which one.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found`.
   */
  get(workflowId: string, options?: CallOptions): Promise<WorkflowDefinition>;
}

/** Makes the resource. Sends nothing. */
export function createWorkflows(api: OpenwopApi): WorkflowsResource {
  return createMethods(api, "workflows");
}
