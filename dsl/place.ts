// Web standards only.
import type { DefinitionIssue } from "../src/openwop/protocol/mod.ts";
import {
  type Graph,
  type GraphNode,
  type Link,
  linksInto,
  withNode,
} from "./graph.ts";

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

/** What was added by handle since somebody asked where the draft stands. */
interface Added {
  readonly nodes: GraphNode[];
  readonly issues: DefinitionIssue[];
  readonly tail: Set<Link>;
  /** Those of the arrows that come from handles, by name. */
  readonly ends: Map<string, Link>;
}

/** By draft. Put together only when they are looked at: copying all nodes for each one that is added is quadratic. */
const added = new WeakMap<object, Added>();

/** Arrows from what was added by handle. */
const handles = new WeakSet<Link>();

/** Where `draft` stands. */
export function placeOf(draft: object): Place {
  const place = places.get(draft)!;
  const more = added.get(draft);
  if (!more) return place;
  const { graph } = place;
  const whole: Place = {
    ...place,
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...more.nodes],
      issues: [...graph.issues, ...more.issues],
    },
    tail: [...more.tail],
  };
  setPlace(draft, whole);
  return whole;
}

/** Adds a node that comes after what it takes values from; what a chain goes on with comes after all handles so far. */
export function addHandle(
  draft: object,
  node: Declared & Pick<GraphNode, "after">,
  issues: readonly DefinitionIssue[],
): void {
  const { tail, within } = places.get(draft)!;
  const more = added.get(draft) ?? {
    nodes: [],
    issues: [],
    tail: new Set(tail),
    ends: new Map(
      tail.flatMap((link) => handles.has(link) ? [[link.from, link]] : []),
    ),
  };
  added.set(draft, more);
  more.nodes.push({ within, ...node });
  more.issues.push(...issues);
  for (const { from } of linksInto(node)) {
    const link = more.ends.get(from);
    if (link) more.tail.delete(link);
  }
  const link = { from: node.id };
  handles.add(link);
  more.tail.add(link);
  more.ends.set(node.id, link);
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
