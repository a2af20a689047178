// Web standards only.
import type {
  DefinitionIssue,
  JsonObject,
  NodeImplementation,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";

/** Everything that was declared so far, before it becomes a definition. */
export interface Graph {
  /** Of the workflow. */
  readonly id: string;
  /** Semantic version. */
  readonly version: string;
  /** For people. */
  readonly name: string;
  /** For people. */
  readonly description: string | undefined;
  /** What a run is given. */
  readonly input: StandardSchemaV1 | undefined;
  /** In the order of declaration, which is a topological one. */
  readonly nodes: readonly GraphNode[];
  /** What was already seen to be wrong. */
  readonly issues: readonly DefinitionIssue[];
}

/** One declared node. */
export interface GraphNode {
  /** The name that the author gave. */
  readonly id: string;
  /** What made it. */
  readonly kind: "step" | "approval" | "switch" | "output";
  /** As in the definition. */
  readonly typeId: string;
  /** As in the definition. */
  readonly config: JsonObject;
  /** References and literals by port. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What it comes after. */
  readonly after: readonly Link[];
  /** Whether it also comes after everything that it takes a value from. */
  readonly afterInputs: boolean;
  /** The cases that it lies in, outermost first: a step is certain to have run for those that share its cases. */
  readonly within: readonly string[];
  /** The code of a code node. */
  readonly implementation?: NodeImplementation;
}

/** An arrow that a node will end: where it comes from and when it is taken. */
export interface Link {
  /** Name of the node. */
  readonly from: string;
  /** Taken only if this port of the node equals this value. */
  readonly when?: { readonly port: string; readonly equals: string };
}

/** `graph` with one more node, and what is wrong with it. */
export function withNode(
  graph: Graph,
  node: GraphNode,
  issues: readonly DefinitionIssue[] = [],
): Graph {
  return {
    ...graph,
    nodes: [...graph.nodes, node],
    issues: [...graph.issues, ...issues],
  };
}

/** `graph` with `change` merged into the config of the node `id`. */
export function withConfig(
  graph: Graph,
  id: string,
  change: JsonObject,
): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.id === id ? { ...node, config: { ...node.config, ...change } } : node
    ),
  };
}

/** `links` without those that say the same as another. */
export function distinct(links: readonly Link[]): readonly Link[] {
  const seen = new Map<string, Link>();
  for (const link of links) {
    // Of two arrows from one node the unconditional one says more.
    const known = seen.get(link.from);
    if (!known || known.when) seen.set(link.from, link);
  }
  return [...seen.values()];
}
