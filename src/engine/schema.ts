// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { patternRisk, pointerPart } from "../openwop/protocol/mod.ts";
import { equal, isObject, own } from "./json.ts";
import { MAX_SEARCH, type Search, searchFor } from "./predicates.ts";
import { resolveRef } from "./schema_ref.ts";

/** How deep schemas may refer into each other while a value is checked. */
const MAX_DEPTH = 64;

/** How many schemas may be asked about one value, so that no schema makes a check slow. */
const MAX_STEPS = 100_000;

/** Why a value does not fit a schema. */
export interface SchemaProblem {
  /** In words. */
  readonly message: string;
  /** JSON pointer into the value. */
  readonly pointer: string;
}

interface Walk {
  readonly root: JsonObject;
  steps: number;
  /** Steps of all searches for patterns together. */
  searched: number;
  /** What could not be checked: then the value does not fit, whatever that stands under. */
  unchecked?: SchemaProblem;
}

/**
 * The first reason why `value` does not fit a JSON Schema of draft 2020-12, `undefined` where it fits.
 *
 * It knows the keywords of the core, applicator and validation vocabularies but `$dynamicRef`, `unevaluated…` and
 * references to other documents; `format` says nothing, as in the draft. It never throws and always ends. What could
 * not be checked (more than 100,000 steps, a text that is too long for its pattern) is a problem, also under `not`.
 *
 * @param schema The schema; `checkSchema` says whether all of it is understood.
 * @param value What to check.
 */
export function schemaProblem(
  schema: JsonValue,
  value: JsonValue,
): SchemaProblem | undefined {
  const root = isObject(schema) ? schema : {};
  const walk: Walk = { root, steps: 0, searched: 0 };
  const problem = visit(schema, value, "", 0, walk);
  return walk.unchecked ?? problem;
}

function giveUp(walk: Walk, why: string, pointer: string): SchemaProblem {
  return walk.unchecked ??= {
    message: `it could not be checked: ${why}`,
    pointer,
  };
}

function visit(
  schema: JsonValue | undefined,
  value: JsonValue,
  pointer: string,
  depth: number,
  walk: Walk,
): SchemaProblem | undefined {
  if (schema === undefined || schema === true) return undefined;
  if (schema === false) return { message: "nothing is allowed", pointer };
  if (walk.unchecked) return walk.unchecked;
  if (!isObject(schema)) return giveUp(walk, "its schema is none", pointer);
  if (depth > MAX_DEPTH || ++walk.steps > MAX_STEPS) {
    return giveUp(walk, "its schema takes too long", pointer);
  }
  const next = (inner: JsonValue | undefined, at = value, place = pointer) =>
    visit(inner, at, place, depth + 1, walk);
  const plain = checkPlain(schema, value, pointer, walk);
  if (plain !== undefined) return { message: plain, pointer };
  return checkCombined(schema, next, walk, pointer) ??
    (Array.isArray(value)
      ? checkList(schema, value, pointer, next, walk)
      : isObject(value)
      ? checkObject(schema, value, pointer, next, walk)
      : undefined);
}

type Next = (
  schema: JsonValue | undefined,
  value?: JsonValue,
  pointer?: string,
) => SchemaProblem | undefined;

function checkPlain(
  schema: JsonObject,
  value: JsonValue,
  pointer: string,
  walk: Walk,
): string | undefined {
  const type = own(schema, "type");
  if (type !== undefined) {
    const types = Array.isArray(type) ? type : [type];
    if (!types.some((name) => isOf(value, name))) {
      const known = types.filter((name) => typeof name === "string");
      return `it must be of type ${known.join(" or ")}`;
    }
  }
  const allowed = own(schema, "enum");
  if (
    Array.isArray(allowed) && !allowed.some((entry) => equal(entry, value))
  ) return "it is not one of the allowed values";
  if (Object.hasOwn(schema, "const") && !equal(schema["const"], value)) {
    return "it is not the one allowed value";
  }
  if (typeof value === "number") return checkNumber(schema, value);
  if (typeof value === "string") {
    return checkText(schema, value, pointer, walk);
  }
  return undefined;
}

function isOf(value: JsonValue, type: JsonValue): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type && value !== null;
  }
}

function number(schema: JsonObject, key: string): number | undefined {
  const value = own(schema, key);
  return typeof value === "number" ? value : undefined;
}

function checkNumber(schema: JsonObject, value: number): string | undefined {
  const minimum = number(schema, "minimum");
  const maximum = number(schema, "maximum");
  const above = number(schema, "exclusiveMinimum");
  const below = number(schema, "exclusiveMaximum");
  const step = number(schema, "multipleOf");
  if (minimum !== undefined && value < minimum) {
    return `it must be at least ${minimum}`;
  }
  if (maximum !== undefined && value > maximum) {
    return `it must be at most ${maximum}`;
  }
  if (above !== undefined && value <= above) return `it must be above ${above}`;
  if (below !== undefined && value >= below) return `it must be below ${below}`;
  if (step !== undefined && step > 0) {
    const times = value / step;
    // Decimal fractions are not exact: 0.3 is a multiple of 0.1 all the same.
    if (
      Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times))
    ) {
      return `it must be a multiple of ${step}`;
    }
  }
  return undefined;
}

function checkText(
  schema: JsonObject,
  value: string,
  pointer: string,
  walk: Walk,
): string | undefined {
  const least = number(schema, "minLength");
  const most = number(schema, "maxLength");
  if (least !== undefined || most !== undefined) {
    // Characters, not UTF-16 units.
    const length = [...value].length;
    if (least !== undefined && length < least) {
      return `it must have at least ${least} characters`;
    }
    if (most !== undefined && length > most) {
      return `it must have at most ${most} characters`;
    }
  }
  const pattern = own(schema, "pattern");
  if (typeof pattern !== "string") return undefined;
  return isFound(pattern, value, pointer, walk)
    ? undefined
    : "it does not match the pattern";
}

const searches = new Map<string, Search | undefined>();

/** Whether a text matches a pattern. */
function isFound(
  pattern: string,
  text: string,
  pointer: string,
  walk: Walk,
): boolean {
  let search = searches.get(pattern);
  if (search === undefined && !searches.has(pattern)) {
    search = patternRisk(pattern) ? undefined : searchFor(pattern);
    if (searches.size >= 256) searches.clear();
    searches.set(pattern, search);
  }
  walk.searched += search?.steps(text.length) ?? 0;
  if (search && walk.searched <= MAX_SEARCH) return search.test(text);
  const why = search ? "it takes too long to search" : "its pattern is refused";
  giveUp(walk, why, pointer);
  return false;
}

function checkCombined(
  schema: JsonObject,
  next: Next,
  walk: Walk,
  pointer: string,
): SchemaProblem | undefined {
  const ref = own(schema, "$ref");
  if (typeof ref === "string") {
    const target = resolveRef(walk.root, ref);
    if (target === undefined) {
      return giveUp(walk, "its schema refers to nothing", pointer);
    }
    const problem = next(target);
    if (problem) return problem;
  }
  for (const inner of listOf(schema, "allOf")) {
    const problem = next(inner);
    if (problem) return problem;
  }
  const any = own(schema, "anyOf");
  if (Array.isArray(any)) {
    let first: SchemaProblem | undefined;
    if (
      !any.some((inner) => {
        const problem = next(inner);
        first ??= problem;
        return problem === undefined;
      })
    ) return first ?? { message: "nothing is allowed", pointer };
  }
  const one = own(schema, "oneOf");
  if (Array.isArray(one)) {
    const fitting = one.filter((inner) => next(inner) === undefined).length;
    if (fitting !== 1) {
      return {
        message: `it must fit exactly one of ${one.length} schemas`,
        pointer,
      };
    }
  }
  const not = own(schema, "not");
  if (not !== undefined && next(not) === undefined) {
    return { message: "it is what it must not be", pointer };
  }
  const condition = own(schema, "if");
  if (condition === undefined) return undefined;
  return next(own(schema, next(condition) === undefined ? "then" : "else"));
}

function listOf(schema: JsonObject, key: string): readonly JsonValue[] {
  const value = own(schema, key);
  return Array.isArray(value) ? value : [];
}

function checkList(
  schema: JsonObject,
  value: readonly JsonValue[],
  pointer: string,
  next: Next,
  walk: Walk,
): SchemaProblem | undefined {
  const least = number(schema, "minItems");
  const most = number(schema, "maxItems");
  if (least !== undefined && value.length < least) {
    return { message: `it must have at least ${least} entries`, pointer };
  }
  if (most !== undefined && value.length > most) {
    return { message: `it must have at most ${most} entries`, pointer };
  }
  if (own(schema, "uniqueItems") === true) {
    const isTwice = hasTwice(value);
    if (isTwice === undefined) {
      return giveUp(walk, "it has too many entries to compare", pointer);
    }
    if (isTwice) return { message: "its entries must differ", pointer };
  }
  const first = listOf(schema, "prefixItems");
  const rest = own(schema, "items");
  for (let index = 0; index < value.length; index++) {
    const inner = first[index] ?? rest;
    const problem = next(inner, value[index], `${pointer}/${index}`);
    if (problem) return problem;
  }
  const wanted = own(schema, "contains");
  if (wanted === undefined) return undefined;
  const found = value.filter((entry) => next(wanted, entry) === undefined);
  const from = number(schema, "minContains") ?? 1;
  const to = number(schema, "maxContains") ?? Infinity;
  return found.length >= from && found.length <= to ? undefined : {
    message: `${found.length} of its entries are what is wanted`,
    pointer,
  };
}

/** `undefined` where it would take too long. */
function hasTwice(value: readonly JsonValue[]): boolean | undefined {
  const simple = new Set<JsonValue>();
  const others: JsonValue[] = [];
  for (const entry of value) {
    if (typeof entry !== "object" || entry === null) {
      if (simple.has(entry)) return true;
      simple.add(entry);
    } else if (others.length >= 1_000) return undefined;
    else if (others.some((other) => equal(other, entry))) return true;
    else others.push(entry);
  }
  return false;
}

function checkObject(
  schema: JsonObject,
  value: JsonObject,
  pointer: string,
  next: Next,
  walk: Walk,
): SchemaProblem | undefined {
  for (const name of listOf(schema, "required")) {
    if (typeof name === "string" && !Object.hasOwn(value, name)) {
      return { message: `"${name}" is missing`, pointer };
    }
  }
  const keys = Object.keys(value);
  const least = number(schema, "minProperties");
  const most = number(schema, "maxProperties");
  if (least !== undefined && keys.length < least) {
    return { message: `it must have at least ${least} members`, pointer };
  }
  if (most !== undefined && keys.length > most) {
    return { message: `it must have at most ${most} members`, pointer };
  }
  const properties = objectOf(schema, "properties");
  const patterns = Object.entries(objectOf(schema, "patternProperties"));
  const others = own(schema, "additionalProperties");
  const names = own(schema, "propertyNames");
  for (const key of keys) {
    const place = pointer + pointerPart(key);
    if (names !== undefined && next(names, key, place)) {
      return { message: "it has a member of a wrong name", pointer: place };
    }
    let known = Object.hasOwn(properties, key);
    const problem = known
      ? next(properties[key], value[key], place)
      : undefined;
    if (problem) return problem;
    for (const [pattern, inner] of patterns) {
      if (!isFound(pattern, key, place, walk)) continue;
      known = true;
      const wrong = next(inner, value[key], place);
      if (wrong) return wrong;
    }
    if (walk.unchecked) return walk.unchecked;
    if (known || others === undefined) continue;
    const wrong = next(others, value[key], place);
    if (wrong) {
      return others === false
        ? { message: "it is not known here", pointer: place }
        : wrong;
    }
  }
  for (
    const [key, needed] of Object.entries(objectOf(schema, "dependentRequired"))
  ) {
    if (!Object.hasOwn(value, key) || !Array.isArray(needed)) continue;
    for (const name of needed) {
      if (typeof name === "string" && !Object.hasOwn(value, name)) {
        return { message: `"${name}" is missing beside "${key}"`, pointer };
      }
    }
  }
  for (
    const [key, inner] of Object.entries(objectOf(schema, "dependentSchemas"))
  ) {
    const problem = Object.hasOwn(value, key) ? next(inner) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function objectOf(schema: JsonObject, key: string): JsonObject {
  const value = own(schema, key);
  return isObject(value) ? value : {};
}
