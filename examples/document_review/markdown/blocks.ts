// Splits Markdown into blocks: what is prose, what is a heading, and what must be read as neither.

import {
  atxHeading,
  closesFence,
  expandTabs,
  fenceOf,
  htmlStart,
  indentOf,
  isBlank,
  isTableRule,
  isThematicBreak,
  type Line,
  listMarker,
  setextLevel,
  splitLines,
} from "./lines.ts";

/** A stretch of a document. Code, front matter and comments leave none. */
export interface Block {
  /** What it is. */
  readonly kind: "heading" | "paragraph" | "table" | "html";
  /** 1 to 6 for a heading, otherwise 0. */
  readonly level: number;
  /** Its lines; at least one. */
  readonly lines: readonly Line[];
}

/** The blocks of a document, and where its reference links lead. */
export interface Blocks {
  /** In order. */
  readonly blocks: readonly Block[];
  /** Destination by normalised label. */
  readonly definitions: ReadonlyMap<string, Definition>;
}

/** `[label]: destination`. */
export interface Definition {
  /** As written. */
  readonly destination: string;
  /** Where. */
  readonly line: number;
}

/** What is open at the end of a line. */
type Leaf =
  | { readonly kind: "paragraph" | "html"; readonly lines: Line[] }
  | { readonly kind: "fence"; readonly char: string; readonly length: number }
  | { readonly kind: "opaque"; readonly end: RegExp }
  | undefined;

/** A block quote, or a list item with the indent of its content. */
type Container = "quote" | number;

/** Nobody nests deeper; it bounds the work per line. */
const DEEPEST_NESTING = 100;

/** Reads `text` line by line, following CommonMark's way of matching containers first and leaves after. */
export function scanBlocks(text: string): Blocks {
  const scanner = new Scanner();
  const lines = splitLines(text);
  for (const line of lines.slice(frontMatterLength(lines))) {
    scanner.take(line.number, line.text);
  }
  scanner.close();
  return scanner;
}

class Scanner implements Blocks {
  readonly blocks: Block[] = [];
  readonly definitions: Map<string, Definition> = new Map();
  #containers: Container[] = [];
  #leaf: Leaf;

  take(number: number, raw: string): void {
    let { rest, depth } = this.#enter(expandTabs(raw));
    const inside = depth === this.#containers.length;
    if (inside && this.#swallows(number, rest)) return;

    // A fence or an HTML block ends where its container does; a paragraph may go on lazily, so it is kept open.
    if (!inside && this.#leaf?.kind !== "paragraph") this.close();
    const outer = depth;
    for (;;) {
      const opened = this.#opens(rest, depth);
      if (!opened) break;
      this.close();
      this.#containers.length = depth;
      this.#containers.push(opened.container);
      depth++;
      rest = opened.rest;
    }

    if (isBlank(rest)) {
      this.close();
      this.#containers.length = depth;
      return;
    }
    const lazy = depth < this.#containers.length && depth === outer &&
      this.#leaf?.kind === "paragraph" && !this.#startsBlock(rest);
    if (lazy) {
      this.#extend(number, rest);
      return;
    }
    if (depth < this.#containers.length) {
      this.close();
      this.#containers.length = depth;
    }
    this.#read(number, rest);
  }

  /** Ends the open block and keeps what it was. */
  close(): void {
    const leaf = this.#leaf;
    this.#leaf = undefined;
    if (leaf?.kind === "html") this.#add("html", leaf.lines);
    if (leaf?.kind !== "paragraph") return;
    const lines = leaf.lines.slice(this.#takeDefinitions(leaf.lines));
    const rule = lines.findIndex((line, at) =>
      at > 0 && isTableRule(line.text)
    );
    if (rule < 0) return this.#add("paragraph", lines);
    this.#add("paragraph", lines.slice(0, rule - 1));
    this.#add("table", lines.slice(rule - 1));
  }

  #add(kind: Block["kind"], lines: readonly Line[], level = 0): void {
    if (lines.length > 0) this.blocks.push({ kind, level, lines });
  }

  /** Strips the containers that go on in this line. */
  #enter(line: string): { rest: string; depth: number } {
    let rest = line;
    let depth = 0;
    for (const container of this.#containers) {
      if (container === "quote") {
        const marker = /^ {0,3}> ?/.exec(rest);
        if (!marker) break;
        rest = expandTabs(rest.slice(marker[0].length));
      } else if (isBlank(rest) || indentOf(rest) >= container) {
        rest = rest.slice(container);
      } else break;
      depth++;
    }
    return { rest, depth };
  }

  /** Whether the open fence or HTML block takes the line. */
  #swallows(number: number, rest: string): boolean {
    const leaf = this.#leaf;
    if (leaf?.kind === "fence") {
      if (closesFence(rest, leaf)) this.#leaf = undefined;
      return true;
    }
    if (leaf?.kind === "opaque") {
      if (leaf.end.test(rest)) this.#leaf = undefined;
      return true;
    }
    if (leaf?.kind !== "html" || isBlank(rest)) return false;
    leaf.lines.push({ number, text: rest });
    return true;
  }

  /** The container that starts at `rest`, if one does. */
  #opens(
    rest: string,
    depth: number,
  ): { container: Container; rest: string } | undefined {
    if (depth >= DEEPEST_NESTING) return undefined;
    const quote = /^ {0,3}> ?/.exec(rest);
    if (quote) {
      return {
        container: "quote",
        rest: expandTabs(rest.slice(quote[0].length)),
      };
    }
    const item = listMarker(rest);
    if (!item || isThematicBreak(rest)) return undefined;
    const interrupts = this.#leaf?.kind === "paragraph" &&
      depth === this.#containers.length;
    if (interrupts) {
      if (item.empty || (item.number ?? 1) !== 1) return undefined;
    }
    return {
      container: item.indent,
      rest: expandTabs(rest.slice(item.indent)),
    };
  }

  /** Whether `rest` cannot be one more line of a paragraph. */
  #startsBlock(rest: string): boolean {
    return indentOf(rest) < 4 && (
      fenceOf(rest) !== undefined || atxHeading(rest) !== undefined ||
      isThematicBreak(rest) || htmlStart(rest, true) !== undefined
    );
  }

  #extend(number: number, rest: string): void {
    if (this.#leaf?.kind !== "paragraph") return;
    this.#leaf.lines.push({ number, text: rest.trimStart() });
  }

  #read(number: number, rest: string): void {
    const line = { number, text: rest.trimStart() };
    const paragraph = this.#leaf?.kind === "paragraph" ? this.#leaf : undefined;
    // Four spaces are code, unless a paragraph is open, which takes them as its own.
    if (indentOf(rest) >= 4) return this.#extend(number, rest);
    const level = paragraph ? setextLevel(rest) : 0;
    if (paragraph && level > 0) {
      this.#leaf = undefined;
      const used = this.#takeDefinitions(paragraph.lines);
      return this.#add("heading", paragraph.lines.slice(used), level);
    }
    if (paragraph && !this.#startsBlock(rest)) {
      return this.#extend(number, rest);
    }
    this.close();
    const fence = fenceOf(rest);
    if (fence) {
      this.#leaf = { kind: "fence", ...fence };
      return;
    }
    const heading = atxHeading(rest);
    if (heading) {
      return this.#add(
        "heading",
        [{ number, text: heading.text }],
        heading.level,
      );
    }
    if (isThematicBreak(rest)) return;
    const html = htmlStart(rest, paragraph !== undefined);
    if (!html) {
      this.#leaf = { kind: "paragraph", lines: [line] };
    } else if (!html.opaque) {
      this.#leaf = { kind: "html", lines: [line] };
    } else if (html.end && !html.end.test(rest.replace(/^\s*<!?/, ""))) {
      this.#leaf = { kind: "opaque", end: html.end };
    }
  }

  /** Takes the definitions that a paragraph starts with; gives the number of lines that they used. */
  #takeDefinitions(lines: readonly Line[]): number {
    let used = 0;
    while (used < lines.length) {
      const { number, text } = lines[used]!;
      const start = /^\[((?:[^[\]\\]|\\.){1,999})\]:[ \t]*/.exec(text);
      // [^1]: is a footnote: its text is prose.
      if (!start || start[1]!.startsWith("^") || isBlank(start[1]!)) break;
      const own = text.slice(start[0].length);
      const target = own === "" ? lines[used + 1]?.text ?? "" : own;
      const found =
        /^(<[^<>]*>|[^\s<]\S*)(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$/
          .exec(target);
      if (!found) break;
      const label = normalizeLabel(start[1]!);
      if (!this.definitions.has(label)) {
        this.definitions.set(label, {
          destination: found[1]!.replace(/^<|>$/g, ""),
          line: number,
        });
      }
      used += own === "" ? 2 : 1;
    }
    return used;
  }
}

/** Labels match whatever their case and their white space. */
export function normalizeLabel(label: string): string {
  return label.trim().replace(/\s+/g, " ").toLowerCase();
}

/** Lines of the YAML between two `---` at the very start, or 0. */
function frontMatterLength(lines: readonly Line[]): number {
  if (lines[0]?.text.trimEnd() !== "---") return 0;
  if (isBlank(lines[1]?.text ?? "")) return 0;
  const end = lines.findIndex((line, at) =>
    at > 0 && /^(?:---|\.\.\.)[ \t]*$/.test(line.text)
  );
  return end + 1;
}
