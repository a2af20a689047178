// Web standards only.
import { brand, TuttiError } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";

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
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is SessionBusyError =
    /* @__PURE__ */ brand(this, "SessionBusyError");
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
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is AgentFailedError =
    /* @__PURE__ */ brand(this, "AgentFailedError");
}
