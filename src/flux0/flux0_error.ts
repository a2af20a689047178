// Web standards only.
import {
  brand,
  hasKind,
  HttpError,
  readIssues,
  TuttiError,
} from "../http/mod.ts";
import type { HttpErrorInit, JsonValue, ValidationIssue } from "../http/mod.ts";

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
    const isOlder = issues.some(({ type, field }) =>
      type === "extra_forbidden" && /^body\.(mode|metadata)$/.test(field)
    );
    super(action, {
      hint: isOlder
        ? "this server is older than sessions with a mode: leave out mode and metadata"
        : issues[0]
        ? "read issues: each says which field is wrong and why"
        : isNotFound
        ? "check the id; a server that keeps everything in memory forgets it when it restarts"
        : undefined,
      ...init,
      details: detail,
      platformMessage: said,
    });
    this.isNotFound = isNotFound;
    brand(this, "Flux0Error");
  }

  /** What the server does not like, field by field, of a 422; empty where it does not say. */
  get issues(): readonly ValidationIssue[] {
    return readIssues(this.details);
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is Flux0Error {
    return hasKind(value, "Flux0Error");
  }
}

/**
 * A message was to be posted to a session whose agent is still answering an earlier one. Code: `session-busy`. Nothing
 * was sent: the server would have stopped the earlier answer without a word.
 *
 * Read the earlier answer to its end or close it, or say `whileBusy: "replace"`.
 */
export class SessionBusyError extends TuttiError {
  /** The session. */
  declare readonly sessionId: string;

  /**
   * Makes one; the client does.
   *
   * @param sessionId The session.
   */
  constructor(sessionId: string) {
    super(
      "session-busy",
      `Cannot post to session ${
        JSON.stringify(sessionId)
      }: its agent is answering an earlier message of this client`,
      {
        hint:
          'read or close the earlier answer, or set whileBusy: "replace" to give it up',
      },
    );
    this.sessionId = sessionId;
    brand(this, "SessionBusyError");
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is SessionBusyError {
    return hasKind(value, "SessionBusyError");
  }
}

/**
 * The agent itself says that it failed, or that it was cancelled. Code: `agent-failed`. Nothing is wrong with the call.
 */
export class AgentFailedError extends TuttiError {
  /** The session. */
  declare readonly sessionId: string;
  /** Which of the two. */
  declare readonly outcome: "failed" | "cancelled";
  /** What the agent says about it. Not enumerable. */
  declare readonly data: JsonValue | undefined;

  /**
   * Makes one; the client does.
   *
   * @param sessionId The session.
   * @param outcome Which of the two.
   * @param data What the agent says about it.
   */
  constructor(
    sessionId: string,
    outcome: "failed" | "cancelled",
    data: JsonValue | undefined,
  ) {
    super(
      "agent-failed",
      `Cannot give the answer in session ${
        JSON.stringify(sessionId)
      }: the agent says that it ${
        outcome === "failed" ? "failed" : "was cancelled"
      }`,
      { hint: "read data for the reason, or use collect() for what there is" },
    );
    this.sessionId = sessionId;
    this.outcome = outcome;
    Object.defineProperty(this, "data", { value: data });
    brand(this, "AgentFailedError");
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is AgentFailedError {
    return hasKind(value, "AgentFailedError");
  }
}
