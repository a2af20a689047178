// Web standards only.
import type { CallContext } from "./operation.ts";

/** What happens to a call: it starts, is tried, is answered or not, waits for another try, and ends. */
export type CallStep = "start" | "attempt" | "answer" | "retry" | "end";

/**
 * The seam of the pipeline for whoever watches it. Make one with {@linkcode observer}, which keeps secrets back and
 * lets no failure of the watcher through; the transport calls it as it is.
 *
 * @param step What happens.
 * @param context The call, the same object at every step of it; `attempt` is the number of the try.
 * @param detail `attempt`: the request, before it is signed. `answer`, `end`: the reply or what was thrown. `retry`:
 * the wait in milliseconds.
 */
export type Observe = (
  step: CallStep,
  context: CallContext,
  detail?: unknown,
) => void;
