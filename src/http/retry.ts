// Web standards only.
import { fill } from "./fill.ts";
import type { Rules } from "./fill.ts";

/**
 * What is known about repeating an operation, which is a statement about its server: `safe` may be repeated freely,
 * `keyed` only under an idempotency key that the server honours, `never` not at all.
 */
export type RetryContract = "safe" | "keyed" | "never";

/**
 * When and how often to try again. All times in milliseconds.
 *
 * The wait before the n-th further try is at most `initialDelayMs * factor ** (n - 1)`, capped at `maxDelayMs`; a
 * random part of it is left out. A server that asks for a longer wait gets it.
 */
export interface RetryOptions {
  /** Tries after the first. @default 3 */
  readonly retries?: number | undefined;
  /** Upper bound of the first wait. @default 500 */
  readonly initialDelayMs?: number | undefined;
  /** Upper bound of every wait that we choose ourselves. @default 30_000 */
  readonly maxDelayMs?: number | undefined;
  /** By how much the bound grows from wait to wait. @default 2 */
  readonly factor?: number | undefined;
  /** Which part of each wait is random, from 0 for none to 1 for all of it (full jitter). @default 1 */
  readonly jitter?: number | undefined;
  /** No further try begins later than this after the start of the call. @default Infinity */
  readonly maxElapsedMs?: number | undefined;
  /** The longest wait that a server may ask for; when it asks for more, the error is thrown. @default 60_000 */
  readonly maxRetryAfterMs?: number | undefined;
}

/** {@linkcode RetryOptions}, all filled in. */
export type RetryPolicy = {
  readonly [Name in keyof RetryOptions]-?: number;
};

const rules: Rules<RetryPolicy> = {
  retries: [3, 0],
  initialDelayMs: [500, 0],
  maxDelayMs: [30_000, 0],
  factor: [2, 1],
  jitter: [1, 0, 1],
  maxElapsedMs: [Infinity, 0],
  maxRetryAfterMs: [60_000, 0],
};

/** One policy out of several, later ones first. `false` means no retries. */
export function fillRetry(
  ...sources: readonly (RetryOptions | false | undefined)[]
): RetryPolicy {
  return fill(
    "retry.",
    rules,
    sources.map((source) => source === false ? { retries: 0 } : source),
  );
}

/**
 * How long to wait before the next try.
 *
 * @param policy The schedule.
 * @param tries How many tries there were, at least 1.
 * @param random Gives numbers from 0 to below 1.
 * @param retryAfterMs What the server asks for; the wait is never shorter.
 * @returns milliseconds, or `undefined` when there is to be no other try: there were as many as the policy allows, or
 * the server asks for a longer wait than it allows.
 */
export function retryDelay(
  policy: RetryPolicy,
  tries: number,
  random: () => number,
  retryAfterMs = 0,
): number | undefined {
  if (tries > policy.retries || retryAfterMs > policy.maxRetryAfterMs) return;
  const bound = Math.min(
    policy.maxDelayMs,
    policy.initialDelayMs * policy.factor ** (tries - 1),
  );
  const own = bound * (1 - policy.jitter * (1 - random()));
  return Math.max(own, retryAfterMs);
}
