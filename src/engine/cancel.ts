// Web standards only.
import type {
  EventDraft,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { graphOf } from "./graph.ts";
import type { RunState } from "./types.ts";

/** Why a run is cancelled, and by whom. */
export interface CancelOptions {
  /** In words. */
  readonly reason?: string;
  /** Subject id. */
  readonly by?: string;
}

/**
 * The events that end a run now: `node.cancelled` for everything that runs or waits, then `run.cancelled`. Stopping the
 * code of running nodes is for the host; what it still gives is too late.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param options Why and by whom.
 * @returns The events to append together; none when the run has ended.
 */
export function cancelRun(
  definition: WorkflowDefinition,
  state: RunState,
  options: CancelOptions = {},
): readonly EventDraft[] {
  if (isTerminalStatus(state.status)) return [];
  const { reason, by } = options;
  const why = reason === undefined ? {} : { reason };
  const { running, waiting } = state.agenda;
  const open = graphOf(definition).nodes.filter(({ id }) =>
    running.has(id) || waiting.has(id)
  );
  return [
    ...open.map(({ id: nodeId }): EventDraft => ({
      type: "node.cancelled",
      payload: { nodeId, ...why },
      nodeId,
    })),
    {
      type: "run.cancelled",
      payload: { ...why, ...(by !== undefined && { cancelledBy: by }) },
    },
  ];
}
