// Web standards only.
import { discard, readText } from "./body.ts";
import { TuttiError } from "./errors.ts";
import { NetworkError } from "./failures.ts";
import type {
  Answer,
  AttemptMiddleware,
  CallContext,
  Classify,
  Fetch,
  HttpRequest,
  Reply,
  Sign,
} from "./operation.ts";
import type { FilledBudgets } from "./options.ts";
import { parseJson } from "./parse_json.ts";
import { isPassingStatus } from "./retry.ts";
import { parseRetryAfter } from "./retry_after.ts";
import type { JsonValue } from "./json.ts";
import { Scope } from "./scope.ts";

/** Takes the content out of a successful response. */
export type Consume<T> = (
  response: Response,
  answer: Answer,
  scope: Scope,
  idleTimeoutMs: number,
) => Promise<T>;

/** One try and all that it needs. */
export interface Attempt<T> {
  /** Belongs to this try alone. */
  readonly request: HttpRequest;
  /** With the number of the try. */
  readonly context: CallContext;
  /** Of the call. */
  readonly budgets: FilledBudgets;
  /** The call. */
  readonly outer: Scope;
  /** Sends. */
  readonly fetch: Fetch;
  /** The inner ring. */
  readonly around: readonly AttemptMiddleware[];
  /** The last step before sending. */
  readonly sign: Sign | undefined;
  /** Makes errors of failed answers. */
  readonly classify: Classify;
  /** Takes the content; without it the response itself is the content and its body is left alone. */
  readonly consume: Consume<T> | undefined;
}

// Enough for any error document, too little to hurt.
const MAX_ERROR_BYTES = 64 * 1024;

/** Sends once and reads the answer, under the budgets of one try. */
export async function attemptCall<T>(attempt: Attempt<T>): Promise<Reply<T>> {
  const { budgets, fetch, sign } = attempt;
  const { action, clock } = attempt.context;
  const scope = new Scope(clock, action, attempt.outer);
  const context = { ...attempt.context, signal: scope.signal };
  scope.budget("attempt", budgets.attemptTimeoutMs);
  const connected = scope.budget("connect", budgets.connectTimeoutMs);
  let open = false;

  const send = async (request: HttpRequest): Promise<Response> => {
    const signed = sign ? await sign(request, context) : request;
    scope.signal.throwIfAborted();
    try {
      return await scope.guard(
        Promise.resolve(fetch(toRequest(signed, scope.signal))),
        discard,
      );
    } catch (error) {
      if (scope.signal.aborted) throw scope.signal.reason;
      // An injected fetch may know better than we do what went wrong.
      throw TuttiError.is(error) ? error : new NetworkError(action, error);
    }
  };

  try {
    const ring = attempt.around.reduceRight<typeof send>(
      (next, middleware) => (request) => middleware(request, next, context),
      send,
    );
    const response = await scope.guard(ring(attempt.request), discard);
    connected();
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      attempts: context.attempt,
      requestId: response.headers.get("x-request-id") ??
        response.headers.get("request-id") ?? undefined,
      traceId: /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(
        response.headers.get("traceparent") ?? "",
      )?.[1],
      idempotencyKey: context.idempotencyKey,
    };
    const allowed = response.ok ||
      context.operation.allow?.includes(response.status);
    if (!allowed) throw await failure(response, answer);
    if (!attempt.consume) {
      open = true;
      return { ...answer, data: response as T };
    }
    const data = await attempt.consume(
      response,
      answer,
      scope,
      budgets.idleTimeoutMs,
    );
    return { ...answer, data };
  } finally {
    scope.close(open);
  }

  async function failure(
    response: Response,
    answer: Answer,
  ): Promise<TuttiError> {
    const { status, headers, requestId, traceId } = answer;
    return attempt.classify({
      action,
      operation: context.operation,
      status,
      headers,
      requestId,
      traceId,
      body: await errorBody(response),
      retryable: isPassingStatus(status),
      retryAfterMs: parseRetryAfter(headers, clock.now()),
      ...(status === 0 || (status >= 300 && status < 400)
        ? { hint: "the server redirects: give the final address as base URL" }
        : {}),
    });
  }

  async function errorBody(
    response: Response,
  ): Promise<JsonValue | undefined> {
    let text: string;
    try {
      text = (await readText(
        response,
        MAX_ERROR_BYTES,
        budgets.idleTimeoutMs,
        scope,
      )).text;
    } catch (error) {
      if (scope.signal.aborted) throw error;
      // The status is known and says more than a cut connection does.
      return undefined;
    }
    if (text === "") return undefined;
    try {
      return parseJson(text);
    } catch {
      return text;
    }
  }
}

function toRequest(request: HttpRequest, signal: AbortSignal): Request {
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    signal,
    // Followed by fetch, a redirect would carry our own headers to another origin.
    redirect: "manual",
  });
}
