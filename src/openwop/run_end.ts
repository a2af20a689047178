// Web standards only.
import { wireTypeOf } from "./protocol/mod.ts";
import type { RunError, RunEvent, RunSnapshot } from "./protocol/mod.ts";
import { RunCancelledError, RunFailedError } from "./run_errors.ts";

const unknownError: RunError = {
  code: "unknown",
  message: "The host does not say why",
};

/** The error to throw for a run that did not end well, as its log tells. */
export function endOf(
  id: string,
  end: RunEvent | undefined,
): RunFailedError | RunCancelledError | undefined {
  if (end?.type === "run.failed") {
    return new RunFailedError(id, end.payload.error, end.payload.failedNodeId);
  }
  if (end?.type === "run.cancelled") {
    return new RunCancelledError(id, end.payload.reason);
  }
  // An end that lacks what its type promises is an end all the same.
  return end && endAt(id, { status: wireTypeOf(end).slice("run.".length) });
}

/** The same, as its snapshot tells. */
export function endAt(
  id: string,
  { status, error }: { status: string; error?: RunSnapshot["error"] },
): RunFailedError | RunCancelledError | undefined {
  if (status === "failed") return new RunFailedError(id, error ?? unknownError);
  return status === "cancelled" ? new RunCancelledError(id) : undefined;
}
