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
import { predicateProblem } from "./flow_nodes.ts";
import { type GraphNode, graphOf } from "./graph.ts";
import { isObject, own } from "./json.ts";
import { checkSchema } from "./schema_check.ts";
import { isReducer } from "./state_nodes.ts";
import { isVendorType } from "./vendor_events.ts";

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
    const problem = configProblem(node, definition);
    if (problem !== undefined) report("node-config", problem, "/config");
    for (const [pointer, schema] of schemasOf(node)) {
      const wrong = checkSchema(schema);
      if (!wrong) continue;
      const place = pointer + wrong.pointer;
      report(
        "schema-refused",
        `the schema is refused: ${wrong.message}`,
        place,
      );
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

function configProblem(
  node: GraphNode,
  { channels }: WorkflowDefinition,
): string | undefined {
  const { config, typeId } = node.node;
  const text = (key: string): string | undefined => {
    const value = own(config, key);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  if (node.role === "child" && text("workflowId") === undefined) {
    return "workflowId must be the id of a workflow";
  }
  switch (typeId) {
    case "core.setVariable":
    case "core.getVariable":
      return text("name") ? undefined : "name must be the name of a variable";
    case "tutti.emit": {
      const type = text("eventType");
      return type && isVendorType(type)
        ? undefined
        : "eventType must be of a vendor, as in acme.order-shipped";
    }
    case "core.channelWrite": {
      const name = text("channelName");
      const declared = name !== undefined && channels &&
          Object.hasOwn(channels, name)
        ? channels[name]
        : undefined;
      const reducer = own(config, "reducer");
      return declared && reducer !== undefined && reducer !== declared.reducer
        ? `the channel "${name}" is declared with the reducer ${declared.reducer}`
        : undefined;
    }
    case "core.flow.merge":
    case "core.merge":
      return own(config, "mode") === "sql-query"
        ? "the mode sql-query needs a database, which this host has not"
        : undefined;
    case "core.flow.switch":
      return isObject(own(config, "cases"))
        ? undefined
        : "cases must be an object";
    default:
      return predicateProblem(node);
  }
}

function schemasOf({ node }: GraphNode): (readonly [string, JsonValue])[] {
  const { config } = node;
  const found: (readonly [string, JsonValue])[] = [];
  for (const key of ["resumeSchema", "formSchema"]) {
    const schema = own(config, key);
    if (schema !== undefined) found.push([`/config/${key}`, schema]);
  }
  const data = own(config, "data");
  for (const [place, from] of [["", config], ["/data", data]] as const) {
    const questions = isObject(from) ? own(from, "questions") : undefined;
    if (!Array.isArray(questions)) continue;
    questions.forEach((entry: JsonValue, index) => {
      const schema = isObject(entry) ? own(entry, "schema") : undefined;
      if (schema === undefined) return;
      found.push([`/config${place}/questions/${index}/schema`, schema]);
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
