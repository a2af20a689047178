// Web standards only.
import { brand, HttpError, readIssues } from "../http/mod.ts";
import type { HttpErrorInit, ValidationIssue } from "../http/mod.ts";

/**
 * A flux0 server refused a call. Code: `http-error`.
 *
 * Branch on `status`, on {@linkcode isNotFound}, and on `issues`. `platformMessage` is what the server says, `body` and
 * `headers` are the answer as it came.
 */
export class Flux0Error extends HttpError {
  /**
   * Whether the agent or the session does not exist. The server says 404 where you read one, and 400 where you use one.
   */
  declare readonly isNotFound: boolean;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /api/sessions`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: HttpErrorInit) {
    const { body, status } = init;
    const { detail } = Object(body);
    const said = typeof detail === "string" ? detail : undefined;
    const issues = readIssues(detail);
    const isNotFound = status === 404 ||
      (status === 400 && /not found|non-existent/.test(`${said}`));
    super(action, {
      hint: hintFor(issues, isNotFound),
      ...init,
      details: detail,
      platformMessage: said,
    });
    this.isNotFound = isNotFound;
  }

  /** What the server does not like, field by field, of a 422; empty where it does not say. */
  get issues(): readonly ValidationIssue[] {
    return readIssues(this.details);
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is Flux0Error =
    /* @__PURE__ */ brand(this, "Flux0Error");
}

function hintFor(
  issues: readonly ValidationIssue[],
  isNotFound: boolean,
): string | undefined {
  const isOlder = issues.some(({ type, field }) =>
    type === "extra_forbidden" && /^body\.(mode|metadata)$/.test(field)
  );
  if (isOlder) {
    return "this server is older than sessions with a mode: leave out mode and metadata";
  }
  if (issues[0]) return "read issues: each says which field is wrong and why";
  return isNotFound
    ? "check the id; a server that keeps everything in memory forgets it when it restarts"
    : undefined;
}
