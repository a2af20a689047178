// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { patternRisk, searchSteps } from "../openwop/protocol/mod.ts";
import { equal, isObject, own, valueAt } from "./json.ts";

/** Longer texts are not searched. */
const LONGEST_SEARCHED = 10_000;

/** How many steps one search may take: an accepted pattern may still take quadratic time. */
export const MAX_SEARCH = 200_000_000;

/** A pattern that is searched for. */
export interface Search {
  /** How many steps it may take for a text of that length. */
  readonly steps: (length: number) => number;
  /** Whether the text matches; not where it would take too long. */
  readonly test: (text: string) => boolean;
}

/** Of patterns that were accepted. */
export function searchFor(pattern: string): Search {
  const regex = new RegExp(pattern, "u");
  const cost = searchSteps(pattern);
  const steps = (length: number): number =>
    length <= LONGEST_SEARCHED ? cost(length) : Infinity;
  return {
    steps,
    test: (text) => steps(text.length) <= MAX_SEARCH && regex.test(text),
  };
}

/** How deep `all`, `any` and `not` may be nested. */
const MAX_DEPTH = 32;

/** Whether a predicate holds; or why that cannot be said, which is no less so under `not`. */
export type Verdict = boolean | string;

/** Judges inputs. */
export type Predicate = (inputs: JsonObject) => Verdict;

type Value = JsonValue | undefined;

const operators: ReadonlyMap<string, (value: Value, wanted: Value) => Verdict> =
  new Map<string, (value: Value, wanted: Value) => Verdict>([
    ["eq", (value, wanted) => value !== undefined && equal(value, wanted)],
    ["neq", (value, wanted) => value === undefined || !equal(value, wanted)],
    ["lt", (value, wanted) => compare(value, wanted, (sign) => sign < 0)],
    ["lte", (value, wanted) => compare(value, wanted, (sign) => sign <= 0)],
    ["gt", (value, wanted) => compare(value, wanted, (sign) => sign > 0)],
    ["gte", (value, wanted) => compare(value, wanted, (sign) => sign >= 0)],
    [
      "in",
      (value, wanted) =>
        value !== undefined && Array.isArray(wanted) &&
        wanted.some((entry) => equal(entry, value)),
    ],
    ["contains", contains],
    [
      "starts-with",
      (value, wanted) =>
        typeof value === "string" && typeof wanted === "string" &&
        value.startsWith(wanted),
    ],
    [
      "ends-with",
      (value, wanted) =>
        typeof value === "string" && typeof wanted === "string" &&
        value.endsWith(wanted),
    ],
    ["regex", matches],
    ["exists", (value) => value !== undefined],
    ["not-exists", (value) => value === undefined],
    ["truthy", (value) => Boolean(value)],
    ["falsy", (value) => !value],
  ]);

/**
 * Makes a function of a predicate: `{path, op, value}`, `{path, op, valuePath}`, `{all}`, `{any}` or `{not}`. What cannot
 * be compared, as a text with a number, is false; what would take too long to search has no verdict.
 *
 * @param predicate As the config of a node holds it.
 * @param path What a comparison without a path is about.
 * @returns the function, or what is wrong with the predicate.
 */
export function compilePredicate(
  predicate: JsonValue | undefined,
  path: string,
  depth: number = 0,
): Predicate | string {
  if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH}`;
  if (!isObject(predicate)) return "a predicate must be an object";
  for (const key of ["all", "any"] as const) {
    const list = own(predicate, key);
    if (list === undefined) continue;
    if (!Array.isArray(list)) return `${key} must be a list of predicates`;
    const parts: Predicate[] = [];
    for (const entry of list) {
      const part = compilePredicate(entry, path, depth + 1);
      if (typeof part === "string") return part;
      parts.push(part);
    }
    const isAll = key === "all";
    return (inputs) => {
      for (const part of parts) {
        const verdict = part(inputs);
        if (verdict !== isAll) return verdict;
      }
      return isAll;
    };
  }
  const negated = own(predicate, "not");
  if (negated !== undefined) {
    const part = compilePredicate(negated, path, depth + 1);
    return typeof part === "string" ? part : (inputs) => {
      const verdict = part(inputs);
      return typeof verdict === "string" ? verdict : !verdict;
    };
  }
  return compileComparison(predicate, path);
}

function compileComparison(
  predicate: JsonObject,
  fallback: string,
): Predicate | string {
  const path = own(predicate, "path") ?? fallback;
  const op = own(predicate, "op");
  const value = own(predicate, "value");
  const valuePath = own(predicate, "valuePath");
  const operator = typeof op === "string" ? operators.get(op) : undefined;
  if (operator === undefined) {
    return `op must be one of ${[...operators.keys()].join(", ")}`;
  }
  if (typeof path !== "string") return "path must be a text";
  if (valuePath !== undefined && typeof valuePath !== "string") {
    return "valuePath must be a text";
  }
  if (op === "regex" && valuePath === undefined) {
    const risk = typeof value === "string"
      ? patternRisk(value)
      : "it is not a string";
    if (risk) return `its pattern is refused: ${risk}`;
  }
  return (inputs) =>
    operator(
      valueAt(inputs, path),
      valuePath === undefined ? value : valueAt(inputs, valuePath),
    );
}

/** Two numbers, or two texts by UTF-16 code units; anything else is not in any order. */
function compare(
  value: Value,
  wanted: Value,
  decide: (sign: number) => boolean,
): boolean {
  const ordered = (typeof value === "number" && typeof wanted === "number") ||
    (typeof value === "string" && typeof wanted === "string");
  return ordered && decide(value < wanted ? -1 : value > wanted ? 1 : 0);
}

/** A text with the other in it, or a list with an equal entry. */
export function contains(value: Value, wanted: Value): boolean {
  if (wanted === undefined) return false;
  if (Array.isArray(value)) return value.some((entry) => equal(entry, wanted));
  return typeof value === "string" && typeof wanted !== "object" &&
    value.includes(String(wanted));
}

const patterns = new Map<string, Search | undefined>();

/** A pattern from a run is as untrusted as one from a definition. */
function matches(value: Value, wanted: Value): Verdict {
  if (typeof value !== "string" || typeof wanted !== "string") return false;
  let pattern = patterns.get(wanted);
  if (pattern === undefined && !patterns.has(wanted)) {
    pattern = patternRisk(wanted) ? undefined : searchFor(wanted);
    // Patterns from inputs are without number: keep few.
    if (patterns.size >= 256) patterns.clear();
    patterns.set(wanted, pattern);
  }
  if (pattern === undefined) return "its pattern is refused";
  return pattern.steps(value.length) <= MAX_SEARCH
    ? pattern.test(value)
    : "its text takes too long to search";
}
