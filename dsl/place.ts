// Web standards only.
import type { DefinitionIssue } from "../src/openwop/protocol/mod.ts";
import type { Graph, GraphNode, Link } from "./graph.ts";

/** Where a chain stands: what was declared, and what comes next comes after what. */
export interface Place {
  /** What was declared so far. */
  readonly graph: Graph;
  /** The arrows that the next node ends. */
  readonly tail: readonly Link[];
  /** The cases that the next node lies in, outermost first. */
  readonly within: readonly string[];
}

/** By draft: known to this folder only. */
const places = new WeakMap<object, Place>();

/** A node with what is wrong with it. */
type Added = readonly [
  Declared & Pick<GraphNode, "after">,
  readonly DefinitionIssue[],
];

/** What was added by handle since somebody asked where the draft stands: copying all nodes for each is quadratic. */
const added = new WeakMap<object, Added[]>();

/** Where `draft` stands. */
export function placeOf(draft: object): Place {
  const place = places.get(draft)!;
  const more = added.get(draft);
  if (!more) return place;
  const { graph, within } = place;
  // What a chain goes on with comes after all handles so far, but not once more after those that a handle comes after.
  const tail = new Map(
    place.tail.map((link) => [link.handle ? link.from : link, link]),
  );
  for (const [node] of more) {
    for (const { from } of node.after) tail.delete(from);
    tail.set(node.id, { from: node.id, handle: true });
  }
  setPlace(draft, {
    within,
    graph: {
      ...graph,
      nodes: [
        ...graph.nodes,
        ...more.map(([node]) => ({ within, ...node })),
      ],
      issues: [...graph.issues, ...more.flatMap(([, issues]) => issues)],
    },
    tail: [...tail.values()],
  });
  return placeOf(draft);
}

/** Adds a node that comes after what it takes values from. */
export function addHandle(draft: object, ...node: Added): void {
  const more = added.get(draft) ?? [];
  added.set(draft, more);
  more.push(node);
}

/** Says where `draft` stands. */
export function setPlace(draft: object, place: Place): void {
  added.delete(draft);
  places.set(draft, place);
}

/** What {@linkcode append} needs of a node beside its place. */
export type Declared = Omit<GraphNode, "after" | "within"> & {
  readonly after?: readonly Link[];
  readonly within?: readonly string[];
};

/** The place behind one more node. */
export function append(
  { graph, tail, within }: Place,
  node: Declared,
  issues: readonly DefinitionIssue[] = [],
): Place {
  return {
    graph: {
      ...graph,
      nodes: [...graph.nodes, { after: tail, within, ...node }],
      issues: [...graph.issues, ...issues],
    },
    tail: [{ from: node.id }],
    within,
  };
}

/** The place with a problem noted. */
export function noting(
  place: Place,
  issues: readonly DefinitionIssue[],
): Place {
  const { graph } = place;
  return {
    ...place,
    graph: { ...graph, issues: [...graph.issues, ...issues] },
  };
}
