// Web standards only.
import { brand, hasKind, HttpError } from "../http/mod.ts";
import type { HttpErrorInit } from "../http/mod.ts";

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

/** One field that the server refuses. The value that was sent is left out: it may be a password. */
export interface ValidationIssue {
  /** A code of the server's validator, for example `string_too_short`. */
  readonly type: string;
  /** Where: `body.name`. */
  readonly field: string;
  /** In the server's words. */
  readonly message: string;
}

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
    const issues = (Array.isArray(detail) ? detail : []).map((item) => {
      const { type = "", loc = [], msg = "" } = Object(item);
      return {
        type: String(type),
        field: [loc].flat().join("."),
        message: String(msg),
      };
    });
    const words = [
      detail,
      issues[0] && `${issues[0].field}: ${issues[0].message}`,
      nested.message,
      message,
      body,
    ].find((one) => typeof one === "string") as string | undefined;
    const isTokenMissing =
      /^(Not authenticated|Invalid authentication credentials)$/;
    const [kind, hint] =
      KINDS[isTokenMissing.test(`${words}`) ? 401 : status] ??
        [status < 500 ? "other" : "server"] as const;
    super(action, {
      hint: words === "Not Found"
        ? "check that the base URL is that of Round Table"
        : hint,
      ...init,
      platformMessage: words,
      platformCode: nested.code ? String(nested.code) : undefined,
      details: issues,
    });
    this.kind = kind;
    brand(this, "RoundTableError");
  }

  /** Of a `validation`: each field that is wrong. Not enumerable, like everything that the server wrote. */
  get issues(): readonly ValidationIssue[] {
    return this.details as unknown as readonly ValidationIssue[];
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is RoundTableError {
    return hasKind(value, "RoundTableError");
  }
}

/** What the guides call a status, and what to do about it. */
const KINDS: Readonly<
  Record<number, readonly [kind: RoundTableErrorKind, hint?: string]>
> = {
  400: ["bad-request"],
  401: ["authentication", "log in, or give the client an email and a password"],
  403: ["forbidden"],
  404: ["not-found"],
  409: ["conflict"],
  422: ["validation", "see issues"],
  429: ["rate-limit"],
};
