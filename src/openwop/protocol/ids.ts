// Web standards only.
import type { JsonValue } from "../../http/mod.ts";

/**
 * Writes an id as ONE path segment: every UTF-8 byte outside `[A-Za-z0-9._-]` becomes `~` and two upper-case hex digits,
 * so that `acme/r-9f3c` becomes `acme~2Fr-9f3c`. Source: v2 §4, "in a path".
 *
 * @throws {URIError} when `id` holds a lone surrogate.
 */
export function projectId(id: string): string {
  // "." and ".." would be resolved away by every URL parser.
  if (id === "." || id === "..") return id.replaceAll(".", "~2E");
  return encodeURIComponent(id)
    // What that leaves as it is, and version 2 does not.
    .replace(
      /[!'()*~]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    )
    .replaceAll("%", "~");
}

/**
 * Reads an id from one path segment, in the projected or in the percent spelling (v2 §4: hosts accept both).
 *
 * @returns the id, or `undefined` when a `~` or `%` is not followed by two hex digits or the bytes are not UTF-8.
 */
export function unprojectId(segment: string): string | undefined {
  if (/[~%](?![0-9A-Fa-f]{2})/.test(segment)) return undefined;
  try {
    return decodeURIComponent(segment.replaceAll("~", "%"));
  } catch {
    return undefined;
  }
}

/** Whether `id` has the form `<tenant>/<opaque>` of v2 §4. */
export function isBoundId(id: string): boolean {
  return /^(anon:)?[A-Za-z0-9._~-]{1,128}\/[A-Za-z0-9._~-]{16,128}$/.test(id);
}

/** The tenant of a bound id, `undefined` for a bare one. */
export function tenantOf(id: string): string | undefined {
  const slash = id.indexOf("/");
  return slash < 0 ? undefined : id.slice(0, slash);
}

/** What version 2 wants an `Idempotency-Key` to look like. Source: v2 §10. */
export const keyGrammar: RegExp = /^[A-Za-z0-9._~-]{22,128}$/;

/** Whether `key` satisfies the `Idempotency-Key` grammar of v2 §10. */
export function isIdempotencyKey(key: string): boolean {
  return keyGrammar.test(key);
}

/** The fields that name a run, in bodies, snapshots and payloads. Source: v2 §4. */
const runFields = new Set([
  "runId",
  "childRunId",
  "parentRunId",
  "sourceRunId",
  "baselineRunId",
  "enqueuedRunId",
  "evalRunId",
]);

/**
 * Changes every field that names a run, at any depth of an answer or an event: a host of both majors names a run
 * `<tenant>/<opaque>` in version 2 and by the bare opaque part in version 1. Source: v2 §4.
 *
 * @param value Any JSON; left alone.
 * @param map Gives the other spelling of an id.
 */
export function mapRunIds(
  value: JsonValue,
  map: (id: string) => string,
): JsonValue {
  if (Array.isArray(value)) return value.map((item) => mapRunIds(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      runFields.has(name) && typeof member === "string"
        ? map(member)
        : mapRunIds(member, map),
    ]),
  );
}

/** The part of a bound id that version 1 knows; a bare one stays as it is. Source: v2 §4. */
export function bareId(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
