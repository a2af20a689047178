// Web standards only.
import { TuttiError } from "./errors.ts";
import { InvalidArgumentError } from "./failures.ts";
import { HttpError } from "./http_error.ts";

/**
 * What is known about repeating an operation, which is a statement about its server: `safe` may be repeated freely,
 * `keyed` only under an idempotency key that the server honours, `never` not at all.
 */
export type RetryContract = "safe" | "keyed" | "never";

/** When and how often to try again. All times in milliseconds. */
export interface RetryOptions {
  /** Tries after the first. @default 3 */
  readonly retries?: number | undefined;
  /** Upper bound of the first wait. @default 500 */
  readonly initialDelayMs?: number | undefined;
  /** Upper bound of every wait that we choose ourselves. @default 30_000 */
  readonly maxDelayMs?: number | undefined;
  /** By how much the bound grows from wait to wait. @default 2 */
  readonly factor?: number | undefined;
  /** `full` waits a random part of the bound, `none` the bound itself. @default "full" */
  readonly jitter?: "full" | "none" | undefined;
  /** The longest wait that a server may ask for; when it asks for more, the error is thrown. @default 60_000 */
  readonly maxRetryAfterMs?: number | undefined;
}

/** {@linkcode RetryOptions}, all filled in. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly retries: number;
  /** Upper bound of the first wait. */
  readonly initialDelayMs: number;
  /** Upper bound of every wait that we choose ourselves. */
  readonly maxDelayMs: number;
  /** By how much the bound grows from wait to wait. */
  readonly factor: number;
  /** How much of the bound is waited. */
  readonly jitter: "full" | "none";
  /** The longest wait that a server may ask for. */
  readonly maxRetryAfterMs: number;
}

/** One policy out of several, later ones first. `false` anywhere last means no retries. */
export function fillRetry(
  ...sources: readonly (RetryOptions | false | undefined)[]
): RetryPolicy {
  const policy = {
    retries: 3,
    initialDelayMs: 500,
    maxDelayMs: 30_000,
    factor: 2,
    jitter: "full" as "full" | "none",
    maxRetryAfterMs: 60_000,
  };
  for (const source of sources) {
    if (source === undefined) continue;
    if (source === false) {
      policy.retries = 0;
      continue;
    }
    for (const name of numbers) {
      const value = source[name];
      if (value === undefined) continue;
      if (
        typeof value !== "number" || !(value >= (name === "factor" ? 1 : 0))
      ) {
        throw new InvalidArgumentError(
          `retry.${name}`,
          `a number of at least ${name === "factor" ? 1 : 0} is wanted, it is ${
            String(value)
          }`,
        );
      }
      policy[name] = value;
    }
    policy.jitter = source.jitter ?? policy.jitter;
  }
  return policy;
}

const numbers = [
  "retries",
  "initialDelayMs",
  "maxDelayMs",
  "factor",
  "maxRetryAfterMs",
] as const;

/**
 * How long to wait before the next try.
 *
 * @param policy The schedule.
 * @param tries How many tries there were, at least 1.
 * @param random Gives numbers from 0 to below 1.
 * @param retryAfterMs What the server asks for; the wait is never shorter.
 * @returns milliseconds, or `undefined` when the server asks for more than the policy allows.
 */
export function retryDelay(
  policy: RetryPolicy,
  tries: number,
  random: () => number,
  retryAfterMs = 0,
): number | undefined {
  if (retryAfterMs > policy.maxRetryAfterMs) return undefined;
  const bound = Math.min(
    policy.maxDelayMs,
    policy.initialDelayMs * policy.factor ** (tries - 1),
  );
  const own = policy.jitter === "none" ? bound : bound * random();
  return Math.max(own, retryAfterMs);
}

/** Whether a status stands for a passing condition: 408, 429, 500, 502, 503, 504. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || status === 500 ||
    (status >= 502 && status <= 504);
}

/** What the server asked us to wait before a retry, 0 where it said nothing. */
export function askedDelay(error: unknown): number {
  return HttpError.is(error) ? error.retryAfterMs ?? 0 : 0;
}

/** Whether `error` says of itself that it may pass. */
export function isPassing(error: unknown): error is TuttiError {
  return TuttiError.is(error) && error.retryable;
}
