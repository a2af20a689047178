// Web standards only.
import type { Answer } from "./answer.ts";
import { refuse } from "./failures.ts";
import { fill } from "./fill.ts";
import type { Rules } from "./fill.ts";
import type { RetryOptions } from "./retry.ts";

/** How long a call may take, in milliseconds; `Infinity` lifts a limit. */
export interface TimeBudgets {
  /** The call with all its tries and waits. For a stream: until it is open. @default 120_000 */
  readonly timeoutMs?: number | undefined;
  /** One try, from its start to its decoded end. @default Infinity */
  readonly attemptTimeoutMs?: number | undefined;
  /** Until the headers of the answer. @default 60_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Between two pieces of a body. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined;
}

/** W3C trace context, sent along. Source: W3C Trace Context, §3.2 and §3.3. */
export interface TraceContext {
  /** `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`. */
  readonly traceparent: string;
  /** Vendor data that belongs to it. */
  readonly tracestate?: string | undefined;
}

/** Options of a call that may not be repeated: there is nothing to say about retries. */
export interface OnceCallOptions extends TimeBudgets {
  /** Ends the call, its waits and its reads. The error is an `AbortedError` whose cause is `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Added to those of the client; the same name replaces. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Trace that the call belongs to. @default what the `trace` of the client gives */
  readonly trace?: TraceContext | undefined;
  /**
   * Told what is known about the answer beside its content: status, headers, body as it came, ids, tries, key. Once
   * for each call to the server that succeeds, before the method returns; what it throws fails the method. An error
   * knows the same of itself. See {@linkcode withAnswer}.
   */
  readonly onAnswer?: ((answer: Answer) => void) | undefined;
}

/** Options of a call that may be repeated and takes no key, or of several calls, each of which may have its own. */
export interface RetriedCallOptions extends OnceCallOptions {
  /** When and how often to try again; `false` for one try. */
  readonly retry?: RetryOptions | false | undefined;
}

/** Options of every call, the same on every platform. */
export interface CallOptions extends RetriedCallOptions {
  /**
   * Names the call, so that the server runs it once however often it arrives. Made by the client where it is left out;
   * ignored by calls that need none.
   */
  readonly idempotencyKey?: string | undefined;
}

/** The limits of a call, all filled in. */
export interface Limits {
  /** See {@linkcode TimeBudgets}. */
  readonly timeoutMs: number;
  /** See {@linkcode TimeBudgets}. */
  readonly attemptTimeoutMs: number;
  /** See {@linkcode TimeBudgets}. */
  readonly connectTimeoutMs: number;
  /** See {@linkcode TimeBudgets}. */
  readonly idleTimeoutMs: number;
  /** The largest body of a success, in bytes. */
  readonly maxBodyBytes: number;
}

const limits: Rules<Limits> = {
  timeoutMs: [120_000, 1],
  attemptTimeoutMs: [Infinity, 1],
  connectTimeoutMs: [60_000, 1],
  idleTimeoutMs: [60_000, 1],
  maxBodyBytes: [16_777_216, 1],
};

/** The limits of a call, later sources over earlier ones. */
export function fillLimits(
  ...sources: readonly (Partial<Limits> | TimeBudgets | undefined)[]
): Limits {
  return fill("", limits, sources);
}

/**
 * Refuses what is no positive number of milliseconds; `Infinity` is one.
 *
 * @param path What it is called, for the message.
 * @param value Whatever was handed in.
 * @returns the number.
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function checkDuration(path: string, value: number): number {
  if (typeof value !== "number" || !(value > 0)) {
    refuse(
      path,
      `a positive number of milliseconds is wanted, it is ${String(value)}`,
    );
  }
  return value;
}
