// Web standards only.
import { cancelRun, editedOutputs, visitedAs } from "../engine/mod.ts";
import type { Changing, LogDraft, RunState } from "../engine/mod.ts";
import { canonicalJson, isTerminalStatus } from "../openwop/protocol/mod.ts";
import type {
  EventDraft,
  KnownRunEvent,
  RunEvent,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { eventIdAt } from "./ids.ts";
import { readLog } from "./run_log.ts";
import type { ReplayScope, RunRecord, Store } from "./store.ts";

type OutcomeEvent = KnownRunEvent<
  "node.completed" | "node.failed" | "node.cancelled"
>;
type AnswerEvent = KnownRunEvent<
  "approval.received" | "interrupt.resolved" | "node.resumed"
>;

/** What a source run recorded about its nodes, in the order in which it was recorded. */
export interface Recording {
  /** How each execution of a node ended. */
  readonly outcomes: ReadonlyMap<string, OutcomeEvent>;
  /** The executions that it came to, also those in which nothing was to be done. */
  readonly reached: ReadonlySet<string>;
  /** How its interrupts were answered after the part of the log that the replay has copied. */
  readonly answers: ReadonlyMap<string, readonly AnswerEvent[]>;
  /** What lifted the pause in which the part that the replay has copied ends. */
  readonly resumed?: KnownRunEvent<"run.resumed">;
  /** How it was ended from outside: it took longer than it may, where a replay has no time of its own, or was cancelled. */
  readonly stop?: KnownRunEvent<"cap.breached" | "run.cancelled">;
}

/** Reads what a replay repeats. */
export function readRecording(
  store: Store,
  { definition }: RunRecord,
  { runId, fromSeq, lastSequence }: ReplayScope,
): Promise<Recording> {
  const pages = readLog(store, runId, -1, lastSequence);
  return recordingOf(definition, pages, fromSeq);
}

/**
 * Reads the outcomes out of the log of a source run.
 *
 * @param definition What both run.
 * @param pages All of the log.
 * @param fromSeq Where the copied part ends.
 */
export async function recordingOf(
  definition: WorkflowDefinition,
  pages: AsyncIterable<readonly RunEvent[]>,
  fromSeq: number,
): Promise<Recording> {
  const outcomes = new Map<string, OutcomeEvent>();
  const reached = new Set<string>();
  const executionOf = countExecutions(definition);
  const answers = new Map<string, AnswerEvent[]>();
  const ends: Changing<Pick<Recording, "resumed" | "stop">> = {};
  let isPaused = false;
  const take = (event: RunEvent): void => {
    const isCopied = event.sequence < fromSeq;
    switch (event.type) {
      case "node.started":
      case "node.skipped":
        reached.add(executionOf(event));
        break;
      case "node.completed":
      case "node.failed":
      case "node.cancelled":
        outcomes.set(executionOf(event), event);
        break;
      case "log.appended":
        if (event.nodeId !== undefined) {
          const { nodeId, payload } = event;
          edit(outcomes, executionOf({ payload: { nodeId } }), payload);
        }
        break;
      case "run.paused":
        if (isCopied) isPaused = true;
        break;
      case "run.resumed":
        if (isCopied) isPaused = false;
        else if (isPaused) ends.resumed ??= event;
        break;
      case "cap.breached":
        if (event.payload.kind === "run-duration") ends.stop ??= event;
        break;
      case "compensation.requested":
        // It has what the end itself has.
        if (event.payload["cause"] === "cancelled") {
          ends.stop ??= event as KnownRunEvent as KnownRunEvent<
            "run.cancelled"
          >;
        }
        break;
      case "run.cancelled":
        ends.stop ??= event;
        break;
      case "approval.received":
      case "interrupt.resolved":
      case "node.resumed":
        if (!isCopied) push(answers, event.payload.nodeId, event);
    }
  };
  for await (const page of pages) {
    for (const event of page) take(event);
  }
  return { outcomes, reached, answers, ...ends };
}

/** What a replay appends next, given what an ordinary run would. */
export function replayed(
  { runId, definition }: RunRecord,
  state: RunState,
  drafts: readonly LogDraft[],
  recording: Recording,
): readonly LogDraft[] {
  const marked = markDivergence(
    definition,
    state,
    drafts,
    recording,
    (index) => eventIdAt(runId, state.lastSequence + 1 + index),
  );
  return marked.length > 0 ? marked : repeat(definition, state, recording);
}

/**
 * What a replay appends next, where an ordinary run would have code running, a timer ticking or a person asked: the
 * recorded outcome of the same execution. No effect happens again, no interrupt is raised again, and nothing is made up:
 * without a recorded outcome the node fails, or the replay is ended as its source was. Source: v2 §8.5.
 *
 * Of several nodes the one that ended first in the source goes first, so that two replays write the same log.
 */
export function repeat(
  definition: WorkflowDefinition,
  state: RunState,
  { outcomes, answers, resumed, stop }: Recording,
): readonly LogDraft[] {
  if (isTerminalStatus(state.status)) return [];
  const waiting = [...state.agenda.running, ...state.agenda.waiting];
  const executionOf = countExecutions(definition, state);
  let next: OutcomeEvent | undefined;
  for (const nodeId of waiting) {
    const outcome = outcomes.get(executionOf({ payload: { nodeId } }));
    if (outcome && (!next || outcome.sequence < next.sequence)) next = outcome;
  }
  const isNext = (event: RunEvent | undefined): boolean =>
    event !== undefined && (!next || event.sequence < next.sequence);
  if (state.paused && isNext(resumed)) {
    return [{ type: "run.resumed", payload: resumed!.payload }];
  }
  // A node that is cancelled was cut short by the cancellation of its run.
  const cut = next?.type === "node.cancelled" ? next : undefined;
  if (!state.ending && (cut || isNext(stop))) {
    if (stop?.type === "cap.breached") {
      return [{ type: stop.type, payload: stop.payload }];
    }
    const end: KnownRunEvent<"run.cancelled">["payload"] =
      (stop ?? cut!).payload;
    const { reason, cancelledBy: by, parentRunId } = end;
    return cancelRun(definition, state, { reason, by, parentRunId });
  }
  if (next === undefined) {
    // Behind what only stands for others.
    const missing = waiting.at(-1);
    if (state.paused || missing === undefined) return [];
    return [sourceMissing(missing)];
  }
  const { nodeId } = next.payload;
  return [...answersOf(state, answers.get(nodeId), next), {
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
 * @returns the events up to where the source was ended from outside: what it did not come to, a replay does not do.
 */
export function markDivergence(
  definition: WorkflowDefinition,
  state: RunState,
  drafts: readonly LogDraft[],
  { outcomes, reached, stop }: Recording,
  eventId: (index: number) => string,
): LogDraft[] {
  const marked: LogDraft[] = [];
  const executionOf = countExecutions(definition, state);
  const isStopped = stop !== undefined && !state.ending;
  for (const draft of drafts) {
    let diverged: EventDraft | undefined;
    switch (draft.type) {
      case "node.started":
      case "node.skipped":
        if (!reached.has(executionOf(draft)) && isStopped) return marked;
        break;
      case "node.completed":
      case "node.failed": {
        const original = outcomes.get(executionOf(draft));
        if (isStopped && (!original || original.type === "node.cancelled")) {
          return marked;
        }
        if (original === undefined || sameOutcome(original, draft)) break;
        const { nodeId } = draft.payload;
        diverged = {
          type: "replay.diverged",
          nodeId,
          payload: {
            originalEventId: original.eventId,
            replayEventId: eventId(marked.length),
            divergencePoint: nodeId,
          },
        };
        break;
      }
      case "run.completed":
      case "run.failed":
      case "compensation.requested":
        if (isStopped) return marked;
    }
    marked.push(draft);
    if (diverged) marked.push(diverged);
  }
  return marked;
}

/**
 * Names the execution of a node that an event belongs to: the same name in the log of a run and in that of its replay.
 * Must be asked about each that begins, in order.
 *
 * @param state What was begun before.
 */
function countExecutions(
  definition: WorkflowDefinition,
  state?: RunState,
): (event: {
  readonly type?: string;
  readonly payload: { readonly nodeId: string; readonly attempt?: number };
}) => string {
  const begun = new Map<string, number>();
  return ({ type, payload: { nodeId, attempt } }) => {
    const as = visitedAs(definition, nodeId);
    let visit = begun.get(as) ?? state?.nodes.get(as)?.visits ?? 0;
    if (as === nodeId && type === "node.skipped") visit++;
    if (as === nodeId && type === "node.started" && !attempt) {
      begun.set(as, ++visit);
    }
    return `${visit} ${nodeId}`;
  };
}

/** A question that the copied history left open is closed by the answers that it got after that. */
function answersOf(
  state: RunState,
  answers: readonly AnswerEvent[] = [],
  { sequence, payload: { nodeId } }: OutcomeEvent,
): LogDraft[] {
  if (state.nodes.get(nodeId)?.status !== "suspended") return [];
  return answers
    .filter((answer) => answer.sequence < sequence)
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
  outcomes: Map<string, OutcomeEvent>,
  execution: string,
  payload: KnownRunEvent<"log.appended">["payload"],
): void {
  const edited = editedOutputs(payload);
  const last = outcomes.get(execution);
  if (!edited || last?.type !== "node.completed") return;
  const outputs = { ...last.payload.outputs, ...edited };
  outcomes.set(execution, { ...last, payload: { ...last.payload, outputs } });
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
