// Web standards only.
import { InvalidArgumentError } from "./failures.ts";
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
  /** Trace that the call belongs to. */
  readonly trace?: TraceContext | undefined;
}

/** Options of every call, the same on every platform. */
export interface CallOptions extends OnceCallOptions {
  /** When and how often to try again; `false` for one try. */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * Names the call, so that the server runs it once however often it arrives. Made by the client where it is left out;
   * ignored by calls that need none.
   */
  readonly idempotencyKey?: string | undefined;
}

/** The budgets of a call, all filled in. */
export interface FilledBudgets {
  /** See {@linkcode TimeBudgets}. */
  readonly timeoutMs: number;
  /** See {@linkcode TimeBudgets}. */
  readonly attemptTimeoutMs: number;
  /** See {@linkcode TimeBudgets}. */
  readonly connectTimeoutMs: number;
  /** See {@linkcode TimeBudgets}. */
  readonly idleTimeoutMs: number;
}

const defaults: FilledBudgets = {
  timeoutMs: 120_000,
  attemptTimeoutMs: Infinity,
  connectTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
};

/** Merges budgets, later ones first, and refuses what is no duration. */
export function fillBudgets(
  ...sources: readonly (TimeBudgets | undefined)[]
): FilledBudgets {
  const filled = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof FilledBudgets)[]) {
    for (const source of sources) {
      const value = source?.[name];
      if (value === undefined) continue;
      filled[name] = checkDuration(name, value);
    }
  }
  return filled;
}

/** Refuses what is no positive number of milliseconds; `Infinity` is one. */
export function checkDuration(path: string, value: number): number {
  if (typeof value !== "number" || !(value > 0)) {
    throw new InvalidArgumentError(
      path,
      `a positive number of milliseconds is wanted, it is ${String(value)}`,
    );
  }
  return value;
}

/** Refuses a `traceparent` that is none, which a server would silently drop. */
export function checkTrace(trace: TraceContext): void {
  if (
    !/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/.test(
      trace.traceparent,
    )
  ) {
    throw new InvalidArgumentError(
      "trace.traceparent",
      "it is not of the form <version>-<trace id>-<span id>-<flags> in lower-case hex digits",
    );
  }
}
