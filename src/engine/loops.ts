// Web standards only.
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { ask } from "./flow_nodes.ts";
import type { GraphNode } from "./graph.ts";
import type { InputScope } from "./inputs.ts";
import { errorValue } from "./inputs.ts";
import { hasEnded } from "./joins.ts";
import { isCount, isObject, own } from "./json.ts";
import {
  type Builtin,
  completed,
  type Occasion,
  refused,
  refusedPort,
} from "./steps.ts";
import type { LogDraft, NodeState } from "./types.ts";

/** Rounds of a loop whose definition names no bound. Source: v1 §17.7, "settings". */
const DEFAULT_ROUNDS = 5;

/** Items of a `tutti.forEach` that are under way at once, where its definition says nothing. */
const DEFAULT_CONCURRENCY = 8;

/**
 * The end of a round: done when the condition holds, otherwise once more from the beginning of the body. The number of
 * the round is the attempt of the node, so that a round is a `node.retried` in the log.
 */
export function repeat(occasion: Occasion): ReturnType<Builtin> {
  const { node, state, scope } = occasion;
  const iterations = state.attempt + 1;
  const matched = ask(occasion, "until");
  if (typeof matched === "string") return refused(matched);
  if (matched) return completed({ iterations, matched });
  const limit = roundsOf(node, scope);
  const ceiling = ceilingOf(scope);
  if (ceiling !== undefined && ceiling < limit && iterations >= ceiling) {
    return {
      kind: "fail",
      error: {
        code: "loop_limit_exceeded",
        message:
          `Cannot repeat "${node.id}": the run may make ${ceiling} rounds`,
        details: { nodeId: node.id, limit: ceiling },
        retryable: false,
      },
      events: [{
        type: "cap.breached",
        nodeId: node.id,
        payload: {
          kind: "loop-iterations",
          limit: ceiling,
          observed: iterations + 1,
          nodeId: node.id,
        },
      }],
    };
  }
  if (iterations < limit) return { kind: "again", round: iterations };
  const events: LogDraft[] = [{
    type: "workflow.loopback-limit",
    nodeId: node.id,
    payload: { nodeId: node.id, iterations, limit },
  }];
  if (own(node.node.config, "onLimit") === "continue") {
    return completed({ iterations, matched }, events);
  }
  return {
    kind: "fail",
    events,
    error: {
      code: "loop_limit_reached",
      message:
        `Cannot leave the loop "${node.id}": its condition did not hold after ${iterations} rounds`,
      details: { nodeId: node.id, iterations },
      retryable: false,
    },
  };
}

function roundsOf({ node }: GraphNode, { graph }: InputScope): number {
  const own_ = own(node.config, "maxIterations");
  const general = own(graph.definition.settings, "maxLoopbackIterations");
  return isCount(own_) ? own_ : isCount(general) ? general : DEFAULT_ROUNDS;
}

/** What the run itself or its host allows. Source: v1 §6.2. */
function ceilingOf({ options }: InputScope): number | undefined {
  const given = limitOf(options.configurable, "maxLoopIterations");
  const most = options.limits?.maxLoopIterations;
  return given === undefined ? most : Math.min(given, most ?? given);
}

/** A limit that the options of a run set, in the nested form of version 2 or the flat one of version 1. */
export function limitOf(
  configurable: JsonObject | undefined,
  name: "recursionLimit" | "runTimeoutMs" | "maxLoopIterations",
): number | undefined {
  if (configurable === undefined) return undefined;
  const run = own(configurable, "run");
  const nested = isObject(run) ? own(run, name) : undefined;
  const value = nested ?? own(configurable, name);
  return isCount(value) ? value : undefined;
}

/** Calls off what is not needed any more, and says who was first. */
export function join({ node, scope }: Occasion): ReturnType<Builtin> {
  const done = { completed: [] as string[], failed: [] as string[] };
  for (const { source } of node.incoming) {
    const { status } = scope.stateOf(source);
    if (status === "completed") done.completed.push(source.id);
    if (status === "failed") done.failed.push(source.id);
  }
  const events: LogDraft[] = [];
  const reason = `not needed any more by ${node.id}`;
  for (const id of node.cancels) {
    const other = scope.graph.byId.get(id);
    if (other === undefined || other === node) continue;
    const state = scope.stateOf(other);
    if (hasEnded(state.status)) continue;
    events.push(...callOff(other, state, reason));
  }
  return completed(done, events);
}

/** What ends a node that nobody needs any more, its items first. */
export function callOff(
  node: GraphNode,
  state: NodeState,
  reason: string,
): readonly LogDraft[] {
  const nodeId = node.id;
  if (state.status === "pending") {
    return [{ type: "node.skipped", nodeId, payload: { nodeId, reason } }];
  }
  return [
    ...callOffItems(node, state, reason),
    { type: "node.cancelled", nodeId, payload: { nodeId, reason } },
  ];
}

/** What ends the items of a node that are still under way. */
export function callOffItems(
  { id }: GraphNode,
  { items }: NodeState,
  reason: string,
): readonly LogDraft[] {
  const events: LogDraft[] = [];
  for (let index = 0; index < (items?.next ?? 0); index++) {
    if (hasEnded(items!.at(index)!.status)) continue;
    const nodeId = `${id}:${index}`;
    events.push({
      type: "node.cancelled",
      nodeId,
      payload: { nodeId, reason },
    });
  }
  return events;
}

/** What a `tutti.forEach` does next. */
export type EachStep =
  | { readonly kind: "start"; readonly index: number }
  | ReturnType<Builtin>
  | undefined;

/** Starts items in order while there is room, and ends when all have ended or the first has failed. */
export function nextOfEach(node: GraphNode, state: NodeState): EachStep {
  const { items, refusal } = state;
  if (refusal) return { kind: "fail", error: refusal };
  if (items === undefined) {
    return refusedPort("items", "must be a list");
  }
  const { config } = node.node;
  const collect = own(config, "onItemError") === "collect";
  if (items.failed !== undefined && !collect) {
    const first = items.at(items.failed)!;
    return {
      kind: "fail",
      events: callOffItems(node, state, "another item failed"),
      error: {
        code: first.error?.code ?? "node_failed",
        message: first.error?.message ?? `Item ${items.failed} was cancelled`,
        details: {
          ...(first.error?.details ?? {}),
          index: items.failed,
        },
        retryable: false,
      },
    };
  }
  const concurrency = own(config, "concurrency");
  const room = isCount(concurrency) ? concurrency : DEFAULT_CONCURRENCY;
  if (items.next < items.size && items.active < room) {
    return { kind: "start", index: items.next };
  }
  return items.ended === items.size
    ? collected(node, state, collect)
    : undefined;
}

function collected(
  { node }: GraphNode,
  { items }: NodeState,
  collect: boolean,
): ReturnType<Builtin> {
  const { config } = node;
  const isChild = own(config, "workflowId") !== undefined;
  const byEnd = own(config, "order") === "completion";
  const all = Array.from({ length: items!.size }, (_, index) => ({
    index,
    state: items!.at(index)!,
  }));
  if (byEnd) {
    all.sort((a, b) => (a.state.endedAs ?? 0) - (b.state.endedAs ?? 0));
  }
  const results: JsonValue[] = [];
  const errors: JsonValue[] = [];
  for (const { index, state } of all) {
    if (state.status === "completed") {
      const outputs = state.outputs ?? {};
      results.push(isChild ? own(outputs, "output") ?? {} : outputs);
      continue;
    }
    if (!byEnd) results.push(null);
    const error = state.error ??
      { code: "cancelled", message: `Item ${index} was cancelled` };
    errors.push({ index, error: errorValue(error) });
  }
  return completed({
    results,
    count: items!.size,
    ...(collect && { errors }),
  });
}
