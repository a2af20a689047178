// Web standards only.
import type { JsonObject } from "../openwop/protocol/mod.ts";

/** How deep JSON may be nested; far above real data, far below where recursion overflows any stack. */
export const MAX_DEPTH = 200;

/** A value that JSON cannot carry: where, and why. */
export interface JsonProblem {
  /** JSON pointer to it. */
  readonly pointer: string;
  /** For people, without its content. */
  readonly problem: string;
}

/**
 * Finds the first part of `value` that would not survive JSON unchanged. Members that are `undefined` count as absent,
 * which is what JSON makes of them.
 */
export function findJsonProblem(value: unknown): JsonProblem | undefined {
  return visit(value, "", 0, new Set());
}

/** Whether `value` is an object in the sense of JSON: neither `null` nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy of JSON, for code that may change what it is given. */
export function copyJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** Whether JSON `text` is nested deeper than {@linkcode MAX_DEPTH}; asked before parsing, which may recurse. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

function visit(
  value: unknown,
  pointer: string,
  depth: number,
  above: Set<object>,
): JsonProblem | undefined {
  const bad = (problem: string): JsonProblem => ({ pointer, problem });
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : bad(`it is ${value}`);
    case "object":
      break;
    default:
      return bad(`it is of type ${typeof value}`);
  }
  if (value === null) return undefined;
  if (above.has(value)) return bad("it contains itself");
  if (depth >= MAX_DEPTH) return bad(`it is nested deeper than ${MAX_DEPTH}`);
  above.add(value);
  const found = Array.isArray(value)
    ? visitArray(value, pointer, depth, above)
    : visitObject(value, pointer, depth, above);
  above.delete(value);
  return found;
}

function visitArray(
  value: readonly unknown[],
  pointer: string,
  depth: number,
  above: Set<object>,
): JsonProblem | undefined {
  for (let index = 0; index < value.length; index++) {
    const found = visit(value[index], `${pointer}/${index}`, depth + 1, above);
    if (found) return found;
  }
  return undefined;
}

function visitObject(
  value: object,
  pointer: string,
  depth: number,
  above: Set<object>,
): JsonProblem | undefined {
  const prototype = Object.getPrototypeOf(value);
  // Another realm has another Object.prototype; both end the chain.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return {
      pointer,
      problem: `it is a ${prototype.constructor?.name ?? "class instance"}`,
    };
  }
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const place = `${pointer}/${
      key.replaceAll("~", "~0").replaceAll("/", "~1")
    }`;
    if (key === "__proto__") {
      return { pointer: place, problem: "no key may be called __proto__" };
    }
    if (key === "toJSON" && typeof member === "function") {
      return { pointer: place, problem: "it would replace itself in JSON" };
    }
    const found = visit(member, place, depth + 1, above);
    if (found) return found;
  }
  return undefined;
}
