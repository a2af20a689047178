// Web standards only.
import type { Graph, GraphNode } from "./graph.ts";
import type { NodeState } from "./types.ts";

/** Small enough that a copy is cheap, big enough that there are few of them. */
const chunkSize = 32;

/** A node that is on a roster, in its present state. */
export interface Entry {
  readonly node: GraphNode;
  readonly state: NodeState;
}

/** A few entries that came one after the other; one that has gone leaves its place empty. */
export type Chunk = readonly (Entry | undefined)[];

/** Where the entry with a state stands, counted from the first that ever was. Kept where there is more than one chunk. */
type Places = WeakMap<NodeState, number>;

const nowhere: Chunk = [];

/**
 * Nodes in the order in which they came, each with its state. It never changes; {@linkcode RosterEdit} makes a changed
 * one that shares all chunks but those written to. What was found out about a chunk stays true, so a decision about
 * thousands of nodes looks again only at those that something happened to.
 */
export class Roster implements Iterable<string> {
  /** In order. */
  readonly chunks: readonly Chunk[];
  /** How many nodes are on it. */
  readonly size: number;
  readonly #first: number;
  readonly #places: Places;

  /**
   * @param first The place of the first entry of the first chunk.
   * @param places Shared with what it was made from.
   */
  constructor(
    chunks: readonly Chunk[] = [],
    size: number = 0,
    first: number = 0,
    places: Places = new WeakMap(),
  ) {
    this.chunks = chunks;
    this.size = size;
    this.#first = first;
    this.#places = places;
  }

  /** A changeable copy, which costs nothing until it is written to. */
  edit(): RosterEdit {
    return new RosterEdit(this, this.#first, this.#places);
  }

  /** The ids of its nodes. */
  *[Symbol.iterator](): Iterator<string> {
    for (const { node } of entriesOf(this.chunks)) yield node.id;
  }
}

/** The entries of some chunks, in order. */
export function* entriesOf(
  chunks: readonly Chunk[],
): Generator<Entry, void, undefined> {
  for (const chunk of chunks) {
    for (const entry of chunk) if (entry) yield entry;
  }
}

/** A private copy of a {@linkcode Roster}; each chunk is copied once, when first written. */
export class RosterEdit {
  readonly #base: Roster;
  #chunks: readonly Chunk[];
  /** Those of them that may be written to. */
  #own: Set<Chunk> | undefined;
  #first: number;
  #places: Places;
  #size: number;

  constructor(base: Roster, first: number, places: Places) {
    this.#base = base;
    this.#chunks = base.chunks;
    this.#first = first;
    this.#places = places;
    this.#size = base.size;
  }

  get size(): number {
    return this.#size;
  }

  /** In order. What is found out about one that {@linkcode RosterEdit.isOwn} is not true for long. */
  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** Whether this edit has written to a chunk. */
  isOwn(chunk: Chunk): boolean {
    return this.#own?.has(chunk) ?? false;
  }

  /**
   * Takes a node on, at the end, gives it its new state where it is on already, or takes it off.
   *
   * @param before The state that it had until now.
   * @param state The state that it has.
   */
  put(
    node: GraphNode,
    before: NodeState,
    state: NodeState,
    isMember: boolean,
  ): void {
    const at = this.#find(node, before);
    if (at === undefined) {
      if (isMember) this.#add({ node, state });
    } else if (isMember) this.#set(at, { node, state });
    else this.#remove(at);
  }

  clear(): void {
    if (this.#size > 0) this.#start();
  }

  /** The result. The edit must not be written to afterwards. */
  done(): Roster {
    return this.#own === undefined
      ? this.#base
      : new Roster(this.#chunks, this.#size, this.#first, this.#places);
  }

  #find(node: GraphNode, state: NodeState): number | undefined {
    if (this.#chunks.length < 2) {
      const [chunk = nowhere] = this.#chunks;
      const at = chunk.findIndex((entry) => entry?.node.id === node.id);
      return at < 0 ? undefined : at;
    }
    const place = this.#places.get(state);
    if (place === undefined) return undefined;
    const at = place - this.#first;
    const entry = this.#chunks[Math.floor(at / chunkSize)]?.[at % chunkSize];
    return entry?.node.id === node.id ? at : undefined;
  }

  #add(entry: Entry): void {
    const chunks = this.#write();
    const last = chunks.length - 1;
    const isFull = last < 0 || chunks[last]!.length === chunkSize;
    if (isFull) chunks.push(this.#newChunk());
    if (isFull && last === 0) this.#placeAll(chunks[0]!);
    const index = isFull ? last + 1 : last;
    const at = index * chunkSize + chunks[index]!.length;
    this.#size++;
    this.#set(at, entry);
  }

  #remove(at: number): void {
    this.#size--;
    if (this.#size === 0) return void this.#start();
    this.#set(at, undefined);
    if (this.#chunks.length * chunkSize > 2 * this.#size + 4 * chunkSize) {
      return this.#close();
    }
    const chunks = this.#write();
    const index = Math.floor(at / chunkSize);
    if (chunks[index]!.length < chunkSize || chunks[index]!.some(Boolean)) {
      return;
    }
    chunks[index] = nowhere;
    let gone = 0;
    while (chunks[gone] === nowhere) gone++;
    if (gone === 0) return;
    chunks.splice(0, gone);
    this.#first += gone * chunkSize;
  }

  #set(at: number, entry: Entry | undefined): void {
    const chunks = this.#write();
    const index = Math.floor(at / chunkSize);
    let chunk = chunks[index]!;
    if (!this.#own!.has(chunk)) {
      chunk = chunks[index] = this.#newChunk(chunk);
    }
    (chunk as (Entry | undefined)[])[at % chunkSize] = entry;
    if (entry && chunks.length > 1) {
      this.#places.set(entry.state, this.#first + at);
    }
  }

  /** There is another chunk behind the first. */
  #placeAll(first: Chunk): void {
    first.forEach((entry, at) => {
      if (entry) this.#places.set(entry.state, this.#first + at);
    });
  }

  /** Leaves out the empty places of those that have gone. */
  #close(): void {
    const entries = [...entriesOf(this.#chunks)];
    const chunks = this.#start();
    for (const entry of entries) {
      if (this.#size % chunkSize === 0) chunks.push(this.#newChunk());
      (chunks.at(-1) as Entry[]).push(entry);
      this.#places.set(entry.state, this.#size++);
    }
  }

  #start(): Chunk[] {
    const chunks: Chunk[] = [];
    this.#chunks = chunks;
    this.#own = new Set();
    this.#size = 0;
    this.#first = 0;
    // Not those of before: another edit of the same roster still stands by them.
    this.#places = new WeakMap();
    return chunks;
  }

  #newChunk(from: Chunk = nowhere): Chunk {
    const chunk = from.slice();
    this.#own!.add(chunk);
    return chunk;
  }

  #write(): Chunk[] {
    if (this.#own === undefined) {
      this.#own = new Set();
      this.#chunks = this.#chunks.slice();
    }
    return this.#chunks as Chunk[];
  }
}

/** Nodes of a definition, in its order. It never changes; a changed one costs a word for each 32 nodes. */
export class Marks implements Iterable<string> {
  readonly #graph: Graph;
  readonly words: readonly number[];
  readonly size: number;
  /** No word before it has a member. */
  readonly from: number;

  constructor(
    graph: Graph,
    words: readonly number[] = [],
    size: number = 0,
    from: number = 0,
  ) {
    this.#graph = graph;
    this.words = words;
    this.size = size;
    this.from = from;
  }

  /** A changeable copy, which costs nothing until it is written to. */
  edit(): MarksEdit {
    return new MarksEdit(this.#graph, this);
  }

  /** The ids of its nodes. */
  *[Symbol.iterator](): Iterator<string> {
    for (const { id } of this.edit().nodes()) yield id;
  }
}

/** A private copy of {@linkcode Marks}. */
export class MarksEdit {
  readonly #graph: Graph;
  readonly #base: Marks;
  #words: readonly number[];
  #size: number;
  #from: number;

  constructor(graph: Graph, base: Marks) {
    this.#graph = graph;
    this.#base = base;
    this.#words = base.words;
    this.#size = base.size;
    this.#from = base.from;
  }

  get size(): number {
    return this.#size;
  }

  has({ position }: GraphNode): boolean {
    return position >= 0 &&
      ((this.#words[position >>> 5] ?? 0) >>> (position & 31) & 1) === 1;
  }

  /** Only nodes that the definition names can be members. */
  toggle(node: GraphNode, isMember: boolean): void {
    const { position } = node;
    if (position < 0 || this.has(node) === isMember) return;
    if (this.#words === this.#base.words) this.#words = this.#words.slice();
    const words = this.#words as number[];
    while (words.length <= position >>> 5) words.push(0);
    words[position >>> 5]! ^= 1 << (position & 31);
    this.#size += isMember ? 1 : -1;
    this.#from = Math.min(this.#from, position >>> 5);
    while (words[this.#from] === 0) this.#from++;
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#words = [];
    this.#size = 0;
    this.#from = 0;
  }

  /** In the order of the definition, as they are now. */
  nodes(): readonly GraphNode[] {
    const found: GraphNode[] = [];
    if (this.#size === 0) return found;
    for (let index = this.#from; index < this.#words.length; index++) {
      for (let rest = this.#words[index]!; rest !== 0; rest &= rest - 1) {
        const bit = 31 - Math.clz32(rest & -rest);
        found.push(this.#graph.nodes[index * 32 + bit]!);
      }
    }
    return found;
  }

  /** The result. The edit must not be written to afterwards. */
  done(): Marks {
    return this.#words === this.#base.words
      ? this.#base
      : new Marks(this.#graph, this.#words, this.#size, this.#from);
  }
}
