// Web standards only.
import type {
  JsonObject,
  JsonValue,
  RunError,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { type Graph, graphOf } from "./graph.ts";
import { errorValue } from "./inputs.ts";
import { isObject, own, valueAt } from "./json.ts";
import { Lookahead } from "./lookahead.ts";
import type { LogDraft, RunState } from "./types.ts";

/** How the run of a sub-workflow has ended. */
export interface ChildEnd {
  /** Which. */
  readonly runId: string;
  /** How. */
  readonly status: "completed" | "failed" | "cancelled";
  /** Of a completed one. */
  readonly outputs?: JsonObject;
  /** As they stood at its end. */
  readonly variables: JsonObject;
  /** Of a failed one. */
  readonly error?: RunError;
}

/**
 * What is to be recorded once a child run exists, and whenever it begins or ceases to wait for somebody.
 *
 * @param definition The definition of the parent.
 * @param state Where the parent stands now.
 * @param nodeId The node of the `child` command.
 * @param child The run, what it runs, and where it stands.
 * @returns Nothing where the parent knows already, or does not want to know any more.
 */
export function dispatched(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string,
  child: {
    readonly runId: string;
    readonly workflowId: string;
    readonly status: string;
  },
): readonly LogDraft[] {
  const known = state.nodes.get(nodeId);
  if (known?.status !== "running" || known.retry) return [];
  const { runId, workflowId, status } = child;
  if (known.child && known.child.runId !== runId) return [];
  if (known.child?.status === status) return [];
  const ahead = new Lookahead(definition, state);
  ahead.append({
    type: "node.dispatched",
    nodeId,
    payload: {
      childRunId: runId,
      childWorkflowId: workflowId,
      childStatus: status,
    },
  });
  ahead.advance(nodeId);
  return ahead.events;
}

/**
 * What is to be recorded once a child run has ended: its outputs as `output` of the node, variables by the output
 * mapping, or its failure, unless the node absorbs it.
 *
 * Source: v1 §17.8.1.
 *
 * @param definition The definition of the parent.
 * @param state Where the parent stands now.
 * @param nodeId The node of the `child` command.
 * @param end How the child ended.
 * @returns Nothing where the parent waits for another run, or for none any more.
 */
export function childEnded(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string,
  end: ChildEnd,
): readonly LogDraft[] {
  const ahead = new Lookahead(definition, state);
  const found = ahead.draft.find(nodeId);
  if (
    found?.state.status !== "running" || found.state.child?.runId !== end.runId
  ) return [];
  const { node } = found;
  const { config } = node.node;
  const { runId: childRunId, status: childStatus } = end;
  if (childStatus === "completed") {
    const output = end.outputs ?? {};
    for (const event of mapped(config, end, ahead, nodeId)) ahead.append(event);
    ahead.complete(node, { childRunId, childStatus, output });
    return ahead.events;
  }
  const policy = own(config, "onChildFailure");
  if (policy === "absorb" || policy === "continue") {
    ahead.complete(node, {
      childRunId,
      childStatus,
      ...(end.error && { error: errorValue(end.error) }),
    });
    return ahead.events;
  }
  const { error } = end;
  ahead.fail(nodeId, {
    code: error?.code ?? "child_run_cancelled",
    message: error?.message ??
      `The child run of node "${nodeId}" was cancelled`,
    details: { ...(error?.details ?? {}), childRunId, childStatus },
    // Somebody wanted its end: another one would not help.
    ...(error === undefined
      ? { retryable: false }
      : error.retryable !== undefined && { retryable: error.retryable }),
  });
  return ahead.events;
}

/**
 * The child runs that were wanted before some events and that nobody waits for after them: to be cancelled, unless they
 * have ended. One that was sent off is wanted until its parent is cancelled.
 *
 * Cost: nothing for a run without sub-workflows; otherwise what the events are about, what runs where a list or the run
 * ends, and for a cancel the size of the definition.
 *
 * @param definition The definition of the parent.
 * @param before Where the parent stood.
 * @param events What was recorded then.
 * @param after Where it stands now.
 * @returns Their ids, without those that are kept out of the cancel of their parent.
 */
export function abandoned(
  definition: WorkflowDefinition,
  before: RunState,
  events: readonly Pick<LogDraft, "nodeId">[],
  after: RunState,
): readonly string[] {
  const graph = graphOf(definition);
  if (!graph.hasChildren || isTerminalStatus(before.status)) return [];
  const found = new Set<string>();
  const letGo = (id: string): void => {
    const child = before.nodes.get(id)?.child;
    if (child === undefined) return;
    const node = graph.byId.get(id)?.node;
    if (node && own(node.config, "propagateCancellation") === false) return;
    found.add(child.runId);
  };
  for (const id of touched(graph, before, events, after)) {
    const then = before.nodes.get(id);
    if (then?.status !== "running") continue;
    const now = after.nodes.get(id);
    const isWanted = now?.status === "running" || now?.status === "completed";
    if (!isWanted || now.child?.runId !== then.child?.runId) letGo(id);
  }
  if (after.status !== "cancelled") return [...found];
  for (const { id } of graph.nodes) {
    if (before.nodes.get(id)?.status === "completed") letGo(id);
  }
  return [...found];
}

/** The nodes whose children some events may have let go: with a list or a run all that is in it. */
function touched(
  graph: Graph,
  { agenda }: RunState,
  events: readonly Pick<LogDraft, "nodeId">[],
  { status }: RunState,
): Iterable<string> {
  if (isTerminalStatus(status)) return agenda.running;
  const ids = new Set<string>();
  for (const { nodeId } of events) {
    if (nodeId === undefined) continue;
    if (graph.byId.get(nodeId)?.role === "each") return agenda.running;
    ids.add(nodeId);
  }
  return ids;
}

/** Parent name from child name: a variable of the child, or one of its outputs. */
function mapped(
  config: JsonObject,
  { variables, outputs }: ChildEnd,
  { draft }: Lookahead,
  nodeId: string,
): readonly LogDraft[] {
  const mapping = own(config, "outputMapping");
  const events: LogDraft[] = [];
  for (const [name, from] of Object.entries(isObject(mapping) ? mapping : {})) {
    const next: JsonValue | undefined = typeof from === "string"
      ? valueAt(variables, from) ?? valueAt(outputs ?? {}, from)
      : undefined;
    if (next === undefined || name === "__proto__") continue;
    const previous = own(draft.variables, name);
    events.push({
      type: "variable.changed",
      nodeId,
      payload: {
        name,
        ...(previous !== undefined && { previous }),
        next,
        nodeId,
      },
    });
  }
  return events;
}
