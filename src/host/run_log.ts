// Web standards only.
import { fold, initialState } from "../engine/mod.ts";
import type { LogDraft, RunState } from "../engine/mod.ts";
import { canonicalJson, isTerminalEvent } from "../openwop/protocol/mod.ts";
import type {
  EventDraft,
  KnownRunEvent,
  RunEvent,
} from "../openwop/protocol/mod.ts";
import { nextTurn, ofStore } from "./again.ts";
import { eventIdAt } from "./ids.ts";
import { RUN_DEFAULTS } from "./limits.ts";
import type { RunRecord, Store } from "./store.ts";

/** Events per read of a log. Bounds what a reader holds at once. */
export const PAGE = 256;

/** Version of the payloads that this host writes. */
const schemaVersion = 1;

/**
 * Turns drafts into events that follow `after`: ids, one time for all of them, sequences without a gap.
 *
 * @param now Milliseconds since the epoch.
 */
export function stamp(
  record: RunRecord,
  after: number,
  drafts: readonly LogDraft[],
  now: number,
): RunEvent[] {
  const timestamp = new Date(now).toISOString();
  const { runId, createdAt } = record;
  return drafts.map((draft, index) => {
    const sequence = after + 1 + index;
    const eventId = eventIdAt(runId, sequence);
    const type = draft.type === "unknown" ? draft.wireType : draft.type;
    const nodeId = draft.nodeId ?? nodeIdOf(draft.payload);
    const payload = payloadOf(draft, timestamp, now - createdAt);
    const event = nodeId === undefined
      ? { eventId, runId, type, timestamp, sequence, schemaVersion, payload }
      : {
        eventId,
        runId,
        type,
        nodeId,
        timestamp,
        sequence,
        schemaVersion,
        payload,
      };
    return event as KnownRunEvent;
  });
}

function nodeIdOf(payload: object): string | undefined {
  return "nodeId" in payload && typeof payload.nodeId === "string"
    ? payload.nodeId
    : undefined;
}

/** The engine has no clock, so when and how long is added here. */
function payloadOf(draft: LogDraft, now: string, tookMs: number): object {
  if (isTerminalEvent(draft.type)) {
    return { ...draft.payload, durationMs: Math.max(0, tookMs) };
  }
  return draft.type === "channel.written"
    ? { ...draft.payload, writtenAt: now }
    : draft.payload;
}

/** The state of a run before its first event. */
export function firstState(
  { definition, configurable, limits }: RunRecord,
): RunState {
  return initialState(definition, {
    ...(configurable !== undefined && { configurable }),
    limits: limits === undefined
      ? RUN_DEFAULTS
      : { ...RUN_DEFAULTS, ...limits },
  });
}

/** The first event of a run that is no fork, or forked before its first event. */
export function runStarted(record: RunRecord): EventDraft {
  return {
    type: "run.started",
    payload: {
      workflowId: record.definition.id,
      inputs: record.inputs ?? {},
      transport: "rest",
      owner: record.owner,
      ...(record.tags !== undefined && { tags: record.tags }),
      ...(record.metadata !== undefined && { metadata: record.metadata }),
    },
  };
}

/** Reads a log from after `after` to its end, or to `last`, a page at a time. */
export async function* readLog(
  store: Store,
  runId: string,
  after: number,
  last: number = Infinity,
): AsyncGenerator<readonly RunEvent[], void, undefined> {
  for (let cursor = after, pages = 1; cursor < last; pages++) {
    // Of a long log not all is read before others have their turn.
    if (pages % 16 === 0) await nextTurn();
    const limit = Math.min(PAGE, last - cursor);
    let page: readonly RunEvent[];
    try {
      page = await store.readEvents(runId, cursor, limit);
    } catch (error) {
      throw ofStore(error);
    }
    const end = page.at(-1);
    if (end === undefined) return;
    cursor = end.sequence;
    yield page;
  }
}

/** Folds what the store has beyond `state`, or everything when there is no state yet. */
export async function foldLog(
  store: Store,
  record: RunRecord,
  state: RunState = firstState(record),
  last: number = Infinity,
): Promise<RunState> {
  for await (
    const page of readLog(store, record.runId, state.lastSequence, last)
  ) state = fold(record.definition, state, page);
  return state;
}

/** Whether a store has these events, though it failed when it was to append them: all that was lost may be its answer. */
export async function hasKept(
  store: Store,
  events: readonly RunEvent[],
): Promise<boolean> {
  const { runId, sequence } = events[0]!;
  try {
    const there = await store.readEvents(runId, sequence - 1, events.length);
    return canonicalJson(there) === canonicalJson(events);
  } catch {
    // Then nobody knows; the failure from before is told.
    return false;
  }
}
