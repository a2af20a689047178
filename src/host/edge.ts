// Web standards only.
import {
  HEADERS,
  PROTOCOL_VERSION,
  unprojectId,
} from "../openwop/protocol/mod.ts";
import { readJsonBody } from "./body.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { PROTOCOL_VERSIONS } from "./discovery.ts";
import { once, readKey } from "./idempotency.ts";
import type { Call, HostParts } from "./parts.ts";
import { NOBODY, principalOf } from "./principal.ts";
import { hostClosed, notFound, Refusal } from "./refusal.ts";
import type { Reply } from "./refusal.ts";
import { match, methodsAt } from "./router.ts";
import type { Match } from "./router.ts";
import { getDiscovery } from "./routes/workflows.ts";

/**
 * Answers one request. Never rejects: whatever goes wrong becomes the error envelope, and every answer says which contract
 * it belongs to (v2 §2.3).
 *
 * @param signal Aborts when the caller gives up.
 */
export async function answer(
  host: HostParts,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const reply = await replyTo(host, () => route(host, request, signal));
  return toResponse(host, request, reply);
}

/** `503`, for a host that was closed. */
export function closedResponse(host: HostParts, request: Request): Response {
  return toResponse(host, request, hostClosed().reply());
}

async function route(
  host: HostParts,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const { pathname, searchParams: query } = new URL(request.url);
  const segments = pathname.split("/").slice(1);
  negotiate(request, segments);
  // Answered as GET; the body is left out at the end.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const isDiscovery = pathname === "/.well-known/openwop";
  if (method === "GET" && isDiscovery) return getDiscovery(host, request);
  const found = isDiscovery ? undefined : match(method, segments);
  if (found === undefined) {
    return otherwise(method, isDiscovery ? ["GET"] : methodsAt(segments));
  }
  const principal = found.route.open
    ? NOBODY
    : await principalOf(request, host.door);
  if (method === "GET") {
    const call = { request, query, signal, principal, body: undefined };
    return await found.route.handle(host, call, ...found.ids);
  }
  const key = readKey(request);
  const body = await readJsonBody(request, signal, host.limits.bodyBytes);
  const call: Call = { request, query, signal, principal, body };
  if (key === undefined) {
    return await found.route.handle(host, call, ...found.ids);
  }
  return await once(
    host.store,
    host.clock,
    host.ids,
    {
      tenant: principal.tenant,
      endpoint: endpointOf(method, segments),
      key,
      body,
    },
    (claimed) => perform(host, { ...call, claimed }, found),
  );
}

function perform(host: HostParts, call: Call, found: Match): Promise<Reply> {
  return replyTo(
    host,
    async () => await found.route.handle(host, call, ...found.ids),
  );
}

/** The answer to a method that no operation at the path has. */
function otherwise(method: string, there: readonly string[]): Reply {
  // A read that is not here may be one that other hosts offer, which the protocol wants to be 404 (v2 §6.1).
  if (there.length === 0 || method === "GET") {
    throw notFound("Cannot find the operation: this host has none there");
  }
  const allowed = [
    ...there,
    ...(there.includes("GET") ? ["HEAD"] : []),
    "OPTIONS",
  ];
  const headers = { "allow": allowed.join(", ") };
  if (method === "OPTIONS") {
    return {
      status: 204,
      headers: { ...headers, ...preflightHeaders(allowed) },
    };
  }
  throw new Refusal(
    405,
    // The registry has no code for it, so it is one of the host's own (v2 §12.1).
    "tutti.method_not_allowed",
    `Cannot find the operation: ${allowed.join(", ")} are possible there`,
    { allowed },
    headers,
  );
}

/** Both spellings of an id name the same endpoint. */
function endpointOf(method: string, segments: readonly string[]): string {
  return JSON.stringify([
    method,
    ...segments.map((segment) => unprojectId(segment) ?? segment),
  ]);
}

async function replyTo(
  host: HostParts,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.reply();
    host.onError(error);
    return new Refusal(
      500,
      "internal_error",
      "Cannot answer: the host failed",
    ).reply();
  }
}

/**
 * Refuses requests for another contract. Without a header, version 2 is meant. Source: v2 §2.3.
 *
 * @throws {Refusal} `406 protocol_version_unsupported`, `400 protocol_version_mismatch`.
 */
function negotiate(request: Request, segments: readonly string[]): void {
  const wanted = request.headers.get(HEADERS.version);
  if (wanted === null) return;
  // Only the major selects; the minor informs.
  const major = /^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8}))?$/.exec(wanted.trim())
    ?.[1];
  if (major === undefined || major !== PROTOCOL_VERSION.split(".")[0]) {
    throw new Refusal(
      406,
      "protocol_version_unsupported",
      "Cannot speak the protocol version of the request",
      { protocolVersions: PROTOCOL_VERSIONS },
    );
  }
  if (segments[0] === "v1") {
    throw new Refusal(
      400,
      "protocol_version_mismatch",
      "Cannot answer: the path belongs to version 1, the header names version 2",
    );
  }
}

function toResponse(
  host: HostParts,
  request: Request,
  reply: Reply,
): Response {
  const { status, body, stream } = reply;
  const headers = new Headers(reply.headers);
  const cors = corsHeaders(host.cors, request);
  for (const [name, value] of Object.entries(cors)) headers.set(name, value);
  if (cors["access-control-allow-origin"] === undefined) {
    for (const name of Object.keys(preflightHeaders([]))) headers.delete(name);
  }
  headers.set(HEADERS.version, PROTOCOL_VERSION);
  if (request.method === "HEAD") {
    stream?.cancel().catch(() => {});
    if (body !== undefined) headers.set("content-type", "application/json");
    return new Response(null, { status, headers });
  }
  if (stream !== undefined) return new Response(stream, { status, headers });
  if (body === undefined) return new Response(null, { status, headers });
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(body), { status, headers });
}
