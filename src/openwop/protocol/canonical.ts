// Web standards only.
import type { JsonValue } from "../../http/mod.ts";

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
  return write(value, "") as string;
}

/** Written directly: in an object, keys that look like integers come first, whatever order they were put in. */
function write(value: unknown, key: string): string | undefined {
  const plain = toPlain(value, key);
  if (typeof plain !== "object" || plain === null) return JSON.stringify(plain);
  if (Array.isArray(plain)) {
    const entries = Array.from(
      plain,
      (entry, index) => write(entry, String(index)) ?? "null",
    );
    return `[${entries.join()}]`;
  }
  const members: string[] = [];
  for (const name of Object.keys(plain).sort()) {
    const text = write((plain as Record<string, unknown>)[name], name);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join()}}`;
}

/** What stands for an object that says so itself, such as a date. */
function toPlain(value: unknown, key: string): unknown {
  const toJSON = typeof value === "object" && value !== null &&
    (value as { toJSON?: unknown }).toJSON;
  return typeof toJSON === "function" ? toJSON.call(value, key) : value;
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
