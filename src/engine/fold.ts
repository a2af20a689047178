// Web standards only.
import type {
  EventDraft,
  JsonObject,
  RunEvent,
  RunEventPayloads,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { Draft } from "./draft.ts";
import { type GraphNode, graphOf } from "./graph.ts";
import { resolveInputs } from "./inputs.ts";
import { hasEnded } from "./joins.ts";
import { merge } from "./json.ts";
import { NodeTable } from "./node_table.ts";
import type { InterruptAnswer, NodeState, RunState, Vote } from "./types.ts";

const nobody: ReadonlySet<string> = new Set();

/**
 * The state of a run whose log is empty.
 *
 * @param definition What the run runs. It must not be changed afterwards: its index is kept.
 */
export function initialState(definition: WorkflowDefinition): RunState {
  return {
    status: "pending",
    inputs: {},
    variables: {},
    nodes: NodeTable.untouched(graphOf(definition)),
    agenda: { due: nobody, running: nobody, waiting: nobody },
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
  const draft = new Draft(graphOf(definition), state);
  let moved = false;
  for (const event of events) {
    if (event.sequence <= draft.lastSequence) continue;
    draft.lastSequence = event.sequence;
    moved = true;
    if (event.type !== "unknown") apply(draft, event, event.timestamp);
  }
  return moved ? draft.done() : state;
}

/**
 * Folds one event into `draft`, also one that has no time or sequence yet.
 *
 * @param at Time of the event; absent for one that a decision is about to append.
 */
export function apply(
  draft: Draft,
  event: EventDraft | Exclude<RunEvent, { readonly type: "unknown" }>,
  at?: string,
): void {
  if (isTerminalStatus(draft.status)) return;
  if (draft.status === "pending") {
    if (event.type === "run.started") startRun(draft, event.payload, at);
    else if (event.type === "run.cancelled") draft.end("cancelled", at);
    else if (event.type === "run.failed") {
      draft.end("failed", at);
      draft.error = event.payload.error;
    }
    return;
  }
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
    case "node.started":
      return startNode(draft, event.payload, at);
    case "node.completed":
      return complete(draft, event.payload);
    case "node.failed":
      return end(draft, event.payload.nodeId, "failed", {
        error: event.payload.error,
      });
    case "node.skipped":
      return end(draft, event.payload.nodeId, "skipped", {});
    case "node.cancelled":
      draft.status = "cancelling";
      return end(draft, event.payload.nodeId, "cancelled", {});
    case "interrupt.requested": {
      const found = event.nodeId === undefined
        ? undefined
        : draft.find(event.nodeId);
      if (found?.state.status !== "running") return;
      const { answer: _, ...rest } = found.state;
      const asked = { payload: event.payload, requestedAt: at ?? "" };
      return draft.put(found.node, { ...rest, asked });
    }
    case "node.suspended":
      return suspend(draft, event.payload, at);
    case "approval.received":
      return receive(draft, event.payload);
    case "interrupt.resolved":
      return resolve(draft, event.payload);
    case "node.resumed":
      return resume(draft, event.payload);
  }
}

function startRun(
  draft: Draft,
  payload: RunEventPayloads["run.started"],
  at: string | undefined,
): void {
  const inputs = payload.inputs ?? {};
  const defaults = draft.graph.definition.variables.flatMap((
    { name, defaultValue },
  ) => defaultValue === undefined ? [] : [[name, defaultValue] as const]);
  draft.inputs = inputs;
  // v1 §17.7: defaults first, then inputs by name; unknown inputs are kept.
  draft.variables = merge([Object.fromEntries(defaults), inputs]);
  draft.startedAt = at;
  draft.begin();
}

function startNode(
  draft: Draft,
  { nodeId, attempt = 0 }: RunEventPayloads["node.started"],
  at: string | undefined,
): void {
  const found = draft.find(nodeId);
  if (!found) return;
  const { node, state } = found;
  draft.put(node, {
    status: "running",
    visits: state.visits + (attempt === 0 ? 1 : 0),
    attempt,
    ...(at !== undefined && { startedAt: at }),
    // Kept, because a later look could find other values: a restarted node gets what the lost one had.
    ...resolveInputs(node, draft),
    ...keepSuspensions(state),
  });
}

function complete(
  draft: Draft,
  { nodeId, outputs = {} }: RunEventPayloads["node.completed"],
): void {
  const node = draft.graph.byId.get(nodeId);
  if (!node) return;
  const notTaken = edgesNotTaken(node, outputs);
  end(draft, nodeId, "completed", {
    outputs,
    ...(notTaken.size > 0 && { notTaken }),
  });
}

/** Judged once, here: a wide join looks at its edges again and again. */
function edgesNotTaken(
  node: GraphNode,
  outputs: JsonObject,
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { edge, condition } of node.outgoing) {
    if (condition && !condition(outputs)) ids.add(edge.id);
  }
  return ids;
}

function end(
  draft: Draft,
  nodeId: string,
  status: "completed" | "failed" | "skipped" | "cancelled",
  result: Pick<NodeState, "outputs" | "notTaken" | "error">,
): void {
  const found = draft.find(nodeId);
  if (!found || hasEnded(found.state.status)) return;
  const { visits, attempt, startedAt } = found.state;
  draft.put(found.node, {
    status,
    visits,
    attempt,
    ...(startedAt !== undefined && { startedAt }),
    ...result,
    ...keepSuspensions(found.state),
  });
}

function suspend(
  draft: Draft,
  payload: RunEventPayloads["node.suspended"],
  at: string | undefined,
): void {
  const found = draft.find(payload.nodeId);
  if (found?.state.status !== "running") return;
  const { asked, answer: _, ...rest } = found.state;
  draft.put(found.node, {
    ...rest,
    status: "suspended",
    suspensions: (rest.suspensions ?? 0) + 1,
    interrupt: {
      interruptId: payload.interruptId,
      // Some hosts write no interrupt.requested (v1 §7.5): what they ask for is then known to them alone.
      payload: asked?.payload ?? {
        kind: "custom",
        key: payload.key ?? `${payload.nodeId}:${rest.visits}`,
        data: { customKind: payload.kind ?? "unknown" },
      },
      requestedAt: asked?.requestedAt ?? at ?? "",
      votes: [],
    },
  });
}

function receive(
  draft: Draft,
  payload: RunEventPayloads["approval.received"],
): void {
  const found = draft.find(payload.nodeId);
  const interrupt = found?.state.interrupt;
  if (!found || interrupt?.payload.kind !== "approval") return;
  const vote = toVote(payload);
  const votes = interrupt.votes.filter(({ by }) => by !== vote.by);
  draft.put(found.node, {
    ...found.state,
    interrupt: { ...interrupt, votes: [...votes, vote] },
  });
}

/** The vote that an `approval.received` records. */
export function toVote(
  payload: RunEventPayloads["approval.received"],
): Vote {
  const { action, decidedBy, decidedAt, feedback } = payload;
  const { refineFeedback, editedArtifactData } = payload;
  return {
    by: decidedBy ?? "",
    action,
    ...(decidedAt !== undefined && { at: decidedAt }),
    ...(feedback !== undefined && { feedback }),
    ...(refineFeedback !== undefined && { refineFeedback }),
    ...(editedArtifactData !== undefined && { editedArtifactData }),
  };
}

function resolve(
  draft: Draft,
  payload: RunEventPayloads["interrupt.resolved"],
): void {
  const found = draft.find(payload.nodeId);
  const interrupt = found?.state.interrupt;
  if (!found || interrupt?.interruptId !== payload.interruptId) return;
  const decision = payload.decision;
  takeAnswer(draft, found.node, found.state, {
    interruptId: payload.interruptId,
    kind: interrupt.payload.kind,
    value: payload.resumeValue ?? null,
    ...(decision !== undefined && { decision }),
    resumed: false,
  });
}

function resume(
  draft: Draft,
  payload: RunEventPayloads["node.resumed"],
): void {
  const found = draft.find(payload.nodeId);
  if (!found) return;
  const { answer, interrupt } = found.state;
  if (interrupt) {
    // Written by a host that has no interrupt.resolved.
    takeAnswer(draft, found.node, found.state, {
      interruptId: interrupt.interruptId,
      kind: interrupt.payload.kind,
      value: payload.resumeValue ?? null,
      resumed: true,
    });
  } else if (answer) {
    draft.put(found.node, {
      ...found.state,
      answer: { ...answer, resumed: true },
    });
  }
}

function takeAnswer(
  draft: Draft,
  node: GraphNode,
  state: NodeState,
  answer: InterruptAnswer,
): void {
  const { interrupt: _, ...rest } = state;
  draft.put(node, { ...rest, status: "running", answer });
}

function keepSuspensions(
  { suspensions }: NodeState,
): Pick<NodeState, "suspensions"> {
  return suspensions === undefined ? {} : { suspensions };
}
