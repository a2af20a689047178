/** A JSON value that nobody changes. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One operation. */
export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: Json;
  readonly from?: string;
}

/**
 * RFC 6902 word for word: every operation makes a new document. Slow, and written without a look at the product, so
 * that both are unlikely to be wrong in the same way.
 */
export function referencePatch(
  document: Json | undefined,
  patch: Operation,
): Json | undefined {
  const path = pointer(patch.path);
  switch (patch.op) {
    case "add":
      return update(document, path, "add", required(patch.value));
    case "replace":
      lookUp(document, path);
      return update(document, path, "replace", required(patch.value));
    case "remove":
      lookUp(document, path);
      return update(document, path, "remove");
    case "test":
      if (canonical(lookUp(document, path)) !== canonical(patch.value)) {
        throw new RangeError("test failed");
      }
      return document;
    case "copy":
      return update(
        document,
        path,
        "add",
        lookUp(document, pointer(patch.from)),
      );
    case "move": {
      const from = pointer(patch.from);
      const value = lookUp(document, from);
      if (
        from.length < path.length &&
        from.every((part, index) => part === path[index])
      ) throw new RangeError("a move into itself");
      if (from.length === 0) return document;
      return update(update(document, from, "remove"), path, "add", value);
    }
    default:
      throw new RangeError("no such operation");
  }
}

function required(value: Json | undefined): Json {
  if (value === undefined) throw new RangeError("a value is missing");
  return value;
}

function pointer(text: string | undefined): string[] {
  if (text === "") return [];
  if (!text?.startsWith("/") || /~([^01]|$)/.test(text)) {
    throw new RangeError("no pointer");
  }
  return text.slice(1).split("/").map((part) =>
    part.replace(/~1/g, "/").replace(/~0/g, "~")
  );
}

function lookUp(value: Json | undefined, path: readonly string[]): Json {
  if (value === undefined) throw new RangeError("nothing there");
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (isList(value)) return lookUp(value[place(part, value.length)], rest);
  if (value === null || typeof value !== "object") {
    throw new RangeError("nothing inside");
  }
  return lookUp(new Map(Object.entries(value)).get(part), rest);
}

function update(
  value: Json | undefined,
  path: readonly string[],
  how: "add" | "replace" | "remove",
  put?: Json,
): Json | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return how === "remove" ? undefined : put;
  if (isList(value)) {
    if (rest.length > 0) {
      const at = place(part, value.length);
      return value.map((item, index) =>
        index === at ? update(item, rest, how, put)! : item
      );
    }
    const at = part === "-" && how === "add"
      ? value.length
      : place(part, value.length + (how === "add" ? 1 : 0));
    return [
      ...value.slice(0, at),
      ...(how === "remove" ? [] : [put!]),
      ...value.slice(how === "add" ? at : at + 1),
    ];
  }
  if (value === null || typeof value !== "object") {
    throw new RangeError("nothing can be inside");
  }
  const entries = new Map(Object.entries(value as object));
  if (rest.length === 0 && how === "remove") entries.delete(part);
  else {
    if (rest.length > 0 && !entries.has(part)) {
      throw new RangeError("nothing there");
    }
    entries.set(
      part,
      rest.length > 0 ? update(entries.get(part), rest, how, put) : put,
    );
  }
  return Object.fromEntries(entries) as Json;
}

function place(part: string, length: number): number {
  if (!/^(0|[1-9][0-9]*)$/.test(part) || Number(part) >= length) {
    throw new RangeError("no such place");
  }
  return Number(part);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The same text for the same value, whatever the order of its members. */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner) =>
      inner !== null && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(
          Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1),
        )
        : inner,
  );
}
