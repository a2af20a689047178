// Web standards only.
import type {
  EventDraft,
  InterruptPayload,
  JsonValue,
  RunEvent,
  RunEventPayloads,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { initialChannels, write } from "./channels.ts";
import { Draft } from "./draft.ts";
import { endingOf, requestedEnding } from "./ending.ts";
import { edgesNotTaken, editOutputs } from "./fold_edits.ts";
import {
  escalate,
  receive,
  resolve,
  resume,
  suspend,
} from "./fold_interrupts.ts";
import { graphOf } from "./graph.ts";
import { hasEnded } from "./joins.ts";
import { merge, put } from "./json.ts";
import { NodeTable } from "./node_table.ts";
import { entriesOf, Marks, Roster } from "./roster.ts";
import { itemsOf, startInputs, undoInputs } from "./start.ts";
import type {
  Changing,
  LogDraft,
  NodeState,
  RunOptions,
  RunState,
} from "./types.ts";

const nobody = new Roster();

/**
 * The state of a run whose log is empty.
 *
 * @param definition What the run runs. It must not be changed afterwards: its index is kept.
 * @param options What was fixed when the run was created and is no event of its log.
 */
export function initialState(
  definition: WorkflowDefinition,
  options: RunOptions = {},
): RunState {
  const graph = graphOf(definition);
  return {
    status: "pending",
    inputs: {},
    variables: {},
    channels: initialChannels(graph),
    options,
    nodes: NodeTable.untouched(graph),
    executions: 0,
    undo: [],
    agenda: { due: new Marks(graph), running: nobody, waiting: nobody },
    lastSequence: -1,
  };
}

/**
 * The state after `events`, which follow those that led to `state`. `state` itself is not changed and shares with the
 * result whatever the events do not touch, so one event costs about the square root of the number of nodes.
 *
 * Total: events of unknown type or for unknown nodes only move `lastSequence`, events that were folded before (by
 * sequence) change nothing, and nothing changes a run that has ended.
 *
 * @param definition The definition of the run.
 * @param state The state to start from.
 * @param events In the order of the log.
 */
export function fold(
  definition: WorkflowDefinition,
  state: RunState,
  events: readonly RunEvent[],
): RunState {
  let draft: Draft | undefined;
  for (const event of events) {
    if (event.sequence <= (draft ?? state).lastSequence) continue;
    draft ??= new Draft(graphOf(definition), state);
    draft.lastSequence = event.sequence;
    if (event.type !== "unknown") apply(draft, event, event.timestamp);
  }
  return draft ? draft.done() : state;
}

/**
 * Folds one event into `draft`, also one that has no time or sequence yet.
 *
 * @param at Time of the event; absent for one that a decision is about to append.
 */
export function apply(
  draft: Draft,
  event: LogDraft | Exclude<RunEvent, { readonly type: "unknown" }>,
  at?: string,
): void {
  if (isTerminalStatus(draft.status) || event.type === "unknown") return;
  if (draft.status === "pending") return applyToPending(draft, event, at);
  switch (event.type) {
    case "run.completed":
      draft.end("completed", at);
      draft.outputs = event.payload.outputs;
      return;
    case "run.failed":
      draft.end("failed", at);
      draft.error = event.payload.error;
      return;
    case "run.cancelled":
      draft.end("cancelled", at);
      return;
    case "run.paused":
      return pause(draft, event.payload.drainPolicy !== "immediate");
    case "run.resumed":
      draft.paused = undefined;
      return;
    case "cap.breached":
      draft.ending ??= endingOf(event.payload);
      return;
    case "compensation.requested":
      draft.ending = requestedEnding(event.payload);
      return;
    case "variable.changed": {
      const { name, next } = event.payload;
      draft.variables = merge([draft.variables, { [name]: next ?? null }]);
      return;
    }
    case "channel.written":
      draft.channels = write(
        draft.graph,
        draft.channels,
        event.payload,
        at ?? event.payload.writtenAt,
      );
      return;
    default:
      return applyToNode(draft, event, at);
  }
}

function applyToPending(
  draft: Draft,
  event: EventDraft,
  at: string | undefined,
): void {
  if (event.type === "run.started") startRun(draft, event.payload, at);
  else if (event.type === "run.cancelled") draft.end("cancelled", at);
  else if (event.type === "run.failed") {
    draft.end("failed", at);
    draft.error = event.payload.error;
  }
}

function applyToNode(
  draft: Draft,
  event: EventDraft,
  at: string | undefined,
): void {
  switch (event.type) {
    case "node.started":
      return startNode(draft, event.payload, at);
    case "node.retried":
      return retry(draft, event.payload, at);
    case "node.completed":
      return complete(draft, event.payload);
    case "node.failed":
      return end(draft, event.payload.nodeId, "failed", {
        error: event.payload.error,
      });
    case "node.skipped":
      return end(draft, event.payload.nodeId, "skipped", {});
    case "node.cancelled":
      return cancel(draft, event.payload);
    case "node.dispatched":
      return dispatch(draft, event.nodeId, event.payload);
    case "interrupt.requested": {
      const found = event.nodeId === undefined
        ? undefined
        : draft.find(event.nodeId);
      if (found?.state.status !== "running") return;
      const { answer: _, ...rest } = found.state;
      // An engine asks nothing else.
      const payload = event.payload as InterruptPayload;
      const asked = { payload, requestedAt: at ?? "" };
      return draft.put(found.node, { ...rest, asked });
    }
    case "node.suspended":
      return suspend(draft, event.payload, at);
    case "approval.received":
      return receive(draft, event.payload);
    case "log.appended":
      editOutputs(draft, event.nodeId, event.payload);
      return escalate(draft, event.nodeId, event.payload);
    case "interrupt.resolved":
      return resolve(draft, event.payload, at);
    case "node.resumed":
      return resume(draft, event.payload, at);
  }
}

function startRun(
  draft: Draft,
  payload: RunEventPayloads["run.started"],
  at: string | undefined,
): void {
  const inputs = payload.inputs ?? {};
  const defaults: Record<string, JsonValue> = {};
  for (const { name, defaultValue } of draft.graph.definition.variables) {
    if (defaultValue !== undefined) put(defaults, name, defaultValue);
  }
  draft.inputs = inputs;
  // v1 §17.7: defaults first, then inputs by name; unknown inputs are kept.
  draft.variables = merge([defaults, inputs]);
  draft.startedAt = at;
  draft.begin();
}

function pause(draft: Draft, drain: boolean): void {
  draft.paused = { drain };
  if (drain) return;
  for (const { node, state } of [...entriesOf(draft.running.chunks)]) {
    if (node.role !== "plain" || state.retry) continue;
    draft.put(node, { ...state, cut: true });
  }
}

function startNode(
  draft: Draft,
  { nodeId, attempt = 0 }: RunEventPayloads["node.started"],
  at: string | undefined,
): void {
  const found = draft.find(nodeId);
  if (!found) return;
  const { node, state } = found;
  draft.executions++;
  // An item is visited as often as the node whose item it is.
  const visits = node.item
    ? draft.stateOf(node.item.of).visits
    : state.visits + (attempt === 0 ? 1 : 0);
  const started: Changing<NodeState> = { status: "running", visits, attempt };
  if (at !== undefined) started.startedAt = started.since = at;
  // Another attempt gets what the first one had: a later look could find other values.
  const again = attempt > 0 && state.status === "running" &&
    (state.inputs !== undefined || state.refusal !== undefined);
  const visitedAt = again ? state.visitedAt : at;
  if (visitedAt !== undefined) started.visitedAt = visitedAt;
  const { inputs, refusal }: Pick<NodeState, "inputs" | "refusal"> = again
    ? state
    : startInputs(node, draft);
  if (inputs) started.inputs = inputs;
  if (refusal) started.refusal = refusal;
  const items = itemsOf(node, inputs);
  if (items) started.items = items;
  if (again && state.failures !== undefined) started.failures = state.failures;
  if (again && state.answers) started.answers = state.answers;
  keepSuspensions(state, started);
  draft.put(node, started);
}

function retry(
  draft: Draft,
  { nodeId, attempt, delayMs = 0 }: RunEventPayloads["node.retried"],
  at: string | undefined,
): void {
  const found = draft.find(nodeId);
  if (found?.state.status !== "running") return;
  const { node, state } = found;
  if (node.role === "repeat") return draft.again(node.body, node, attempt);
  const { child: _, ...rest } = state;
  draft.put(node, {
    ...rest,
    failures: (state.failures ?? 0) + 1,
    retry: { since: at ?? "", ms: delayMs },
  });
}

function complete(
  draft: Draft,
  { nodeId, outputs = {} }: RunEventPayloads["node.completed"],
): void {
  const found = draft.find(nodeId);
  if (!found || hasEnded(found.state.status)) return;
  const { node, state } = found;
  const notTaken = edgesNotTaken(node, outputs);
  if (draft.graph.undoing.has(nodeId)) {
    const inputs = undoInputs(node.node, state.inputs ?? {}, outputs);
    draft.undo = [...draft.undo, { nodeId, inputs }];
  }
  // What was done up to here is meant to stay.
  if (node.node.typeId === "core.flow.error-handler-commit") draft.undo = [];
  end(draft, nodeId, "completed", { outputs, notTaken });
}

/** A node that is not needed any more is cancelled by itself; any other takes its run along. */
function cancel(
  draft: Draft,
  { nodeId, reason }: RunEventPayloads["node.cancelled"],
): void {
  const node = draft.find(nodeId)?.node;
  if (!node) return;
  end(draft, nodeId, "cancelled", {});
  if (node.position < 0 || draft.ending || isUnneeded(draft, nodeId)) return;
  draft.ending = {
    status: "cancelled",
    ...(reason !== undefined && { reason }),
  };
}

/** Whether a join that is just being done has called the node off. */
function isUnneeded(draft: Draft, nodeId: string): boolean {
  for (const { node } of entriesOf(draft.running.chunks)) {
    if (node.role === "join" && node.cancels.has(nodeId)) return true;
  }
  return false;
}

function dispatch(
  draft: Draft,
  nodeId: string | undefined,
  payload: RunEventPayloads["node.dispatched"],
): void {
  const found = nodeId === undefined ? undefined : draft.find(nodeId);
  if (found?.state.status !== "running") return;
  const { childRunId: runId, childStatus: status = "running" } = payload;
  draft.put(found.node, { ...found.state, child: { runId, status } });
}

function end(
  draft: Draft,
  nodeId: string,
  status: "completed" | "failed" | "skipped" | "cancelled",
  result: Pick<NodeState, "outputs" | "notTaken" | "error">,
): void {
  const found = draft.find(nodeId);
  if (!found || hasEnded(found.state.status)) return;
  const { visits, attempt, startedAt, child } = found.state;
  const { outputs, notTaken, error } = result;
  const ended: Changing<NodeState> = { status, visits, attempt };
  if (startedAt !== undefined) ended.startedAt = startedAt;
  if (child) ended.child = child;
  if (outputs) ended.outputs = outputs;
  if (notTaken && notTaken.size > 0) ended.notTaken = notTaken;
  if (error) ended.error = error;
  keepSuspensions(found.state, ended);
  draft.put(found.node, ended);
  // Undone, or not to be undone: the next one is the one before it.
  if (found.node.undoes) draft.undo = draft.undo.slice(0, -1);
}

function keepSuspensions(
  { suspensions }: NodeState,
  next: Changing<NodeState>,
): void {
  if (suspensions !== undefined) next.suspensions = suspensions;
}
