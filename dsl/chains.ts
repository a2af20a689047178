// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import { called, wanted, within } from "./given.ts";
import type { Graph, GraphNode, Link } from "./graph.ts";
import { type Place, placeOf } from "./place.ts";

/** Where one of several chains begins, and what it is called in a message. */
export interface Beginning extends Omit<Place, "graph"> {
  /** For people. */
  readonly what: string;
}

/** The end of one of several chains. */
export interface End extends Omit<Place, "graph"> {
  /** Its name. */
  readonly name: string;
  /** Where it began. */
  readonly begin: Beginning;
  /** The nodes of it. */
  readonly nodes: readonly string[];
}

/** Whether a chain ends at `link` without a step of its own on that way, however often it parted and met in between. */
export function isWithoutSteps({ begin }: End, link: Link): boolean {
  return begin.tail.some(({ from, label }) =>
    from === link.from && label === link.label
  );
}

/** Makes the chain that stands at a place; handed in, because chains are made of this. */
export type Open = (place: Place) => object;

/** Declares several chains, one after the other, each from a beginning of its own. */
export function chainsOf(
  { graph: before }: Place,
  open: Open,
  chains: object,
  beginningOf: (name: string) => Beginning,
): { readonly graph: Graph; readonly ends: readonly End[] } {
  let graph = before;
  const ends: End[] = [];
  for (
    const [name, declare] of Object.entries(wanted("chains", "object", chains))
  ) {
    const begin = beginningOf(name);
    const { tail, within } = begin;
    const end = run(declare, open({ graph, tail, within }), begin.what);
    const nodes = end.graph.nodes.slice(graph.nodes.length);
    graph = end.graph;
    ends.push({ ...end, name, begin, nodes: nodes.map(({ id }) => id) });
  }
  return { graph, ends };
}

/**
 * The place that a callback leads to.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, when it does not give a chain back, which the types promise and plain JavaScript may forget.
 */
export function run(
  declare: unknown,
  from: object,
  what: string,
  ...others: unknown[]
): Place {
  const begin = placeOf(from);
  const end = called(what, declare as () => unknown, from, ...others);
  if (within(what, () => end instanceof from.constructor)) {
    const place = placeOf(end as object);
    return place.graph.nodes.some(({ handle }) => handle)
      ? withHandles(begin, place)
      : place;
  }
  throw new InvalidArgumentError(
    what,
    "it must return the chain it was given, as in (w) => w.step(…)",
  );
}

/**
 * The end of a chain in which nodes were added by handle. They lie in the chain, so what comes before it is nothing that
 * they could come after instead: one that takes nothing from the chain comes where the chain begins.
 */
function withHandles(begin: Place, end: Place): Place {
  const first = begin.graph.nodes.length;
  const own = new Set(end.graph.nodes.slice(first).map(({ id }) => id));
  const nodes = end.graph.nodes.map((node, index): GraphNode => {
    if (index < first || !node.handle) return node;
    const links = node.after.filter(({ from }) => own.has(from));
    return { ...node, handle: false, after: links[0] ? links : begin.tail };
  });
  const isOwn = end.tail.some(({ from }) => own.has(from));
  return {
    ...end,
    graph: { ...end.graph, nodes },
    // What is added by handle does not end the links that the chain began with.
    tail: isOwn
      ? end.tail.filter((link) => !begin.tail.includes(link))
      : end.tail,
  };
}
