// Web standards only.
import { orRefuse, refuse } from "../http/mod.ts";
import { checkEach } from "./check_options.ts";
import { HEADERS } from "../openwop/protocol/mod.ts";

/** Whose pages may call the host from a browser: their origins, or `"*"` for everybody's. */
export type CorsOrigins = "*" | readonly string[];

/** Everything that an operation may be sent with; `*` would not cover `Authorization`. Source: v2 §6.1. */
const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  "If-None-Match",
  "Last-Event-ID",
  HEADERS.version,
  HEADERS.clientVersion,
  HEADERS.idempotencyKey,
  HEADERS.dedup,
  HEADERS.forceEngineVersion,
  "traceparent",
  "tracestate",
].join(", ");

/** What a page may read of an answer beside its body. */
const RESPONSE_HEADERS = [
  "ETag",
  "Retry-After",
  "WWW-Authenticate",
  "traceparent",
  HEADERS.version,
  HEADERS.idempotentReplay,
].join(", ");

const PREFLIGHT_S = "600";

/** @throws {InvalidArgumentError} `invalid-argument` for what no browser sends as an origin. */
export function checkOrigins(
  origins: CorsOrigins | undefined,
): CorsOrigins | undefined {
  if (origins === undefined || origins === "*") return origins;
  checkEach("options.cors", origins, (path, origin) => {
    const wanted = 'an origin like "https://app.example.com" is wanted';
    const written = orRefuse(
      path,
      wanted,
      () => new URL(String(origin)).origin,
    );
    if (written !== origin) refuse(path, wanted);
  });
  return origins;
}

/** Adds what every answer to the request says about pages, where some are let in. */
export function addCorsHeaders(
  headers: Record<string, string>,
  origins: CorsOrigins,
  request: Request,
): void {
  if (origins !== "*") {
    const { vary } = headers;
    // The answer differs from page to page, also where it says nothing.
    headers["vary"] = vary ? `${vary}, Origin` : "Origin";
  }
  const origin = granted(origins, request);
  if (origin === undefined) return;
  headers["access-control-allow-origin"] = origin;
  headers["access-control-expose-headers"] = RESPONSE_HEADERS;
}

/** What the answer to `OPTIONS` adds for a page that asks first and is let in. */
export function preflightHeaders(
  origins: CorsOrigins | undefined,
  request: Request,
  methods: readonly string[],
): Readonly<Record<string, string>> {
  if (granted(origins, request) === undefined) return {};
  return {
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": PREFLIGHT_S,
  };
}

/** The origin that an answer names, `undefined` where the page is not let in. */
function granted(
  origins: CorsOrigins | undefined,
  request: Request,
): string | undefined {
  const origin = request.headers.get("origin");
  if (origins === undefined || origin === null) return undefined;
  if (origins === "*") return "*";
  return origins.includes(origin) ? origin : undefined;
}
