// Web standards only.
import { attemptCall } from "./attempt.ts";
import type { Consume } from "./attempt.ts";
import { sleep, systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { InvalidArgumentError } from "./failures.ts";
import { setHeaders } from "./headers.ts";
import type { HeaderRecord } from "./headers.ts";
import { HttpError } from "./http_error.ts";
import type {
  AttemptMiddleware,
  CallContext,
  CallMiddleware,
  Classify,
  Fetch,
  HttpRequest,
  Operation,
  OptionsFor,
  Reply,
  Sign,
} from "./operation.ts";
import { checkTrace, fillBudgets } from "./options.ts";
import type { CallOptions, TimeBudgets } from "./options.ts";
import { consumeJson } from "./consume.ts";
import { TuttiError } from "./errors.ts";
import { askedDelay, fillRetry, retryDelay } from "./retry.ts";
import type { RetryContract, RetryOptions } from "./retry.ts";
import { Scope } from "./scope.ts";

/** How a platform spells idempotency keys. */
export interface IdempotencyOptions {
  /** Name of the header. */
  readonly header: string;
  /** Makes a key for a call that brings none. */
  createKey(): string;
  /** Fits a caller's key to the grammar of the platform. */
  toKey?(key: string): string | Promise<string>;
}

/** Everything about a platform and a server that the transport must know. Only `baseUrl` is required. */
export interface TransportOptions extends TimeBudgets {
  /** `http:` or `https:`, with or without a path; no query, fragment or credentials. */
  readonly baseUrl: string;
  /** What answers the requests; nothing else touches the network. @default the global `fetch` */
  readonly fetch?: Fetch | undefined;
  /** Whose time to use. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Source of jitter, from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Sent with every request. */
  readonly headers?: HeaderRecord | undefined;
  /** Retries, where the contract of an operation allows them. */
  readonly retry?: RetryOptions | false | undefined;
  /** Without it, keyed operations are sent once. */
  readonly idempotency?: IdempotencyOptions | undefined;
  /** Around each call, the first one outermost. */
  readonly aroundCall?: readonly CallMiddleware[] | undefined;
  /** Around each try, the first one outermost. */
  readonly aroundAttempt?: readonly AttemptMiddleware[] | undefined;
  /** The last step before the request leaves, in every try. */
  readonly sign?: Sign | undefined;
  /** Turns failed answers into errors. @default an `HttpError`, retryable for 408, 429, 500, 502, 503, 504 */
  readonly classify?: Classify | undefined;
  /** The largest body of a success, in bytes; a larger one is a `DecodeError`. @default 16 MiB */
  readonly maxBodyBytes?: number | undefined;
}

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
  const baseUrl = checkBaseUrl(options.baseUrl);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const fetch = options.fetch ?? ((request) => globalThis.fetch(request));
  const classify = options.classify ??
    ((failure) => new HttpError(failure.action, failure));
  const maxBodyBytes = options.maxBodyBytes ?? 16 * 1024 * 1024;
  fillBudgets(options);
  fillRetry(options.retry);

  async function run<T>(
    operation: Operation,
    call: CallOptions,
    consume: Consume<T> | undefined,
  ): Promise<Reply<T>> {
    const budgets = fillBudgets(options, operation.budgets, call);
    const retry = fillRetry(options.retry, call.retry);
    if (call.trace) checkTrace(call.trace);
    const action = operation.label ?? `${operation.method} ${operation.path}`;
    const scope = new Scope(clock, action);
    scope.obey(call.signal);
    scope.budget("total", budgets.timeoutMs);
    const deadline = clock.now() + budgets.timeoutMs;
    let open = false;
    try {
      const idempotencyKey = operation.contract === "keyed"
        ? await keyOf(options.idempotency, call.idempotencyKey)
        : undefined;
      const repeatable = operation.contract === "safe" ||
        idempotencyKey !== undefined;
      const request = build(operation, call, idempotencyKey);
      const context: CallContext = {
        operation,
        action,
        attempt: 0,
        idempotencyKey,
        signal: scope.signal,
        clock,
      };

      const tries = async (request: HttpRequest): Promise<Reply<T>> => {
        for (let attempt = 1;; attempt++) {
          try {
            scope.signal.throwIfAborted();
            return await attemptCall({
              request: { ...request, headers: new Headers(request.headers) },
              context: { ...context, attempt },
              budgets,
              outer: scope,
              fetch,
              around: options.aroundAttempt ?? [],
              sign: options.sign,
              classify,
              consume,
            });
          } catch (error) {
            if (scope.signal.aborted) throw scope.signal.reason;
            const again = repeatable && attempt <= retry.retries &&
              TuttiError.is(error) &&
              (operation.isRetryable?.(error) ?? error.retryable);
            const wait = again
              ? retryDelay(retry, attempt, random, askedDelay(error))
              : undefined;
            // A wait that cannot end in time would only hide the real error behind a timeout.
            if (wait === undefined || clock.now() + wait >= deadline) {
              throw error;
            }
            await sleep(clock, wait, scope.signal);
          }
        }
      };
      const rings = (options.aroundCall ?? []) as readonly CallMiddleware[];
      const outermost = rings.reduceRight<
        (request: HttpRequest) => Promise<Reply<unknown>>
      >(
        (next, middleware) => (request) => middleware(request, next, context),
        tries,
      );
      const reply = await outermost(request) as Reply<T>;
      open = consume === undefined;
      return reply;
    } finally {
      // The body of an open answer goes on obeying the caller's signal.
      scope.close(open);
    }
  }

  function build(
    operation: Operation,
    call: CallOptions,
    key: string | undefined,
  ): HttpRequest {
    const headers = new Headers();
    const body = operation.json === undefined
      ? undefined
      : toJson(operation.json);
    setHeaders(
      headers,
      { accept: "application/json" },
      body === undefined ? undefined : { "content-type": "application/json" },
      options.headers,
      operation.headers,
      call.trace && { ...call.trace },
      call.headers,
    );
    if (key !== undefined && options.idempotency) {
      setHeaders(headers, { [options.idempotency.header]: key });
    }
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(operation.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    const search = String(query);
    return {
      method: operation.method,
      url: baseUrl + operation.path + (search && `?${search}`),
      headers,
      body,
    };
  }

  return {
    baseUrl,
    clock,
    random,
    call: <T>(operation: Operation<T>, call: CallOptions = {}) =>
      run(operation, call, consumeJson(operation, maxBodyBytes)),
    open: (operation: Operation, call: CallOptions = {}) =>
      run<Response>(operation, call, undefined),
  };
}

async function keyOf(
  idempotency: IdempotencyOptions | undefined,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined) return idempotency?.createKey();
  if (given === "") {
    throw new InvalidArgumentError("idempotencyKey", "it is empty");
  }
  return await (idempotency?.toKey?.(given) ?? given);
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new InvalidArgumentError("body", "it cannot be written as JSON", {
      cause,
    });
  }
}

function checkBaseUrl(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new InvalidArgumentError(
      "baseUrl",
      "an absolute URL is wanted, for example https://wop.example.com",
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new InvalidArgumentError(
      "baseUrl",
      `http or https is wanted, it is ${url.protocol.slice(0, -1)}`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new InvalidArgumentError(
      "baseUrl",
      "it may not hold credentials, a query or a fragment",
    );
  }
  return url.href.replace(/\/+$/, "");
}
