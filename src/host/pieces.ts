// Web standards only.

/** Part of an event stream, as it goes over the wire. */
export interface Piece {
  /** Its frames. Shared between readers: hand out copies. */
  readonly bytes: Uint8Array;
  /** The last sequence that it covers, also where the reader is not shown that event. */
  readonly last: number;
  /** Whether the run ends with it. */
  readonly isOver: boolean;
}

/** How much is kept at once, in bytes. */
const MOST = 2 ** 22;

/** What is not worth keeping in place of so much else. */
const LONGEST = MOST / 4;

/**
 * Pieces that several readers of one log want: read, masked and encoded once for all who are at the same place, and kept
 * for those who come a little later, as far as there is room. A log only grows, so what was true of a place stays true;
 * one that was made at the end of a log is merely short.
 */
export class Pieces {
  readonly #kept = new Map<string, Piece>();
  readonly #making = new Map<string, Promise<Piece | undefined>>();
  #size = 0;

  /** Bytes that are kept. */
  get size(): number {
    return this.#size;
  }

  /**
   * The piece of that name.
   *
   * @param make Makes it, for all who ask meanwhile; gives `undefined` where there is none yet.
   */
  async get(
    name: string,
    make: () => Promise<Piece | undefined>,
  ): Promise<Piece | undefined> {
    const kept = this.#kept.get(name);
    if (kept !== undefined) {
      // The one that was wanted last is forgotten last.
      this.#kept.delete(name);
      this.#kept.set(name, kept);
      return kept;
    }
    let making = this.#making.get(name);
    if (making === undefined) {
      making = this.#make(name, make);
      this.#making.set(name, making);
    }
    return await making;
  }

  async #make(
    name: string,
    make: () => Promise<Piece | undefined>,
  ): Promise<Piece | undefined> {
    try {
      const piece = await make();
      // At the same moment as it is no longer being made: whoever comes in between would make another one.
      if (piece) this.#keep(name, piece);
      return piece;
    } finally {
      this.#making.delete(name);
    }
  }

  #keep(name: string, piece: Piece): void {
    const size = sizeOf(name, piece);
    if (size > LONGEST) return;
    this.#kept.set(name, piece);
    this.#size += size;
    for (const [oldest, old] of this.#kept) {
      if (this.#size <= MOST) return;
      this.#kept.delete(oldest);
      this.#size -= sizeOf(oldest, old);
    }
  }
}

function sizeOf(name: string, { bytes }: Piece): number {
  return 2 * name.length + bytes.length + 200;
}
