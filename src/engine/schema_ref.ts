// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { isObject, own, valueAt } from "./json.ts";

/** `#` and JSON pointers into the same document. */
export function resolveRef(
  root: JsonObject,
  ref: string,
): JsonValue | undefined {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  let value: JsonValue | undefined = root;
  for (const part of ref.slice(2).split("/")) {
    const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
    value = isObject(value)
      ? own(value, key)
      : Array.isArray(value)
      ? valueAt({ list: value }, `list.${key}`)
      : undefined;
  }
  return value;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
