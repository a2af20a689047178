// Web standards only.
import { brand, TuttiError } from "./errors.ts";
import type { TuttiErrorOptions } from "./errors.ts";

/**
 * What a signed message failed: a header is `missing` or `malformed`, or names an algorithm that is not known
 * (`unsupported`), its timestamp is too far in the past (`expired`) or in the future (`early`), or no signature fits the
 * body and the secrets (`mismatch`).
 */
export type SignatureCheck =
  | "missing"
  | "malformed"
  | "unsupported"
  | "expired"
  | "early"
  | "mismatch";

const problems: Readonly<Record<SignatureCheck, string>> = {
  missing: "is missing",
  malformed: "is malformed",
  unsupported: "names an unknown algorithm",
  expired: "is too far in the past",
  early: "is too far in the future",
  mismatch: "does not fit",
};

/**
 * A signed message cannot be trusted. Code: `signature-invalid`. Never retryable: the same message stays wrong.
 *
 * `check` and `header` are for the receiver's own log. Answer the sender with a bare 401: what exactly was wrong is of
 * use to nobody but a forger. Neither the message nor the properties hold any part of a secret, a signature or a body.
 *
 * @example
 * ```ts
 * import { SignatureError } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const error = new SignatureError("missing", "webhook-signature");
 * assert.ok(SignatureError.is(error));
 * assert.equal(error.code, "signature-invalid");
 * ```
 */
export class SignatureError extends TuttiError {
  /** What the message failed. */
  readonly check: SignatureCheck;
  /** The header that it failed in. */
  readonly header: string;

  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param check What the message failed.
   * @param header The name of the header that it failed in.
   * @param options Cause and hint.
   */
  constructor(
    check: SignatureCheck,
    header: string,
    options: TuttiErrorOptions = {},
  ) {
    super(
      "signature-invalid",
      `Cannot verify the message: header "${header}" ${problems[check]}`,
      options,
    );
    this.check = check;
    this.header = header;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is SignatureError =
    /* @__PURE__ */ brand(this, "SignatureError");
}
