// Web standards only.
import { childTrace, parseTraceparent } from "../http/mod.ts";
import {
  HEADERS,
  hostCodecV1,
  hostCodecV2,
  unprojectId,
} from "../openwop/protocol/mod.ts";
import type { JsonValue, Major } from "../openwop/protocol/mod.ts";
import { Unkeepable } from "./again.ts";
import { boundIds, readV1Body, toV1 } from "./edge_v1.ts";
import type { V1Context } from "./edge_v1.ts";
import { readJsonBody } from "./body.ts";
import { addCorsHeaders, preflightHeaders } from "./cors.ts";
import { VERSIONS, versionsOf } from "./discovery.ts";
import type { Asked } from "./fetch_call.ts";
import { once, readKey } from "./idempotency.ts";
import type { Call, HostParts } from "./parts.ts";
import { NOBODY, principalOf } from "./principal.ts";
import { hostClosed, notFound, Refusal } from "./refusal.ts";
import type { Reply } from "./refusal.ts";
import { match, methodsAt } from "./router.ts";
import type { Match } from "./router.ts";
import { getDiscovery } from "./routes/workflows.ts";
import { textResponse } from "./text_response.ts";

/**
 * Answers one request. Never rejects: whatever goes wrong becomes the error envelope, and every answer says which contract
 * it belongs to (v2 §2.3).
 */
export async function answer(
  host: HostParts,
  asked: Asked,
): Promise<Response> {
  const { request } = asked;
  const url = new URL(request.url);
  const said: Said = { major: majorOf(host, request, url) };
  const reply = await replyTo(host, () => route(host, asked, url, said));
  const spelled = said.v1 ? toV1(reply, said.v1) : reply;
  return toResponse(host, request, spelled, said.major);
}

/** `503`, for a host that was closed. */
export function closedResponse(host: HostParts, request: Request): Response {
  return toResponse(
    host,
    request,
    hostClosed().reply(),
    majorOf(host, request, new URL(request.url)),
  );
}

/** What is found out about a request on the way to its answer. */
interface Said {
  readonly major: Major;
  /** Only of version 1. */
  v1?: V1Context;
}

/** Of most requests. */
const NO_QUERY = new URLSearchParams();

async function route(
  host: HostParts,
  asked: Asked,
  url: URL,
  said: Said,
): Promise<Reply> {
  const { request, signal } = asked;
  const { pathname } = url;
  negotiate(host, request, pathname);
  const { major } = said;
  const codec = major === 1 ? hostCodecV1 : hostCodecV2;
  // Nothing is found below a path that the version does not have.
  const segments = (codec.readPath(pathname) ?? "/").split("/").slice(1);
  // Answered as GET; the body is left out at the end.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const isDiscovery = pathname === "/.well-known/openwop";
  if (method === "GET" && isDiscovery) {
    return getDiscovery(host, request, major);
  }
  const found = isDiscovery ? undefined : match(method, segments, major);
  if (found === undefined) {
    return otherwise(
      host,
      request,
      isDiscovery ? ["GET"] : methodsAt(segments, major),
    );
  }
  const principal = found.route.open
    ? NOBODY
    : await principalOf(request, host.door);
  const { tenant } = principal;
  const { name } = found.route;
  if (major === 1) said.v1 = { name, tenant, ids: found.ids };
  // While version 1 is served, its ids are known in both. Source: v2 §4.
  const ids = host.majors.includes(1)
    ? boundIds(found.route.path, found.ids, tenant)
    : found.ids;
  const query = url.search === ""
    ? NO_QUERY
    : codec.readQuery(url.searchParams);
  let key: string | undefined;
  let body: JsonValue | undefined;
  if (method !== "GET") {
    key = readKey(request, major);
    const json = await readJsonBody(asked, host.limits.bodyBytes);
    body = major === 1 ? readV1Body(name, json, tenant) : json;
  }
  const call: Call = { request, query, signal, principal, body, major };
  // Not before: whoever sends a body holds up nobody who wants to close the host.
  host.inFlight.enter();
  try {
    if (key === undefined) return await found.route.handle(host, call, ...ids);
    const endpoint = endpointOf(method, segments);
    return await once(
      host,
      { tenant, endpoint, key, body },
      (claimed) => perform(host, { ...call, claimed }, { ...found, ids }),
    );
  } finally {
    host.inFlight.leave();
  }
}

function perform(host: HostParts, call: Call, found: Match): Promise<Reply> {
  return replyTo(host, () => found.route.handle(host, call, ...found.ids));
}

/** The answer to a method that no operation at the path has. */
function otherwise(
  host: HostParts,
  request: Request,
  there: readonly string[],
): Reply {
  const { method } = request;
  // A read that is not here may be one that other hosts offer, which the protocol wants to be 404 (v2 §6.1).
  if (there.length === 0 || method === "GET" || method === "HEAD") {
    throw notFound("Cannot find the operation: this host has none there");
  }
  const allowed = [
    ...there,
    ...(there.includes("GET") ? ["HEAD"] : []),
    "OPTIONS",
  ];
  const headers = { "allow": allowed.join(", ") };
  if (method === "OPTIONS") {
    const more = preflightHeaders(host.cors, request, allowed);
    return { status: 204, headers: { ...headers, ...more } };
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
  work: () => Reply | Promise<Reply>,
): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.reply();
    if (error instanceof Unkeepable) {
      return new Refusal(413, "payload_too_large", error.message).reply();
    }
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
function negotiate(
  host: HostParts,
  request: Request,
  pathname: string,
): void {
  refuseOld(host, request);
  const wanted = request.headers.get(HEADERS.version);
  if (wanted === null) return;
  const major = majorIn(wanted);
  if (major === undefined || !host.majors.includes(major)) {
    throw new Refusal(
      406,
      "protocol_version_unsupported",
      "Cannot speak the protocol version of the request",
      { protocolVersions: versionsOf(host.majors) },
    );
  }
  if (major === 2 && isV1Path(pathname)) {
    throw new Refusal(
      400,
      "protocol_version_mismatch",
      "Cannot answer: the path belongs to version 1, the header names version 2",
    );
  }
}

/**
 * Refuses a client that says itself that it is older than the host wants, never another. Source: v2 §2.3, v1 §4.3.
 *
 * @throws {Refusal} `426 client_version_unsupported`.
 */
function refuseOld(
  { minClientVersion: floor }: HostParts,
  request: Request,
): void {
  const said = floor && request.headers.get(HEADERS.clientVersion);
  const client = said && versionIn(said);
  const least = floor && versionIn(floor);
  if (!client || !least) return;
  const [major, minor] = client;
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new Refusal(
    426,
    "client_version_unsupported",
    `Cannot answer: the client was built against an older release of the protocol than ${floor}`,
    { minClientVersion: floor },
  );
}

/** The first two numbers of a release; `undefined` for what is none, which says nothing. */
function versionIn(
  text: string,
): readonly [major: number, minor: number] | undefined {
  const [, major, minor] =
    /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8}))?$/
      .exec(text.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Only the major selects; the minor informs. */
function majorIn(version: string): Major | undefined {
  const [, major] = /^([12])(?:\.(?:0|[1-9]\d{0,8}))?$/.exec(version.trim()) ??
    [];
  return major === undefined ? undefined : Number(major) as Major;
}

/**
 * The contract that answers a request, also where it refuses it: what the header names, then what the path says. Without
 * either, discovery answers in the preferred version, everything else in version 2. Source: v2 §2.3.
 */
function majorOf(
  { majors }: HostParts,
  request: Request,
  { pathname }: URL,
): Major {
  if (!majors.includes(1)) return 2;
  if (isV1Path(pathname)) return 1;
  const wanted = request.headers.get(HEADERS.version);
  if (wanted !== null) return majorIn(wanted) ?? 2;
  return pathname === "/.well-known/openwop" ? 1 : 2;
}

function isV1Path(pathname: string): boolean {
  return pathname === "/v1" || pathname.startsWith("/v1/");
}

function toResponse(
  host: HostParts,
  request: Request,
  reply: Reply,
  major: Major,
): Response {
  const { status, body, stream } = reply;
  const headers: Record<string, string> = {
    ...reply.headers,
    [HEADERS.version]: VERSIONS[major],
  };
  if (host.cors !== undefined) addCorsHeaders(headers, host.cors, request);
  const traceparent = request.headers.get("traceparent");
  // Goes on with the trace of the caller. Source: v1 §15.
  if (traceparent !== null && parseTraceparent(traceparent)) {
    headers["traceparent"] = childTrace({ traceparent }).traceparent;
  }
  if (body !== undefined) headers["content-type"] = "application/json";
  if (request.method === "HEAD") {
    if (typeof stream === "object") stream.cancel().catch(() => {});
    return new Response(null, { status, headers });
  }
  if (typeof stream === "object") {
    return new Response(stream, { status, headers });
  }
  const text = body === undefined ? stream : JSON.stringify(body);
  return text === undefined
    ? new Response(null, { status, headers })
    : textResponse(text, { status, headers });
}
