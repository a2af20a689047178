// Web standards only.
import { own } from "../../http/mod.ts";
import type { JsonPatch } from "./frames.ts";
import { sortedText } from "./text.ts";

/** A document under construction. */
export type Document =
  | null
  | boolean
  | number
  | string
  | Document[]
  | { [key: string]: Document };

/** How much may still be put into the documents of one stream: a unit for each value and each character. */
export interface Room {
  /** Below zero, it is too much. */
  left: number;
}

// Far deeper than any message, and shallow enough for every stack.
const MAX_DEPTH = 500;
// An index beyond the end of a list pads it: this much at once.
const MAX_INDEX = 100_000;
const CONTAINER = 32;

function fail(problem: string): never {
  throw new RangeError(problem);
}

/** The units that a value takes; a list or an object takes as much memory as a short text. */
export function weigh(value: unknown, depth: number = MAX_DEPTH): number {
  if (typeof value === "string") return value.length + 1;
  if (typeof value !== "object" || value === null) return 1;
  if (depth < 1) fail("it is too deep");
  let units = CONTAINER;
  for (const [key, inner] of Object.entries(value)) {
    units += key.length + weigh(inner, depth - 1);
  }
  return units;
}

/** Takes units away; refuses when there are none left. */
export function take(room: Room, units: number): void {
  room.left -= units;
  if (room.left < 0) fail("it is too large");
}

/** The parts of a JSON pointer, the document itself first, whose name is "". Source: RFC 6901 §3 and §4. */
function partsOf(pointer: unknown): string[] {
  if (typeof pointer !== "string" || /^[^/]|~(?![01])/.test(pointer)) {
    fail("the path is no JSON pointer");
  }
  const parts = pointer.split("/").map((part) =>
    part.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  if (parts.length > MAX_DEPTH + 1) fail("the path is too deep");
  return parts;
}

const isIndex = (part: string): boolean => /^\d+$/.test(part);

/** The index that `part` names, at most `last`. Source: RFC 6901 §4, no leading zeros. */
function indexOf(part: string, last: number): number {
  const index = /^(0|[1-9]\d*)$/.test(part) ? Number(part) : Infinity;
  return index <= last ? index : fail("the list has no such place");
}

function child(value: Document | undefined, part: string): Document {
  if (Array.isArray(value)) return value[indexOf(part, value.length - 1)]!;
  const inner = own(value, part) as Document | undefined;
  return inner === undefined ? fail("nothing is there") : inner;
}

/** Puts a value under a key; what it takes the place of is given back. */
function put(
  parent: Document | undefined,
  part: string,
  value: Document,
  op: string,
): Document | undefined {
  if (typeof parent !== "object" || parent === null) {
    fail("nothing can be put there");
  }
  // Set, it would change a prototype; the JSON reader drops it, too.
  if (part === "__proto__") fail("the name is refused");
  if (Array.isArray(parent) && op === "add") {
    const { length } = parent;
    const index = part === "-" ? length : indexOf(part, length);
    // Much the cheaper way for the most frequent change.
    if (index === length) parent.push(value);
    else parent.splice(index, 0, value);
    return undefined;
  }
  const old = op === "add"
    ? own(parent, part) as Document | undefined
    : child(parent, part);
  (parent as Record<string, Document>)[part] = value;
  return old;
}

/**
 * Applies one operation of RFC 6902 to a document, in place.
 *
 * @param document Changed; `undefined` is none yet.
 * @param patch From outside, so anything.
 * @param room How much may be put in.
 * @returns the document, which is another one where the root was replaced.
 * @throws {RangeError} the operation cannot be done; the message says why, without any content.
 */
export function applyPatch(
  document: Document | undefined,
  patch: JsonPatch,
  room: Room,
): Document | undefined {
  const { op, from, value } = patch;
  // Held like any other member, so that the whole document is no special case.
  const holder: Document = document === undefined ? {} : { "": document };
  const parts = partsOf(patch.path);
  const at = (parts: readonly string[]): Document =>
    parts.reduce<Document>(child, holder);
  const parentOf = (parts: readonly string[]): Document =>
    at(parts.slice(0, -1));

  function set(value: Document, op: "add" | "replace"): void {
    // Before it is done, so that what is refused leaves nothing behind.
    take(room, weigh(value, MAX_DEPTH + 1 - parts.length));
    const old = put(parentOf(parts), parts.at(-1)!, value, op);
    if (old !== undefined) room.left += weigh(old);
  }

  function remove(parts: readonly string[]): void {
    const last = parts.at(-1)!;
    const parent = parentOf(parts);
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete (parent as Record<string, Document>)[last];
  }

  switch (op) {
    case "replace":
      at(parts);
      // falls through
    case "add":
      set(
        value === undefined ? fail("it has no value") : value as Document,
        op,
      );
      break;
    case "remove":
      room.left += weigh(at(parts));
      remove(parts);
      break;
    case "test":
      // Whoever asks for work without sending much pays for it, here and below.
      take(room, weigh(at(parts)));
      if (sortedText(at(parts)) !== sortedText(value)) {
        fail("another value is there");
      }
      break;
    case "copy":
    case "move": {
      const source = partsOf(from);
      const copy = structuredClone(at(source));
      if (op === "copy") set(copy, "add");
      else if (patch.path !== from) {
        if (patch.path.startsWith(`${from}/`)) fail("it cannot hold itself");
        remove(source);
        try {
          set(copy, "add");
        } catch (error) {
          // What cannot be moved stays where it was.
          put(parentOf(source), source.at(-1)!, copy, "add");
          throw error;
        }
      }
      break;
    }
    default:
      fail("the operation is unknown");
  }
  return holder[""];
}

/**
 * Makes the parents that a path needs, as the servers do before they apply an `add` or a `replace`. It is not RFC 6902:
 * parents go by the text of the path as it is written, and `-` is no index here, so that `/x/-` without `x` makes an
 * object.
 *
 * @returns the document, made where there was none.
 * @throws {RangeError} as {@linkcode applyPatch} does.
 */
export function ensureParents(
  document: Document | undefined,
  path: string,
  room: Room,
): Document {
  partsOf(path);
  const parts = path.split("/");
  while (parts[0] === "") parts.shift();
  while (parts.at(-1) === "") parts.pop();
  const emptyFor = (next: string | undefined): Document =>
    isIndex(next ?? "") ? [] : {};
  document ??= parts[0] === "-" ? [] : emptyFor(parts[0]);
  let current: Document = document;
  for (const [at, part] of parts.slice(0, -1).entries()) {
    const next = parts[at + 1];
    if (isIndex(part)) {
      if (!Array.isArray(current)) fail("a list is wanted there");
      if (Number(part) > MAX_INDEX) fail("the index is too large");
      const missing = Number(part) + 1 - current.length;
      if (missing > 0) take(room, missing * CONTAINER);
      while (current.length <= Number(part)) current.push(emptyFor(next));
      current = current[Number(part)]!;
      continue;
    }
    if (
      part === "-" || part === "__proto__" || typeof current !== "object" ||
      current === null || Array.isArray(current)
    ) fail("an object is wanted there");
    let inner = own(current, part) as Document | undefined;
    if (inner === undefined || (isIndex(next!) && !Array.isArray(inner))) {
      take(room, part.length + CONTAINER);
      inner = current[part] = emptyFor(next);
    }
    current = inner;
  }
  return document;
}
