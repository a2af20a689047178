// Web standards only.
import type { EventDraft, RunError } from "../openwop/protocol/mod.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { admitsFailure } from "./joins.ts";
import { merge } from "./json.ts";
import type { Ending, NodeState } from "./types.ts";

type StateOf = (node: GraphNode) => NodeState;

/** How a run ends: well, with its last event, or badly, which may take more than one. */
export type Outcome =
  | { readonly status: "completed"; readonly event: EventDraft }
  | Extract<Ending, { readonly status: "failed" }>;

/**
 * How a run ends in which nothing is due, running or waiting. It fails with the error of the first node, in the order of
 * the definition, whose failure nobody took into account; or because nothing could run; otherwise it is complete.
 *
 * Source: v1 §18, rule 7, with v2 §9.2 [>=2.43]: a failed node fails the run unless an edge admits its failure.
 */
export function outcome(graph: Graph, stateOf: StateOf): Outcome {
  const stuck: string[] = [];
  let completed = false;
  for (const node of graph.nodes) {
    const state = stateOf(node);
    if (state.status === "completed") completed = true;
    else if (state.status === "pending") stuck.push(node.id);
    else if (state.status === "failed" && !isHandled(node, stateOf)) {
      const error = state.error ??
        { code: "node_failed", message: `Node "${node.id}" failed` };
      return { status: "failed", error, failedNodeId: node.id };
    }
  }
  if (stuck.length > 0) {
    return failed({
      message: "Cannot complete the run: nodes wait for each other",
      details: { nodeIds: stuck.slice(0, 20) },
    });
  }
  if (!completed) {
    return failed({
      message: "Cannot complete the run: every node of it was skipped",
    });
  }
  return {
    status: "completed",
    event: {
      type: "run.completed",
      payload: {
        outputs: merge(
          graph.results.map((node) => stateOf(node).outputs ?? {}),
        ),
      },
    },
  };
}

/** A target that was skipped has taken nothing into account. */
function isHandled(node: GraphNode, stateOf: StateOf): boolean {
  return node.targets.some((target) =>
    admitsFailure(target.rule) && stateOf(target).status !== "skipped" &&
    stateOf(target).status !== "pending"
  );
}

function failed(error: Omit<RunError, "code">): Outcome {
  return {
    status: "failed",
    error: { code: "invalid_workflow_definition", retryable: false, ...error },
  };
}
