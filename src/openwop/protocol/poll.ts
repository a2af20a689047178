// Web standards only.
import type { RunEvent } from "./events.ts";
import type { RunStatus } from "./runs.ts";

/** The answer to `GET /runs/{runId}/events/poll`. Source: v2 §7.6. */
export interface PollResponse {
  /** The run. */
  readonly runId: string;
  /** Those after the cursor, in order. */
  readonly events: readonly RunEvent[];
  /** Highest sequence in the log, -1 for an empty one; some hosts of version 1 do not say. */
  readonly lastSequence?: number | undefined;
  /** Where the run stands; some hosts of version 1 do not say. */
  readonly status?: RunStatus | undefined;
  /** Whether `status` is final. */
  readonly isTerminal: boolean;
}
