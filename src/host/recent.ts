// Web standards only.

/** A map that forgets: of more than so many entries it keeps those that were wanted last. */
export class Recent<Key, Value> {
  readonly #most: number;
  readonly #entries = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** What is there under a key, which counts as wanted. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** What there is, the one that was wanted longest ago first. */
  keys(): Iterable<Key> {
    return this.#entries.keys();
  }

  /** Keeps something. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Forgets one. */
  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.clear();
  }
}
