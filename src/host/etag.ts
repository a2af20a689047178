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
