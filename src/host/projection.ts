// Web standards only.
import type { NodeState, RunState } from "../engine/mod.ts";
import type { JsonObject, RunSnapshot } from "../openwop/protocol/mod.ts";
import type { RunRecord } from "./store.ts";

/** The version of the event vocabulary that every run here is written in. Source: v2 §7.4. */
export const EVENT_LOG_SCHEMA_VERSION = 3;

/** The snapshot of a run: a closed object that follows from its record and its log. Source: v2 §8.3. */
export function snapshotOf(record: RunRecord, state: RunState): RunSnapshot {
  const at = currentNode(record, state);
  return {
    runId: record.runId,
    workflowId: record.definition.id,
    status: state.status,
    owner: record.owner,
    eventLogSchemaVersion: EVENT_LOG_SCHEMA_VERSION,
    ...(at !== undefined && { currentNodeId: at }),
    ...(state.startedAt !== undefined && { startedAt: state.startedAt }),
    ...(state.endedAt !== undefined && { completedAt: state.endedAt }),
    nodeStates: nodeStates(state),
    variables: state.variables,
    ...(state.error !== undefined && { error: state.error }),
    ...(record.inputs !== undefined && { inputs: record.inputs }),
    ...(record.tags !== undefined && { tags: record.tags }),
    ...(record.metadata !== undefined && { metadata: record.metadata }),
    ...(record.configurable !== undefined &&
      { configurable: record.configurable }),
    ...(record.parentRunId !== undefined &&
      { parentRunId: record.parentRunId }),
  };
}

/** Strong: two equal ones mean the same snapshot. Source: v2 §8.3. */
export function snapshotEtag(state: RunState): string {
  return `"s${state.lastSequence}"`;
}

/** The first node that waits for somebody, otherwise the first that runs. */
function currentNode(record: RunRecord, state: RunState): string | undefined {
  for (const status of ["suspended", "running"]) {
    for (const { id } of record.definition.nodes) {
      if (state.nodes.get(id)?.status === status) return id;
    }
  }
  return undefined;
}

function nodeStates(state: RunState): JsonObject {
  // Node ids are the author's own: a null prototype keeps even __proto__ an ordinary key.
  const states: Record<string, JsonObject> = Object.create(null);
  for (const [id, node] of state.nodes) states[id] = nodeState(node);
  return states;
}

function nodeState(node: NodeState): JsonObject {
  const plain = {
    status: node.status,
    visits: node.visits,
    attempt: node.attempt,
    ...(node.startedAt !== undefined && { startedAt: node.startedAt }),
    ...(node.outputs !== undefined && { outputs: node.outputs }),
    ...(node.error !== undefined && { error: node.error }),
    ...(node.interrupt !== undefined && { interrupt: node.interrupt }),
  };
  // Interfaces have no index signature; all of their members here are JSON.
  return plain as unknown as JsonObject;
}
