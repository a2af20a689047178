// Web standards only.
import type { JsonObject, RunEventPayloads } from "../openwop/protocol/mod.ts";
import type { Draft } from "./draft.ts";
import type { GraphNode } from "./graph.ts";
import { isObject, merge, own } from "./json.ts";
import type { LogDraft } from "./types.ts";

/** What a line of the log is about, where it writes over outputs. */
const ACTION = "edit-outputs";

/**
 * Says that a fork writes over what a step has given: other outputs by name, the rest stays. The step is not done again
 * and nothing more is to be undone; the protocol has no event for it, so it is a line in the log.
 *
 * @param nodeId A node that has completed.
 * @param outputs What is different.
 */
export function outputsEdited(nodeId: string, outputs: JsonObject): LogDraft {
  return {
    type: "log.appended",
    nodeId,
    payload: {
      level: "info",
      message: `The outputs of ${nodeId} were edited where the run was forked`,
      nodeId,
      fields: { action: ACTION, outputs },
    },
  };
}

/** The outputs in a line of the log that writes over some. */
export function editedOutputs(
  { fields }: RunEventPayloads["log.appended"],
): JsonObject | undefined {
  const outputs = own(fields ?? {}, "outputs");
  return own(fields ?? {}, "action") === ACTION && isObject(outputs)
    ? outputs
    : undefined;
}

/** Folds a line of the log that writes over outputs. Only of what has completed: a step cannot say it of itself. */
export function editOutputs(
  draft: Draft,
  nodeId: string | undefined,
  payload: RunEventPayloads["log.appended"],
): void {
  const edited = editedOutputs(payload);
  const found = nodeId === undefined ? undefined : draft.find(nodeId);
  if (!edited || found?.state.status !== "completed") return;
  const { node, state } = found;
  const { notTaken: _, ...rest } = state;
  const outputs = merge([state.outputs ?? {}, edited]);
  const notTaken = edgesNotTaken(node, outputs);
  draft.put(node, { ...rest, outputs, ...(notTaken.size > 0 && { notTaken }) });
}

/** Judged once, when a node completes: a wide join looks at its edges again and again. */
export function edgesNotTaken(
  node: GraphNode,
  outputs: JsonObject,
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { edge, condition } of node.outgoing) {
    if (condition && !condition(outputs)) ids.add(edge.id);
  }
  return ids;
}
