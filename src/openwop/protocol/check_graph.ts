// Web standards only.
import { pointerPart } from "../../http/mod.ts";
import type {
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "./definition.ts";
import { type DefinitionIssue, definitionIssue } from "./errors.ts";

/** What the graph rules share: the definition, indexed once. */
interface Graph extends Pick<WorkflowDefinition, "nodes" | "edges"> {
  readonly byId: ReadonlyMap<string, WorkflowNode>;
  readonly incoming: ReadonlyMap<string, readonly WorkflowEdge[]>;
}

/**
 * What a definition of the right shape still gets wrong as a graph: edges without ends, cycles, connections to nodes
 * that do not come before.
 *
 * Source: v1 §17.9.
 */
export function checkGraph(definition: WorkflowDefinition): DefinitionIssue[] {
  // Copied, because a list made by code may carry a `constructor` of its own, which flatMap() would call.
  const nodes = [...definition.nodes];
  const edges = [...definition.edges];
  const graph: Graph = {
    nodes,
    edges,
    byId: new Map(nodes.map((node) => [node.id, node])),
    incoming: edgesBy(edges, "targetNodeId"),
  };
  const issues = checkEnds(graph);
  // Where ids are shared, cycles and ancestors would be those of no author.
  if (graph.byId.size < nodes.length) return issues;
  const cycle = findCycle(graph);
  return [...issues, ...(cycle.length ? cycle : checkConnections(graph))];
}

/** Edges by the node at one of their ends. */
export function edgesBy(
  edges: readonly WorkflowEdge[],
  end: "sourceNodeId" | "targetNodeId",
): ReadonlyMap<string, readonly WorkflowEdge[]> {
  const groups = new Map<string, WorkflowEdge[]>();
  for (const edge of edges) {
    const group = groups.get(edge[end]);
    if (group) group.push(edge);
    else groups.set(edge[end], [edge]);
  }
  return groups;
}

function checkEnds({ edges, byId }: Graph): DefinitionIssue[] {
  return edges.flatMap((edge, index) =>
    (["sourceNodeId", "targetNodeId"] as const).flatMap((end) =>
      byId.has(edge[end]) ? [] : definitionIssue(
        "unknown-node",
        `the edge "${edge.id}" names a node "${edge[end]}" that does not exist`,
        `/edges/${index}/${end}`,
      )
    )
  );
}

function findCycle({ nodes, edges }: Graph): DefinitionIssue[] {
  const levels = levelsOf(nodes, edges);
  const names = nodes.flatMap(({ id }) => levels.has(id) ? [] : id);
  const index = nodes.findIndex(({ id }) => id === names[0]);
  return names.length
    ? [definitionIssue(
      "cycle",
      `the nodes ${
        names.slice(0, 5).map((id) => `"${id}"`).join(", ")
      } wait for each other`,
      `/nodes/${index}`,
      "remove one of the edges between them",
      names[0],
    )]
    : [];
}

/**
 * How many nodes at most lie on a way to each, by id: the order in which a graph is gone through. What lies on or behind
 * a circle has none.
 */
export function levelsOf(
  nodes: readonly Pick<WorkflowNode, "id" | "typeId">[],
  edges: readonly WorkflowEdge[],
): ReadonlyMap<string, number> {
  const types = new Map(nodes.map(({ id, typeId }) => [id, typeId]));
  const arrows = edges.filter(({ sourceNodeId, targetNodeId }) => {
    const from = types.get(sourceNodeId);
    const to = types.get(targetNodeId);
    // The one arrow that may close a circle: from a dispatcher to its supervisor. Source: v1 §17.8, "gated core".
    return from && to &&
      !(from === "core.dispatch" && to === "core.orchestrator.supervisor");
  });
  const incoming = edgesBy(arrows, "targetNodeId");
  const outgoing = edgesBy(arrows, "sourceNodeId");
  const met = new Map<string, number>();
  const levels = new Map<string, number>();
  for (const id of types.keys()) if (!incoming.has(id)) levels.set(id, 0);
  // It grows while it is gone through, level by level.
  for (const [id, level] of levels) {
    for (const { targetNodeId } of outgoing.get(id) ?? []) {
      const count = (met.get(targetNodeId) ?? 0) + 1;
      met.set(targetNodeId, count);
      if (count === incoming.get(targetNodeId)!.length) {
        levels.set(targetNodeId, level + 1);
      }
    }
  }
  return levels;
}

function checkConnections(graph: Graph): DefinitionIssue[] {
  const { nodes, byId } = graph;
  /** By node: itself, and those that were found to come behind it. */
  const behind = new Map(nodes.map(({ id }) => [id, new Set([id])]));
  return nodes.flatMap(({ id, inputs }, index) => {
    const comesBehind = search(graph, id);
    return Object.entries(inputs).flatMap(([port, value]) => {
      if (value.type !== "connection") return [];
      const from = value.nodeId;
      const those = behind.get(from);
      const isKnown = those !== undefined;
      if (isKnown && comesBehind(from, those)) return [];
      return definitionIssue(
        isKnown ? "reference-not-before" : "unknown-reference",
        `the port "${port}" takes its value from "${from}", which does not ${
          isKnown ? "come before it" : "exist"
        }`,
        `/nodes/${index}/inputs${pointerPart(port)}`,
        isKnown
          ? `add an edge from "${from}"`
          : `name one of: ${[...byId.keys()].slice(0, 8).join(", ")}`,
        id,
      );
    });
  });
}

/**
 * Says whether `id` comes behind a node, given those that are known to, of which it is one then. Goes back one step after
 * the other, for all nodes together, and only until it meets one of those.
 */
function search(
  { incoming }: Graph,
  id: string,
): (from: string, those: Set<string>) => boolean {
  const before = new Set<string>();
  const open = [id];
  let walked = 0;
  return (from, those) => {
    let isFound = before.has(from);
    while (!isFound && walked < open.length) {
      for (const { sourceNodeId } of incoming.get(open[walked++]!) ?? []) {
        isFound ||= those.has(sourceNodeId);
        if (before.has(sourceNodeId)) continue;
        before.add(sourceNodeId);
        open.push(sourceNodeId);
      }
    }
    if (isFound) those.add(id);
    return isFound;
  };
}
