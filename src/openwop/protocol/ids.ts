// Web standards only.

const unreserved = /^[A-Za-z0-9._-]$/;

/**
 * Writes an id as ONE path segment: every UTF-8 byte outside `[A-Za-z0-9._-]` becomes `~` and two upper-case hex digits,
 * so that `acme/r-9f3c` becomes `acme~2Fr-9f3c`. Source: v2 §4, "in a path".
 *
 * @throws {URIError} when `id` holds a lone surrogate.
 */
export function projectId(id: string): string {
  // "." and ".." would be resolved away by every URL parser.
  if (id === "." || id === "..") return id.replaceAll(".", "~2E");
  let out = "";
  for (const character of id) {
    if (unreserved.test(character)) out += character;
    else {for (const byte of utf8(character)) {
        out += `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      }}
  }
  return out;
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

/** Whether `key` satisfies the `Idempotency-Key` grammar of v2 §10. */
export function isIdempotencyKey(key: string): boolean {
  return /^[A-Za-z0-9._~-]{22,128}$/.test(key);
}

function utf8(character: string): Uint8Array {
  // encodeURIComponent refuses lone surrogates, which TextEncoder would silently replace.
  encodeURIComponent(character);
  return new TextEncoder().encode(character);
}
