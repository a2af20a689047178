// Web standards only.
import type { ErrorSink } from "./run_view.ts";

/** Where a failure happened that the wire does not tell. */
export interface HostErrorContext {
  /** The run that was being moved on. */
  readonly runId?: string;
  /** Set when the code of this node threw; otherwise the host itself failed. */
  readonly nodeId?: string;
}

/** Hands failures to whoever the owner of a host named, and minds nothing that this one does. */
export function errorSink(
  onError: (error: unknown, context: HostErrorContext) => void =
    printHostErrors,
): ErrorSink {
  return (error, runId, nodeId) => {
    try {
      const told: unknown = onError(error, {
        ...(runId !== undefined && { runId }),
        ...(nodeId !== undefined && { nodeId }),
      });
      // An async function is taken too, and must not end the process.
      if (told instanceof Promise) told.catch(() => {});
    } catch {
      // There is nobody left to tell.
    }
  };
}

function printHostErrors(error: unknown, { nodeId }: HostErrorContext): void {
  if (nodeId === undefined) console.error("The Tutti host failed:", error);
}
