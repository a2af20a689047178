// Web standards only.
import type { ItemState, ItemStates, NodeState } from "./types.ts";

const blockSize = 32;

/**
 * The states of the items of a `tutti.forEach`, by index. It never changes; {@linkcode Items.with} gives a changed one
 * that shares all blocks but one, so that an event costs far less than the list is long.
 */
export class Items implements ItemStates {
  /** How many there are. */
  readonly size: number;
  /** The first that was not started; items are started in order. */
  readonly next: number;
  /** How many have ended. */
  readonly ended: number;
  /** Index of the one that failed first. */
  readonly failed: number | undefined;
  readonly #blocks: readonly (readonly (ItemState | undefined)[])[];

  private constructor(
    size: number,
    counts: Pick<Items, "next" | "ended" | "failed">,
    blocks: readonly (readonly (ItemState | undefined)[])[],
  ) {
    this.size = size;
    this.next = counts.next;
    this.ended = counts.ended;
    this.failed = counts.failed;
    this.#blocks = blocks;
  }

  /** Items of which none was started. */
  static of(size: number): Items {
    const blocks = Array.from(
      { length: Math.ceil(size / blockSize) },
      () => [],
    );
    return new Items(size, { next: 0, ended: 0, failed: undefined }, blocks);
  }

  /** How many are under way. */
  get active(): number {
    return this.next - this.ended;
  }

  /** `undefined` for one that was not started. */
  at(index: number): ItemState | undefined {
    return this.#blocks[Math.floor(index / blockSize)]?.[index % blockSize];
  }

  /** With the state of one of them replaced. */
  with(index: number, state: NodeState): Items {
    const before = this.at(index);
    const block = Math.floor(index / blockSize);
    const blocks = [...this.#blocks];
    const row = [...blocks[block] ?? []];
    const ends = isOver(state) && !(before && isOver(before));
    row[index % blockSize] = ends ? { ...state, endedAs: this.ended } : {
      ...state,
      ...(before?.endedAs !== undefined && { endedAs: before.endedAs }),
    };
    blocks[block] = row;
    return new Items(this.size, {
      next: Math.max(this.next, index + 1),
      ended: this.ended + (ends ? 1 : 0),
      failed: this.failed ??
        (ends && state.status !== "completed" ? index : undefined),
    }, blocks);
  }
}

function isOver({ status }: NodeState): boolean {
  return status === "completed" || status === "failed" ||
    status === "cancelled" || status === "skipped";
}
