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
  /** Those that were wanted lately. */
  #young = new Shelf();
  /** Those that are forgotten together, unless somebody wants them before. */
  #old = new Shelf();
  readonly #making = new Map<string, Promise<Piece | undefined>>();

  /** Bytes that are kept. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /**
   * The piece of that name.
   *
   * @param make Makes it, for all who ask meanwhile; gives `undefined` where there is none yet.
   */
  get(
    name: string,
    make: () => Promise<Piece | undefined>,
  ): Promise<Piece | undefined> {
    const young = this.#young.get(name);
    if (young !== undefined) return Promise.resolve(young);
    const old = this.#old.take(name);
    if (old !== undefined) {
      this.#keep(name, old);
      return Promise.resolve(old);
    }
    let making = this.#making.get(name);
    if (making === undefined) {
      making = this.#make(name, make);
      this.#making.set(name, making);
    }
    return making;
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
    if (this.#young.size + size > MOST / 2) {
      this.#old = this.#young;
      this.#young = new Shelf();
    }
    this.#young.put(name, piece);
  }
}

/** Pieces by name, with how large they are together. */
class Shelf {
  readonly #pieces = new Map<string, Piece>();
  size = 0;

  get(name: string): Piece | undefined {
    return this.#pieces.get(name);
  }

  put(name: string, piece: Piece): void {
    this.#pieces.set(name, piece);
    this.size += sizeOf(name, piece);
  }

  take(name: string): Piece | undefined {
    const piece = this.#pieces.get(name);
    if (piece === undefined) return undefined;
    this.#pieces.delete(name);
    this.size -= sizeOf(name, piece);
    return piece;
  }
}

function sizeOf(name: string, { bytes }: Piece): number {
  return 2 * name.length + bytes.length + 200;
}
