// Web standards only.
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type { Draft } from "./draft.ts";
import { endWith } from "./ending.ts";
import { Lookahead } from "./lookahead.ts";
import { entriesOf } from "./roster.ts";
import type { Ending, LogDraft, RunState } from "./types.ts";

/** Why a run is cancelled, and by whom. */
export interface CancelOptions {
  /** In words. */
  readonly reason?: string | undefined;
  /** Subject id. */
  readonly by?: string | undefined;
  /** The run whose end takes this one along. */
  readonly parentRunId?: string | undefined;
}

/**
 * The events that end a run now: `node.cancelled` for everything that runs or waits, then `run.cancelled`, or
 * `compensation.requested` where something is to be undone before. Stopping the code of running nodes is for the host;
 * what it still gives is too late.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param options Why and by whom.
 * @returns The events to append together; none when the run has ended or is about to.
 */
export function cancelRun(
  definition: WorkflowDefinition,
  state: RunState,
  options: CancelOptions = {},
): readonly LogDraft[] {
  if (isTerminalStatus(state.status)) return [];
  // Half a cancel, as in a fork that was cut there, is completed; an end of another kind is not stopped.
  if (
    state.ending && (state.ending.undoing || state.ending.status === "failed")
  ) {
    return [];
  }
  const { reason, by, parentRunId } = options;
  const ahead = new Lookahead(definition, state);
  const ending: Ending = {
    status: "cancelled",
    ...(reason !== undefined && { reason }),
    ...(by !== undefined && { cancelledBy: by }),
    ...(parentRunId !== undefined && { parentRunId }),
  };
  cancelNodes(ahead, reason);
  ahead.append(endWith(ahead.draft, ending));
  return ahead.events;
}

/** Goes on towards an end that is decided: cancels what is under way, undoes what can be undone, ends. */
export function finish(ahead: Lookahead): void {
  const { draft } = ahead;
  const ending = draft.ending!;
  cancelNodes(
    ahead,
    ending.status === "cancelled" ? ending.reason : ending.error.code,
  );
  if (!ending.undoing) ahead.append(endWith(draft, ending));
  if (isTerminalStatus(draft.status)) return;
  while (!ahead.full) {
    const entry = draft.undo.at(-1);
    if (entry === undefined) {
      return ahead.append(endWith(draft, draft.ending!));
    }
    const node = draft.graph.undoing.get(entry.nodeId)!;
    const { status } = draft.stateOf(node);
    if (status !== "running" && status !== "suspended") {
      ahead.append({
        type: "compensation.started",
        nodeId: entry.nodeId,
        payload: { nodeId: entry.nodeId, by: node.id },
      });
      ahead.start(node, 0);
    }
    const left = draft.undo.length;
    ahead.advance(node.id);
    if (draft.undo.length === left) return;
  }
}

/** Nodes before their items: so that a log which is cut in between still tells a cancelled run. */
function cancelNodes(ahead: Lookahead, reason: string | undefined): void {
  for (const nodeId of openNodes(ahead.draft)) {
    ahead.append({
      type: "node.cancelled",
      payload: { nodeId, ...(reason !== undefined && { reason }) },
      nodeId,
    });
  }
}

function openNodes(draft: Draft): readonly string[] {
  const open = [
    ...entriesOf(draft.running.chunks),
    ...entriesOf(draft.waiting.chunks),
  ].map(({ node }) => node).filter((node) => !node.undoes);
  const place = ({ position }: { readonly position: number }): number =>
    position < 0 ? Infinity : position;
  return open.sort((a, b) =>
    place(a) === place(b)
      ? (a.item?.index ?? 0) - (b.item?.index ?? 0)
      : place(a) - place(b)
  ).map(({ id }) => id);
}
