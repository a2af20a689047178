// Web standards only.
import { maskValuesOf } from "../engine/mod.ts";
import type { NodeState, RunState } from "../engine/mod.ts";
import type { JsonObject, RunSnapshot } from "../openwop/protocol/mod.ts";
import { documentEtag } from "./etag.ts";
import type { RunRecord } from "./store.ts";

/** The version of the event vocabulary that every run here is written in. Source: v2 §7.4. */
export const EVENT_LOG_SCHEMA_VERSION = 3;

/** The snapshot of a run: a closed object that follows from its record and its log. Source: v2 §8.3. */
export function snapshotOf(
  record: RunRecord,
  state: RunState,
  tokens: ReadonlyMap<string, string> = new Map(),
): RunSnapshot {
  const at = currentNode(record, state);
  const shown = maskValuesOf(record.definition, {
    variables: state.variables,
    channels: state.channels,
    inputs: record.inputs,
  });
  const parent = record.parentRunId ?? record.caller?.runId;
  return {
    runId: record.runId,
    workflowId: record.definition.id,
    status: state.status,
    owner: record.owner,
    eventLogSchemaVersion: EVENT_LOG_SCHEMA_VERSION,
    ...(at !== undefined && { currentNodeId: at }),
    ...(state.startedAt !== undefined && { startedAt: state.startedAt }),
    ...(state.endedAt !== undefined && { completedAt: state.endedAt }),
    nodeStates: nodeStates(state, shown.outputsOf, tokens),
    // The state of a channel is read like a variable (v1 §17.6).
    variables: { ...shown.channels, ...shown.variables },
    ...(record.definition.channels && { channels: shown.channels }),
    ...(state.error !== undefined && { error: state.error }),
    ...(shown.inputs !== undefined && { inputs: shown.inputs }),
    ...(record.tags !== undefined && { tags: record.tags }),
    ...(record.metadata !== undefined && { metadata: record.metadata }),
    ...(record.configurable !== undefined &&
      { configurable: record.configurable }),
    ...(parent !== undefined && { parentRunId: parent }),
  };
}

/** Strong: two equal ones mean the same snapshot, down to its tokens. Source: v2 §8.3. */
export function snapshotEtag(
  state: RunState,
  tokens: ReadonlyMap<string, string> = new Map(),
): string {
  if (tokens.size === 0) return `"s${state.lastSequence}"`;
  // The ends of their signatures stand for them, and are of no use alone.
  const ends = [...tokens.values()].map((token) => token.slice(-6));
  return `"s${state.lastSequence}.${documentEtag(ends).slice(1, -1)}"`;
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

type OutputsOf = ReturnType<typeof maskValuesOf>["outputsOf"];

function nodeStates(
  state: RunState,
  outputsOf: OutputsOf,
  tokens: ReadonlyMap<string, string>,
): JsonObject {
  // Node ids are the author's own: a null prototype keeps even __proto__ an ordinary key.
  const states: Record<string, JsonObject> = Object.create(null);
  for (const [id, node] of state.nodes) {
    states[id] = nodeState(id, node, outputsOf, tokens.get(id));
  }
  return states;
}

function nodeState(
  id: string,
  node: NodeState,
  outputsOf: OutputsOf,
  interruptToken: string | undefined,
): JsonObject {
  const plain = {
    status: node.status,
    visits: node.visits,
    attempt: node.attempt,
    ...(node.startedAt !== undefined && { startedAt: node.startedAt }),
    ...(node.outputs !== undefined &&
      { outputs: outputsOf(id, node.outputs) }),
    ...(node.error !== undefined && { error: node.error }),
    ...(node.interrupt !== undefined && {
      interrupt: {
        ...node.interrupt,
        ...(interruptToken !== undefined && { interruptToken }),
      },
    }),
    ...(node.child !== undefined && { child: node.child }),
    ...(node.items !== undefined &&
      { items: { count: node.items.size, ended: node.items.ended } }),
  };
  // Interfaces have no index signature; all of their members here are JSON.
  return plain as unknown as JsonObject;
}
