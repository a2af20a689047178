// The ids that GitHub gives to headings.

/** Gives each heading of one document its id; the second "Usage" becomes `usage-1`. */
export class Slugger {
  readonly #taken: Map<string, number> = new Map();

  /** The id of the next heading, whose text without markup is `text`. */
  add(text: string): string {
    const base = slugOf(text);
    let slug = base;
    let count = this.#taken.get(base);
    if (count !== undefined) {
      do slug = `${base}-${++count}`; while (this.#taken.has(slug));
      this.#taken.set(base, count);
    }
    this.#taken.set(slug, 0);
    return slug;
  }
}

/** Lower case, spaces as dashes; letters, digits, `-` and `_` stay and everything else goes. */
export function slugOf(text: string): string {
  return text.toLowerCase()
    .replace(/[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}
