// Web standards only.
import type { HeaderRecord } from "./headers.ts";
import type { JsonValue } from "./json.ts";

/** What stands in the place of what is not shown. */
export const REDACTED = "[redacted]";

// What says how a request went, and nothing about who made it.
const shownHeaders =
  "accept content-length content-type date ratelimit-remaining ratelimit-reset request-id retry-after retry-after-ms " +
  "traceparent x-ratelimit-remaining x-ratelimit-reset x-request-id";

/**
 * Headers fit for a log: the values of those that are known to be harmless, and `[redacted]` for all others.
 *
 * @param headers Of a request or an answer.
 * @param show Names of further headers to show.
 * @returns names in lower case.
 *
 * @example
 * ```ts
 * import { redactHeaders } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const headers = new Headers({ accept: "text/plain", authorization: "Bearer s" });
 * assert.deepEqual(redactHeaders(headers), {
 *   accept: "text/plain",
 *   authorization: "[redacted]",
 * });
 * ```
 */
export function redactHeaders(
  headers: Headers | HeaderRecord,
  show: readonly string[] = [],
): Record<string, string> {
  const shown = new Set([
    ...shownHeaders.split(" "),
    ...show.map((name) => name.toLowerCase()),
  ]);
  const entries = headers instanceof Headers
    ? [...headers]
    : Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.toLowerCase(),
      shown.has(name.toLowerCase()) ? String(value) : REDACTED,
    ]),
  );
}

/** What to show of a URL. */
export interface RedactUrlOptions {
  /** Names of query parameters whose values are shown. @default none */
  readonly query?: readonly string[] | undefined;
  /** Whether segments of the path that look like ids are hidden, too. @default false */
  readonly hideIds?: boolean | undefined;
}

/**
 * A URL fit for a log: without user and password and without its fragment, the values of its query hidden.
 *
 * @param url Absolute; what is none becomes `[redacted]` as a whole.
 * @param options What to show.
 *
 * @example
 * ```ts
 * import { redactUrl } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   redactUrl("https://me:pw@api.example.com/runs/r-1?page=2&token=s#t", {
 *     query: ["page"],
 *   }),
 *   "https://api.example.com/runs/r-1?page=2&token=[redacted]",
 * );
 * ```
 */
export function redactUrl(url: string, options: RedactUrlOptions = {}): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return REDACTED;
  }
  const query = [...parsed.searchParams].map(([name, value]) => {
    const isShown = options.query?.includes(name);
    return `${encodeURIComponent(name)}=${
      isShown ? encodeURIComponent(value) : REDACTED
    }`;
  }).join("&");
  const path = options.hideIds ? hideIds(parsed.pathname) : parsed.pathname;
  return `${parsed.protocol}//${parsed.host}${path}${query && `?${query}`}`;
}

/** Hides the segments of a path that look like ids: whatever has more than letters, dots, dashes and underscores. */
export function hideIds(path: string): string {
  return path.replace(
    /[^/ ]+/g,
    (part) => /^[A-Za-z._:-]{1,40}$/.test(part) ? part : REDACTED,
  );
}

/**
 * A body fit for a log: only what lies at the given places is left, everything else is left out, names of fields
 * included, because they may be data as well.
 *
 * @param body Parsed.
 * @param show Places as JSON pointers (`/status`); a part `*` stands for every index and every name.
 * @returns `[redacted]` where nothing is to be shown.
 *
 * @example
 * ```ts
 * import { redactBody } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const body = { status: "ok", token: "s", items: [{ id: 1, name: "Ada" }] };
 * assert.deepEqual(redactBody(body, ["/status", "/items/0/id"]), {
 *   status: "ok",
 *   items: [{ id: 1 }],
 * });
 * assert.equal(redactBody(body, []), "[redacted]");
 * ```
 */
export function redactBody(
  body: JsonValue | undefined,
  show: readonly string[],
): JsonValue {
  return pick(
    body,
    show.map((pointer) =>
      pointer.split("/").slice(1).map((part) =>
        part.replaceAll("~1", "/").replaceAll("~0", "~")
      )
    ),
  );
}

function pick(
  value: JsonValue | undefined,
  paths: readonly (readonly string[])[],
): JsonValue {
  if (paths.some((path) => path.length === 0)) return value ?? null;
  if (typeof value !== "object" || value === null || paths.length === 0) {
    return REDACTED;
  }
  const below = (name: string): readonly (readonly string[])[] =>
    paths.filter(([first]) => first === name || first === "*")
      .map((path) => path.slice(1));
  if (Array.isArray(value)) {
    return value.map((item, index) => pick(item, below(String(index))));
  }
  const shown = Object.entries(value).flatMap(([name, item]) => {
    const inside = below(name);
    return inside.length > 0 ? [[name, pick(item, inside)] as const] : [];
  });
  return shown.length > 0 ? Object.fromEntries(shown) : REDACTED;
}
