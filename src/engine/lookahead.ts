// Web standards only.
import type {
  JsonObject,
  RunError,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { nextStep } from "./builtins.ts";
import { nextOfChild } from "./children.ts";
import { isAging } from "./channels.ts";
import { Draft } from "./draft.ts";
import { endingOf } from "./ending.ts";
import { apply } from "./fold.ts";
import { type GraphNode, graphOf } from "./graph.ts";
import { errorValue } from "./inputs.ts";
import { hasEnded } from "./joins.ts";
import { limitOf, nextOfEach } from "./loops.ts";
import { retryOf } from "./retries.ts";
import { refusal, type Step } from "./steps.ts";
import type { LogDraft, RunState } from "./types.ts";

/** Events of one batch. A long loop of built-in nodes takes several, so that the host stays responsive. */
const LONGEST_BATCH = 4_000;

/**
 * Events in the making, each derived from the state that the ones before it lead to: so one batch holds everything that
 * follows from a state, and nothing in it contradicts another.
 */
export class Lookahead {
  readonly events: LogDraft[] = [];
  /** Where the run will stand after {@linkcode Lookahead.events}. */
  readonly draft: Draft;
  readonly #at: string | undefined;
  #barrier = false;

  /** @param at When the events are going to be recorded, where that is known. */
  constructor(definition: WorkflowDefinition, state: RunState, at?: string) {
    this.draft = new Draft(graphOf(definition), state);
    this.#at = at;
  }

  /** What follows is for the next decision: it depends on when this one is recorded, or this one is long enough. */
  get full(): boolean {
    return this.#barrier || this.events.length >= LONGEST_BATCH;
  }

  append(event: LogDraft): void {
    apply(this.draft, event, this.#at);
    this.draft.lastSequence++;
    this.events.push(event);
    if (event.type === "channel.written") {
      this.#barrier ||= isAging(this.draft.graph, event.payload);
    }
  }

  /**
   * Starts a node that is due, unless the run has used up its starts: then it is going to end.
   *
   * @returns whether it was started.
   */
  start(node: GraphNode, attempt: number): boolean {
    const { draft } = this;
    const { id: nodeId } = node;
    const limit = this.#startsLeft();
    if (draft.executions >= limit && !node.undoes) {
      const payload = {
        kind: "node-executions",
        limit,
        observed: draft.executions + 1,
        nodeId,
      } as const;
      this.append({ type: "cap.breached", nodeId, payload });
      draft.ending ??= endingOf(payload);
      return false;
    }
    const { typeId } = node.node;
    this.append({
      type: "node.started",
      payload: { nodeId, typeId, attempt },
      nodeId,
    });
    return true;
  }

  #startsLeft(): number {
    const { configurable, limits } = this.draft.options;
    return Math.min(
      limitOf(configurable, "recursionLimit") ?? Infinity,
      limits?.maxNodeExecutions ?? Infinity,
    );
  }

  /** Brings a running node as far as events alone can: an answered one resumes, a built-in one may end. */
  advance(nodeId: string): void {
    const found = this.draft.find(nodeId);
    if (found?.state.status !== "running") return;
    if (this.draft.ending && !found.node.undoes) return;
    const { node, state } = found;
    if (state.cut && !this.draft.paused) {
      if (this.start(node, state.attempt + 1)) this.advance(nodeId);
      return;
    }
    if (state.retry) {
      if (state.retry.ms > 0 || this.draft.paused) return;
      if (this.start(node, state.attempt + 1)) this.advance(nodeId);
      return;
    }
    if (state.answer && !state.answer.resumed) {
      const { interruptId, value } = state.answer;
      this.append({
        type: "node.resumed",
        payload: { nodeId, interruptId, resumeValue: value },
        nodeId,
      });
    }
    if (node.role === "each") return this.#advanceItems(node);
    const step = node.role === "child"
      ? nextOfChild(node, state)
      : nextStep(node, state, this.draft);
    this.#take(node, step);
  }

  #advanceItems(node: GraphNode): void {
    for (;;) {
      const state = this.draft.stateOf(node);
      if (state.status !== "running" || this.full || this.draft.ending) return;
      const next = nextOfEach(node, state);
      if (next === undefined) return;
      if (next.kind !== "start") return this.#take(node, next);
      if (this.draft.paused) return;
      const item = this.draft.find(`${node.id}:${next.index}`);
      if (!item || !this.start(item.node, 0)) return;
      this.advance(item.node.id);
    }
  }

  #take(node: GraphNode, step: Step | undefined): void {
    if (step === undefined) return;
    const { id: nodeId } = node;
    if (step.kind === "complete") {
      for (const event of step.events ?? []) this.append(event);
      this.complete(node, step.outputs);
    } else if (step.kind === "fail") {
      for (const event of step.events ?? []) this.append(event);
      this.fail(nodeId, step.error);
    } else if (step.kind === "refuse") {
      this.fail(nodeId, refusal(nodeId, step));
    } else if (step.kind === "again") {
      const { round: attempt } = step;
      this.append({
        type: "node.retried",
        payload: { nodeId, attempt, delayMs: 0 },
        nodeId,
      });
    }
  }

  /** Ends a node well. */
  complete(
    { id: nodeId, undoes }: GraphNode,
    outputs: JsonObject,
    durationMs?: number,
  ): void {
    this.append({
      type: "node.completed",
      payload: {
        nodeId,
        outputs,
        ...(durationMs !== undefined && { durationMs }),
      },
      nodeId,
    });
    if (undoes) {
      this.append({
        type: "compensation.completed",
        payload: { nodeId: undoes.id },
        nodeId: undoes.id,
      });
    }
  }

  /** Ends an attempt that has failed: with another one to follow, or for good. */
  fail(nodeId: string, error: RunError): void {
    const found = this.draft.find(nodeId);
    if (!found || hasEnded(found.state.status)) return;
    const { node, state } = found;
    const delayMs = this.draft.ending && !node.undoes
      ? undefined
      : retryOf(node, state, error, this.draft.graph.definition);
    if (delayMs === undefined) {
      const attempts = state.attempt + 1;
      this.append({
        type: "node.failed",
        payload: { nodeId, error, attempts },
        nodeId,
      });
      if (node.undoes) {
        const { id } = node.undoes;
        this.append({
          type: "compensation.failed",
          payload: { nodeId: id, error: errorValue(error) },
          nodeId: id,
        });
      }
      return;
    }
    const attempt = state.attempt + 1;
    this.append({
      type: "node.retried",
      payload: { nodeId, attempt, delayMs, lastError: error },
      nodeId,
    });
    this.advance(nodeId);
  }
}
