// Web standards only.
import { pointerPart } from "../../http/mod.ts";
import type {
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "./definition.ts";
import { type DefinitionIssue, definitionIssue } from "./errors.ts";

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
  /** By node: itself, and those that were found to come behind it. */
  const behind = new Map(nodes.map(({ id }) => [id, new Set([id])]));
  const ends = edges.flatMap((edge, index) =>
    (["sourceNodeId", "targetNodeId"] as const).flatMap((end) =>
      behind.has(edge[end]) ? [] : definitionIssue(
        "unknown-node",
        `the edge "${edge.id}" refers to "${edge[end]}", which does not exist`,
        `/edges/${index}/${end}`,
        undefined,
        edge.targetNodeId,
      )
    )
  );
  // Where ids are shared, cycles and ancestors would be those of no author.
  if (behind.size < nodes.length) return ends;
  const levels = levelsOf(nodes, edges);
  const waiting = nodes.flatMap(({ id }) => levels.has(id) ? [] : id);
  if (waiting.length) {
    const first = nodes.findIndex(({ id }) => id === waiting[0]);
    return [
      ...ends,
      definitionIssue(
        "cycle",
        `the nodes ${
          waiting.slice(0, 5).map((id) => `"${id}"`).join(", ")
        } wait for each other`,
        `/nodes/${first}`,
        "remove one of the edges between them",
        waiting[0],
      ),
    ];
  }
  const incoming = edgesBy(edges, "targetNodeId");
  const connections = nodes.flatMap(({ id, inputs }, index) => {
    const comesBehind = search(incoming, id);
    return Object.entries(inputs).flatMap(([port, value]) => {
      if (value.type !== "connection") return [];
      const from = value.nodeId;
      const those = behind.get(from);
      if (those && comesBehind(from, those)) return [];
      return definitionIssue(
        those ? "reference-not-before" : "unknown-reference",
        `the port "${port}" refers to "${from}", which does not ${
          those ? "come before it" : "exist"
        }`,
        `/nodes/${index}/inputs${pointerPart(port)}`,
        those
          ? `add an edge from "${from}"`
          : `name one of: ${[...behind.keys()].slice(0, 8).join(", ")}`,
        id,
      );
    });
  });
  return [...ends, ...connections];
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

/**
 * How many nodes at most lie on a way to each, by id: the order in which a graph is gone through. What lies on or behind
 * a circle has none.
 */
export function levelsOf(
  nodes: readonly Pick<WorkflowNode, "id" | "typeId">[],
  edges: readonly WorkflowEdge[],
): ReadonlyMap<string, number> {
  const types = new Map(nodes.map(({ id, typeId }) => [id, typeId]));
  const arrows = edges.filter(({ sourceNodeId: from, targetNodeId: to }) =>
    types.has(from) && types.has(to) &&
    // The one arrow that may close a circle: from a dispatcher to its supervisor. Source: v1 §17.8, "gated core".
    !(types.get(from) === "core.dispatch" &&
      types.get(to) === "core.orchestrator.supervisor")
  );
  const outgoing = edgesBy(arrows, "sourceNodeId");
  /** How many arrows into each were not gone along yet. */
  const left = new Map<string, number>();
  const levels = new Map<string, number>();
  for (const { targetNodeId: to } of arrows) {
    left.set(to, (left.get(to) ?? 0) + 1);
  }
  for (const id of types.keys()) if (!left.has(id)) levels.set(id, 0);
  // It grows while it is gone through, level by level.
  for (const [id, level] of levels) {
    for (const { targetNodeId: to } of outgoing.get(id) ?? []) {
      left.set(to, left.get(to)! - 1);
      if (!left.get(to)) levels.set(to, level + 1);
    }
  }
  return levels;
}

/**
 * Says whether `id` comes behind a node, given those that are known to, of which it is one then. Goes back one step after
 * the other, for all nodes together, and only until it meets one of those.
 */
function search(
  incoming: ReadonlyMap<string, readonly WorkflowEdge[]>,
  id: string,
): (from: string, those: Set<string>) => boolean {
  const sources = (id: string): string[] =>
    (incoming.get(id) ?? []).map(({ sourceNodeId }) => sourceNodeId);
  const before = new Set(sources(id));
  // It grows while it is gone through; the next question goes on where the last one stopped.
  const walk = before.values();
  return (from, those) => {
    let isFound = before.has(from);
    for (let at; !isFound && (at = walk.next().value) !== undefined;) {
      isFound = those.has(at);
      for (const source of sources(at)) before.add(source);
    }
    if (isFound) those.add(id);
    return isFound;
  };
}
