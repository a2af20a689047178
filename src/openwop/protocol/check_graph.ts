// Web standards only.
import { pointerPart } from "../../http/mod.ts";
import type {
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "./definition.ts";
import type { DefinitionIssue } from "./errors.ts";
import { patternRisk } from "./linear_pattern.ts";

/** What the graph rules share: the definition, indexed once. */
interface Graph {
  readonly definition: WorkflowDefinition;
  readonly nodes: ReadonlyMap<string, WorkflowNode>;
  readonly incoming: ReadonlyMap<string, readonly WorkflowEdge[]>;
}

/**
 * What a definition of the right shape still gets wrong as a graph: edges without ends, cycles, connections to nodes
 * that do not come before, mixed trigger rules, conditions that no host can evaluate.
 *
 * Source: v1 §17.9.
 */
export function checkGraph(definition: WorkflowDefinition): DefinitionIssue[] {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const incoming = new Map<string, WorkflowEdge[]>();
  for (const edge of definition.edges) {
    const edges = incoming.get(edge.targetNodeId);
    if (edges) edges.push(edge);
    else incoming.set(edge.targetNodeId, [edge]);
  }
  const graph = { definition, nodes, incoming };
  const issues = [
    ...checkEnds(graph),
    ...checkTriggerRules(graph),
    ...checkConditions(graph),
  ];
  // Where ids are shared, cycles and ancestors would be those of no author.
  if (nodes.size < definition.nodes.length) return issues;
  const cycle = findCycle(graph);
  if (cycle) return [...issues, cycle];
  return [...issues, ...checkConnections(graph)];
}

function checkEnds({ definition, nodes }: Graph): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  definition.edges.forEach((edge, index) => {
    for (const end of ["sourceNodeId", "targetNodeId"] as const) {
      if (nodes.has(edge[end])) continue;
      issues.push({
        code: "unknown-node",
        message: `the edge "${edge.id}" names a node "${
          edge[end]
        }" that does not exist`,
        pointer: `/edges/${index}/${end}`,
      });
    }
  });
  return issues;
}

function checkTriggerRules({ definition, incoming }: Graph): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  for (const [target, edges] of incoming) {
    const rules = new Set(
      edges.map((edge) => edge.triggerRule ?? "all_success"),
    );
    if (rules.size < 2) continue;
    issues.push({
      code: "mixed-trigger-rules",
      message: `the edges into "${target}" carry different trigger rules: ${
        [...rules].join(", ")
      }`,
      pointer: `/edges/${definition.edges.indexOf(edges[0]!)}/triggerRule`,
      source: target,
      hint: "write the same rule on all of them",
    });
  }
  return issues;
}

function checkConditions({ definition }: Graph): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  definition.edges.forEach((edge, index) => {
    const { condition } = edge;
    const pointer = `/edges/${index}/condition`;
    if (condition?.type === "expression") {
      issues.push({
        code: "expression-unsupported",
        message:
          `the edge "${edge.id}" has a condition in an expression language that no host shares`,
        pointer,
        source: edge.sourceNodeId,
        hint: "use equals, notEquals, contains, regex, truthy or falsy",
      });
    }
    if (condition?.type === "regex") {
      const risk = typeof condition.right === "string"
        ? patternRisk(condition.right)
        : "it is not a string";
      if (!risk) return;
      issues.push({
        code: "pattern-refused",
        message: `the pattern of the edge "${edge.id}" is refused: ${risk}`,
        pointer: `${pointer}/right`,
        source: edge.sourceNodeId,
        hint: "use a simpler pattern, or contains",
      });
    }
  });
  return issues;
}

/** Topological sort by counting; what is left over lies on or behind a cycle. */
function findCycle(
  { definition, nodes, incoming }: Graph,
): DefinitionIssue | undefined {
  const waiting = new Map<string, number>();
  const outgoing = new Map<string, string[]>();
  for (const id of nodes.keys()) {
    const sources = (incoming.get(id) ?? []).filter(({ sourceNodeId: from }) =>
      nodes.has(from) && !isReturn(nodes.get(from)!, nodes.get(id)!)
    );
    waiting.set(id, sources.length);
    for (const { sourceNodeId } of sources) {
      const targets = outgoing.get(sourceNodeId);
      if (targets) targets.push(id);
      else outgoing.set(sourceNodeId, [id]);
    }
  }
  const ready = [...nodes.keys()].filter((id) => waiting.get(id) === 0);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    waiting.delete(id);
    for (const target of outgoing.get(id) ?? []) {
      const left = waiting.get(target)! - 1;
      waiting.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  if (waiting.size === 0) return undefined;
  const index = definition.nodes.findIndex((node) => waiting.has(node.id));
  return {
    code: "cycle",
    message: `the nodes ${
      [...waiting.keys()].slice(0, 5).map((id) => `"${id}"`).join(", ")
    } wait for each other`,
    pointer: `/nodes/${index}`,
    source: definition.nodes[index]!.id,
    hint: "remove one of the edges between them",
  };
}

/** The one arrow that may close a circle: from a dispatcher to its supervisor. Source: v1 §17.8, "gated core". */
function isReturn(from: WorkflowNode, to: WorkflowNode | undefined): boolean {
  return from.typeId === "core.dispatch" &&
    to?.typeId === "core.orchestrator.supervisor";
}

function checkConnections(graph: Graph): DefinitionIssue[] {
  const { definition, nodes } = graph;
  const issues: DefinitionIssue[] = [];
  definition.nodes.forEach((node, index) => {
    let before: ReadonlySet<string> | undefined;
    for (const [port, value] of Object.entries(node.inputs)) {
      if (value.type !== "connection") continue;
      const pointer = `/nodes/${index}/inputs${pointerPart(port)}`;
      if (!nodes.has(value.nodeId)) {
        issues.push({
          code: "unknown-reference",
          message:
            `the port "${port}" takes its value from "${value.nodeId}", which does not exist`,
          pointer,
          source: node.id,
          hint: `name one of: ${[...nodes.keys()].slice(0, 8).join(", ")}`,
        });
        continue;
      }
      // Nearly always the source is a direct neighbour; the walk is for the rest.
      if (
        graph.incoming.get(node.id)?.some((edge) =>
          edge.sourceNodeId === value.nodeId
        )
      ) continue;
      before ??= ancestors(graph, node.id);
      if (before.has(value.nodeId)) continue;
      issues.push({
        code: "reference-not-before",
        message:
          `the port "${port}" takes its value from "${value.nodeId}", which does not come before it`,
        pointer,
        source: node.id,
        hint: `add an edge from "${value.nodeId}"`,
      });
    }
  });
  return issues;
}

/** Every node from which `id` can be reached; walks only as far as it must. */
function ancestors({ incoming }: Graph, id: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { sourceNodeId } of incoming.get(next) ?? []) {
      if (seen.has(sourceNodeId)) continue;
      seen.add(sourceNodeId);
      open.push(sourceNodeId);
    }
  }
  return seen;
}
