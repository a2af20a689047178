// Web standards only.
import type { Reply } from "./refusal.ts";

/** Whether `If-None-Match` names `etag`. Source: RFC 9110 §13.1.2, weak comparison. */
export function matchesEtag(request: Request, etag: string): boolean {
  const header = request.headers.get("if-none-match");
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((one) =>
    one.trim().replace(/^W\//, "") === etag
  );
}

/** `304` when the caller has it already, otherwise `200` with the body. */
export function conditional(
  request: Request,
  etag: string,
  body: () => unknown,
): Reply {
  const headers = { "etag": etag, "cache-control": "no-cache" };
  return matchesEtag(request, etag)
    ? { status: 304, headers }
    : { status: 200, headers, body: body() };
}

/** A strong tag of a document as it is now. */
export function documentEtag(document: unknown): string {
  // FNV-1a: it tells two documents apart, it protects nothing.
  let hash = 0x811c9dc5;
  const text = JSON.stringify(document);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `"d${(hash >>> 0).toString(16).padStart(8, "0")}"`;
}
