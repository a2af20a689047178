// Web standards only.
import type {
  JsonObject,
  JsonValue,
  PortValue,
  RunError,
} from "../openwop/protocol/mod.ts";
import { mayUse } from "./channels.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { isObject, own, put, valueAt } from "./json.ts";
import type { NodeState, RunOptions } from "./types.ts";

/** The input ports of a node that starts, or why it cannot. */
export type ResolvedInputs =
  | { readonly inputs: JsonObject }
  | { readonly refusal: RunError };

/** What input ports may refer to. */
export interface InputScope {
  readonly graph: Graph;
  readonly variables: JsonObject;
  readonly channels: JsonObject;
  readonly options: RunOptions;
  stateOf(node: GraphNode): NodeState;
}

/**
 * Resolves the input ports of a node: its declared ports first, then what edges carry along, which never replaces a
 * declared port, then `settings.defaults` for what is still missing. An optional port that leads nowhere is left out.
 *
 * Source: v1 §17.3 and §18, rule 4.
 */
export function resolveInputs(
  node: GraphNode,
  scope: InputScope,
): ResolvedInputs {
  const inputs: Record<string, JsonValue> = {};
  const missing = new Map<string, PortValue>();
  for (const [port, from] of Object.entries(node.node.inputs)) {
    if (from.type === "variable") {
      const refusal = refuseChannel(node, port, from.variableName, scope);
      if (refusal) return { refusal };
    }
    const value = resolvePort(from, scope);
    if (value !== undefined) put(inputs, port, value);
    else if (!("optional" in from && from.optional)) missing.set(port, from);
  }
  for (const { edge, source } of node.incoming) {
    // Nearly all edges only order: they carry a value when they name a port.
    if (edge.sourceOutput === undefined && edge.targetInput === undefined) {
      continue;
    }
    const port = edge.targetInput ?? "input";
    if (Object.hasOwn(node.node.inputs, port)) continue;
    const state = scope.stateOf(source);
    if (state.notTaken?.has(edge.id)) continue;
    const value = outputAt(state, edge.sourceOutput ?? "output");
    if (value !== undefined) put(inputs, port, value);
  }
  const defaults = own(node.node.settings ?? {}, "defaults");
  for (
    const [port, value] of Object.entries(isObject(defaults) ? defaults : {})
  ) {
    if (!Object.hasOwn(inputs, port)) put(inputs, port, value);
    missing.delete(port);
  }
  for (const [port, from] of missing) {
    return { refusal: unresolved(node.id, port, from) };
  }
  return { inputs };
}

function resolvePort(
  from: PortValue,
  scope: InputScope,
): JsonValue | undefined {
  switch (from.type) {
    case "static":
      return from.value;
    case "variable":
      return variableAt(from.variableName, scope);
    case "connection": {
      const source = scope.graph.byId.get(from.nodeId);
      return source && outputAt(scope.stateOf(source), from.outputKey);
    }
    default:
      // The expression language is not specified anywhere (v1 §17.3).
      return undefined;
  }
}

/** The output of a node, where it has ended well; `error` of one that has failed. */
function outputAt(
  { outputs, error }: NodeState,
  path: string,
): JsonValue | undefined {
  if (isObject(outputs)) return valueAt(outputs, path);
  return error && valueAt({ error: errorValue(error) }, path);
}

/** An error as nodes see it. */
export function errorValue(
  { code, message, details, retryable }: RunError,
): JsonObject {
  return {
    code,
    message,
    ...(details !== undefined && { details }),
    ...(retryable !== undefined && { retryable }),
  };
}

const configurable = "configurable.";

/**
 * The value of that name, or at that dot path: a variable, then the folded state of a channel, then, behind
 * `configurable.`, an option of the run or its default in the schema.
 */
export function variableAt(
  name: string,
  scope: Pick<InputScope, "variables" | "channels" | "options" | "graph">,
): JsonValue | undefined {
  const found = valueAt(scope.variables, name) ?? valueAt(scope.channels, name);
  if (found !== undefined || !name.startsWith(configurable)) return found;
  const path = name.slice(configurable.length);
  const given = valueAt(scope.options.configurable ?? {}, path);
  if (given !== undefined) return given;
  const { configurableSchema } = scope.graph.definition;
  return configurableSchema && defaultAt(configurableSchema, path);
}

function defaultAt(schema: JsonObject, path: string): JsonValue | undefined {
  const properties = own(schema, "properties");
  const [name = "", ...rest] = path.split(".");
  const property = isObject(properties) ? own(properties, name) : undefined;
  if (!isObject(property)) return undefined;
  const value = own(property, "default");
  if (rest.length === 0) return value;
  return isObject(value)
    ? valueAt(value, rest.join("."))
    : defaultAt(property, rest.join("."));
}

function refuseChannel(
  { id, node }: GraphNode,
  port: string,
  name: string,
  { variables, graph }: InputScope,
): RunError | undefined {
  const { channels } = graph.definition;
  if (channels === undefined || Object.hasOwn(variables, name)) {
    return undefined;
  }
  const channel = Object.hasOwn(channels, name) ? name : name.split(".")[0]!;
  if (
    !Object.hasOwn(channels, channel) ||
    mayUse(channels[channel]!, "readers", id, node.typeId)
  ) return undefined;
  return {
    code: "channel_access_denied",
    message:
      `Cannot start node "${id}": its port "${port}" reads the channel "${channel}", which is for others`,
    details: { nodeId: id, port, channel },
    retryable: false,
  };
}

function unresolved(nodeId: string, port: string, from: PortValue): RunError {
  const source = sourceOf(from);
  return {
    code: "config_validation_failed",
    message:
      `Cannot start node "${nodeId}": its port "${port}" needs a value from ${source}, which has none`,
    details: { nodeId, port, source },
    retryable: false,
  };
}

function sourceOf(from: PortValue): string {
  switch (from.type) {
    case "variable":
      return `the variable "${from.variableName}"`;
    case "connection":
      return `the output "${from.outputKey}" of node "${from.nodeId}"`;
    case "expression":
      return "an expression, in a language that this host does not have";
    default:
      return "a constant";
  }
}
