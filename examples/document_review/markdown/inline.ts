// Reads the text inside a block: links, images, anchors, and what remains as plain prose.

import { normalizeLabel } from "./blocks.ts";
import { readTag } from "./tags.ts";

/** Something that leads somewhere. */
export interface Link {
  /** How it was written. */
  readonly kind: "inline" | "reference" | "autolink" | "html";
  /** Where it leads, without escapes. */
  readonly destination: string;
  /** Offset in the text. */
  readonly at: number;
}

/** What was found in one block. */
export interface Inline {
  /** In the order in which they end. */
  readonly links: readonly Link[];
  /** Ids that a link may name, set by HTML. */
  readonly anchors: readonly string[];
  /** `[text][label]` where no such label is defined. */
  readonly undefinedLabels: readonly { label: string; at: number }[];
  /** The words without markup. Line endings stay where they were. */
  readonly plain: string;
}

/** Where the text of a `[` began. */
interface Opener {
  readonly at: number;
  readonly image: boolean;
  readonly outputs: number;
  readonly links: number;
}

// Longer ones are text. They also bound the work that an unclosed bracket or quote can cause.
const LONGEST_LABEL = 999;
const LONGEST_DESTINATION = 4000;
const DEEPEST_PARENTHESES = 32;

/** Reads `text`. `definitions` gives the destinations of reference links by normalised label. */
export function scanInline(
  text: string,
  definitions: ReadonlyMap<string, { readonly destination: string }>,
): Inline {
  const links: Link[] = [];
  const anchors: string[] = [];
  const undefinedLabels: { label: string; at: number }[] = [];
  const out: string[] = [];
  const openers: Opener[] = [];
  const underscores: number[] = [];
  const closers = backtickRuns(text);
  const lastCommentEnd = text.lastIndexOf("-->");
  // Openers below this index are inside of which a link has ended: links do not nest.
  let deadOpeners = 0;
  let lastBracket = -1;
  let at = 0;

  /** Leaves out `text` up to `end`, but keeps its line endings. */
  const skipTo = (end: number): void => {
    out.push(text.slice(at, end).replace(/[^\n]/g, ""));
    at = end;
  };

  const closeBracket = (): void => {
    const opener = openers.pop();
    const alive = opener && (opener.image || openers.length >= deadOpeners);
    deadOpeners = Math.min(deadOpeners, openers.length);
    const target = alive
      ? targetAfter(text, at, opener.at, lastBracket > opener.at, definitions)
      : undefined;
    lastBracket = at;
    if (opener && target?.undefinedLabel !== undefined) {
      undefinedLabels.push({ label: target.undefinedLabel, at: opener.at });
    }
    if (!opener || target?.end === undefined) {
      out.push("]");
      at++;
      return;
    }
    // A bare address inside the text of a link is only its text.
    links.length = opener.image ? links.length : keepLinks(links, opener.links);
    links.push({
      kind: target.kind,
      destination: target.destination,
      at: opener.at,
    });
    if (opener.image) {
      while (underscores.at(-1)! >= opener.outputs) underscores.pop();
      out.push(out.splice(opener.outputs).join("").replace(/[^\n]/g, ""));
    } else {
      out[opener.outputs] = "";
      deadOpeners = openers.length;
    }
    skipTo(target.end);
  };

  while (at < text.length) {
    const char = text[at]!;
    if (char === "\\" && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "")) {
      out.push(text[at + 1]!);
      at += 2;
    } else if (char === "`") {
      let end = at;
      while (text[end] === "`") end++;
      const close = closers(end - at, end);
      const code = close < 0 ? text.slice(at, end) : text.slice(end, close);
      out.push(code);
      at = close < 0 ? end : close + (end - at);
    } else if (char === "[" || (char === "!" && text[at + 1] === "[")) {
      openers.push({
        at,
        image: char === "!",
        outputs: out.length,
        links: links.length,
      });
      out.push(char === "!" ? "![" : "[");
      at += char === "!" ? 2 : 1;
      lastBracket = at - 1;
    } else if (char === "]") {
      closeBracket();
    } else if (char === "<") {
      const auto = matchAt(/<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>/iy, text, at) ??
        matchAt(/<([^\s<>@]{1,64}@[a-z0-9.-]{1,255})>/iy, text, at);
      const tag = auto ? undefined : readTag(text, at, lastCommentEnd);
      if (auto) {
        const url = auto[1]!.includes(":") ? auto[1]! : `mailto:${auto[1]}`;
        links.push({ kind: "autolink", destination: url, at });
        out.push(auto[1]!);
        at += auto[0].length;
      } else if (tag) {
        for (const destination of tag.destinations) {
          links.push({ kind: "html", destination, at });
        }
        anchors.push(...tag.anchors);
        skipTo(tag.end);
      } else {
        out.push("<");
        at++;
      }
    } else if (char === "_") {
      let end = at;
      while (text[end] === "_") end++;
      const before = text[at - 1] ?? " ", after = text[end] ?? " ";
      const opens = !/\s/.test(after) && !/[\p{L}\p{N}]/u.test(before);
      const closes = !/\s/.test(before) && !/[\p{L}\p{N}]/u.test(after);
      out.push(text.slice(at, end));
      if (closes && underscores.length > 0) {
        out[underscores.pop()!] = "";
        out[out.length - 1] = "";
      } else if (opens) underscores.push(out.length - 1);
      at = end;
    } else if (char === "&") {
      const entity = matchAt(/&(#?[a-z0-9]{1,31});/iy, text, at);
      out.push(entity ? decodeEntity(entity[1]!) : "&");
      at += entity?.[0].length ?? 1;
    } else if (
      /[hHwW]/.test(char) && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")
    ) {
      const bare = matchAt(
        /(?:https?:\/\/|www\.)[^\s<\\]*[^\s<\\?!.,:*_~'")\]]/iy,
        text,
        at,
      );
      // "]" ends it: the brackets of a link around it count more.
      const url = bare?.[0].split("]")[0];
      if (url) links.push({ kind: "autolink", destination: url, at });
      out.push(url ?? char);
      at += url?.length ?? 1;
    } else {
      const run = matchAt(/[^][^\\`![\]<_&hHwW]*/y, text, at)![0];
      out.push(run);
      at += run.length;
    }
  }
  return { links, anchors, undefinedLabels, plain: out.join("") };
}

/** Drops the autolinks from `from` on; gives the new length. */
function keepLinks(links: Link[], from: number): number {
  let kept = from;
  for (let i = from; i < links.length; i++) {
    if (links[i]!.kind !== "autolink") links[kept++] = links[i]!;
  }
  return kept;
}

/** Where a link leads and ends, or else the label that it wanted in vain. */
interface Target {
  readonly kind: "inline" | "reference";
  readonly destination: string;
  readonly end?: number;
  readonly undefinedLabel?: string;
}

/** What follows the `]` at `close` and makes a link of the brackets from `open` on. */
function targetAfter(
  text: string,
  close: number,
  open: number,
  nested: boolean,
  definitions: ReadonlyMap<string, { readonly destination: string }>,
): Target | undefined {
  if (text[close + 1] === "(") {
    const inline = inlineTarget(text, close + 2);
    if (inline) return { kind: "inline", ...inline };
  }
  const start = open + (text[open] === "!" ? 2 : 1);
  const second = matchAt(/\[((?:[^[\]\\]|\\.){0,999})\]/ys, text, close + 1);
  // A label holds no brackets, which also keeps [[[[...]]]] from being read again and again.
  const own = nested || close - start > LONGEST_LABEL
    ? ""
    : text.slice(start, close);
  const label = second?.[1] || own;
  const found = definitions.get(normalizeLabel(label));
  if (found) {
    return {
      kind: "reference",
      destination: unescape(found.destination),
      end: close + 1 + (second?.[0].length ?? 0),
    };
  }
  // [x] alone is a tick box or plain brackets; with a second pair a link was meant, unless it is list[0][1].
  const meant = second !== undefined && /[^\s^]/.test(label[0] ?? "") &&
    !/[\p{L}\p{N}\])]/u.test(text[open - 1] ?? "");
  return meant
    ? { kind: "reference", destination: "", undefinedLabel: label }
    : undefined;
}

/** `destination "title")` from `at` on. */
function inlineTarget(
  text: string,
  at: number,
): { destination: string; end: number } | undefined {
  const start = at + matchAt(/\s*/y, text, at)![0].length;
  let end = start;
  let destination: string;
  if (text[start] === "<") {
    const pointy = matchAt(/<((?:[^<>\n\\]|\\.){0,4000})>/y, text, start);
    if (!pointy) return undefined;
    destination = pointy[1]!;
    end += pointy[0].length;
  } else {
    for (let depth = 0; end - start < LONGEST_DESTINATION; end++) {
      const char = text[end] ?? " ";
      if (/\s/.test(char) || (char === ")" && depth === 0)) break;
      if (char === "\\") end++;
      else if (char === "(" && ++depth > DEEPEST_PARENTHESES) return undefined;
      else if (char === ")") depth--;
    }
    destination = text.slice(start, end);
  }
  const tail = matchAt(
    /(?:\s+(?:"(?:[^"\\]|\\.){0,2000}"|'(?:[^'\\]|\\.){0,2000}'|\((?:[^()\\]|\\.){0,2000}\)))?\s*\)/ys,
    text,
    end,
  );
  if (!tail) return undefined;
  return { destination: unescape(destination), end: end + tail[0].length };
}

/** Finds the next run of exactly `length` backticks from `from` on, or gives -1. Calls must move forward. */
function backtickRuns(text: string): (length: number, from: number) => number {
  const starts = new Map<number, number[]>();
  for (const run of text.matchAll(/`+/g)) {
    const known = starts.get(run[0].length);
    if (known) known.push(run.index);
    else starts.set(run[0].length, [run.index]);
  }
  const next = new Map<number, number>();
  return (length, from) => {
    const known = starts.get(length) ?? [];
    let i = next.get(length) ?? 0;
    while (i < known.length && known[i]! < from) i++;
    next.set(length, i);
    return known[i] ?? -1;
  };
}

function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function unescape(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&(#?[a-z0-9]{1,31});/gi, (_, name: string) => decodeEntity(name));
}

/** The few entities that matter in addresses and words; any other becomes a symbol that is part of neither. */
function decodeEntity(name: string): string {
  const known: Readonly<Record<string, string>> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
  };
  if (Object.hasOwn(known, name)) return known[name]!;
  const hex = /^#x([0-9a-f]{1,6})$/i.exec(name),
    dec = /^#(\d{1,7})$/.exec(name);
  const code = hex ? parseInt(hex[1]!, 16) : dec ? Number(dec[1]) : NaN;
  const valid = code > 0 && code <= 0x10ffff &&
    !(code >= 0xd800 && code < 0xe000);
  return valid ? String.fromCodePoint(code) : "·";
}
