// Web standards only.
import type { Reply } from "./answer.ts";
import { discard, readBody } from "./body.ts";
import { DecodeError } from "./failures.ts";
import { TuttiError } from "./errors.ts";
import { HttpError } from "./http_error.ts";
import { onAbort } from "./on_abort.ts";
import { reach } from "./network.ts";
import type {
  AttemptMiddleware,
  CallContext,
  HttpRequest,
} from "./operation.ts";
import type { Limits } from "./options.ts";
import { parseJson } from "./parse_json.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { nest } from "./ring.ts";
import type { Scope } from "./scope.ts";
import type { TransportOptions } from "./transport_options.ts";

/**
 * Sends once and reads the answer, under the budgets of one try.
 *
 * @param options Of the transport.
 * @param ring Around the request, as it was checked.
 * @param scope Of this try.
 * @param limits Of the call.
 * @param context What is called, with the number and the signal of the try.
 * @param request Left alone.
 * @param isStream Whether the response itself is the content, and its body is to be left alone.
 */
export async function attempt(
  options: TransportOptions,
  ring: readonly AttemptMiddleware[],
  scope: Scope,
  limits: Limits,
  context: CallContext,
  request: HttpRequest,
  isStream: boolean,
): Promise<Reply<unknown>> {
  const { action, clock, operation, signal } = context;

  async function send(request: HttpRequest): Promise<Response> {
    const signed = await options.sign?.(request, context) ?? request;
    signal.throwIfAborted();
    return await reach(action, () => {
      const wire = new Request(signed.url, {
        ...signed,
        // A request with a text, or with nothing, is sent a second time by Deno's own fetch when the connection
        // closes before the answer; one with a Blob is not.
        body: /^(GET|HEAD)$/.test(signed.method)
          ? null
          : new Blob([signed.body ?? ""]),
        signal,
        // Followed by fetch, a redirect would carry our own headers to another origin.
        redirect: "manual",
      });
      // Node hands an abort on only while the request is alive, and drops it while its fetch is under way: after a garbage
      // collection, an aborted call would hold its connection for ever. So the signal keeps it.
      onAbort(signal, () => wire);
      return (options.fetch ?? fetch)(wire);
    });
  }

  const connected = scope.budget("connect", limits.connectTimeoutMs);
  const response = await nest(ring, send, context)({
    ...request,
    headers: new Headers(request.headers),
  });
  // It came when nobody waited for it any more, from a fetch that does not obey the signal.
  if (signal.aborted) return discard(response.body) as never;
  connected();
  const { status, headers, ok } = response;
  const reply = {
    status,
    headers,
    attempts: context.attempt,
    requestId: headers.get("x-request-id") ?? headers.get("request-id") ??
      undefined,
    traceId: /^(?:(?!ff)..-)?(?!0{32})([0-9a-f]{32})\b/.exec(
      // Of nothing it finds nothing.
      (headers.get("traceparent") ?? headers.get("trace-id"))!,
    )?.[1],
    idempotencyKey: context.idempotencyKey,
    data: response,
  } as Changing<Reply<unknown>>;
  const passes = ok || operation.allow?.includes(status);
  if (passes && isStream) return reply;
  // Of a failure enough for any document, too little to hurt.
  const limit = passes ? limits.maxBodyBytes : 65_536;
  let text = "";
  let since = clock.now();
  scope.budget("idle", limits.idleTimeoutMs, () => since);
  const decoder = new TextDecoder();
  try {
    const isLarger = await reach(
      action,
      () =>
        readBody(response.body, limit, signal, (piece) => {
          since = clock.now();
          text += decoder.decode(piece, { stream: !!piece });
        }),
    );
    if (isLarger) {
      throw new DecodeError(action, `at most ${limit} bytes are wanted`);
    }
    if (text) reply.body = parseJson(text);
  } catch (error) {
    // Its cause would quote the body.
    if (passes) {
      throw TuttiError.is(error) ? error : new DecodeError(
        action,
        `JSON is wanted, the content type is ${
          JSON.stringify(headers.get("content-type"))
        }`,
      );
    }
    // The status of a failure is known and says more than a cut connection does.
    reply.body = text || undefined;
  }
  if (passes) {
    reply.data = operation.decode(reply.body, reply);
    return reply;
  }
  const failure = {
    ...context,
    ...reply,
    retryable: /408|429|50[0234]/.test(`${status}`),
    retryAfterMs: parseRetryAfter(headers, clock.now(), status),
    // Only where there is one: a platform may have another.
    ...(status < 400 && {
      hint: "the server redirects; check baseUrl",
    }),
  };
  throw options.classify?.(failure) ?? new HttpError(action, failure);
}

/** What only we may change. */
export type Changing<T> = { -readonly [Name in keyof T]: T[Name] };
