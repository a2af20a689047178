// Web standards only.
import type { Reply } from "./answer.ts";
import { discard, readText } from "./body.ts";
import { DecodeError } from "./failures.ts";
import { HttpError } from "./http_error.ts";
import type { JsonValue } from "./json.ts";
import type { CallContext, HttpRequest, Middleware } from "./operation.ts";
import type { Limits } from "./options.ts";
import { parseJson } from "./parse_json.ts";
import { isPassingStatus } from "./retry.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { Scope } from "./scope.ts";
import { traceparent } from "./trace_header.ts";
import type { TransportOptions } from "./transport_options.ts";

// Enough for any error document, too little to hurt.
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Sends once and reads the answer, under the budgets of one try.
 *
 * @param options Of the transport.
 * @param outer The call.
 * @param limits Of the call.
 * @param call What is called, with the number of the try.
 * @param request Left alone.
 * @param isStream Whether the response itself is the content, and its body is to be left alone.
 */
export async function attempt(
  options: TransportOptions,
  outer: Scope,
  limits: Limits,
  call: CallContext,
  request: HttpRequest,
  isStream: boolean,
): Promise<Reply<unknown>> {
  const { action, clock, operation } = call;
  const scope = new Scope(clock, action, outer);
  const context = { ...call, signal: scope.signal };
  scope.budget("attempt", limits.attemptTimeoutMs);
  const connected = scope.budget("connect", limits.connectTimeoutMs);
  let isOpen = false;

  const send = async (request: HttpRequest): Promise<Response> => {
    const { url, method, headers, body = "" } = options.sign
      ? await options.sign(request, context)
      : request;
    scope.signal.throwIfAborted();
    return await scope.reach(
      () =>
        (options.fetch ?? globalThis.fetch)(
          new Request(url, {
            method,
            headers,
            // A request with a text, or with nothing, is sent a second time by Deno's own fetch when the connection
            // closes before the answer; one with a Blob is not.
            body: /^(GET|HEAD)$/.test(method) ? null : new Blob([body]),
            signal: scope.signal,
            // Followed by fetch, a redirect would carry our own headers to another origin.
            redirect: "manual",
          }),
        ),
      discard,
    );
  };

  try {
    const response = await scope.guard(
      nest(options.aroundAttempt, send, context)({
        ...request,
        headers: new Headers(request.headers),
      }),
      discard,
    );
    connected();
    const { status, headers, ok } = response;
    const passes = ok || operation.allow?.includes(status);
    const head = {
      status,
      headers,
      attempts: context.attempt,
      requestId: headers.get("x-request-id") ?? headers.get("request-id") ??
        undefined,
      traceId: (traceparent.exec(headers.get("traceparent") ?? "") ??
        /^([0-9a-f]{32})$/.exec(headers.get("trace-id") ?? ""))?.[1],
      idempotencyKey: context.idempotencyKey,
    };
    if (passes && isStream) {
      isOpen = true;
      return { ...head, body: undefined, data: response };
    }
    const limit = passes ? limits.maxBodyBytes : MAX_ERROR_BYTES;
    const { text, cut } = await readText(
      response,
      limit,
      limits.idleTimeoutMs,
      scope,
    ).catch((error) => {
      // The status of a failure is known and says more than a cut connection does.
      if (passes || scope.signal.aborted) throw error;
      return { text: "", cut: false };
    });
    let body: JsonValue | undefined;
    let isJson = true;
    try {
      if (text) body = parseJson(text);
    } catch {
      body = text;
      isJson = false;
    }
    if (!passes) {
      const failure = {
        ...head,
        action,
        operation,
        body,
        retryable: isPassingStatus(status),
        retryAfterMs: parseRetryAfter(headers, clock.now(), status),
        ...(/^(0|3..)$/.test(String(status)) && {
          hint: "the server redirects: give the final address as base URL",
        }),
      };
      throw options.classify?.(failure) ?? new HttpError(action, failure);
    }
    if (cut || !isJson) {
      // The cause would quote the body.
      throw new DecodeError(
        action,
        cut
          ? `it is larger than the limit of ${limit} bytes`
          : `JSON is wanted, the content type is ${
            JSON.stringify(headers.get("content-type") ?? "none")
          }`,
      );
    }
    const answer = { ...head, body };
    return { ...answer, data: operation.decode(body, answer) };
  } finally {
    scope.close(isOpen);
  }
}

/** Puts the ring around `last`, the first middleware outermost. */
export function nest<Result>(
  ring: readonly Middleware<Result>[] | undefined,
  last: (request: HttpRequest) => Promise<Result>,
  context: CallContext,
): (request: HttpRequest) => Promise<Result> {
  return (ring ?? []).reduceRight<typeof last>(
    (next, middleware) => (request) => middleware(request, next, context),
    last,
  );
}
