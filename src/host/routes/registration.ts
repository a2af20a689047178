// Web standards only.
import { checkDefinition, contentHash } from "../../openwop/protocol/mod.ts";
import type {
  DefinitionIssue,
  JsonObject,
  WorkflowDefinition,
} from "../../openwop/protocol/mod.ts";
import { readName } from "../ids.ts";
import { done } from "../idempotency.ts";
import { copyJson } from "../json_value.ts";
import { tooMany } from "../limits.ts";
import type { Call, HostParts } from "../parts.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import type { Shelf } from "../registry.ts";

/** Problems that one answer lists. */
const MAX_ISSUES = 50;

/** `PUT /host/tutti/workflows/{workflowId}`: takes a definition in, or replaces the one that the tenant gave before. */
export async function putWorkflow(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const shelf = shelfOf(host);
  const workflowId = readName(segment, "workflowId");
  const problems = checkDefinition(call.body);
  if (problems.length > 0) {
    throw invalid(
      "Cannot take the workflow in: its definition is not valid",
      problems[0]!.pointer,
      { issues: shown(problems) },
    );
  }
  // Checked right above.
  const definition = call.body as unknown as WorkflowDefinition;
  if (definition.id !== workflowId) {
    throw invalid(
      "Cannot take the workflow in: its id must be the one of the path",
      "/id",
    );
  }
  const lacking = shelf.lacking(definition);
  if (lacking.length > 0) {
    throw new Refusal(
      422,
      "capability_required",
      `Cannot take the workflow in: ${lacking[0]!.message}`,
      { requiredCapability: "nodes", issues: shown(lacking) },
    );
  }
  if (shelf.own.has(workflowId)) throw foreign(workflowId);
  const { principal: { tenant }, claimed } = call;
  const { workflows } = host.limits;
  const end = done(claimed, workflowId) ?? await host.store.putWorkflow(
    { tenant, definition: copyJson(definition) },
    workflows,
    claimed && ((end) => ({ scope: claimed.scope, answer: end })),
  );
  if (end === "full") throw tooMany("workflows", workflows);
  const hash = await contentHash(definition);
  return {
    status: end === "created" ? 201 : 200,
    body: { workflowId: definition.id, contentHash: hash },
  };
}

/** `GET /host/tutti/workflows`: the ids of those that the tenant gave, and the types of node that the host has code for. */
export async function listWorkflows(
  host: HostParts,
  call: Call,
): Promise<Reply> {
  const { nodes } = shelfOf(host);
  const workflowIds = await host.store.listWorkflows(call.principal.tenant);
  const nodeTypes = [...nodes.keys()].sort();
  return { status: 200, body: { workflowIds, nodeTypes } };
}

/** `DELETE /host/tutti/workflows/{workflowId}`. Its runs go on, each with the definition that it started with. */
export async function deleteWorkflow(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const shelf = shelfOf(host);
  const id = readName(segment, "workflowId");
  if (shelf.own.has(id)) throw foreign(id);
  const { principal: { tenant }, claimed } = call;
  const effect = claimed && { scope: claimed.scope, answer: true };
  if (
    done(claimed, id) || await host.store.removeWorkflow(id, tenant, effect)
  ) return { status: 204 };
  throw notFound("Cannot remove the workflow: this host has none of that id");
}

function shelfOf(host: HostParts): Shelf {
  if (host.takesWorkflows) return host.shelf;
  throw notFound("Cannot find the operation: this host takes no workflows");
}

/** The program's own are nobody's to change. */
function foreign(workflowId: string): Refusal {
  return new Refusal(
    409,
    "version_conflict",
    "Cannot change the workflow: it belongs to the program of this host",
    { workflowId },
  );
}

function shown(issues: readonly DefinitionIssue[]): JsonObject[] {
  return issues.slice(0, MAX_ISSUES).map(({ code, message, pointer }) => ({
    code,
    message,
    pointer,
  }));
}
