// Web standards only.
import type { GraphEdge, GraphNode } from "./graph.ts";
import { own } from "./json.ts";
import type { NodeState } from "./types.ts";

/** What the trigger rule of a node says, given how its sources stand. */
export type Verdict = "wait" | "run" | "skip";

/** How a source counts for the trigger rule of its target. */
type SourceStanding = "open" | "completed" | "failed" | "skipped";

/** Whether a node in this state is through with its current visit. */
export function hasEnded(status: NodeState["status"]): boolean {
  return status !== "pending" && status !== "running" && status !== "suspended";
}

/**
 * Applies the trigger rule of a pending node. Once the verdict is not `"wait"` it stays, because sources that have ended
 * do not change.
 *
 * Source: v1 §17.4.
 */
export function verdict(
  node: GraphNode,
  stateOf: (node: GraphNode) => NodeState,
): Verdict {
  if (node.incoming.length === 0) return node.node.disabled ? "skip" : "run";
  const ruled = node.role === "join"
    ? applyNeed(node, stateOf)
    : applyRule(node, stateOf);
  return ruled === "run" && node.node.disabled ? "skip" : ruled;
}

/** Where an open source was found last: most likely it is open still, or the next one is. Any number would do. */
const lastOpen = new WeakMap<GraphNode, number>();

/** Whether any source is open. Cost, over a whole run: the number of sources, however often it is asked. */
function hasOpen(
  node: GraphNode,
  stateOf: (node: GraphNode) => NodeState,
): boolean {
  const { incoming } = node;
  const from = lastOpen.get(node) ?? 0;
  for (let n = 0; n < incoming.length; n++) {
    const at = (from + n) % incoming.length;
    const edge = incoming[at]!;
    if (standing(edge, stateOf(edge.source)) !== "open") continue;
    lastOpen.set(node, at);
    return true;
  }
  return false;
}

function applyRule(
  node: GraphNode,
  stateOf: (node: GraphNode) => NodeState,
): Verdict {
  const { rule } = node;
  // These two wait for all sources whatever they find, so one that is open decides: a wide join stays cheap.
  const hasty = rule === "all_success" || rule === "all_complete";
  if (hasty && hasOpen(node, stateOf)) return "wait";
  let open = false;
  let completed = false;
  let failed = false;
  for (const edge of node.incoming) {
    switch (standing(edge, stateOf(edge.source))) {
      case "open":
        open = true;
        break;
      case "completed":
        if (rule === "any_success") return "run";
        completed = true;
        break;
      case "failed":
        if (rule === "any_failed") return "run";
        if (rule === "none_failed") return "skip";
        failed = true;
        break;
    }
  }
  if (open) return "wait";
  switch (rule) {
    case "all_success":
      return completed && !failed ? "run" : "skip";
    case "all_complete":
    case "none_failed":
      return "run";
    default:
      return "skip";
  }
}

/** A `tutti.join` runs as soon as enough of its sources have completed, and not at all once that cannot be any more. */
function applyNeed(
  node: GraphNode,
  stateOf: (node: GraphNode) => NodeState,
): Verdict {
  const wanted = own(node.node.config, "need");
  const need = typeof wanted === "number" ? wanted : node.incoming.length;
  let open = 0;
  let completed = 0;
  for (const edge of node.incoming) {
    const how = standing(edge, stateOf(edge.source));
    if (how === "completed") completed++;
    else if (how === "open") open++;
  }
  if (completed >= need) return "run";
  return completed + open < need ? "skip" : "wait";
}

/**
 * A source behind an edge that is not taken counts as skipped (v1 §17.5). Conditions are about outputs, so they apply to
 * completed sources only: a failed source is a failed source on all its edges.
 */
function standing(edge: GraphEdge, source: NodeState): SourceStanding {
  switch (source.status) {
    case "completed":
      return source.notTaken?.has(edge.edge.id) ? "skipped" : "completed";
    case "failed":
    case "cancelled":
      return "failed";
    case "skipped":
      return "skipped";
    default:
      return "open";
  }
}

/** Whether a node that ran under `rule` has taken the failure of a source into account. Source: v2 §9.2 [>=2.43]. */
export function admitsFailure(rule: GraphNode["rule"]): boolean {
  return rule === "any_failed" || rule === "all_complete" ||
    rule === "any_success";
}
