// Web standards only.
import type {
  EventDraft,
  InterruptPayload,
  JsonObject,
  RunError,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { Draft } from "./draft.ts";
import { graphOf } from "./graph.ts";
import { Lookahead } from "./lookahead.ts";
import { questionOfInterrupt } from "./questions.ts";
import { refusal } from "./steps.ts";
import type { LogDraft, RunState } from "./types.ts";

/** How an execution of the code of a node has ended. */
export type WorkEnd = Extract<
  EventDraft,
  { readonly type: "node.completed" | "node.failed" }
>;

/**
 * What is to be recorded when the code of a node has ended: the end itself, or `node.retried` where another attempt
 * follows.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param end What became of the `run` command.
 * @returns Nothing where nobody waits for it any more.
 */
export function workEnded(
  definition: WorkflowDefinition,
  state: RunState,
  end: WorkEnd,
): readonly LogDraft[] {
  const { nodeId } = end.payload;
  const ahead = new Lookahead(definition, state);
  const found = ahead.draft.find(nodeId);
  if (found?.state.status !== "running") return [];
  if (end.type === "node.failed") ahead.fail(nodeId, end.payload.error);
  else {
    const { outputs = {}, durationMs } = end.payload;
    ahead.complete(found.node, outputs, durationMs);
  }
  return ahead.events;
}

/** A question that code asks, before it has its frame. */
export interface StepQuestion {
  /** Tells it from the other questions of the same execution. */
  readonly name: string;
  /** `approval`, `clarification`, `external-event` or `custom`. */
  readonly kind: string;
  /** Shaped by the kind. */
  readonly data: JsonObject;
  /** JSON Schema of the answer. */
  readonly resumeSchema?: JsonObject;
  /** After this time it is answered with a rejection. */
  readonly timeoutMs?: number;
}

/** The key of a question that code asks: the same for every attempt of one visit. Source: v2 §9.1. */
export function stepQuestionKey(
  state: RunState,
  nodeId: string,
  name: string,
): string {
  return `${nodeId}:${state.nodes.get(nodeId)?.visits ?? 1}:${name}`;
}

/**
 * The question of a step in the form in which it is asked, or what is wrong with it.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param nodeId The node whose code asks.
 * @param question What it asks.
 */
export function questionOfStep(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string,
  { name, ...config }: StepQuestion,
): InterruptPayload | RunError {
  const scope = new Draft(graphOf(definition), state);
  const found = scope.find(nodeId);
  if (!found) {
    return { code: "not_found", message: `There is no node "${nodeId}"` };
  }
  const node = {
    ...found.node,
    // Interfaces have no index signature; all of their members here are JSON.
    node: { ...found.node.node, config: config as unknown as JsonObject },
  };
  const framed = questionOfInterrupt({
    node,
    state: found.state,
    inputs: {},
    scope,
  });
  return typeof framed === "string"
    ? refusal(nodeId, { problem: framed })
    : { ...framed, key: stepQuestionKey(state, nodeId, name) };
}
