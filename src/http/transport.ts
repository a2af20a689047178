// Web standards only.
import type { Reply } from "./answer.ts";
import { attempt } from "./attempt.ts";
import type { Changing } from "./attempt.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { TuttiError } from "./errors.ts";
import { orRefuse, refuse } from "./failures.ts";
import { toHeaders } from "./headers.ts";
import type { HttpError } from "./http_error.ts";
import type { CallStep, Observe } from "./observe.ts";
import type {
  CallContext,
  HttpRequest,
  Operation,
  OptionsFor,
} from "./operation.ts";
import { fillLimits } from "./options.ts";
import type { CallOptions } from "./options.ts";
import { writeQuery } from "./query.ts";
import { fillRetry, retryDelay } from "./retry.ts";
import type { RetryContract } from "./retry.ts";
import { checkFunctions, nest, ringOf } from "./ring.ts";
import { createScope } from "./scope.ts";
import type { TransportOptions } from "./transport_options.ts";

/** One way to one server, which all operations of a client share. */
export interface Transport {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Whose time it uses. */
  readonly clock: Clock;
  /** Its source of jitter. */
  readonly random: () => number;
  /** What watches it: hand it on to the event streams of the same client. */
  readonly observe?: Observe | undefined;
  /**
   * Makes a call and decodes its answer.
   *
   * Tries again after network errors, budgets of one try that ran out, and answers whose error is retryable, if the
   * contract of the operation allows it and the wait still fits the total budget; otherwise throws that last error.
   *
   * @throws {HttpError} the server answered, and not with a success.
   * @throws {TimeoutError} `timeout`, naming the budget.
   * @throws {AbortedError} `aborted`, with the reason of the caller's signal as its cause.
   * @throws {NetworkError} `network`, no answer came.
   * @throws {DecodeError} `decode`, a success that cannot be read. Never retried.
   * @throws {InvalidArgumentError} `invalid-argument`, nothing was sent.
   */
  call<T, Contract extends RetryContract>(
    operation: Operation<T, Contract>,
    options?: OptionsFor<Contract>,
  ): Promise<Reply<T>>;
  /**
   * Makes a call and hands its answer over as soon as its headers are there, for streams. The budgets end with the
   * headers; `signal` goes on holding for the body, so hand in one that ends with the stream.
   *
   * @throws the same as {@linkcode Transport.call}.
   */
  open<Contract extends RetryContract>(
    operation: Operation<unknown, Contract>,
    options?: OptionsFor<Contract>,
  ): Promise<Reply<Response>>;
}

/**
 * Makes the one pipeline that every request of a client goes through: build, sign, send, classify, retry, decode.
 *
 * Nothing is sent and nothing is read from the environment until the first call.
 *
 * @param options The server and what is special about its platform.
 * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, budget or retry that cannot be right.
 *
 * @example
 * ```ts
 * import { createTransport, path } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * let calls = 0;
 * const transport = createTransport({
 *   baseUrl: "https://api.example.com",
 *   retry: { initialDelayMs: 1 },
 *   fetch: () =>
 *     calls++ === 0
 *       ? new Response("busy", { status: 503 })
 *       : Response.json({ title: "Review" }),
 * });
 * const reply = await transport.call({
 *   method: "GET",
 *   path: path`/tasks/${"a/b"}`,
 *   contract: "safe",
 *   decode: (body) => body as { title: string },
 * });
 * assert.equal(reply.data.title, "Review");
 * assert.equal(reply.attempts, 2);
 * ```
 */
export function createTransport(options: TransportOptions): Transport {
  // As a URL is written in full: without user, query and fragment, and without the slashes at its end.
  const baseUrl = orRefuse(
    "baseUrl",
    "http(s)://host/path is wanted",
    () =>
      String(new URL(options.baseUrl)).match(
        /^(https?:\/\/[^/@]+(?=\/)[^?#]*?)\/*$/,
      )![1]!,
  );
  const { fetch, observe, trace, sign, classify, idempotency } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const aroundCall = ringOf("aroundCall", options.aroundCall);
  const aroundAttempt = ringOf("aroundAttempt", options.aroundAttempt);
  checkFunctions({
    fetch,
    random,
    observe,
    trace,
    sign,
    classify,
    // Of these none may be missing.
    "clock.now": clock.now ?? "",
    "clock.schedule": clock.schedule ?? "",
    "idempotency.keyFor": idempotency && (idempotency.keyFor ?? ""),
  });
  fillLimits(options);
  fillRetry(options.retry);

  async function run(
    operation: Operation,
    call: CallOptions = {},
    isStream = false,
  ): Promise<Reply<unknown>> {
    const { contract, method, path, json } = operation;
    const action = operation.label ?? `${method} ${path}`;
    const limits = fillLimits(options, operation.budgets, call);
    const retry = fillRetry(options.retry, call.retry);
    checkFunctions({ onAnswer: call.onAnswer });
    const whole = createScope(clock, action);
    const { signal } = whole;
    const last = clock.now() +
      Math.min(limits.timeoutMs, retry.maxElapsedMs);
    const context = {
      operation,
      action,
      attempt: 0,
      signal,
      clock,
    } as Changing<CallContext>;
    const tell = (step: CallStep, detail?: unknown): void =>
      observe?.(step, context, detail);

    async function tries(request: HttpRequest): Promise<Reply<unknown>> {
      for (;;) {
        signal.throwIfAborted();
        context.attempt++;
        tell("attempt", request);
        const scope = createScope(clock, action, whole);
        const stop = scope.budget("attempt", limits.attemptTimeoutMs);
        try {
          const reply = await scope.guard(
            attempt(
              options,
              aroundAttempt,
              scope,
              limits,
              { ...context, signal: scope.signal },
              request,
              isStream,
            ),
          );
          (isStream ? stop : scope.close)();
          tell("answer", reply);
          return reply;
        } catch (error) {
          scope.abort(error);
          tell("answer", error);
          signal.throwIfAborted();
          const waitMs = retryDelay(
            retry,
            context.attempt,
            random,
            (error as Partial<HttpError> | undefined)?.retryAfterMs,
          );
          if (
            !((contract === "safe" || context.idempotencyKey) &&
              TuttiError.is(error) &&
              (operation.isRetryable?.(error) ?? error.retryable) &&
              // None is not a number here. A wait that cannot end in time would only hide the real error behind a timeout.
              clock.now() + waitMs! < last)
          ) throw error;
          tell("retry", waitMs);
          await whole.sleep(waitMs!);
        }
      }
    }

    async function work(): Promise<Reply<unknown>> {
      signal.throwIfAborted();
      // Behind the base URL it could change the host: "https://api.test" + ".evil.test".
      if (/^[^/?]/.test(path)) refuse("path", "/path is wanted");
      if (contract === "keyed") {
        context.idempotencyKey = await idempotency?.keyFor(call.idempotencyKey);
      }
      const body = orRefuse<string | undefined>(
        "body",
        "JSON is wanted",
        () => JSON.stringify(json),
      );
      const search = writeQuery(operation.query);
      return await nest(aroundCall, tries, context)({
        method,
        url: baseUrl + path + (search && "?") + search,
        headers: toHeaders(
          {
            accept: "application/json",
            "content-type": body && "application/json",
          },
          options.headers,
          operation.headers,
          call.trace ?? trace?.(),
          call.headers,
          idempotency && { [idempotency.header]: context.idempotencyKey },
        ),
        body,
      });
    }

    whole.obey(call.signal);
    tell("start");
    try {
      const stop = whole.budget("total", limits.timeoutMs);
      const reply = await whole.guard(work());
      // The body of an open answer goes on obeying the caller's signal.
      (isStream ? stop : whole.close)();
      call.onAnswer?.(reply);
      tell("end", reply);
      return reply;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new TuttiError(
        "unexpected",
        `Cannot finish ${action}: the cause is no error`,
        { cause: thrown },
      );
      if (TuttiError.is(error)) {
        // One that comes from a call inside of this one knows its own.
        (error as Changing<TuttiError>).attempts ??= context.attempt;
        (error as Changing<TuttiError>).idempotencyKey ??=
          context.idempotencyKey;
      }
      // Whatever still runs, an open body included, is nobody's any more.
      whole.abort(error);
      tell("end", error);
      throw error;
    }
  }

  return {
    baseUrl,
    clock,
    random,
    observe,
    call: run as Transport["call"],
    open: (operation, call) =>
      run(operation, call, true) as Promise<Reply<Response>>,
  };
}
