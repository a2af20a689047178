// Lines with their numbers, and what the Markdown scanner asks about the start of one.

import { readTag } from "./tags.ts";

/** One line of a document. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its line ending and without the containers (quotes, list items) around it. */
  readonly text: string;
}

/** Splits at LF, CRLF and CR. A line ending at the very end opens no further line. */
export function splitLines(text: string): Line[] {
  const lines = text.split(/\r\n|\n|\r/).map((text, index) => ({
    number: index + 1,
    text,
  }));
  if (lines.at(-1)?.text === "") lines.pop();
  return lines;
}

/** Whether there is nothing to see on the line. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** Number of spaces at the start. */
export function indentOf(text: string): number {
  let indent = 0;
  while (text[indent] === " ") indent++;
  return indent;
}

/** Turns tabs at the start into spaces, with a tab stop every four columns. */
export function expandTabs(text: string): string {
  const white = /^[ \t]*/.exec(text)![0];
  if (!white.includes("\t")) return text;
  let columns = 0;
  for (const char of white) columns += char === "\t" ? 4 - columns % 4 : 1;
  return " ".repeat(columns) + text.slice(white.length);
}

/** `***`, `- - -`, `___`. */
export function isThematicBreak(text: string): boolean {
  const char = text[indentOf(text)] ?? "";
  if (!"-*_".includes(char) || indentOf(text) > 3) return false;
  let count = 0;
  for (const other of text) {
    if (other === char) count++;
    else if (other !== " " && other !== "\t") return false;
  }
  return count >= 3;
}

/** The level that a line of `=` or `-` under a paragraph gives it, or 0. */
export function setextLevel(text: string): number {
  if (/^ {0,3}=+[ \t]*$/.test(text)) return 1;
  return /^ {0,3}-+[ \t]*$/.test(text) ? 2 : 0;
}

/** `## Text ##` as level and text. */
export function atxHeading(
  line: string,
): { level: number; text: string } | undefined {
  const marker = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(line);
  if (!marker) return undefined;
  let text = line.slice(marker[0].length).trim();
  // The closing run of # belongs to the marker when a space, or nothing, is before it.
  let end = text.length;
  while (text[end - 1] === "#") end--;
  if (end === 0 || /[ \t]/.test(text[end - 1]!)) text = text.slice(0, end);
  return { level: marker[1]!.length, text: text.trim() };
}

/** The opening line of a fenced code block. */
export function fenceOf(
  line: string,
): { char: string; length: number } | undefined {
  const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
  if (!found) return undefined;
  const [, run, info] = found;
  if (run![0] === "`" && info!.includes("`")) return undefined;
  return { char: run![0]!, length: run!.length };
}

/** Whether `line` closes a block that was opened by `fence`. */
export function closesFence(
  line: string,
  fence: { char: string; length: number },
): boolean {
  const found = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line);
  return found !== null && found[1]![0] === fence.char &&
    found[1]!.length >= fence.length;
}

/** A list marker and where the content of its item begins. */
export function listMarker(
  line: string,
): { indent: number; empty: boolean; number: number | undefined } | undefined {
  const found = /^( {0,3})(?:[-+*]|(\d{1,9})[.)])(?=[ \t]|$)/.exec(line);
  if (!found) return undefined;
  const width = found[0].length;
  const rest = line.slice(width);
  const spaces = indentOf(expandTabs(rest));
  const empty = isBlank(rest);
  return {
    // Five spaces or more: one belongs to the marker and an indented code block follows.
    indent: width + (empty || spaces > 4 ? 1 : spaces),
    empty,
    number: found[2] === undefined ? undefined : Number(found[2]),
  };
}

/** The row of dashes under the head of a table. */
export function isTableRule(text: string): boolean {
  return text.includes("|") && text.includes("-") &&
    text.trim().replace(/^\||\|$/g, "").split("|")
      .every((cell) => /^[ \t]*:?-+:?[ \t]*$/.test(cell));
}

const BLOCK_TAGS = new Set(
  ("address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl " +
    "dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend " +
    "li link main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td " +
    "tfoot th thead title tr track ul").split(" "),
);

/** How an HTML block that starts here ends, and whether its inside is to be looked at. */
export interface HtmlStart {
  /** The text that ends it; `undefined`: a blank line does. */
  readonly end: RegExp | undefined;
  /** Comments, scripts and the like hold neither links nor anchors. */
  readonly opaque: boolean;
}

/** Whether an HTML block starts on this line. */
export function htmlStart(
  line: string,
  inParagraph: boolean,
): HtmlStart | undefined {
  const text = line.trimStart();
  if (text[0] !== "<" || indentOf(line) > 3) return undefined;
  if (text.startsWith("<!--")) return { end: /-->/, opaque: true };
  if (text.startsWith("<?")) return { end: /\?>/, opaque: true };
  if (text.startsWith("<![CDATA[")) return { end: /\]\]>/, opaque: true };
  if (/^<![a-z]/i.test(text)) return { end: />/, opaque: true };
  const tag = /^<(\/?)([a-z][a-z0-9-]*)(?=[\s/>]|$)/i.exec(text);
  if (!tag) return undefined;
  const name = tag[2]!.toLowerCase();
  if (/^(?:pre|script|style|textarea)$/.test(name)) {
    return tag[1]
      ? undefined
      : { end: new RegExp(`</${name}>`, "i"), opaque: true };
  }
  if (BLOCK_TAGS.has(name)) return { end: undefined, opaque: false };
  const whole = readTag(text, 0, -1);
  const alone = whole !== undefined && isBlank(text.slice(whole.end));
  return alone && !inParagraph ? { end: undefined, opaque: false } : undefined;
}
