// Web standards only.
import { type Graph, nodeOf } from "./graph.ts";
import type { NodeState } from "./types.ts";

/** Big enough that few blocks are copied, small enough that a copy is cheap: about the square root of 1000. */
const blockSize = 32;

/** The state of a node that was never started. */
export const untouched: NodeState = {
  status: "pending",
  visits: 0,
  attempt: 0,
};

const nothing: ReadonlyMap<string, NodeState> = new Map();

/** They never change, so all runs of a definition begin with the same. */
const fresh = new WeakMap<Graph, NodeTable>();

/**
 * The states of all nodes, by node id, in the order of the definition. It never changes; {@linkcode NodeTable.edit}
 * makes a changed one that shares all blocks but those written to. One step of a run of n nodes so copies n/32 + 32
 * references, where a copied Map would cost n insertions.
 */
export class NodeTable implements ReadonlyMap<string, NodeState> {
  readonly graph: Graph;
  readonly blocks: readonly (readonly NodeState[])[];
  /** Of nodes that undo others, by their own id. */
  readonly undoing: ReadonlyMap<string, NodeState>;

  constructor(
    graph: Graph,
    blocks: readonly (readonly NodeState[])[],
    undoing: ReadonlyMap<string, NodeState> = nothing,
  ) {
    this.graph = graph;
    this.blocks = blocks;
    this.undoing = undoing;
  }

  /** The table of a run that has not started. */
  static untouched(graph: Graph): NodeTable {
    const known = fresh.get(graph);
    if (known !== undefined) return known;
    const blocks: NodeState[][] = [];
    for (let from = 0; from < graph.nodes.length; from += blockSize) {
      const length = Math.min(blockSize, graph.nodes.length - from);
      blocks.push(Array.from({ length }, () => untouched));
    }
    const table = new NodeTable(graph, blocks);
    fresh.set(graph, table);
    return table;
  }

  /** `nodes` as a table: itself where it is one, a copy of any other map. */
  static from(graph: Graph, nodes: ReadonlyMap<string, NodeState>): NodeTable {
    if (nodes instanceof NodeTable) return nodes;
    const edit = NodeTable.untouched(graph).edit();
    for (const { id, position } of graph.nodes) {
      const state = nodes.get(id);
      if (state !== undefined) edit.set(position, state);
    }
    for (const { id } of graph.undoing.values()) {
      const state = nodes.get(id);
      if (state !== undefined) edit.setUndoing(id, state);
    }
    return edit.done();
  }

  /** The state of the node at `position` of the graph. */
  at(position: number): NodeState {
    return blockOf(this.blocks, position)[position % blockSize]!;
  }

  edit(): NodeTableEdit {
    return new NodeTableEdit(this);
  }

  get size(): number {
    return this.graph.nodes.length;
  }

  get(id: string): NodeState | undefined {
    const node = nodeOf(this.graph, id);
    if (node === undefined || node.undoes) return this.undoing.get(id);
    return node.item
      ? this.at(node.item.of.position).items?.at(node.item.index)
      : this.at(node.position);
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  forEach(
    visit: (
      state: NodeState,
      id: string,
      map: ReadonlyMap<string, NodeState>,
    ) => void,
    self?: unknown,
  ): void {
    for (const [id, state] of this) visit.call(self, state, id, this);
  }

  keys(): MapIterator<string> {
    return this.graph.byId.keys();
  }

  *values(): MapIterator<NodeState> {
    for (const block of this.blocks) yield* block;
  }

  *entries(): MapIterator<[string, NodeState]> {
    for (const { id, position } of this.graph.nodes) {
      yield [id, this.at(position)];
    }
  }

  [Symbol.iterator](): MapIterator<[string, NodeState]> {
    return this.entries();
  }
}

/** A private copy of a {@linkcode NodeTable} that can be written to; each block is copied once, when first written. */
export class NodeTableEdit {
  readonly #base: NodeTable;
  #blocks: (readonly NodeState[])[] | undefined;
  #own: Map<number, NodeState[]> | undefined;
  #undoing: Map<string, NodeState> | undefined;

  constructor(base: NodeTable) {
    this.#base = base;
  }

  at(position: number): NodeState {
    return blockOf(this.#blocks ?? this.#base.blocks, position)[
      position % blockSize
    ]!;
  }

  set(position: number, state: NodeState): void {
    this.#blocks ??= this.#base.blocks.slice();
    const index = Math.floor(position / blockSize);
    this.#own ??= new Map();
    let block = this.#own.get(index);
    if (block === undefined) {
      block = this.#blocks[index]!.slice();
      this.#own.set(index, block);
      this.#blocks[index] = block;
    }
    block[position % blockSize] = state;
  }

  undoing(id: string): NodeState | undefined {
    return (this.#undoing ?? this.#base.undoing).get(id);
  }

  setUndoing(id: string, state: NodeState): void {
    this.#undoing ??= new Map(this.#base.undoing);
    this.#undoing.set(id, state);
  }

  /** The result. The edit must not be written to afterwards. */
  done(): NodeTable {
    const { graph, blocks, undoing } = this.#base;
    return this.#blocks === undefined && this.#undoing === undefined
      ? this.#base
      : new NodeTable(
        graph,
        this.#blocks ?? blocks,
        this.#undoing ?? undoing,
      );
  }
}

function blockOf(
  blocks: readonly (readonly NodeState[])[],
  position: number,
): readonly NodeState[] {
  return blocks[Math.floor(position / blockSize)]!;
}
