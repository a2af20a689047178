// Web standards only.
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { graphOf } from "./graph.ts";
import type { LogDraft, RunState } from "./types.ts";

/** How a run is paused. Source: v2 §8.4. */
export interface PauseOptions {
  /** Whether what is under way may end before, or is cut. @default "drain-current-node" */
  readonly drainPolicy?: "drain-current-node" | "immediate";
  /** In words. */
  readonly reason?: string;
}

/**
 * The event that pauses a run. Nothing new is started then; with `immediate`, what is under way is cut and started anew
 * after the pause, as another attempt of the same execution. The time of delays, deadlines and limits goes on.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param options How.
 * @returns Nothing when the run is paused already, has not begun, has ended or is about to.
 */
export function pauseRun(
  definition: WorkflowDefinition,
  state: RunState,
  { drainPolicy = "drain-current-node", reason }: PauseOptions = {},
): readonly LogDraft[] {
  if (
    isTerminalStatus(state.status) || state.status === "pending" ||
    state.paused || state.ending
  ) return [];
  const cut = drainPolicy === "immediate"
    ? firstPlain(definition, state)
    : undefined;
  return [{
    type: "run.paused",
    payload: {
      ...(reason !== undefined && { reason }),
      drainPolicy,
      ...(cut !== undefined && {
        interruptedNodeId: cut,
        interruptedAttempt: state.nodes.get(cut)!.attempt,
      }),
    },
  }];
}

/** The node that has run code for longest. */
function firstPlain(
  definition: WorkflowDefinition,
  { agenda }: RunState,
): string | undefined {
  const { byId } = graphOf(definition);
  for (const id of agenda.running) {
    if (byId.get(id)?.role === "plain") return id;
  }
  return undefined;
}

/**
 * The event that lifts a pause.
 *
 * @param state Where the run stands now.
 * @returns Nothing when the run is not paused.
 */
export function resumeRun(state: RunState): readonly LogDraft[] {
  return state.paused && !isTerminalStatus(state.status)
    ? [{ type: "run.resumed", payload: {} }]
    : [];
}
