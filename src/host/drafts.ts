// Web standards only.
import { fold, plan } from "../engine/mod.ts";
import type { LogDraft, Plan, RunState } from "../engine/mod.ts";
import { Unkeepable } from "./again.ts";
import { interruptIdAt } from "./ids.ts";
import { firstState, runStarted, stamp } from "./run_log.ts";
import type { Growth, RunView } from "./run_view.ts";
import type { RunRecord } from "./store.ts";

/** What is to be appended, and how far of it the state is known that it leads to. */
export interface Proposal {
  /** In the order of the log. */
  readonly drafts: readonly LogDraft[];
  /** After the first few of them, or all, recorded at the moment that was given. */
  readonly state: RunState;
}

/**
 * The log of a new run up to its first decision. That of a replay is made with its recording at hand, and that of a child
 * once its parent knows of it.
 */
export function begin(record: RunRecord, now: number): Growth {
  const empty = firstState(record);
  const started = [runStarted(record)];
  const { drafts, state } = record.caller
    ? { drafts: started, state: empty }
    : withConsequences({ record, state: empty }, started, now);
  const events = stamp(record, -1, drafts, now);
  return { events, state: fold(record.definition, state, events) };
}

/**
 * Drafts, and behind them all that follows from them without anybody's help, so that both are kept at once. What follows
 * in a replay is compared with its recording first.
 *
 * @param now When they are going to be recorded.
 */
export function withConsequences(
  { record, state }: RunView,
  first: readonly LogDraft[],
  now: number,
): Proposal {
  if (record.replay) return { drafts: first, state };
  const at = new Date(now).toISOString();
  const next = plan(record.definition, state, first, at);
  const drafts = draftsOf({ record, state }, next);
  return { drafts, state: next.state ?? state };
}

/** The end of a run that cannot be moved on. */
export function givenUp(error: unknown): LogDraft {
  const [code, message] = error instanceof Unkeepable
    ? ["persistence_failed", "the store cannot keep what was to be recorded"]
    : ["internal_error", "the host could not move the run on"];
  return { type: "run.failed", payload: { error: { code, message } } };
}

/** What a plan wants appended, with the ids that only the host can give. */
export function draftsOf(
  { record, state }: RunView,
  { events, questions }: Plan,
): readonly LogDraft[] {
  if (questions.length === 0) return events;
  const drafts = [...events];
  for (const { nodeId, payload, asked } of questions) {
    // A fork may have cut the log between the two: then only the second is missing.
    if (!asked) drafts.push({ type: "interrupt.requested", nodeId, payload });
    const sequence = state.lastSequence + 1 + drafts.length;
    const interruptId = interruptIdAt(record.runId, sequence);
    const { kind, key } = payload;
    drafts.push({
      type: "node.suspended",
      nodeId,
      payload: { nodeId, interruptId, kind, key },
    });
  }
  return drafts;
}
