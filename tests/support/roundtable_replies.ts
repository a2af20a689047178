import type { Body } from "./roundtable_rules.ts";

/** What ends the work on a request. */
export class Refusal {
  readonly response: Response;

  constructor(response: Response) {
    this.response = response;
  }
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

/** The envelope of successes. */
export function wrap(data: unknown, status = 200): Response {
  return json({ success: true, data, meta: null }, status);
}

/** A refusal: never the envelope of the documents. */
export function refusal(
  status: number,
  detail: unknown = "Not Found",
  headers: Record<string, string> = {},
): Response {
  return Response.json({ detail }, { status, headers });
}

export function invalid(issues: readonly unknown[]): Response {
  return refusal(422, issues);
}

/** What the server answers when it fails itself: text. */
export function crash(): Response {
  return new Response("Internal Server Error", {
    status: 500,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

export function list(
  name: string,
  rows: readonly Body[],
  offset: number,
  limit: number,
): Response {
  const items = rows.slice(
    offset,
    name === "messages" ? limit : offset + limit,
  );
  return wrap({ [name]: items, count: items.length, offset, limit });
}

export function lowerDomain(email: string): string {
  const at = email.lastIndexOf("@");
  return email.slice(0, at) + email.slice(at).toLowerCase();
}

export function base64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_")
    .replace(/=+$/, "");
}
