// Web standards only.
import type {
  EventDraft,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { nextStep } from "./builtins.ts";
import { type GraphNode, graphOf } from "./graph.ts";
import { expire } from "./interrupts.ts";
import type { NodeState, RunState, WaitCommand } from "./types.ts";

/** The timer that a node needs now: the rest of a delay, or the deadline of its question. */
export function timerOf(
  node: GraphNode,
  state: NodeState,
): WaitCommand | undefined {
  const { interrupt, startedAt } = state;
  if (interrupt) {
    const { timeoutMs } = interrupt.payload;
    return timeoutMs === undefined ? undefined : {
      kind: "wait",
      nodeId: node.id,
      since: interrupt.requestedAt,
      ms: timeoutMs,
    };
  }
  // Without a time it is about to be started: the next decision names its timer.
  if (state.status !== "running" || startedAt === undefined) return undefined;
  const step = nextStep(node, state);
  return step?.kind === "wait"
    ? { kind: "wait", nodeId: node.id, since: startedAt, ms: step.ms }
    : undefined;
}

/**
 * What follows when the timer of a `wait` command has ended: a delay completes, an approval is rejected with the feedback
 * `timeout`, any other question fails its node.
 *
 * It does not look at the clock: that the wait is over is the word of the host. A node that waits for nothing gives
 * nothing, so a timer that comes too late does no harm.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param nodeId The node of the `wait` command.
 * @param at Now, ISO 8601.
 */
export function wake(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string,
  at: string,
): readonly EventDraft[] {
  const node = graphOf(definition).byId.get(nodeId);
  const found = state.nodes.get(nodeId);
  if (
    !node || !found || isTerminalStatus(state.status) ||
    state.status === "cancelling"
  ) return [];
  const { interrupt } = found;
  if (interrupt) {
    return interrupt.payload.timeoutMs === undefined
      ? []
      : expire(definition, state, nodeId, interrupt, at);
  }
  if (found.status !== "running") return [];
  const step = nextStep(node, found);
  if (step?.kind !== "wait") return [];
  const { outputs } = step;
  return [{ type: "node.completed", payload: { nodeId, outputs }, nodeId }];
}
