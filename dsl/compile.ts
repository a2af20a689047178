// Web standards only.
import {
  checkDefinition,
  type DefinitionIssue,
  type JsonValue,
  type NodeImplementation,
  type PortValue,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
  type WorkflowVariable,
} from "../src/openwop/protocol/mod.ts";
import { jsonFault } from "./check/literals.ts";
import { checkNames } from "./check/names.ts";
import { checkNodeTypes } from "./check/node_types.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { distinct, type Graph, type GraphNode, type Link } from "./graph.ts";
import { layout } from "./layout.ts";
import { targetOf } from "./ref.ts";

/** What a declaration comes to. */
export interface Compiled {
  /** The open definition; not to be used while there are issues. */
  readonly definition: WorkflowDefinition;
  /** The code of its code nodes, one entry for each type. */
  readonly nodes: readonly NodeImplementation[];
  /** Everything that is wrong, in the order of the declaration. */
  readonly issues: readonly DefinitionIssue[];
}

/** Compiles a declaration and finds all that is wrong with it. */
export function compile(graph: Graph): Compiled {
  const issues: DefinitionIssue[] = [
    ...graph.issues,
    ...checkNames(graph),
    ...checkNodeTypes(graph),
  ];
  const known = new Map(graph.nodes.map((node) => [node.id, node]));
  const inputs = fieldsOf(graph.input, "output");
  const edges = graph.nodes.flatMap((node) => edgesInto(node));
  const sources = new Map<string, string[]>();
  for (const { sourceNodeId, targetNodeId } of edges) {
    const into = sources.get(targetNodeId);
    if (into) into.push(sourceNodeId);
    else sources.set(targetNodeId, [sourceNodeId]);
  }
  const positions = layout(
    graph.nodes.map((node) => node.id),
    (id) => sources.get(id) ?? [],
  );
  const nodes = graph.nodes.map((node): WorkflowNode => {
    const ports: Record<string, PortValue> = Object.create(null);
    for (const [port, source] of Object.entries(node.inputs)) {
      if (source === undefined) continue;
      const compiled = portValue(source, node, known, inputs);
      if (typeof compiled === "string") {
        issues.push({
          code: "literal-not-json",
          message:
            `the value for the port "${port}" would not survive JSON: ${compiled}`,
          pointer: "",
          source: node.id,
          hint: "give it a reference or plain JSON",
        });
      } else ports[port] = compiled;
    }
    return {
      id: node.id,
      typeId: node.typeId,
      name: node.id,
      position: positions.get(node.id)!,
      config: node.config,
      inputs: { ...ports },
    };
  });
  const definition: WorkflowDefinition = {
    id: graph.id,
    name: graph.name,
    version: graph.version,
    ...(graph.description === undefined
      ? {}
      : { description: graph.description }),
    nodes,
    edges,
    triggers: [{ id: "manual", type: "manual" }],
    variables: variables(fieldsOf(graph.input, "input")),
    metadata: {},
    settings: {},
  };
  return {
    definition,
    nodes: implementations(graph),
    issues: [
      ...issues,
      ...checkDefinition(definition).map(withSource(definition)),
    ],
  };
}

/** The arrows that `node` ends, those of its connections included where it follows them. */
function edgesInto(node: GraphNode): WorkflowEdge[] {
  const links: Link[] = [...node.after];
  if (node.afterInputs) {
    for (const source of Object.values(node.inputs)) {
      const target = targetOf(source);
      if (target?.kind === "step") links.push({ from: target.step });
    }
  }
  return distinct(links).map(({ from, when }): WorkflowEdge => ({
    id: `${from}->${node.id}`,
    sourceNodeId: from,
    targetNodeId: node.id,
    ...(when
      ? {
        condition: { type: "equals", left: when.port, right: when.equals },
        label: when.equals,
      }
      : {}),
  }));
}

/** A port as the definition writes it, or what is wrong with it. */
function portValue(
  source: unknown,
  node: GraphNode,
  known: ReadonlyMap<string, GraphNode>,
  inputs: ReadonlyMap<string, Field> | undefined,
): PortValue | string {
  const target = targetOf(source);
  if (!target) {
    return jsonFault(source) ?? { type: "static", value: source as JsonValue };
  }
  if (target.kind === "input") {
    return {
      type: "variable",
      variableName: target.name,
      ...(inputs?.get(target.name)?.required ? {} : { optional: true }),
    };
  }
  const from = known.get(target.step);
  return {
    type: "connection",
    nodeId: target.step,
    outputKey: target.port,
    ...(from && alwaysGives(from, target.port, node) ? {} : { optional: true }),
  };
}

/** Whether `from` is certain to have run before `to`, and to have given `port`. */
function alwaysGives(from: GraphNode, port: string, to: GraphNode): boolean {
  if (from.within.some((place, depth) => to.within[depth] !== place)) {
    return false;
  }
  if (from.kind !== "step") return true;
  return fieldsOf(from.implementation?.output, "output")?.get(port)?.required ??
    false;
}

function variables(
  fields: ReadonlyMap<string, Field> | undefined,
): WorkflowVariable[] {
  return [...fields ?? []].map(([name, { type, required }]) => ({
    name,
    type,
    ...(required ? { required } : {}),
  }));
}

function implementations(graph: Graph): NodeImplementation[] {
  const byType = new Map<string, NodeImplementation>();
  for (const { implementation } of graph.nodes) {
    if (implementation) byType.set(implementation.typeId, implementation);
  }
  return [...byType.values()];
}

/** Adds the name that the author gave the place that an issue points to. */
function withSource(
  { nodes, edges }: WorkflowDefinition,
): (issue: DefinitionIssue) => DefinitionIssue {
  return (issue) => {
    if (issue.source !== undefined) return issue;
    const [, list, index] = issue.pointer.split("/");
    const source = list === "nodes"
      ? nodes[Number(index)]?.id
      : list === "edges"
      ? edges[Number(index)]?.targetNodeId
      : undefined;
    return source === undefined ? issue : { ...issue, source };
  };
}
