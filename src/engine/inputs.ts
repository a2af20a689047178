// Web standards only.
import type {
  JsonObject,
  JsonValue,
  PortValue,
  RunError,
} from "../openwop/protocol/mod.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { isObject, merge, own, valueAt } from "./json.ts";
import type { NodeState } from "./types.ts";

/** The input ports of a node that starts, or why it cannot. */
export type ResolvedInputs =
  | { readonly inputs: JsonObject }
  | { readonly refusal: RunError };

/** What input ports may refer to. */
export interface InputScope {
  readonly graph: Graph;
  readonly variables: JsonObject;
  stateOf(node: GraphNode): NodeState;
}

/**
 * Resolves the input ports of a node: its declared ports first, then what edges carry along, which never replaces a
 * declared port. An optional port that leads nowhere is left out.
 *
 * Source: v1 §17.3 and §18, rule 4.
 */
export function resolveInputs(
  node: GraphNode,
  scope: InputScope,
): ResolvedInputs {
  const ports = new Map<string, JsonValue>();
  for (const [port, from] of Object.entries(node.node.inputs)) {
    const value = resolvePort(from, scope);
    if (value !== undefined) ports.set(port, value);
    else if (!("optional" in from && from.optional)) {
      return { refusal: unresolved(node.id, port, from) };
    }
  }
  for (const { edge, source } of node.incoming) {
    // Nearly all edges only order: they carry a value when they name a port.
    if (edge.sourceOutput === undefined && edge.targetInput === undefined) {
      continue;
    }
    const port = edge.targetInput ?? "input";
    if (Object.hasOwn(node.node.inputs, port)) continue;
    const { outputs, notTaken } = scope.stateOf(source);
    if (outputs === undefined || notTaken?.has(edge.id)) continue;
    const value = valueAt(outputs, edge.sourceOutput ?? "output");
    if (value !== undefined) ports.set(port, value);
  }
  return { inputs: merge([Object.fromEntries(ports)]) };
}

function resolvePort(
  from: PortValue,
  scope: InputScope,
): JsonValue | undefined {
  switch (from.type) {
    case "static":
      return from.value;
    case "variable":
      return own(scope.variables, from.variableName);
    case "connection": {
      const source = scope.graph.byId.get(from.nodeId);
      const outputs = source && scope.stateOf(source).outputs;
      return isObject(outputs) ? valueAt(outputs, from.outputKey) : undefined;
    }
    default:
      // The expression language is not specified anywhere (v1 §17.3).
      return undefined;
  }
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
