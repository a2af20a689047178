// Web standards only.
import { cancelRun, editedOutputs } from "../engine/mod.ts";
import type { Command, LogDraft, RunState } from "../engine/mod.ts";
import { canonicalJson } from "../openwop/protocol/mod.ts";
import type {
  EventDraft,
  KnownRunEvent,
  RunEvent,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { readLog } from "./run_log.ts";
import type { ReplayScope, Store } from "./store.ts";

type OutcomeEvent = KnownRunEvent<
  "node.completed" | "node.failed" | "node.cancelled"
>;
type AnswerEvent = KnownRunEvent<
  "approval.received" | "interrupt.resolved" | "node.resumed"
>;

/** What a source run recorded about its nodes, in the order in which it was recorded. */
export interface Recording {
  /** The n-th outcome of a node stands at index n - 1. */
  readonly outcomes: ReadonlyMap<string, readonly OutcomeEvent[]>;
  /** How its interrupts were answered after the part of the log that the replay has copied. */
  readonly answers: ReadonlyMap<string, readonly AnswerEvent[]>;
  /** When the source took longer than it may: a replay has no time of its own. */
  readonly breach?: KnownRunEvent<"cap.breached">;
}

/** Reads what a replay repeats. */
export async function readRecording(
  store: Store,
  { runId, fromSeq, lastSequence }: ReplayScope,
): Promise<Recording> {
  const events: RunEvent[] = [];
  for await (const page of readLog(store, runId, -1, lastSequence)) {
    for (const event of page) events.push(event);
  }
  return recordingOf(events, fromSeq);
}

/**
 * Reads the outcomes out of the log of a source run.
 *
 * @param fromSeq Where the copied part ends.
 */
export function recordingOf(
  events: Iterable<RunEvent>,
  fromSeq: number,
): Recording {
  const outcomes = new Map<string, OutcomeEvent[]>();
  const answers = new Map<string, AnswerEvent[]>();
  let breach: KnownRunEvent<"cap.breached"> | undefined;
  for (const event of events) {
    switch (event.type) {
      case "node.completed":
      case "node.failed":
      case "node.cancelled":
        push(outcomes, event.payload.nodeId, event);
        break;
      case "log.appended":
        edit(outcomes, event);
        break;
      case "cap.breached":
        if (event.payload.kind === "run-duration") breach = event;
        break;
      case "approval.received":
      case "interrupt.resolved":
      case "node.resumed":
        if (event.sequence < fromSeq) break;
        push(answers, event.payload.nodeId, event);
    }
  }
  return { outcomes, answers, ...(breach && { breach }) };
}

/**
 * What a replay appends next, where an ordinary run would have code running, a timer ticking or a person asked: the
 * recorded outcome of the same execution. No effect happens again, no interrupt is raised again, and nothing is made up:
 * without a recorded outcome the node fails. Source: v2 §8.5.
 *
 * Of several nodes the one that ended first in the source goes first, so that two replays write the same log.
 */
export function repeat(
  definition: WorkflowDefinition,
  state: RunState,
  commands: readonly Command[],
  recording: Recording,
): readonly LogDraft[] {
  const waiting = waitingNodes(state, commands);
  let next: OutcomeEvent | undefined;
  for (const [nodeId, visit] of waiting) {
    const outcome = recording.outcomes.get(nodeId)?.[visit - 1];
    if (outcome && (!next || outcome.sequence < next.sequence)) next = outcome;
  }
  const { breach } = recording;
  if (
    breach && !state.ending && (!next || breach.sequence < next.sequence)
  ) return [{ type: "cap.breached", payload: breach.payload }];
  if (next === undefined) {
    const [missing] = waiting.keys();
    return missing === undefined ? [] : [sourceMissing(missing)];
  }
  // The node was cut short by the cancellation of its run, which ends the replay in the same way.
  if (next.type === "node.cancelled") {
    return cancelRun(definition, state, {
      ...(next.payload.reason !== undefined && { reason: next.payload.reason }),
    });
  }
  const { nodeId } = next.payload;
  return [...answersOf(state, recording, next), {
    type: next.type,
    nodeId,
    payload: next.payload,
  } as EventDraft];
}

/**
 * Compares what the engine performed by itself with what it did in the source, and puts a `replay.diverged` behind
 * each difference. It can only come from a newer engine.
 *
 * @param eventId Gives the id that the event after `index` others of this batch will have.
 */
export function markDivergence(
  state: RunState,
  drafts: readonly LogDraft[],
  recording: Recording,
  eventId: (index: number) => string,
): LogDraft[] {
  const marked: LogDraft[] = [];
  const started = new Map<string, number>();
  for (const draft of drafts) {
    const index = marked.push(draft) - 1;
    if (draft.type === "node.started" && !draft.payload.attempt) {
      const { nodeId } = draft.payload;
      started.set(nodeId, (started.get(nodeId) ?? 0) + 1);
    }
    if (draft.type !== "node.completed" && draft.type !== "node.failed") {
      continue;
    }
    const { nodeId } = draft.payload;
    const visit = (state.nodes.get(nodeId)?.visits ?? 0) +
      (started.get(nodeId) ?? 0);
    const original = recording.outcomes.get(nodeId)?.[visit - 1];
    if (original === undefined || sameOutcome(original, draft)) continue;
    marked.push({
      type: "replay.diverged",
      nodeId,
      payload: {
        originalEventId: original.eventId,
        replayEventId: eventId(index),
        divergencePoint: nodeId,
      },
    });
  }
  return marked;
}

/** Nodes that would wait for code, a timer or an answer, with the number of the execution. */
function waitingNodes(
  state: RunState,
  commands: readonly Command[],
): Map<string, number> {
  const waiting = new Map<string, number>();
  const visitOf = (nodeId: string) => state.nodes.get(nodeId)?.visits ?? 1;
  for (const command of commands) {
    if (command.kind !== "append" && command.nodeId !== undefined) {
      waiting.set(command.nodeId, visitOf(command.nodeId));
    }
  }
  for (const nodeId of state.agenda.waiting) {
    waiting.set(nodeId, visitOf(nodeId));
  }
  return waiting;
}

/** A question that the copied history left open is closed by the answers that it got after that. */
function answersOf(
  state: RunState,
  recording: Recording,
  outcome: OutcomeEvent,
): LogDraft[] {
  const { nodeId } = outcome.payload;
  if (state.nodes.get(nodeId)?.status !== "suspended") return [];
  return (recording.answers.get(nodeId) ?? [])
    .filter((answer) => answer.sequence < outcome.sequence)
    .map(({ type, payload }) => ({ type, nodeId, payload }) as EventDraft);
}

function sameOutcome(a: OutcomeEvent, b: EventDraft): boolean {
  const essence = ({ type, payload }: OutcomeEvent | EventDraft) =>
    canonicalJson([
      type,
      "outputs" in payload ? payload.outputs : null,
      "error" in payload ? payload.error : null,
    ]);
  return essence(a) === essence(b);
}

function sourceMissing(nodeId: string): EventDraft {
  return {
    type: "node.failed",
    nodeId,
    payload: {
      nodeId,
      error: {
        code: "replay_source_missing",
        message:
          `Cannot replay node "${nodeId}": the source run recorded no outcome for this execution`,
      },
    },
  };
}

/** A fork that wrote over an outcome is repeated as it went on. */
function edit(
  outcomes: ReadonlyMap<string, OutcomeEvent[]>,
  { nodeId, payload }: KnownRunEvent<"log.appended">,
): void {
  const edited = editedOutputs(payload);
  const list = nodeId === undefined ? undefined : outcomes.get(nodeId);
  const last = list?.at(-1);
  if (!edited || !list || last?.type !== "node.completed") return;
  const outputs = { ...last.payload.outputs, ...edited };
  list[list.length - 1] = { ...last, payload: { ...last.payload, outputs } };
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
