// Web standards only.
import type { HeaderRecord } from "./headers.ts";
import type { HttpError } from "./http_error.ts";
import type { JsonValue } from "./json.ts";
import type { Observe } from "./observe.ts";
import { observer } from "./observer.ts";
import { parseJson } from "./parse_json.ts";
import { hideIds, redactBody, redactHeaders, redactUrl } from "./redact.ts";

/** What a {@linkcode debugLog} shows. Nothing is shown that is not named here or known to be harmless. */
export interface DebugLogOptions {
  /** Takes the lines. @default console.debug */
  readonly write?: ((line: string) => void) | undefined;
  /** Names of headers to show beside the harmless ones. @default none */
  readonly headers?: readonly string[] | undefined;
  /** Names of query parameters to show. @default none */
  readonly query?: readonly string[] | undefined;
  /** Places in bodies to show, as JSON pointers, see {@linkcode redactBody}. @default none */
  readonly body?: readonly string[] | undefined;
  /** Whether ids in paths are hidden. @default false */
  readonly hideIds?: boolean | undefined;
}

/**
 * Makes an observer that writes a line for every step of every call and stream, without secrets.
 *
 * It is meant for people who look for a fault; for machines there is {@linkcode observer}. Paths are shown, so hide the
 * ids in them where they are confidential.
 *
 * @param options What to show, and where.
 *
 * @example
 * ```ts
 * import { createTransport, debugLog } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const transport = createTransport({
 *   baseUrl: "https://api.example.com",
 *   headers: { authorization: "Bearer secret" },
 *   fetch: () => Response.json(1),
 *   observe: debugLog({ write: (line) => lines.push(line) }),
 * });
 * await transport.call({
 *   method: "GET",
 *   path: "/things",
 *   query: { token: "secret" },
 *   contract: "safe",
 *   decode: (body) => body,
 * });
 * assert.equal(
 *   lines[1],
 *   'tutti #1.1 > GET /things at https://api.example.com/?token=[redacted] {"accept":"application/json","authorization":"[redacted]"}',
 * );
 * ```
 */
export function debugLog(options: DebugLogOptions = {}): Observe {
  const { write = (line) => console.debug(line), body: places = [] } = options;

  const headersOf = (headers: Headers | HeaderRecord): string =>
    ` ${JSON.stringify(redactHeaders(headers, options.headers))}`;
  const bodyOf = (body: JsonValue | undefined): string =>
    body === undefined || places.length === 0
      ? ""
      : ` ${JSON.stringify(redactBody(body, places))}`;

  return observer((event) => {
    const { type, callId, attempt, waitMs, elapsedMs, code, missing } = event;
    const action = options.hideIds ? hideIds(event.action) : event.action;
    const request = event.request?.();
    const answer = event.answer?.() ?? (event.error?.() as Partial<HttpError>);
    let line = `tutti #${callId}`;
    const isStream = type.startsWith("stream");
    if (type !== "start" && type !== "end") line += `.${attempt}`;
    if (isStream || type === "start" || type === "end") {
      line += ` ${type} ${action}`;
    }
    if (missing !== undefined) {
      line += ` ${missing} missing after ${event.lastSequence}`;
    }
    if (isStream && elapsedMs === undefined && code) line += ` after ${code}`;
    if (request) {
      // The path is in the action, unless it is a secret and has a label.
      const { origin, search } = new URL(request.url);
      line += ` > ${action} at ${redactUrl(origin + "/" + search, options)}${
        headersOf(request.headers)
      }${bodyOf(request.body === undefined ? undefined : read(request.body))}`;
    }
    if (waitMs !== undefined) {
      const how = type === "stream-silence" ? "for" : "again in";
      line += ` ${how} ${Math.round(waitMs)} ms`;
    }
    if (elapsedMs !== undefined) {
      line += ` < ${code ?? "ok"} ${event.status ?? ""}`.trimEnd() +
        ` after ${elapsedMs} ms`;
      if (event.requestId) line += ` request ${event.requestId}`;
      if (event.traceId) line += ` trace ${event.traceId}`;
      if (type === "answer" && answer?.headers instanceof Headers) {
        line += headersOf(answer.headers) + bodyOf(answer.body);
      }
    }
    // What is in a line may not make another one.
    // deno-lint-ignore no-control-regex
    write(line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " "));
  });
}

function read(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return "";
  }
}
