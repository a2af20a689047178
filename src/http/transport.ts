// Web standards only.
import type { Reply } from "./answer.ts";
import { attempt, nest } from "./attempt.ts";
import { discard } from "./body.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { toError, TuttiError } from "./errors.ts";
import { InvalidArgumentError } from "./failures.ts";
import { setHeaders } from "./headers.ts";
import type { CallStep } from "./observe.ts";
import type {
  CallContext,
  HttpRequest,
  Operation,
  OptionsFor,
} from "./operation.ts";
import { fillLimits } from "./options.ts";
import type { CallOptions } from "./options.ts";
import { askedDelay, fillRetry, retryDelay } from "./retry.ts";
import type { RetryContract } from "./retry.ts";
import { Scope } from "./scope.ts";
import { traceparent } from "./trace_header.ts";
import type { TransportOptions } from "./transport_options.ts";

/** One way to one server, which all operations of a client share. */
export interface Transport {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Whose time it uses. */
  readonly clock: Clock;
  /** Its source of jitter. */
  readonly random: () => number;
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
  const { clock = systemClock, random = Math.random, idempotency } = options;
  const baseUrl = checkBaseUrl(options.baseUrl);
  fillLimits(options);
  fillRetry(options.retry);

  async function run(
    operation: Operation,
    call: CallOptions = {},
    isStream = false,
  ): Promise<Reply<unknown>> {
    const { contract, method, path, label = `${method} ${path}` } = operation;
    const limits = fillLimits(options, operation.budgets, call);
    const retry = fillRetry(options.retry, call.retry);
    const scope = new Scope(clock, label);
    const started = clock.now();
    const context: Changing<CallContext> = {
      operation,
      action: label,
      attempt: 0,
      idempotencyKey: undefined,
      signal: scope.signal,
      clock,
    };
    const tell = (step: CallStep, detail?: unknown): void =>
      options.observe?.(step, context, detail);
    let isOpen = false;

    async function tries(request: HttpRequest): Promise<Reply<unknown>> {
      for (;;) {
        scope.signal.throwIfAborted();
        context.attempt++;
        tell("attempt-start", request);
        try {
          const reply = await attempt(
            options,
            scope,
            limits,
            context,
            request,
            isStream,
          );
          tell("attempt-end", reply);
          return reply;
        } catch (error) {
          tell("attempt-end", error);
          scope.signal.throwIfAborted();
          const waitMs = context.attempt <= retry.retries &&
              (contract === "safe" || context.idempotencyKey) &&
              TuttiError.is(error) &&
              (operation.isRetryable?.(error) ?? error.retryable)
            ? retryDelay(retry, context.attempt, random, askedDelay(error))
            : undefined;
          // A wait that cannot end in time would only hide the real error behind a timeout.
          if (
            waitMs === undefined ||
            clock.now() + waitMs - started >=
              Math.min(limits.timeoutMs, retry.maxElapsedMs)
          ) throw error;
          tell("retry", waitMs);
          await scope.sleep(waitMs);
        }
      }
    }

    async function work(): Promise<Reply<unknown>> {
      if (contract === "keyed" && idempotency) {
        const given = call.idempotencyKey;
        if (given === "") {
          throw new InvalidArgumentError("idempotencyKey", "it is empty");
        }
        context.idempotencyKey = given
          ? await idempotency.toKey?.(given) ?? given
          : idempotency.createKey();
      }
      tell("call-start");
      return await nest(options.aroundCall, tries, context)(
        build(operation, call, context.idempotencyKey),
      );
    }

    try {
      scope.obey(call.signal);
      scope.budget("total", limits.timeoutMs);
      const reply = await scope.guard(work(), ({ data }) => {
        if (isStream) discard(data as Response);
      });
      call.onAnswer?.(reply);
      tell("call-end", reply);
      isOpen = isStream;
      return reply;
    } catch (thrown) {
      const error = toError(label, thrown);
      if (TuttiError.is(error)) {
        // One that comes from a call inside of this one knows its own.
        const known: Changing<TuttiError> = error;
        known.attempts ??= context.attempt;
        if (context.idempotencyKey) {
          known.idempotencyKey ??= context.idempotencyKey;
        }
      }
      tell("call-end", error);
      throw error;
    } finally {
      // The body of an open answer goes on obeying the caller's signal.
      scope.close(isOpen);
    }
  }

  function build(
    operation: Operation,
    call: CallOptions,
    key: string | undefined,
  ): HttpRequest {
    const { method, path, json, query = {} } = operation;
    let body: string | undefined;
    try {
      body = JSON.stringify(json);
    } catch (cause) {
      throw new InvalidArgumentError("body", "it cannot be written as JSON", {
        cause,
      });
    }
    const trace = call.trace ?? options.trace?.();
    if (trace && !traceparent.test(trace.traceparent)) {
      throw new InvalidArgumentError(
        "trace.traceparent",
        "<version>-<trace id>-<span id>-<flags> in lower-case hex digits is wanted",
      );
    }
    const headers = new Headers();
    setHeaders(
      headers,
      {
        accept: "application/json",
        "content-type": body && "application/json",
      },
      options.headers,
      operation.headers,
      { traceparent: trace?.traceparent, tracestate: trace?.tracestate },
      call.headers,
      idempotency && { [idempotency.header]: key },
    );
    const params = new URLSearchParams();
    for (const name in query) {
      const value = query[name];
      if (value !== undefined) params.set(name, String(value));
    }
    const search = String(params);
    return {
      method,
      url: baseUrl + path + (search && "?") + search,
      headers,
      body,
    };
  }

  return {
    baseUrl,
    clock,
    random,
    call: run as Transport["call"],
    open: (operation, call) =>
      run(operation, call, true) as Promise<Reply<Response>>,
  };
}

type Changing<T> = { -readonly [Name in keyof T]: T[Name] };

function checkBaseUrl(baseUrl: string): string {
  let href = "";
  try {
    href = new URL(baseUrl).href;
  } catch {
    // Said below, like everything else that can be wrong with it.
  }
  if (!/^https?:\/\/[^/@]+\/[^?#]*$/.test(href)) {
    throw new InvalidArgumentError(
      "baseUrl",
      "an absolute http or https URL without credentials, query and fragment is wanted, for example https://api.example.com",
    );
  }
  return href.replace(/\/+$/, "");
}
