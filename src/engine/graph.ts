// Web standards only.
import type {
  JsonObject,
  TriggerRule,
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "../openwop/protocol/mod.ts";
import { compileCondition, type Condition } from "./conditions.ts";
import { isObject, own } from "./json.ts";

/** A definition, indexed once: every step of a run then costs what it touches, not what the definition holds. */
export interface Graph {
  readonly definition: WorkflowDefinition;
  /** In the order of the definition. */
  readonly nodes: readonly GraphNode[];
  readonly byId: ReadonlyMap<string, GraphNode>;
  /** Nodes that undo others, by the id of the node that they undo. */
  readonly undoing: ReadonlyMap<string, GraphNode>;
  /** Items that were asked for lately, by their own id. */
  readonly items: Map<string, GraphNode>;
  /** The nodes whose outputs are those of the run: the `core.end` nodes, without any the nodes that nothing follows. */
  readonly results: readonly GraphNode[];
  /** Whether any node, or any item of one, is a run of its own. */
  readonly hasChildren: boolean;
}

/** Items that are kept for the next look: more than are under way at once. */
const MAX_CACHED = 4_096;

/** What is special about a node in the eyes of the engine. */
export type NodeRole = "plain" | "join" | "repeat" | "each" | "child";

/** A node with its neighbours. */
export interface GraphNode {
  readonly id: string;
  /** Index in {@linkcode Graph.nodes}; -1 for one that no definition names. */
  readonly position: number;
  readonly node: WorkflowNode;
  readonly role: NodeRole;
  /** Of an item: the node that runs it, and which one it is. */
  readonly item?: { readonly of: GraphNode; readonly index: number };
  /** Of a node that undoes another: which. */
  readonly undoes?: GraphNode;
  readonly rule: TriggerRule;
  readonly incoming: readonly GraphEdge[];
  readonly outgoing: readonly GraphEdge[];
  /** Ends of {@linkcode GraphNode.outgoing}, each once. */
  readonly targets: readonly GraphNode[];
  /** Of a `tutti.repeat`: the nodes that it has done again. */
  readonly body: readonly GraphNode[];
  /** Of a `tutti.join`: the nodes that it calls off. */
  readonly cancels: ReadonlySet<string>;
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
  readonly body: GraphNode[];
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

/**
 * The node of that id: one of the definition, `<id>:<index>` for an item of a `tutti.forEach`, `<id>:undo` for what
 * undoes a node.
 */
export function nodeOf(graph: Graph, id: string): GraphNode | undefined {
  const known = graph.byId.get(id);
  if (known !== undefined) return known;
  const at = id.lastIndexOf(":");
  if (at < 1) return undefined;
  const suffix = id.slice(at + 1);
  if (suffix === "undo") return graph.undoing.get(id.slice(0, at));
  const cached = graph.items.get(id);
  if (cached !== undefined) return cached;
  const of = graph.byId.get(id.slice(0, at));
  if (of?.role !== "each" || !/^(0|[1-9]\d{0,6})$/.test(suffix)) {
    return undefined;
  }
  if (graph.items.size >= MAX_CACHED) graph.items.clear();
  const item = itemOf(of, Number(suffix));
  graph.items.set(id, item);
  return item;
}

/**
 * The node that is visited as often as that of an id, which is not always itself: an item is as often as its list is.
 *
 * @param definition Of the run.
 * @param id Of a node.
 */
export function visitedAs(definition: WorkflowDefinition, id: string): string {
  return nodeOf(graphOf(definition), id)?.item?.of.id ?? id;
}

/** An item of a `tutti.forEach`, as a node of its own. */
export function itemOf(of: GraphNode, index: number): GraphNode {
  const { node } = of;
  const { config } = node;
  const childId = own(config, "workflowId");
  const version = own(config, "version");
  const typeId = childId === undefined
    ? own(config, "nodeTypeId")
    : "core.subWorkflow";
  const nodeConfig = childId === undefined ? own(config, "nodeConfig") : {
    workflowId: childId,
    ...(version !== undefined && { version }),
  };
  return spawned({
    id: `${of.id}:${index}`,
    typeId: typeof typeId === "string" ? typeId : "",
    name: node.name,
    position: node.position,
    config: isObject(nodeConfig) ? nodeConfig : {},
    inputs: {},
    ...(node.settings && { settings: node.settings }),
  }, { item: { of, index } });
}

function mayHaveChildren(node: GraphNode): boolean {
  return node.role === "child" ||
    node.role === "each" && itemOf(node, 0).role === "child";
}

function spawned(
  node: WorkflowNode,
  more: Pick<GraphNode, "item" | "undoes">,
): GraphNode {
  return {
    id: node.id,
    position: -1,
    node,
    role: roleOf(node),
    rule: "all_success",
    incoming: [],
    outgoing: [],
    targets: [],
    body: [],
    cancels: new Set(),
    ...more,
  };
}

const roles: ReadonlyMap<string, NodeRole> = new Map([
  ["tutti.join", "join"],
  ["tutti.repeat", "repeat"],
  ["tutti.forEach", "each"],
  ["core.loop", "each"],
  ["core.flow.iterator", "each"],
  ["core.subWorkflow", "child"],
  ["core.flow.sub-workflow-invoke", "child"],
]);

function roleOf({ typeId }: WorkflowNode): NodeRole {
  return roles.get(typeId) ?? "plain";
}

function undoingOf(of: GraphNode): GraphNode | undefined {
  const { compensation } = of.node;
  if (compensation === undefined) return undefined;
  const { nodeTypeId, retry } = compensation;
  return spawned({
    id: `${of.id}:undo`,
    typeId: nodeTypeId,
    name: of.node.name,
    position: of.node.position,
    config: {},
    inputs: {},
    settings: retry ?? {},
  }, { undoes: of });
}

function indexDefinition(definition: WorkflowDefinition): Graph {
  const byId = new Map<string, OpenNode>();
  for (const node of definition.nodes) {
    if (byId.has(node.id)) continue;
    byId.set(node.id, {
      id: node.id,
      position: byId.size,
      node,
      role: roleOf(node),
      rule: "all_success",
      incoming: [],
      outgoing: [],
      targets: [],
      body: [],
      cancels: new Set(namesIn(node.config, "cancel")),
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
    if (node.role !== "repeat") continue;
    for (const id of namesIn(node.node.config, "body")) {
      const inner = byId.get(id);
      if (inner !== undefined && inner !== node) node.body.push(inner);
    }
  }
  const undoing = new Map<string, GraphNode>();
  for (const node of byId.values()) {
    const undo = undoingOf(node);
    if (undo) undoing.set(node.id, undo);
  }
  const nodes = [...byId.values()];
  const ends = nodes.filter(({ node }) => node.typeId === "core.end");
  return {
    definition,
    nodes,
    byId,
    undoing,
    items: new Map(),
    results: ends.length > 0
      ? ends
      : nodes.filter(({ outgoing }) => outgoing.length === 0),
    hasChildren: nodes.some(mayHaveChildren),
  };
}

/** The texts of a list in a config, each once. */
export function namesIn(config: JsonObject, key: string): readonly string[] {
  const list = own(config, key);
  return Array.isArray(list)
    ? [...new Set(list.filter((name) => typeof name === "string"))]
    : [];
}

/** v1 §17.4: where the edges into one node disagree, the one with the smallest id decides. */
function ruleOf(incoming: readonly GraphEdge[]): TriggerRule {
  let first: WorkflowEdge | undefined;
  for (const { edge } of incoming) {
    if (first === undefined || edge.id < first.id) first = edge;
  }
  return first?.triggerRule ?? "all_success";
}
