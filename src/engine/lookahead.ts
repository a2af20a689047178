// Web standards only.
import type {
  EventDraft,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { nextStep } from "./builtins.ts";
import { Draft } from "./draft.ts";
import { apply } from "./fold.ts";
import { graphOf } from "./graph.ts";
import type { RunState } from "./types.ts";

/**
 * Events in the making, each derived from the state that the ones before it lead to: so one batch holds everything that
 * follows from a state, and nothing in it contradicts another.
 */
export class Lookahead {
  readonly events: EventDraft[] = [];
  /** Where the run will stand after {@linkcode Lookahead.events}. */
  readonly draft: Draft;

  constructor(definition: WorkflowDefinition, state: RunState) {
    this.draft = new Draft(graphOf(definition), state);
  }

  append(event: EventDraft): void {
    apply(this.draft, event);
    this.events.push(event);
  }

  /** Brings a running node as far as events alone can: an answered one resumes, a built-in one may end. */
  advance(nodeId: string): void {
    const found = this.draft.find(nodeId);
    if (found?.state.status !== "running") return;
    const { node, state } = found;
    if (state.answer && !state.answer.resumed) {
      const { interruptId, value } = state.answer;
      this.append({
        type: "node.resumed",
        payload: { nodeId, interruptId, resumeValue: value },
        nodeId,
      });
    }
    const step = nextStep(node, state);
    if (step?.kind === "complete") {
      const { outputs } = step;
      this.append({
        type: "node.completed",
        payload: { nodeId, outputs },
        nodeId,
      });
    } else if (step?.kind === "fail") {
      this.append({
        type: "node.failed",
        payload: { nodeId, error: step.error, attempts: state.attempt + 1 },
        nodeId,
      });
    }
  }
}
