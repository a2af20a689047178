// Web standards only.
import type { RunError, WorkflowDefinition } from "../openwop/protocol/mod.ts";
import type { GraphNode } from "./graph.ts";
import { isCount, millisecondsOf, own } from "./json.ts";
import type { NodeState } from "./types.ts";

/** Between two attempts, where the definition says nothing. */
const DEFAULT_DELAY_MS = 100;

/** No wait between two attempts is longer than this: a day. */
const LONGEST_DELAY_MS = 86_400_000;

/**
 * How long to wait before the next attempt of a node that has failed, `undefined` when there is none. What says
 * `retryable: false` is not repeated, whatever its settings.
 */
export function retryOf(
  node: GraphNode,
  { failures = 0 }: NodeState,
  error: RunError,
  definition: WorkflowDefinition,
): number | undefined {
  if (error.retryable === false) return undefined;
  if (["join", "repeat", "each"].includes(node.role)) return undefined;
  const settings = node.node.settings ?? {};
  // What undoes another has settings of its own only.
  const general = node.undoes
    ? undefined
    : own(definition.settings, "maxRetries");
  const most = [own(settings, "maxRetries"), general]
    .find((count) => isCount(count, 0)) ?? 0;
  if (failures >= most) return undefined;
  const first = millisecondsOf(own(settings, "retryDelayMs")) ??
    DEFAULT_DELAY_MS;
  const longest = millisecondsOf(own(settings, "retryMaxDelayMs")) ??
    LONGEST_DELAY_MS;
  const delay = own(settings, "retryBackoff") === "exponential"
    ? first * 2 ** Math.min(failures, 40)
    : first;
  return Math.min(delay, longest, LONGEST_DELAY_MS);
}
