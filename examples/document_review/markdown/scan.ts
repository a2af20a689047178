// Reads a document once and gives everything that the checks ask about it.

import { type Block, scanBlocks } from "./blocks.ts";
import { type Inline, scanInline } from "./inline.ts";
import { isBlank, type Line, splitLines } from "./lines.ts";
import { Slugger } from "./slugs.ts";
import { readTag } from "./tags.ts";

/** What the checks need to know about a document. */
export interface Scan {
  /** In order, from Markdown and from HTML. */
  readonly headings: readonly Heading[];
  /** Everything that leads somewhere, also images. A reference counts where it is defined. */
  readonly links: readonly { destination: string; line: number }[];
  /** What `#...` may name: ids of headings and of HTML elements. */
  readonly anchors: readonly string[];
  /** `[text][label]` without a definition of `label`. */
  readonly undefinedLabels: readonly { label: string; line: number }[];
  /** Prose without markup, line endings kept. No headings, tables, code or HTML. */
  readonly paragraphs: readonly { text: string; line: number }[];
}

/** A title of a part of the document. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** Without markup. */
  readonly text: string;
  /** Where it stands. */
  readonly line: number;
}

/** Reads Markdown as GitHub does: CommonMark, with tables, bare links and heading ids. */
export function scanMarkdown(text: string): Scan {
  const { blocks, definitions } = scanBlocks(text);
  const headings: Heading[] = [];
  const links: { destination: string; line: number }[] = [];
  const anchors: string[] = [];
  const undefinedLabels: { label: string; line: number }[] = [];
  const paragraphs: { text: string; line: number }[] = [];
  const slugs = new Slugger();

  const addHeading = (level: number, plain: string, line: number): void => {
    headings.push({ level, text: plain.replace(/\s+/g, " ").trim(), line });
    anchors.push(slugs.add(plain));
  };
  const inline = (lines: readonly Line[]): Inline => {
    const found = scanInline(textOf(lines), definitions);
    const lineAt = lineFinder(lines);
    for (const link of found.links) {
      // A broken reference is put right at its definition, so it is reported there, once.
      if (link.kind === "reference") continue;
      links.push({ destination: link.destination, line: lineAt(link.at) });
    }
    for (const { label, at } of found.undefinedLabels) {
      undefinedLabels.push({ label, line: lineAt(at) });
    }
    anchors.push(...found.anchors);
    return found;
  };

  for (const block of blocks) {
    const line = block.lines[0]!.number;
    if (block.kind === "heading") {
      addHeading(block.level, inline(block.lines).plain, line);
    } else if (block.kind === "paragraph") {
      paragraphs.push({ text: inline(block.lines).plain, line });
    } else if (block.kind === "table") {
      for (const row of block.lines) inline([row]);
    } else scanHtml(block, links, anchors, addHeading);
  }
  for (const { destination, line } of definitions.values()) {
    links.push({ destination, line });
  }
  links.sort((a, b) => a.line - b.line);
  return { headings, links, anchors, undefinedLabels, paragraphs };
}

/** Reads a text without markup: blank lines part its paragraphs, and only web addresses lead anywhere. */
export function scanPlainText(text: string): Scan {
  const links: { destination: string; line: number }[] = [];
  const paragraphs: { text: string; line: number }[] = [];
  let open: Line[] = [];
  const close = (): void => {
    if (open.length > 0) {
      paragraphs.push({ text: textOf(open), line: open[0]!.number });
    }
    open = [];
  };
  for (const line of splitLines(text)) {
    if (isBlank(line.text)) close();
    else open.push(line);
    for (const [url] of line.text.matchAll(/\bhttps?:\/\/[^\s<>"]+/g)) {
      links.push({ destination: url, line: line.number });
    }
  }
  close();
  return { headings: [], links, anchors: [], undefinedLabels: [], paragraphs };
}

function scanHtml(
  block: Block,
  links: { destination: string; line: number }[],
  anchors: string[],
  addHeading: (level: number, text: string, line: number) => void,
): void {
  const text = textOf(block.lines);
  const lineAt = lineFinder(block.lines);
  const lastCommentEnd = text.lastIndexOf("-->");
  let heading: { name: string; line: number; words: string[] } | undefined;
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("<", at);
    const words = text.slice(at, open < 0 ? text.length : open);
    heading?.words.push(words);
    if (open < 0) break;
    const tag = readTag(text, open, lastCommentEnd);
    for (const destination of tag?.destinations ?? []) {
      links.push({ destination, line: lineAt(open) });
    }
    anchors.push(...tag?.anchors ?? []);
    if (tag && heading && tag.closing && tag.name === heading.name) {
      const title = heading.words.join("").replace(/\s+/g, " ").trim();
      addHeading(Number(tag.name[1]), title, heading.line);
      heading = undefined;
    } else if (tag && !tag.closing && /^h[1-6]$/.test(tag.name)) {
      heading = { name: tag.name, line: lineAt(open), words: [] };
    }
    at = tag?.end ?? open + 1;
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => line.text).join("\n");
}

/** Gives the line of an offset in {@linkcode textOf} of the lines. */
function lineFinder(lines: readonly Line[]): (at: number) => number {
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.text.length + 1;
  }
  return (at) => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return lines[low]!.number;
  };
}
