// Takes the TypeScript blocks out of Markdown and docstrings.
import { parse, typescript } from "./ast.mjs";

const fence = /^( *)(`{3,}|~{3,}) *(\S*)([^\n]*)\n([\s\S]*?)^\1\2 *$/gm;

/**
 * The blocks of one Markdown text that are meant to run: fenced as ts or typescript and not marked `ignore`.
 *
 * @returns For each: its code and its line, counted from one.
 */
export function markdownBlocks(text) {
  const found = [];
  for (const match of text.matchAll(fence)) {
    const [, indent, , language, attributes, body] = match;
    if (!/^(ts|typescript|mts)$/i.test(language)) continue;
    if (/\bignore\b/.test(attributes)) continue;
    found.push({
      line: text.slice(0, match.index).split("\n").length + 1,
      code: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    });
  }
  return found;
}

/** The blocks in the docstrings of one TypeScript file. */
export function docstringBlocks(path, source) {
  const found = [];
  for (const { start, text } of docstrings(path, source)) {
    const line = source.slice(0, start).split("\n").length;
    // Blanking the stars keeps the line numbers.
    const plain = text.slice(3, -2).replace(/^[ \t]*\*? ?/gm, "");
    for (const block of markdownBlocks(plain)) {
      found.push({ line: line + block.line - 1, code: block.code });
    }
  }
  return found;
}

/** Every comment that starts with two stars, found between the tokens of the program. */
function docstrings(path, source) {
  const ts = typescript();
  const found = new Map();
  const visit = (node) => {
    for (const child of node.getChildren(file)) visit(child);
    for (
      const { pos, end } of ts.getLeadingCommentRanges(source, node.pos) ?? []
    ) {
      if (source.startsWith("/**", pos)) {
        found.set(pos, { start: pos, text: source.slice(pos, end) });
      }
    }
  };
  const file = parse(path, source);
  visit(file);
  return [...found.values()].sort((a, b) => a.start - b.start);
}
