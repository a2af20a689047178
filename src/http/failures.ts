// Web standards only.
import { brand, TuttiError } from "./errors.ts";
import type { TuttiErrorOptions } from "./errors.ts";

/**
 * Which budget of time ran out: `connect` until the headers of the answer, `idle` between two pieces of a body,
 * `attempt` for one try from its start to its decoded end, `total` for the call with all its tries and waits.
 */
export type TimeoutBudget = "connect" | "idle" | "attempt" | "total";

/**
 * A budget of time ran out. Code: `timeout`.
 *
 * It is retryable when one attempt ran out (`connect`, `idle`, `attempt`), not when the whole call did (`total`). It
 * does not say whether the server did the work: an answer may have been lost.
 */
export class TimeoutError extends TuttiError {
  /** Which one. */
  declare readonly budget: TimeoutBudget;
  /** How long it was, in milliseconds. */
  declare readonly timeoutMs: number;

  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was under way, for example `GET /runs`.
   * @param budget Which budget.
   * @param timeoutMs Its length in milliseconds.
   */
  constructor(
    action: string,
    budget: TimeoutBudget,
    timeoutMs: number,
  ) {
    super(
      "timeout",
      `Cannot finish ${action}: the ${budget} budget of ${timeoutMs} ms ran out`,
      { retryable: budget !== "total" },
    );
    this.budget = budget;
    this.timeoutMs = timeoutMs;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is TimeoutError =
    /* @__PURE__ */ brand(this, "TimeoutError");
}

/**
 * The caller's signal ended the call. Code: `aborted`. `cause` is `signal.reason`, whatever it was.
 *
 * It does not say whether the server did the work.
 */
export class AbortedError extends TuttiError {
  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was under way.
   * @param reason `signal.reason`.
   */
  constructor(action: string, reason: unknown) {
    super("aborted", `Cannot finish ${action}: the caller aborted it`, {
      cause: reason,
    });
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is AbortedError =
    /* @__PURE__ */ brand(this, "AbortedError");
}

/**
 * No answer came: the name did not resolve, the connection was refused, reset or cut. Code: `network`. Retryable in
 * itself; whether a call is repeated depends on its retry contract. `cause` is what `fetch` threw.
 */
export class NetworkError extends TuttiError {
  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was under way.
   * @param cause What was thrown.
   */
  constructor(action: string, cause: unknown) {
    super("network", `Cannot finish ${action}: the connection failed`, {
      cause,
      retryable: true,
      hint:
        "check baseUrl; a host in this process takes `fetch: host.fetch`; `cause` says more",
    });
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is NetworkError =
    /* @__PURE__ */ brand(this, "NetworkError");
}

/**
 * A stream ended before its end and could not be continued. Code: `stream-interrupted`.
 *
 * Everything that was delivered before is right and complete up to `lastEventId`; a new stream from there continues
 * without a gap. `cause` is the failure of the last attempt to reconnect.
 */
export class StreamInterruptedError extends TuttiError {
  /** Where to continue; `undefined` when nothing was delivered yet. */
  declare readonly lastEventId: string | undefined;

  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was streamed.
   * @param lastEventId Of the last delivered event.
   * @param options Cause and hint.
   */
  constructor(
    action: string,
    lastEventId: string | undefined,
    options?: TuttiErrorOptions,
  ) {
    super(
      "stream-interrupted",
      `Cannot continue ${action}: the stream ended early`,
      { retryable: true, ...options },
    );
    this.lastEventId = lastEventId;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is StreamInterruptedError =
    /* @__PURE__ */ brand(this, "StreamInterruptedError");
}

/**
 * A successful answer that cannot be read: no JSON where JSON was promised, larger than the limit, or not of the
 * expected shape. Code: `decode`. Never retried: the server has done its part.
 */
export class DecodeError extends TuttiError {
  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was under way.
   * @param problem What is wrong with the answer, without its content.
   */
  constructor(action: string, problem: string) {
    super("decode", `Cannot read the answer to ${action}: ${problem}`);
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is DecodeError =
    /* @__PURE__ */ brand(this, "DecodeError");
}

/**
 * An argument that cannot be right; nothing was sent. Code: `invalid-argument`.
 */
export class InvalidArgumentError extends TuttiError {
  /** Where the fault is, as the caller writes it: `retry.factor`, `tags[3]`. */
  declare readonly path: string;

  /**
   * Makes one.
   *
   * @param path Where the fault is.
   * @param problem What it is and what is wanted, without a secret.
   * @param options Cause and hint.
   */
  constructor(path: string, problem: string, options?: TuttiErrorOptions) {
    super("invalid-argument", `Cannot use "${path}": ${problem}`, options);
    this.path = path;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is InvalidArgumentError =
    /* @__PURE__ */ brand(this, "InvalidArgumentError");
}

/** What `make` gives; where it throws, the argument at `path` is to blame, and what it threw, which may quote it, is dropped. */
export function orRefuse<T>(path: string, problem: string, make: () => T): T {
  try {
    return make();
  } catch {
    return refuse(path, problem);
  }
}

/** Throws an {@linkcode InvalidArgumentError}. */
export function refuse(
  path: string,
  problem: string,
  options?: TuttiErrorOptions,
): never {
  throw new InvalidArgumentError(path, problem, options);
}
