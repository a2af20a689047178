// Web standards only.
import { brand, HttpError, readIssues } from "../http/mod.ts";
import type { HttpErrorInit, ValidationIssue } from "../http/mod.ts";

/** What is wrong, as the guides of Round Table name it: their `NotFoundError` is `not-found`. */
export type RoundTableErrorKind =
  | "bad-request"
  | "authentication"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "validation"
  | "rate-limit"
  | "server"
  | "other";

/**
 * Round Table refused a call. Code: `http-error`.
 *
 * Branch on `kind`. `issues` says which fields are wrong, and `platformMessage` is what the server said, whatever the
 * body was: `{ detail }`, the envelope of its documents, or text.
 */
export class RoundTableError extends HttpError {
  /** By the status; 403 for a missing token counts as `authentication`, because that is what some versions answer. */
  declare readonly kind: RoundTableErrorKind;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /api/v1/workspaces`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: HttpErrorInit) {
    const { body, status } = init;
    const { detail, error, message } = Object(body);
    const nested = Object(error);
    const words = [
      detail,
      ...readIssues(detail).map(({ field, message }) => `${field}: ${message}`),
      nested.message,
      message,
      body,
    ].find((one) => typeof one === "string") as string | undefined;
    // Some versions answer 403 for it.
    const isTokenMissing = /^(Not|Invalid) authenticat/.test(`${words}`);
    const code = isTokenMissing ? 401 : status;
    super(action, {
      hint: words === "Not Found"
        ? "check that the base URL is that of Round Table"
        : HINTS[code],
      ...init,
      platformMessage: words,
      platformCode: nested.code?.toString(),
      details: detail,
    });
    this.kind = KINDS[code] ?? (status < 500 ? "other" : "server");
  }

  /** Of a `validation`: each field that is wrong. */
  get issues(): readonly ValidationIssue[] {
    return readIssues(this.details);
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is RoundTableError =
    /* @__PURE__ */ brand(this, "RoundTableError");
}

/** What the guides call a status. */
const KINDS: Readonly<Record<number, RoundTableErrorKind>> = {
  400: "bad-request",
  401: "authentication",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  422: "validation",
  429: "rate-limit",
};

/** What to do about it. */
const HINTS: Readonly<Record<number, string>> = {
  401: "log in, or give the client an email and a password",
  422: "read issues: each says which field is wrong and why",
};
