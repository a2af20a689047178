// Web standards only.

/** What every Tutti error is made from. */
export interface TuttiErrorOptions {
  /** The error, or other thrown value, that led to this one. */
  readonly cause?: unknown;
  /** Whether the same call may succeed if it is simply made again. @default false */
  readonly retryable?: boolean;
  /** One sentence that tells the reader what to do. */
  readonly hint?: string;
}

const kinds: unique symbol = Symbol.for("@tutti/sdk/error-kinds") as never;

/**
 * The base class of everything that Tutti throws on purpose.
 *
 * Branch on {@linkcode TuttiError.code}, never on the message. Use the static `is()` instead of `instanceof`: it
 * also recognises errors that come from another copy of this module.
 *
 * @example
 * ```ts
 * import { TuttiError } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const error = new TuttiError("timeout", "Cannot finish the call: 30 ms passed", { retryable: true });
 * assert.ok(TuttiError.is(error));
 * assert.equal(error.code, "timeout");
 * ```
 */
export class TuttiError extends Error {
  /** Literal, so that it survives a minifier. */
  override name = "TuttiError";
  /** Stable, kebab-case: the thing to branch on. */
  readonly code: string;
  /** Whether the same call may succeed if it is simply made again. */
  readonly retryable: boolean;
  /** What to do about it, where we know. */
  readonly hint: string | undefined;

  /**
   * Makes one; subclasses and clients do.
   *
   * @param code Stable kebab-case code.
   * @param message The action that failed, then after a colon the current and the wanted state.
   * @param options Cause, retryability and hint.
   */
  constructor(code: string, message: string, options: TuttiErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
    brand(this, "TuttiError");
  }

  /** Whether `value` is a Tutti error, of this or of another copy of the module. */
  static is(value: unknown): value is TuttiError {
    return hasKind(value, "TuttiError");
  }
}

/** Marks `error` as being of `kind`; subclasses call it once in their constructor. */
export function brand(error: Error, kind: string): void {
  const known = (error as { [kinds]?: readonly string[] })[kinds] ?? [];
  Object.defineProperty(error, kinds, {
    value: [...known, kind],
    configurable: true,
  });
}

/** Whether `value` was {@linkcode brand | branded} as `kind` by any copy of this module. */
export function hasKind(value: unknown, kind: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  const known = (value as { [kinds]?: unknown })[kinds];
  return Array.isArray(known) && known.includes(kind);
}
