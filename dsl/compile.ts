// Web standards only.
import {
  checkBuilt,
  type DefinitionIssue,
  definitionIssue,
  findJsonProblem,
  type JsonObject,
  type JsonValue,
  levelsOf,
  type NodeImplementation,
  type PortValue,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
  type WorkflowVariable,
} from "../src/openwop/protocol/mod.ts";
import { jsonFault } from "./check/literals.ts";
import { checkReach } from "./check/reach.ts";
import { checkSteps } from "./check/steps.ts";
import { type Field, fieldsOf } from "./fields.ts";
import {
  type Check,
  distinct,
  type Graph,
  type GraphNode,
  linksInto,
} from "./graph.ts";
import { layout } from "./layout.ts";
import { filled, present } from "./present.ts";
import { nameOf, type Target, targetOf } from "./ref.ts";

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
    ...checkSteps(graph),
  ];
  const scope = {
    known: new Map(graph.nodes.map((node) => [node.id, node])),
    fields: fieldsOf(graph.input, "output"),
  };
  const edges = graph.nodes.flatMap(edgesInto);
  const positions = layout(
    levelsOf(graph.nodes, edges),
    graph.nodes.map(({ id }) => id),
  );
  const nodes = graph.nodes.map((node): WorkflowNode => {
    const { id, typeId, config, sensitive, compensation, notes } = node;
    const { inputs, defaults } = portsOf(node, scope, issues);
    return {
      id,
      typeId,
      name: id,
      position: positions.get(id)!,
      config,
      inputs,
      ...present({
        settings: filled({ ...node.settings, ...present({ defaults }) }),
        outputSensitivity: sensitive,
        compensation,
        notes,
      }),
    };
  });
  const definition: WorkflowDefinition = {
    id: graph.id,
    name: graph.name,
    version: graph.version,
    ...present({ description: graph.description }),
    nodes,
    edges,
    triggers: [{ id: "manual", type: "manual" }, ...graph.triggers ?? []],
    variables: [
      ...variables(fieldsOf(graph.input, "input")),
      ...graph.variables ?? [],
    ],
    ...present({
      channels: graph.channels,
      configurableSchema: graph.configurable,
    }),
    metadata: graph.metadata ?? {},
    settings: graph.settings ?? {},
  };
  // What holds itself, or is too deep, cannot be looked at closer.
  const found = notJson(definition);
  return {
    definition,
    nodes: implementations(graph),
    issues: [
      ...issues,
      ...checkBuilt(definition),
      ...found
        ? [found]
        : checksOf(graph).flatMap((check) => check(definition)),
      ...checkReach(definition),
    ].map(placed(definition)),
  };
}

/** What the kinds of steps and the conditions check themselves, each of them once. */
function checksOf({ nodes }: Graph): Check[] {
  return [
    ...new Set(nodes.flatMap(({ checks = [], after }) => [
      ...checks,
      ...after.flatMap(({ check = [] }) => check),
    ])),
  ];
}

/** What code has put into a config, or into anything else that is taken as it is. */
function notJson(definition: WorkflowDefinition): DefinitionIssue | undefined {
  // The ports have been looked at, each as the step named it.
  const nodes = definition.nodes.map((node) => ({ ...node, inputs: {} }));
  const found = findJsonProblem({ ...definition, nodes });
  return found && definitionIssue(
    "literal-not-json",
    `a part of it would not survive JSON: ${found.problem}`,
    found.pointer,
    "give it plain JSON",
  );
}

/** The arrows that `node` ends, those of its connections included where it follows them. */
function edgesInto(node: GraphNode): WorkflowEdge[] {
  const { rule } = node;
  return distinct(linksInto(node)).map((
    { from, when, label, carry },
  ): WorkflowEdge => ({
    id: `${from}->${node.id}`,
    sourceNodeId: from,
    targetNodeId: node.id,
    ...present({
      sourceOutput: carry?.[0],
      targetInput: carry?.[1],
      condition: when,
      label,
      triggerRule: rule,
    }),
  }));
}

/** What the ports of a node can refer to. */
interface Scope {
  readonly known: ReadonlyMap<string, GraphNode>;
  readonly fields: ReadonlyMap<string, Field> | undefined;
}

/** The ports of a node as the definition writes them, and what they get where a reference leads nowhere. */
function portsOf(
  node: GraphNode,
  scope: Scope,
  issues: DefinitionIssue[],
): Pick<WorkflowNode, "inputs"> & {
  readonly defaults: JsonObject | undefined;
} {
  const inputs: Record<string, PortValue> = Object.create(null);
  const defaults: Record<string, JsonValue> = {};
  for (const [port, source] of Object.entries(node.inputs)) {
    if (source === undefined) continue;
    const target = targetOf(source);
    const literal = target ? target.otherwise : source as JsonValue;
    const fault = literal === undefined ? undefined : jsonFault(literal);
    const refuse = (code: string, message: string, hint: string): void => {
      issues.push(definitionIssue(code, message, "", hint, node.id));
    };
    if (fault !== undefined) {
      refuse(
        "literal-not-json",
        `the value for the port "${port}" would not survive JSON: ${fault}`,
        "give it a reference or plain JSON",
      );
    } else if (!target) {
      inputs[port] = { type: "static", value: source as JsonValue };
    } else if (target.kind === "item" || target.kind === "own") {
      refuse(
        "reference-out-of-place",
        `the port "${port}" refers to ${
          nameOf(target)
        }, which is known elsewhere only`,
        "use it in the function that it was handed to",
      );
    } else if (!target.path.join("")) {
      refuse(
        "wrong-shape",
        `the port "${port}" refers to a field whose name is empty`,
        "give the field a name",
      );
    } else {
      inputs[port] = reference(target, node, scope);
      if (literal !== undefined) defaults[port] = literal;
    }
  }
  return { inputs: { ...inputs }, defaults: filled(defaults) };
}

function reference(
  target: Target,
  node: GraphNode,
  { known, fields }: Scope,
): PortValue {
  const key = target.path.join(".");
  const optional = (certain: boolean | undefined): { optional?: boolean } =>
    certain && target.otherwise === undefined ? {} : { optional: true };
  if (target.kind === "step") {
    const from = known.get(target.step);
    return {
      type: "connection",
      nodeId: target.step,
      outputKey: key,
      ...optional(from && alwaysGives(from, key, node)),
    };
  }
  return {
    type: "variable",
    variableName: key,
    ...optional(target.kind === "input" && fields?.get(key)?.required),
  };
}

/** Whether `from` is certain to have run before `to`, and to have given the output. */
function alwaysGives(from: GraphNode, key: string, to: GraphNode): boolean {
  return from.within.every((place, depth) => to.within[depth] === place) &&
    (from.gives?.(key) ?? false);
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

function implementations({ nodes }: Graph): NodeImplementation[] {
  const code = nodes.flatMap(({ code = [] }) => code);
  return [...new Map(code.map((each) => [each.typeId, each])).values()];
}

/** Adds what is missing of the place of an issue: the name that the author gave it, or the pointer to that name. */
function placed(
  { nodes, edges }: WorkflowDefinition,
): (issue: DefinitionIssue) => DefinitionIssue {
  return (issue) => {
    const [, list, at] = issue.pointer.split("/");
    const index = nodes.findIndex(({ id }) => id === issue.source);
    return {
      ...issue,
      ...present({
        source: issue.source ??
          (list === "nodes"
            ? nodes[Number(at)]?.id
            : list === "edges"
            ? edges[Number(at)]?.targetNodeId
            : undefined),
      }),
      pointer: issue.pointer || (index < 0 ? "" : `/nodes/${index}`),
    };
  };
}
