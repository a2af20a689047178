// Web standards only.

/** Any value that JSON can carry unchanged. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** Own properties only. */
  readonly [key: string]: JsonValue;
}

/** One step of a JSON pointer: a slash and the key, escaped. Source: RFC 6901 §3. */
export function pointerPart(key: PropertyKey): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
