// Web standards only.

/** What every Tutti error is made from. */
export interface TuttiErrorOptions {
  /** The error, or other thrown value, that led to this one. */
  readonly cause?: unknown;
  /** Whether the same call may succeed if it is simply made again. @default false */
  readonly retryable?: boolean;
  /** One sentence that tells the reader what to do. */
  readonly hint?: string | undefined;
}

const HOME = "@tutti/sdk/";

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
  /** Stable, kebab-case: the thing to branch on. */
  declare readonly code: string;
  /** Whether the same call may succeed if it is simply made again. */
  declare readonly retryable: boolean;
  /** What to do about it, where we know. */
  declare readonly hint: string | undefined;
  /** How many tries a call made before it gave up; 0 when nothing was sent. Absent outside of calls. */
  declare readonly attempts?: number;
  /** The key that the failed call was made under: make it again under the same key to be safe. */
  declare readonly idempotencyKey?: string | undefined;

  /**
   * Makes one; subclasses and clients do.
   *
   * @param code Stable kebab-case code.
   * @param message The action that failed, then after a colon the current and the wanted state.
   * @param options Cause, retryability and hint.
   */
  constructor(code: string, message: string, options: TuttiErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = !!options.retryable;
    this.hint = options.hint;
  }

  /** Where the code is explained: a place in the documents of this package. */
  get docs(): string {
    return HOME + "docs/errors.md#" + this.code;
  }

  /** Whether `value` is a Tutti error, of this or of another copy of the module. */
  static is: (value: unknown) => value is TuttiError = /* @__PURE__ */ brand(
    this,
    "TuttiError",
  );
}

/**
 * Brands what is made of a class, and of its subclasses, as being of `kind`, and names it so; each class calls
 * it once, marked as pure so that a bundle without the class leaves it out.
 *
 * @returns the `is()` of the class: whether a value was branded so by any copy of this module.
 */
export function brand<T extends Error>(
  { prototype }: { readonly prototype: T },
  kind: string,
): (value: unknown) => value is T {
  // A symbol, because no JSON can forge one; of the registry, because all copies of this module must have the same.
  const mark = Symbol.for(HOME + kind);
  // A literal survives a minifier, the name of a class does not.
  (prototype as unknown as Record<symbol, string>)[mark] =
    prototype.name =
      kind;
  return (value): value is T =>
    !!(value as Record<symbol, unknown> | undefined)?.[mark];
}
