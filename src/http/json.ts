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
