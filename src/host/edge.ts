// Web standards only.
import {
  HEADERS,
  PROTOCOL_VERSION,
  unprojectId,
} from "../openwop/protocol/mod.ts";
import { readJsonBody } from "./body.ts";
import { PROTOCOL_VERSIONS } from "./discovery.ts";
import { once, readKey } from "./idempotency.ts";
import type { Call, HostParts } from "./parts.ts";
import { NOBODY, principalOf } from "./principal.ts";
import { hostClosed, notFound, Refusal } from "./refusal.ts";
import type { Reply } from "./refusal.ts";
import { match } from "./router.ts";
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
  return toResponse(await replyTo(host, () => route(host, request, signal)));
}

/** `503`, for a host that was closed. */
export function closedResponse(): Response {
  return toResponse(hostClosed().reply());
}

async function route(
  host: HostParts,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const { pathname, searchParams: query } = new URL(request.url);
  const segments = pathname.split("/").slice(1);
  negotiate(request, segments);
  const { method } = request;
  if (method === "GET" && pathname === "/.well-known/openwop") {
    return getDiscovery(host, request);
  }
  const found = match(method, segments);
  if (found === undefined) {
    throw notFound("Cannot find the operation: this host has none there");
  }
  const principal = found.route.open
    ? NOBODY
    : await principalOf(request, host.door);
  if (method === "GET") {
    const call = { request, query, signal, principal, body: undefined };
    return await found.route.handle(host, call, ...found.ids);
  }
  const key = readKey(request);
  const body = await readJsonBody(request, signal);
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

function toResponse(reply: Reply): Response {
  const { status, body, stream } = reply;
  const headers = new Headers(reply.headers);
  headers.set(HEADERS.version, PROTOCOL_VERSION);
  if (stream !== undefined) return new Response(stream, { status, headers });
  if (body === undefined) return new Response(null, { status, headers });
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(body), { status, headers });
}
