// Web standards only.
import type {
  TriggerRule,
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "../openwop/protocol/mod.ts";
import { compileCondition, type Condition } from "./conditions.ts";

/** A definition, indexed once: every step of a run then costs what it touches, not what the definition holds. */
export interface Graph {
  readonly definition: WorkflowDefinition;
  /** In the order of the definition. */
  readonly nodes: readonly GraphNode[];
  readonly byId: ReadonlyMap<string, GraphNode>;
}

/** A node with its neighbours. */
export interface GraphNode {
  readonly id: string;
  /** Index in {@linkcode Graph.nodes}. */
  readonly position: number;
  readonly node: WorkflowNode;
  readonly rule: TriggerRule;
  readonly incoming: readonly GraphEdge[];
  readonly outgoing: readonly GraphEdge[];
  /** Ends of {@linkcode GraphNode.outgoing}, each once. */
  readonly targets: readonly GraphNode[];
}

/** An edge with its ends. */
export interface GraphEdge {
  readonly edge: WorkflowEdge;
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly condition?: Condition;
}

/** A node while the index is built. */
interface OpenNode extends GraphNode {
  rule: TriggerRule;
  readonly incoming: GraphEdge[];
  readonly outgoing: GraphEdge[];
  readonly targets: GraphNode[];
}

const known = new WeakMap<WorkflowDefinition, Graph>();

/**
 * The index of `definition`, built when it is first asked for and kept as long as the definition lives. A definition must
 * therefore not be changed once it has been used.
 *
 * Total for any definition of the right shape: of nodes with one id the first counts, edges without ends do not.
 */
export function graphOf(definition: WorkflowDefinition): Graph {
  let graph = known.get(definition);
  if (graph === undefined) {
    graph = indexDefinition(definition);
    known.set(definition, graph);
  }
  return graph;
}

function indexDefinition(definition: WorkflowDefinition): Graph {
  const byId = new Map<string, OpenNode>();
  for (const node of definition.nodes) {
    if (byId.has(node.id)) continue;
    byId.set(node.id, {
      id: node.id,
      position: byId.size,
      node,
      rule: "all_success",
      incoming: [],
      outgoing: [],
      targets: [],
    });
  }
  for (const edge of definition.edges) {
    const source = byId.get(edge.sourceNodeId);
    const target = byId.get(edge.targetNodeId);
    if (source === undefined || target === undefined) continue;
    const entry: GraphEdge = {
      edge,
      source,
      target,
      ...(edge.condition && { condition: compileCondition(edge.condition) }),
    };
    source.outgoing.push(entry);
    target.incoming.push(entry);
  }
  for (const node of byId.values()) {
    node.rule = ruleOf(node.incoming);
    node.targets.push(...new Set(node.outgoing.map((edge) => edge.target)));
  }
  return { definition, nodes: [...byId.values()], byId };
}

/** v1 §17.4: where the edges into one node disagree, the one with the smallest id decides. */
function ruleOf(incoming: readonly GraphEdge[]): TriggerRule {
  let first: WorkflowEdge | undefined;
  for (const { edge } of incoming) {
    if (first === undefined || edge.id < first.id) first = edge;
  }
  return first?.triggerRule ?? "all_success";
}
