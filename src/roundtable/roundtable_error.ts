// Web standards only.
import { brand, hasKind, HttpError } from "../http/mod.ts";
import type { HttpErrorInit, HttpFailure, JsonObject } from "../http/mod.ts";

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
  /** Of a `validation`: each field that is wrong. Not enumerable, like everything that the server wrote. */
  declare readonly issues: readonly ValidationIssue[];

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /api/v1/workspaces`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: HttpErrorInit) {
    const { body, status } = init;
    const record = isRecord(body) ? body : {};
    const nested = isRecord(record.error) ? record.error : {};
    const issues = (Array.isArray(record.detail) ? record.detail : []).map(
      (issue) => ({
        type: text(issue?.type),
        field: Array.isArray(issue?.loc) ? issue.loc.join(".") : "",
        message: text(issue?.msg),
      }),
    );
    const words = [
      record.detail,
      issues[0] && `${issues[0].field}: ${issues[0].message}`,
      nested.message,
      record.message,
      body,
    ].find((one) => typeof one === "string") as string | undefined;
    const kind =
      /^(Not authenticated|Invalid authentication credentials)$/.test(
          `${words}`,
        )
        ? "authentication"
        : kinds[status] ?? (status < 500 ? "other" : "server");
    const hint = init.hint ??
      (words === "Not Found" ? hints.route : hints[kind]);
    super(action, {
      ...init,
      platformMessage: words,
      platformCode: text(nested.code) || undefined,
      details: issues as unknown as JsonObject[],
      ...(hint && { hint }),
    });
    this.kind = kind;
    Object.defineProperty(this, "issues", { value: issues });
    brand(this, "RoundTableError");
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is RoundTableError {
    return hasKind(value, "RoundTableError");
  }
}

const kinds: Readonly<Record<number, RoundTableErrorKind>> = {
  400: "bad-request",
  401: "authentication",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  422: "validation",
  429: "rate-limit",
};

const hints: Readonly<Record<string, string>> = {
  route: "check that the base URL is that of Round Table",
  authentication: "log in, or give the client an email and a password",
  validation: "see issues",
};

/** Turns a failed answer into the error. */
export function toRoundTableError(failure: HttpFailure): RoundTableError {
  return new RoundTableError(failure.action, failure);
}

/** Whether a call failed because its token is missing or not good any more. */
export function isUnauthenticated(error: unknown): boolean {
  return RoundTableError.is(error) && error.kind === "authentication";
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
