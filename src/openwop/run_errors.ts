// Web standards only.
import { brand, TuttiError } from "../http/mod.ts";
import type { RunError } from "./protocol/mod.ts";

/**
 * The run that you waited for has failed. Code: `run-failed`. Nothing is wrong with the call.
 */
export class RunFailedError extends TuttiError {
  /** The run. */
  declare readonly runId: string;
  /** Why, in the words of the host. */
  declare readonly runError: RunError;
  /** The node that failed, where the log names it. */
  declare readonly failedNodeId: string | undefined;

  /**
   * Makes one; the run handle does.
   *
   * @param runId The run.
   * @param runError Why.
   * @param failedNodeId Where.
   */
  constructor(runId: string, runError: RunError, failedNodeId?: string) {
    const place = failedNodeId === undefined
      ? ""
      : ` at step ${JSON.stringify(failedNodeId)}`;
    super(
      "run-failed",
      `Cannot give the result of run ${
        JSON.stringify(runId)
      }: it failed${place} with code ${JSON.stringify(runError.code)}`,
      {
        hint:
          "runError says why; an embedded host gives the stack to its `onError`",
      },
    );
    this.runId = runId;
    this.runError = runError;
    this.failedNodeId = failedNodeId;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is RunFailedError =
    /* @__PURE__ */ brand(this, "RunFailedError");
}

/** The run that you waited for was cancelled. Code: `run-cancelled`. */
export class RunCancelledError extends TuttiError {
  /** The run. */
  declare readonly runId: string;
  /** Why, where somebody said so. */
  declare readonly reason: string | undefined;

  /**
   * Makes one; the run handle does.
   *
   * @param runId The run.
   * @param reason Why.
   */
  constructor(runId: string, reason?: string) {
    super(
      "run-cancelled",
      `Cannot give the result of run ${
        JSON.stringify(runId)
      }: it was cancelled`,
    );
    this.runId = runId;
    this.reason = reason;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is RunCancelledError =
    /* @__PURE__ */ brand(this, "RunCancelledError");
}

/**
 * The run has ended otherwise than you waited for. Code: `run-ended`. `cause` is its failure or its cancellation, if that
 * is how it ended.
 */
export class RunEndedError extends TuttiError {
  /** The run. */
  declare readonly runId: string;

  /**
   * Makes one; the run handle does.
   *
   * @param runId The run.
   * @param awaited What was waited for.
   * @param cause How it ended, where it did not end well.
   */
  constructor(runId: string, awaited: string, cause?: unknown) {
    super(
      "run-ended",
      `Cannot wait for ${awaited} of run ${
        JSON.stringify(runId)
      }: the run has ended`,
      { cause },
    );
    this.runId = runId;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is RunEndedError =
    /* @__PURE__ */ brand(this, "RunEndedError");
}

/**
 * The question that you wanted to answer is not open any more, and will not be asked (again). Code:
 * `interrupt-not-pending`. `cause` is the failure or the cancellation of the run, if that is how it ended, or what the
 * host said when it had an answer already.
 */
export class InterruptNotPendingError extends TuttiError {
  /** The run. */
  declare readonly runId: string;
  /** The question. */
  declare readonly interruptName: string;

  /**
   * Makes one; the run handle does.
   *
   * @param runId The run.
   * @param interruptName The question.
   * @param asked The questions that the run did ask.
   * @param cause How it ended, where it did not end well; the refusal of the host.
   */
  constructor(
    runId: string,
    interruptName: string,
    asked: readonly string[],
    cause?: unknown,
  ) {
    const isLate = cause !== undefined && !RunFailedError.is(cause) &&
      !RunCancelledError.is(cause);
    super(
      "interrupt-not-pending",
      `Cannot answer interrupt ${JSON.stringify(interruptName)} of run ${
        JSON.stringify(runId)
      }: ${isLate ? "it is not open any more" : "the run has ended"}`,
      {
        cause,
        hint: isLate
          ? "somebody else, or an earlier try of this call, has answered: read the run"
          : hintFor(interruptName, asked),
      },
    );
    this.runId = runId;
    this.interruptName = interruptName;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is InterruptNotPendingError =
    /* @__PURE__ */ brand(this, "InterruptNotPendingError");
}

/** What became of a question that will not be asked any more. */
function hintFor(name: string, asked: readonly string[]): string {
  if (asked.includes(name)) return "it has been answered before";
  return asked.length > 0
    ? `this run asked: ${asked.map((one) => JSON.stringify(one)).join(", ")}`
    : "this run asked nothing";
}
