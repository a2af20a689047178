// Web standards only.
import { brand, TuttiError } from "./errors.ts";
import type { TuttiErrorOptions } from "./errors.ts";

/**
 * What is wrong with a delivery beside its signature: its body is `too-large`, cannot be read to its end (`unreadable`),
 * or is none of the platform's (`malformed`).
 */
export type WebhookProblem = "too-large" | "unreadable" | "malformed";

/**
 * A delivery that cannot be read. Code: `webhook-invalid`. The sender may try again when its connection broke
 * (`unreadable`), which is what `retryable` says.
 *
 * A `malformed` body was signed by somebody who knows the secret; of the other two, nothing is known. No part of a body
 * is in the message.
 *
 * @example
 * ```ts
 * import { WebhookError } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const error = new WebhookError("too-large", "its body has more than 1048576 bytes");
 * assert.ok(WebhookError.is(error));
 * assert.equal(error.code, "webhook-invalid");
 * ```
 */
export class WebhookError extends TuttiError {
  /** What is wrong. */
  declare readonly problem: WebhookProblem;

  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param problem What is wrong.
   * @param detail The same for people, without a part of the body.
   * @param options Cause and hint.
   */
  constructor(
    problem: WebhookProblem,
    detail: string,
    options: TuttiErrorOptions = {},
  ) {
    super("webhook-invalid", `Cannot read the delivery: ${detail}`, {
      retryable: problem === "unreadable",
      ...options,
    });
    this.problem = problem;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is WebhookError =
    /* @__PURE__ */ brand(this, "WebhookError");
}
