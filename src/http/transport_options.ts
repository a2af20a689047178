// Web standards only.
import type { Clock } from "./clock.ts";
import type { HeaderRecord } from "./headers.ts";
import type { Observe } from "./observe.ts";
import type {
  AttemptMiddleware,
  CallMiddleware,
  Classify,
  Fetch,
  Sign,
} from "./operation.ts";
import type { TimeBudgets, TraceContext } from "./options.ts";
import type { RetryOptions } from "./retry.ts";

/** How a platform spells idempotency keys; made by {@linkcode idempotencyKeys}. */
export interface IdempotencyOptions {
  /** Name of the header. */
  readonly header: string;
  /** Makes a key, or fits the one that the caller hands in to the grammar of the platform. */
  keyFor(given: string | undefined): string | Promise<string>;
}

/** What the user of any client may say: where the server is, how long and how often to try, who watches. */
export interface ClientOptions extends TimeBudgets {
  /** `http:` or `https:`, with or without a path; no query, fragment or credentials. */
  readonly baseUrl: string;
  /** What answers the requests, in place of the network; nothing else touches that. @default the global `fetch` */
  readonly fetch?: Fetch | undefined;
  /** Whose time to use. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Source of jitter, from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Sent with every request. */
  readonly headers?: HeaderRecord | undefined;
  /** When and how often to try again, where the contract of an operation allows it; `false` for one try. */
  readonly retry?: RetryOptions | false | undefined;
  /** Watches every call and try: an {@linkcode observer}, or {@linkcode debugLog}. */
  readonly observe?: Observe | undefined;
  /** Gives the trace of a call that brings none; asked once for each call. */
  readonly trace?: (() => TraceContext | undefined) | undefined;
  /** Around each call, the first one outermost. */
  readonly aroundCall?: readonly CallMiddleware[] | undefined;
  /** Around each try, the first one outermost. */
  readonly aroundAttempt?: readonly AttemptMiddleware[] | undefined;
}

/** Everything about a platform and a server that the transport must know. Only `baseUrl` is required. */
export interface TransportOptions extends ClientOptions {
  /** Without it, keyed operations are sent once. */
  readonly idempotency?: IdempotencyOptions | undefined;
  /** The last step before the request leaves, in every try. */
  readonly sign?: Sign | undefined;
  /** Turns failed answers into errors. @default an `HttpError`, retryable for 408, 429, 500, 502, 503, 504 */
  readonly classify?: Classify | undefined;
  /** The largest body of a success, in bytes; a larger one is a `DecodeError`. @default 16 MiB */
  readonly maxBodyBytes?: number | undefined;
}
