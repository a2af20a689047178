// Web standards only.
import type { GraphNode } from "./graph.ts";
import { own } from "./json.ts";
import { completed, refused, type Step } from "./steps.ts";
import type { ChildCommand, NodeState } from "./types.ts";

/** What a node whose work is a run of its own does by itself: fail for want of a name, or leave the child alone. */
export function nextOfChild(
  node: GraphNode,
  { refusal, child }: NodeState,
): Step | undefined {
  if (refusal) return { kind: "fail", error: refusal };
  const { config } = node.node;
  const workflowId = own(config, "workflowId");
  if (typeof workflowId !== "string" || workflowId === "") {
    return refused("workflowId must be the id of a workflow");
  }
  return child && own(config, "waitForCompletion") === false
    ? completed({ childRunId: child.runId, childStatus: child.status })
    : undefined;
}

const commands = new WeakMap<NodeState, ChildCommand>();

/** The run that a node wants to have under way. */
export function childOf(
  { id, node: { config } }: GraphNode,
  state: NodeState,
): ChildCommand | undefined {
  if (state.startedAt === undefined) return undefined;
  let command = commands.get(state);
  if (command === undefined) {
    const version = own(config, "version");
    command = {
      kind: "child",
      nodeId: id,
      visit: state.visits,
      attempt: state.attempt,
      workflowId: String(own(config, "workflowId")),
      ...(typeof version === "string" && { version }),
      inputs: state.inputs ?? {},
      propagateCancellation: own(config, "propagateCancellation") !== false,
      ...(state.child && { childRunId: state.child.runId }),
    };
    commands.set(state, command);
  }
  return command;
}
