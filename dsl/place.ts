// Web standards only.
import type { DefinitionIssue } from "../src/openwop/protocol/mod.ts";
import { type Graph, type GraphNode, type Link, withNode } from "./graph.ts";

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

/** Where `draft` stands. */
export function placeOf(draft: object): Place {
  return places.get(draft)!;
}

/** Says where `draft` stands. */
export function setPlace(draft: object, place: Place): void {
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
    graph: withNode(graph, { after: tail, within, ...node }, issues),
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
  return issues.length === 0 ? place : {
    ...place,
    graph: { ...graph, issues: [...graph.issues, ...issues] },
  };
}
