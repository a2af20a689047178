// Web standards only.
import type {
  DefinitionIssue,
  JsonObject,
  JsonValue,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { pointerPart } from "../openwop/protocol/mod.ts";
import { isBuiltin } from "./builtins.ts";
import { checkLoops } from "./check_loops.ts";
import { Draft } from "./draft.ts";
import { initialState } from "./fold.ts";
import { type Graph, type GraphNode, graphOf, itemOf } from "./graph.ts";
import { isObject, own } from "./json.ts";
import { checkSchema } from "./schema_check.ts";
import { rehearse } from "./rehearsal.ts";
import { isReducer } from "./state_nodes.ts";

/**
 * What keeps a valid definition from being run here: node types that nothing performs, by name, configs that their type
 * does not take, patterns and schemas that are not understood or could take for ever.
 *
 * @param definition Of which `checkDefinition` found nothing wrong.
 * @param offered Whether there is code for a node type.
 */
export function checkExecutable(
  definition: WorkflowDefinition,
  offered: (typeId: string) => boolean,
): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const graph = graphOf(definition);
  const scope = new Draft(graph, initialState(definition));
  const performed = (typeId: string) => isBuiltin(typeId) || offered(typeId);
  for (const node of graph.nodes) {
    const at = `/nodes/${node.position}`;
    const report = (
      code: string,
      message: string,
      pointer = "",
      hint?: string,
    ) =>
      issues.push({
        code,
        message,
        pointer: at + pointer,
        source: node.id,
        ...(hint !== undefined && { hint }),
      });
    for (const [typeId, pointer] of typesOf(node)) {
      if (performed(typeId)) continue;
      report(
        "unknown-node-type",
        `nothing here can perform the node type "${typeId}"`,
        pointer,
        "hand in its implementation with the workflow",
      );
    }
    for (const [port, value] of Object.entries(node.node.inputs)) {
      if (value.type !== "expression") continue;
      report(
        "expression-unsupported",
        `the port "${port}" is an expression, in a language that no host shares`,
        `/inputs${pointerPart(port)}`,
        "compute it in a step, or take the value by its path",
      );
    }
    for (const [part, place] of partsOf(node, graph)) {
      const found = rehearse(part, scope);
      if (found) report("node-config", found.problem, place + found.pointer);
      for (const [pointer, schema] of schemasOf(part)) {
        const wrong = checkSchema(schema);
        if (!wrong) continue;
        report(
          "schema-refused",
          `the schema is refused: ${wrong.message}`,
          place + pointer + wrong.pointer,
        );
      }
    }
    const { compensation, irreversibleEffect } = node.node;
    if (compensation?.requiresApproval && !compensation.waiveRequiresApproval) {
      report(
        "compensation-approval",
        "undoing it needs an approval, which this host does not ask for",
        "/compensation/requiresApproval",
        "put an approval into the undoing node, or waive it",
      );
    }
    if (compensation && irreversibleEffect) {
      report(
        "compensation-impossible",
        "its effect is irreversible and has something to undo it",
        "/compensation",
      );
    }
  }
  return [...issues, ...checkChannels(definition), ...checkLoops(graph)];
}

/**
 * Every node type that runs of a definition may need, also those of items and of what undoes others.
 *
 * @param definition Any valid one.
 */
export function nodeTypesOf(definition: WorkflowDefinition): readonly string[] {
  const types = graphOf(definition).nodes.flatMap((node) =>
    typesOf(node).map(([typeId]) => typeId)
  );
  return [...new Set(types)];
}

/** Every type that the node needs somebody for, with the place that names it. */
function typesOf({ node }: GraphNode): (readonly [string, string])[] {
  const types: (readonly [string, string])[] = [[node.typeId, "/typeId"]];
  const inner = own(node.config, "nodeTypeId");
  if (typeof inner === "string") types.push([inner, "/config/nodeTypeId"]);
  if (node.compensation) {
    types.push([node.compensation.nodeTypeId, "/compensation/nodeTypeId"]);
  }
  return types;
}

/** A node, an item of it and what undoes it, each with the place of its config. */
function partsOf(
  node: GraphNode,
  { undoing }: Graph,
): (readonly [GraphNode, string])[] {
  const parts: (readonly [GraphNode, string])[] = [[node, "/config"]];
  const undo = undoing.get(node.id);
  if (undo) parts.push([undo, "/compensation"]);
  if (node.role === "each") {
    const item = itemOf(node, 0);
    const place = item.role === "child" ? "" : "/nodeConfig";
    parts.push([item, `/config${place}`]);
  }
  return parts;
}

function schemasOf({ node }: GraphNode): (readonly [string, JsonValue])[] {
  const { config } = node;
  const found: (readonly [string, JsonValue])[] = [];
  for (const key of ["resumeSchema", "formSchema"]) {
    const schema = own(config, key);
    if (schema !== undefined) found.push([`/${key}`, schema]);
  }
  const data = own(config, "data");
  for (const [place, from] of [["", config], ["/data", data]] as const) {
    const questions = isObject(from) ? own(from, "questions") : undefined;
    if (!Array.isArray(questions)) continue;
    questions.forEach((entry: JsonValue, index) => {
      const schema = isObject(entry) ? own(entry, "schema") : undefined;
      if (schema === undefined) return;
      found.push([`${place}/questions/${index}/schema`, schema]);
    });
  }
  return found;
}

function checkChannels(
  { channels, configurableSchema }: WorkflowDefinition,
): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const refuse = (schema: JsonObject, pointer: string): void => {
    const wrong = checkSchema(schema);
    if (!wrong) return;
    issues.push({
      code: "schema-refused",
      message: `the schema is refused: ${wrong.message}`,
      pointer: pointer + wrong.pointer,
    });
  };
  if (configurableSchema) refuse(configurableSchema, "/configurableSchema");
  for (const [name, channel] of Object.entries(channels ?? {})) {
    const pointer = `/channels${pointerPart(name)}`;
    if (channel.schema) refuse(channel.schema, `${pointer}/schema`);
    const problem = !isReducer(channel.reducer)
      ? "its reducer is none of the protocol or of a vendor"
      : channel.ttlMs !== undefined &&
          !isWithin(channel.ttlMs, 1, 31_536_000_000)
      ? "its ttlMs must be from 1 to a year"
      : channel.maxSize !== undefined &&
          !isWithin(channel.maxSize, 1, Number.MAX_SAFE_INTEGER)
      ? "its maxSize must be a whole number of at least 1"
      : undefined;
    if (problem === undefined) continue;
    issues.push({
      code: "channel-impossible",
      message: `the channel "${name}" cannot be kept: ${problem}`,
      pointer,
      source: name,
    });
  }
  return issues;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
