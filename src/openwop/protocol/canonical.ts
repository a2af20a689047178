// Web standards only.
import { isJsonObject, type JsonValue } from "../../http/mod.ts";

/**
 * Writes JSON in one canonical form: object keys sorted by UTF-16 code units, no white space, members that are
 * `undefined` left out. Two values that JSON cannot tell apart give the same text, in every language that follows the
 * RFC. What JSON cannot carry is treated as `JSON.stringify` treats it.
 *
 * Source: RFC 8785 (JSON Canonicalization Scheme) §3.2; numbers and strings are those of `JSON.stringify`.
 *
 * @param value Any JSON value; objects may carry `undefined` members.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { canonicalJson } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * assert.equal(canonicalJson({ b: 1, a: [true, null] }), '{"a":[true,null],"b":1}');
 * ```
 */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text && write(JSON.parse(text));
}

/** Written directly: in an object, keys that look like integers come first, whatever order they were put in. */
function write(value: JsonValue): string {
  return Array.isArray(value)
    ? `[${value.map(write)}]`
    : isJsonObject(value)
    ? `{${
      Object.keys(value).sort()
        .map((name) => `${JSON.stringify(name)}:${write(value[name]!)}`)
    }}`
    : JSON.stringify(value);
}

/**
 * The content hash of a JSON value: SHA-256 over its {@linkcode canonicalJson}, in lower-case hex.
 *
 * @param value Any JSON value, for example a workflow definition.
 * @returns 64 hex digits.
 *
 * @example
 * ```ts
 * import { contentHash } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await contentHash({ a: 1, b: 2 }), await contentHash({ b: 2, a: 1 }));
 * ```
 */
export async function contentHash(value: JsonValue | object): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(value));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(
    new Uint8Array(digest),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
