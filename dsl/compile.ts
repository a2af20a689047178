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
  pointerPart,
  type PortValue,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
} from "../src/openwop/protocol/mod.ts";
import { checkSteps } from "./check/steps.ts";
import { type Field, fieldsOf } from "./fields.ts";
import {
  type DefinitionCheck,
  distinct,
  type Graph,
  type GraphNode,
} from "./graph.ts";
import { layout } from "./layout.ts";
import { filled, present } from "./present.ts";
import { holderOf, nameOf, type Target, targetOf } from "./ref.ts";

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
  const { id, name, version, description, input } = graph;
  const scope: Scope = {
    known: new Map(graph.nodes.map((node) => [node.id, node])),
    fields: fieldsOf(input, "output"),
    issues: [...graph.issues, ...checkSteps(graph)],
  };
  const edges = graph.nodes.flatMap(edgesInto);
  const positions = layout(levelsOf(graph.nodes, edges), [
    ...scope.known.keys(),
  ]);
  const nodes = graph.nodes.map((node, index): WorkflowNode => {
    const { id, typeId, config, sensitive, compensation, notes } = node;
    const { inputs, defaults } = portsOf(node, `/nodes/${index}`, scope);
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
    id,
    name,
    version,
    ...present({ description }),
    nodes,
    edges,
    triggers: [{ id: "manual", type: "manual" }, ...graph.triggers ?? []],
    variables: [
      ...fieldsOf(input, "input")?.values() ?? [],
      ...graph.variables ?? [],
    ],
    ...present({
      channels: graph.channels,
      configurableSchema: graph.configurable,
    }),
    metadata: graph.metadata ?? {},
    settings: graph.settings ?? {},
  };
  const code = graph.nodes.flatMap(({ code = [] }) => code);
  // What holds itself, or is too deep, cannot be looked at closer. The ports have been, each as the step named it.
  const rest = nodes.map((node) => ({ ...node, inputs: {} }));
  const faults = notJson({ ...definition, nodes: rest }, "a part of it", "");
  return {
    definition,
    nodes: [...new Map(code.map((each) => [each.typeId, each])).values()],
    issues: [
      ...scope.issues,
      ...checkBuilt(definition),
      ...faults[0]
        ? faults
        : checksOf(graph).flatMap((check) => check(definition, true)),
    ].map(placed(definition)),
  };
}

/** What the kinds of steps and the constructs check themselves, each of them once. */
function checksOf({ nodes, checks = [] }: Graph): DefinitionCheck[] {
  return [
    ...new Set([...checks, ...nodes.flatMap(({ checks = [] }) => checks)]),
  ];
}

/** What code has put where JSON is to stand. */
function notJson(
  value: unknown,
  what: string,
  pointer: string,
  source?: string,
): DefinitionIssue[] {
  const found = findJsonProblem(
    value,
    (part) => {
      if (targetOf(part)) {
        return "it is a reference inside of a literal";
      }
      const holder = holderOf(part);
      return holder &&
        `it is all of ${holder}: name one field, as in ${holder}.text`;
    },
  );
  if (!found) return [];
  const at = found.pointer && ` (at ${found.pointer})`;
  return [definitionIssue(
    "literal-not-json",
    `${what} would not survive JSON: ${found.problem}${at}`,
    pointer + found.pointer,
    "give it plain JSON or a reference",
    source,
  )];
}

/** The arrows that `node` ends, those of its connections included where it follows them. */
function edgesInto(node: GraphNode): WorkflowEdge[] {
  const { id, rule } = node;
  return distinct(node.after).map((
    { from, handle: _, empty: __, ...said },
  ): WorkflowEdge => ({
    id: `${from}->${id}`,
    sourceNodeId: from,
    targetNodeId: id,
    ...said,
    ...present({ triggerRule: rule }),
  }));
}

/** What the ports of a node can refer to, and where to say what is wrong with them. */
interface Scope {
  readonly known: ReadonlyMap<string, GraphNode>;
  readonly fields: ReadonlyMap<string, Field> | undefined;
  readonly issues: DefinitionIssue[];
}

/** The ports of a node as the definition writes them, and what they get where a reference leads nowhere. */
function portsOf(
  node: GraphNode,
  at: string,
  scope: Scope,
): Pick<WorkflowNode, "inputs"> & {
  readonly defaults: JsonObject | undefined;
} {
  const { issues } = scope;
  const inputs: Record<string, PortValue> = Object.create(null);
  const defaults: Record<string, JsonValue> = {};
  for (const [port, source] of Object.entries(node.inputs)) {
    if (source === undefined) continue;
    const target = targetOf(source);
    const literal = target ? target.otherwise : source as JsonValue;
    const pointer = `${at}/inputs${pointerPart(port)}`;
    const faults = literal === undefined ? [] : notJson(
      literal,
      `the value for the port "${port}"`,
      pointer,
      node.id,
    );
    const refuse = (code: string, what: string, hint: string): void => {
      faults.push(definitionIssue(
        code,
        `the port "${port}" refers to ${what}`,
        pointer,
        hint,
        node.id,
      ));
    };
    if (!target) {
      inputs[port] = { type: "static", value: source as JsonValue };
    } else if (target.kind === "item" || target.kind === "own") {
      refuse(
        "reference-out-of-place",
        `${nameOf(target)}, which is known elsewhere only`,
        "use it where it was given",
      );
    } else {
      if (!target.path.join("")) {
        refuse(
          "wrong-shape",
          "a field whose name is empty",
          "give the field a name",
        );
      }
      inputs[port] = reference(target, node, scope);
      if (literal !== undefined) defaults[port] = literal;
    }
    issues.push(...faults);
  }
  return { inputs: { ...inputs }, defaults: filled(defaults) };
}

function reference(
  { kind, path, otherwise, ...target }: Target,
  to: GraphNode,
  { known, fields }: Scope,
): PortValue {
  const key = path.join(".");
  const from = "step" in target ? target.step : undefined;
  const node = known.get(from!);
  // Whether it is certain to have run before, and to have given the output.
  const isCertain = otherwise === undefined && (
    node
      ? node.within.every((place, depth) => to.within[depth] === place) &&
        node.gives?.(key, to.within.includes(`${from}.action=edit-accept`))
      : kind === "input" && fields?.get(key)?.required
  );
  const optional = isCertain ? {} : { optional: true };
  return from === undefined
    ? { type: "variable", variableName: key, ...optional }
    : { type: "connection", nodeId: from, outputKey: key, ...optional };
}

/** Adds what is missing of the place of an issue: the name that the author gave it, or the pointer to that name. */
function placed(
  { nodes }: WorkflowDefinition,
): (issue: DefinitionIssue) => DefinitionIssue {
  return (issue) => {
    const [, list, at] = issue.pointer.split("/");
    const index = nodes.findIndex(({ id }) => id === issue.source);
    return {
      ...present({ source: list === "nodes" ? nodes[+at!]?.id : undefined }),
      ...issue,
      pointer: issue.pointer || (index < 0 ? "" : `/nodes/${index}`),
    };
  };
}
