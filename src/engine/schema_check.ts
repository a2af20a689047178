// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { patternRisk, pointerPart } from "../openwop/protocol/mod.ts";
import { isObject, own } from "./json.ts";
import type { SchemaProblem } from "./schema.ts";
import { resolveRef } from "./schema_ref.ts";

const MAX_DEPTH = 64;

const one: readonly string[] = [
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
];
const lists: readonly string[] = ["allOf", "anyOf", "oneOf", "prefixItems"];
const maps: readonly string[] = [
  "$defs",
  "definitions",
  "dependentSchemas",
  "patternProperties",
  "properties",
];

/** Keywords that would decide about values, and that nothing here understands. */
const foreign: readonly string[] = [
  "$dynamicRef",
  "$recursiveRef",
  "dependencies",
  "unevaluatedItems",
  "unevaluatedProperties",
];

const types: ReadonlySet<JsonValue> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
]);

/**
 * The first thing in a JSON Schema that this engine does not understand or would not run: a pattern that could take for
 * ever, a reference to another document, a keyword out of its reach. `undefined` where all of it counts.
 *
 * @param schema What claims to be a schema.
 */
export function checkSchema(schema: JsonValue): SchemaProblem | undefined {
  return isObject(schema)
    ? visit(schema, "", 0, schema)
    : { message: "it is not an object", pointer: "" };
}

function visit(
  schema: JsonValue,
  pointer: string,
  depth: number,
  root: JsonObject,
): SchemaProblem | undefined {
  if (typeof schema === "boolean") return undefined;
  if (!isObject(schema)) return { message: "it is no schema", pointer };
  if (depth > MAX_DEPTH) {
    return { message: `it is nested deeper than ${MAX_DEPTH}`, pointer };
  }
  const wrong = checkKeywords(schema, pointer, root);
  if (wrong) return wrong;
  for (const [key, value] of Object.entries(schema)) {
    const place = pointer + pointerPart(key);
    const inner: (readonly [string, JsonValue])[] = [];
    if (one.includes(key)) inner.push([place, value]);
    else if (lists.includes(key)) {
      if (!Array.isArray(value)) {
        return { message: `${key} must be a list`, pointer: place };
      }
      value.forEach((entry, index) => inner.push([`${place}/${index}`, entry]));
    } else if (maps.includes(key)) {
      if (!isObject(value)) {
        return { message: `${key} must be an object`, pointer: place };
      }
      for (const [name, entry] of Object.entries(value)) {
        inner.push([place + pointerPart(name), entry]);
      }
    }
    for (const [at, entry] of inner) {
      const problem = visit(entry, at, depth + 1, root);
      if (problem) return problem;
    }
  }
  return undefined;
}

function checkKeywords(
  schema: JsonObject,
  pointer: string,
  root: JsonObject,
): SchemaProblem | undefined {
  for (const key of foreign) {
    if (Object.hasOwn(schema, key)) {
      return { message: `${key} is not understood`, pointer };
    }
  }
  const type = own(schema, "type");
  const named = type === undefined ? [] : Array.isArray(type) ? type : [type];
  if (named.some((name) => !types.has(name))) {
    return { message: "it names a type that JSON Schema has not", pointer };
  }
  const ref = own(schema, "$ref");
  if (
    ref !== undefined &&
    (typeof ref !== "string" || resolveRef(root, ref) === undefined)
  ) {
    return { message: "it refers to nothing in this schema", pointer };
  }
  const patterns = own(schema, "patternProperties");
  const sources = [
    own(schema, "pattern"),
    ...(isObject(patterns) ? Object.keys(patterns) : []),
  ];
  for (const source of sources) {
    if (source === undefined) continue;
    const risk = typeof source === "string"
      ? patternRisk(source)
      : "it is not a string";
    if (risk) return { message: `its pattern is refused: ${risk}`, pointer };
  }
  return undefined;
}
