// Web standards only.
import { checkExecutable } from "../../engine/mod.ts";
import {
  checkDefinition,
  contentHash,
  unprojectId,
} from "../../openwop/protocol/mod.ts";
import type {
  DefinitionIssue,
  JsonObject,
  WorkflowDefinition,
} from "../../openwop/protocol/mod.ts";
import { copyJson } from "../json_value.ts";
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
  const workflowId = unprojectId(segment);
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
  const lacking = checkExecutable(
    definition,
    (typeId) => shelf.nodes.has(typeId),
  );
  if (lacking.length > 0) {
    throw new Refusal(
      422,
      "capability_required",
      `Cannot take the workflow in: ${lacking[0]!.message}`,
      { requiredCapability: "nodes", issues: shown(lacking) },
    );
  }
  refuseForeign(shelf, call, definition.id);
  const isNew = !shelf.workflows.has(definition.id);
  shelf.workflows.set(definition.id, {
    definition: copyJson(definition),
    nodes: shelf.nodes,
    tenant: call.principal.tenant,
  });
  const hash = await contentHash(definition);
  return {
    status: isNew ? 201 : 200,
    body: { workflowId: definition.id, contentHash: hash },
  };
}

/** `GET /host/tutti/workflows`: the ids of those that the tenant gave, and the types of node that the host has code for. */
export function listWorkflows(host: HostParts, call: Call): Reply {
  const { workflows, nodes } = shelfOf(host);
  const ids = [...workflows]
    .filter(([, { tenant }]) => tenant === call.principal.tenant)
    .map(([id]) => id).sort();
  const nodeTypes = [...nodes.keys()].sort();
  return { status: 200, body: { workflowIds: ids, nodeTypes } };
}

/** `DELETE /host/tutti/workflows/{workflowId}`. Its runs go on, each with the definition that it started with. */
export function deleteWorkflow(
  host: HostParts,
  call: Call,
  segment: string,
): Reply {
  const shelf = shelfOf(host);
  const id = unprojectId(segment) ?? "";
  if (!shelf.workflows.has(id)) {
    throw notFound("Cannot remove the workflow: this host has none of that id");
  }
  refuseForeign(shelf, call, id);
  shelf.workflows.delete(id);
  return { status: 204 };
}

function shelfOf(host: HostParts): Shelf {
  if (host.takesWorkflows) return host.shelf;
  throw notFound("Cannot find the operation: this host takes no workflows");
}

/** A workflow belongs to who gave it; the program's own are nobody's to change. */
function refuseForeign({ workflows }: Shelf, call: Call, id: string): void {
  const there = workflows.get(id);
  if (!there || there.tenant === call.principal.tenant) return;
  throw new Refusal(
    409,
    "version_conflict",
    "Cannot change the workflow: it was given to this host by somebody else",
    { workflowId: id },
  );
}

function shown(issues: readonly DefinitionIssue[]): JsonObject[] {
  return issues.slice(0, MAX_ISSUES).map(({ code, message, pointer }) => ({
    code,
    message,
    pointer,
  }));
}
