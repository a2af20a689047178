// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";

/** Whether `value` is a JSON object, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own key, `undefined` where there is none: what a prototype holds never counts. */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a key. `__proto__` is left out, so that whoever copies the object by assignment does not change a prototype. */
export function put(
  object: Record<string, JsonValue>,
  key: string,
  value: JsonValue,
): void {
  if (key !== "__proto__") object[key] = value;
}

/** Objects from left to right in one; later keys win, and {@linkcode put} leaves one out. */
export function merge(
  objects: Iterable<JsonObject>,
): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const object of objects) {
    for (const key of Object.keys(object)) {
      put(merged, key, object[key]!);
    }
  }
  return merged;
}

/**
 * The value at `path`: an own key of that very name first, then a dot path through own keys and list positions.
 *
 * @returns `undefined` where the path leads nowhere.
 */
export function valueAt(
  object: JsonObject,
  path: string,
): JsonValue | undefined {
  if (Object.hasOwn(object, path)) return object[path];
  let value: JsonValue | undefined = object;
  for (const part of path.split(".")) {
    if (Array.isArray(value)) {
      value = /^(0|[1-9]\d*)$/.test(part) ? value[Number(part)] : undefined;
    } else value = isObject(value) ? own(value, part) : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** Whether two JSON values are the same, whatever the order of keys. Not recursive: depth cannot exhaust the stack. */
export function equal(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): boolean {
  const open: [JsonValue | undefined, JsonValue | undefined][] = [[
    left,
    right,
  ]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) return false;
      for (let i = 0; i < a.length; i++) open.push([a[i], b[i]]);
    } else if (isObject(a) && isObject(b)) {
      const keys = Object.keys(a);
      if (keys.length !== Object.keys(b).length) return false;
      for (const key of keys) {
        if (!Object.hasOwn(b, key)) return false;
        open.push([a[key], b[key]]);
      }
    } else return false;
  }
  return true;
}

/** Whether `value` is a whole number of at least `least`. */
export function isCount(value: unknown, least: number = 1): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

/** `value` as a duration in milliseconds, `undefined` where it is none. */
export function millisecondsOf(
  value: JsonValue | undefined,
): number | undefined {
  return typeof value === "number" && value >= 0 &&
      value <= Number.MAX_SAFE_INTEGER
    ? value
    : undefined;
}
