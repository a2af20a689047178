// Web standards only.
import type { Answer, Reply } from "./answer.ts";
import type { Clock } from "./clock.ts";
import type { TuttiError } from "./errors.ts";
import type { HeaderRecord } from "./headers.ts";
import type { HttpErrorInit } from "./http_error.ts";
import type { JsonValue } from "./json.ts";
import type { CallOptions, OnceCallOptions, TimeBudgets } from "./options.ts";
import type { RetryContract } from "./retry.ts";

/** Anything that answers a web `Request`: the global `fetch`, a host in this process, a test. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** What a client says about one call: where it goes, what it carries, how its answer is read, whether it may be repeated. */
export interface Operation<
  T = unknown,
  Contract extends RetryContract = RetryContract,
> {
  /** Upper case. */
  readonly method: string;
  /** Encoded, below the base URL, with a slash at its start: write it with the `path` tag. */
  readonly path: string;
  /** Appended to the path; `undefined` leaves one out, a list repeats one. */
  readonly query?:
    | Readonly<
      Record<
        string,
        string | number | boolean | readonly string[] | undefined
      >
    >
    | undefined;
  /** Added to those of the client. */
  readonly headers?: HeaderRecord | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Whether the call may be repeated. */
  readonly contract: Contract;
  /** Overrides which failures are worth another try, where the contract allows one. */
  readonly isRetryable?: ((error: TuttiError) => boolean) | undefined;
  /** Statuses outside 200 to 299 that are answers too, for example 304. */
  readonly allow?: readonly number[] | undefined;
  /** False for operations that must not carry a credential. @default true */
  readonly auth?: boolean | undefined;
  /** Names the call in messages where the path is a secret. @default method and path */
  readonly label?: string | undefined;
  /** Budgets of this operation where they differ from those of the client. */
  readonly budgets?: TimeBudgets | undefined;
  /** Reads the answer; throws a `DecodeError` where it is not what was promised. Not used by `open()`. */
  decode(body: JsonValue | undefined, answer: Answer): T;
}

/** The options that fit the contract of an operation: no `retry` where nothing may be repeated. */
export type OptionsFor<Contract extends RetryContract> = Contract extends
  "never" ? OnceCallOptions : CallOptions;

/** A request as middleware sees it; hand a changed copy to `next`. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Belongs to this try alone. */
  readonly headers: Headers;
  /** Text of the body. */
  readonly body: string | undefined;
}

/** What middleware knows about the call that it stands in. */
export interface CallContext {
  /** The call, as the client described it. */
  readonly operation: Operation;
  /** For messages: `GET /runs`. */
  readonly action: string;
  /** 1 for the first try; 0 in the ring around the call. */
  readonly attempt: number;
  /** The key of a keyed call. */
  readonly idempotencyKey: string | undefined;
  /** Aborted, with the error to throw, when the call or the try is over. */
  readonly signal: AbortSignal;
  /** Whose time to use. */
  readonly clock: Clock;
}

/**
 * A step around the rest of the pipeline. It may change the request, look at the result, answer by itself, or call
 * `next` again; what it throws fails the call, and is retried where it is a retryable `TuttiError` and the contract
 * allows. It must not read the body of a `Response` that it passes on.
 */
export type Middleware<Result> = (
  request: HttpRequest,
  next: (request: HttpRequest) => Promise<Result>,
  context: CallContext,
) => Promise<Result>;

/** The outer ring: once per call, around all tries; sees decoded replies and final errors. */
export type CallMiddleware = Middleware<Reply<unknown>>;

/** The inner ring: once per try; sees responses of any status, before they are classified. */
export type AttemptMiddleware = Middleware<Response>;

/** Signs a request, as the very last step of every try, so that timestamp and nonce are fresh. */
export type Sign = (
  request: HttpRequest,
  context: CallContext,
) => HttpRequest | Promise<HttpRequest>;

/** An answer that is no success, on its way to becoming an error. */
export interface HttpFailure extends HttpErrorInit {
  /** For the message: `GET /runs`. */
  readonly action: string;
  /** The call. */
  readonly operation: Operation;
}

/** Turns a failed answer into the platform's error; its `retryable` decides about another try. */
export type Classify = (failure: HttpFailure) => TuttiError;
