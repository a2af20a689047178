// Web standards only.
import type { CallOptions, Clock } from "../http/mod.ts";

/**
 * One budget for all that a call takes: gives the options with what is left of it.
 *
 * @param clock Whose time.
 * @param options Of the call.
 * @param timeoutMs The budget; without one there is nothing to share.
 */
export function remaining(
  clock: Pick<Clock, "now">,
  options: CallOptions,
  timeoutMs: number | undefined = options.timeoutMs,
): () => CallOptions {
  const begun = clock.now();
  return () => {
    const spent = clock.now() - begun;
    // What is no budget is left as it is, to be refused.
    return timeoutMs !== undefined && timeoutMs > 0 && spent > 0
      ? { ...options, timeoutMs: Math.max(1, timeoutMs - spent) }
      : options;
  };
}
