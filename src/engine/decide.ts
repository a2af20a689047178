// Web standards only.
import type {
  InterruptPayload,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { settle } from "./approvals.ts";
import { nextStep } from "./builtins.ts";
import { finish } from "./cancel.ts";
import { childOf } from "./children.ts";
import type { Draft } from "./draft.ts";
import { endWith } from "./ending.ts";
import type { GraphNode } from "./graph.ts";
import { approvalResolved } from "./interrupts.ts";
import { verdict } from "./joins.ts";
import { Lookahead } from "./lookahead.ts";
import { outcome } from "./outcome.ts";
import type { Chunk, Entry, RosterEdit } from "./roster.ts";
import type { Step } from "./steps.ts";
import { timerOf, timerOfRun } from "./timers.ts";
import type {
  AppendCommand,
  ChildCommand,
  Command,
  LogDraft,
  NodeState,
  RunCommand,
  RunState,
  SuspendCommand,
  WaitCommand,
} from "./types.ts";

/** What follows from where a run stands. */
export interface Plan {
  /** To be appended first. */
  readonly events: readonly LogDraft[];
  /** To be asked after that. */
  readonly questions: readonly SuspendCommand[];
  /**
   * What should be under way: the `run`, `child` and `wait` commands, in parts. A part that is the same object as in an
   * earlier plan holds the same commands, so that a wide run costs what has changed in it.
   */
  readonly work: readonly WorkPart[];
  /** Only where it is known when the events are recorded: where the run stands after them, as a fold of them would tell. */
  readonly state?: RunState;
}

/** Some of what should be under way. */
export type WorkPart = readonly (RunCommand | ChildCommand | WaitCommand)[];

/**
 * What is to be done next, as one list: the events, the questions, and what should be under way.
 *
 * Cost: that of {@linkcode plan}, and the length of the list.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 */
export function decide(
  definition: WorkflowDefinition,
  state: RunState,
): readonly Command[] {
  const { events, questions, work } = plan(definition, state);
  const commands: readonly Command[] = events.map(append);
  return commands.concat(questions, ...work);
}

/**
 * What is to be done next: a function of the log alone, so a host that lost its memory gets the same answer.
 *
 * One call gives all events that follow from the state without anybody's help (skips and built-in nodes included, through
 * the whole graph, up to the end of the run), then the questions to ask, then everything that should be under way.
 * Once a host has appended and asked, the next call gives only `run`, `child` and `wait` commands, until something
 * happens. A node that a batch itself starts gets its command from the next call. Two things are left for the next call
 * as well: what follows from a write whose time counts, and the rest of a very long batch; so a host asks until there is
 * nothing more to append.
 *
 * Cost: what is due and what has changed, a little of what runs and waits, not the size of the definition; the size of
 * the definition when a run ends.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param first What has just happened and is to be appended too, in front of what follows from it.
 * @param at When all of it is going to be recorded, ISO 8601, where that is known.
 * @returns Only `first` before `run.started`, after the end of the run, and while only people can go on.
 */
export function plan(
  definition: WorkflowDefinition,
  state: RunState,
  first: readonly LogDraft[] = [],
  at?: string,
): Plan {
  const ahead = new Lookahead(definition, state, at);
  const { draft, events } = ahead;
  for (const event of first) ahead.append(event);
  const rests = draft.status === "pending" || isTerminalStatus(draft.status) ||
    draft.paused && !draft.paused.drain && !draft.ending;
  if (!rests && !draft.ending) moveOn(ahead);
  // The log ends on the way to the end of the run, or this decision has brought it there.
  if (!rests && draft.ending) finish(ahead);
  const { questions, work } = rests ? nothing : underWay(definition, draft);
  if (at === undefined) return { events, questions, work };
  return { events, questions, work, state: draft.done() };
}

const nothing: Pick<Plan, "questions" | "work"> = { questions: [], work: [] };

function moveOn(ahead: Lookahead): void {
  const { draft } = ahead;
  for (const { node } of newsOf(draft.waiting)) closeVote(ahead, node.id);
  advanceAll(ahead);
  while (draft.due.size > 0 && !draft.paused && !draft.ending && !ahead.full) {
    // In the order of the definition, so that a log does not depend on who became due first.
    for (const node of draft.due.nodes()) {
      if (draft.ending || ahead.full) return;
      if (draft.due.has(node)) begin(ahead, node);
    }
  }
  if (
    draft.due.size > 0 || draft.running.size > 0 || draft.waiting.size > 0 ||
    draft.ending || ahead.full
  ) return;
  // Only a resume or a cancel leaves `paused` (v2 §8.4).
  if (draft.paused) return;
  const end = outcome(draft.graph, draft.stateOf);
  if (end.status === "completed") ahead.append(end.event);
  else ahead.append(endWith(draft, end));
}

/** Those that stand for others come last: what the others have come to counts for them. */
function advanceAll(ahead: Lookahead): void {
  const containers: string[] = [];
  for (const { node } of newsOf(ahead.draft.running)) {
    if (node.role === "each") containers.push(node.id);
    else ahead.advance(node.id);
  }
  for (const id of containers) ahead.advance(id);
}

/** Those that are not known to wait for somebody else. */
function newsOf(roster: RosterEdit): readonly Entry[] {
  const news: Entry[] = [];
  for (const chunk of roster.chunks) {
    if (restingChunks.has(chunk)) continue;
    for (const entry of chunk) {
      if (entry && !resting.has(entry.state)) news.push(entry);
    }
  }
  return news;
}

function append(event: LogDraft): AppendCommand {
  return { kind: "append", event };
}

function begin(ahead: Lookahead, node: GraphNode): void {
  const { id: nodeId, node: { disabled } } = node;
  if (verdict(node, ahead.draft.stateOf) === "run") {
    // A loop begins a round where the one before has ended: its number is its attempt.
    const { attempt } = ahead.draft.stateOf(node);
    if (ahead.start(node, attempt)) ahead.advance(nodeId);
  } else {
    const reason = disabled ? "disabled" : "trigger-rule";
    ahead.append({ type: "node.skipped", payload: { nodeId, reason }, nodeId });
  }
}

/** The log ends between the deciding vote and the end of the question, as in a fork that was cut there. */
function closeVote(ahead: Lookahead, nodeId: string): void {
  const interrupt = ahead.draft.find(nodeId)?.state.interrupt;
  if (interrupt?.payload.kind !== "approval" || interrupt.votes.length === 0) {
    return;
  }
  const resolution = settle(interrupt.payload.data, interrupt.votes);
  if (resolution) {
    ahead.append(approvalResolved(nodeId, interrupt.interruptId, resolution));
  }
}

function underWay(
  definition: WorkflowDefinition,
  draft: Draft,
): Pick<Plan, "questions" | "work"> {
  const questions: SuspendCommand[] = [];
  const work: WorkPart[] = [];
  for (const roster of [draft.running, draft.waiting]) {
    for (const chunk of roster.chunks) {
      const known = draft.ending ? undefined : restingChunks.get(chunk);
      work.push(
        known ?? lookAt(chunk, draft, roster.isOwn(chunk), questions),
      );
    }
  }
  const whole = timerOfRun(definition, draft);
  if (whole && !isTerminalStatus(draft.status)) work.push([whole]);
  return { questions, work };
}

/**
 * What should be under way for a part of a roster.
 *
 * @param isOpen Whether it may still change.
 * @param questions Takes what is to be asked.
 */
function lookAt(
  chunk: Chunk,
  draft: Draft,
  isOpen: boolean,
  questions: SuspendCommand[],
): WorkPart {
  const work: (RunCommand | ChildCommand | WaitCommand)[] = [];
  let isResting = !isOpen && !draft.ending;
  for (const entry of chunk) {
    if (!entry || (draft.ending && !entry.node.undoes)) continue;
    const { node, state } = entry;
    let commands = resting.get(state);
    if (!commands) {
      const step = state.status === "running"
        ? nextStep(node, state, draft)
        : undefined;
      const payload = step?.kind === "ask"
        ? step.payload
        : askedBy(entry, step);
      if (payload) {
        const asked = state.asked && { asked: true as const };
        questions.push({ kind: "suspend", nodeId: node.id, payload, ...asked });
        isResting = false;
        continue;
      }
      commands = commandsOf(entry, step, draft);
      if (rests(entry, step)) resting.set(state, commands);
      else isResting = false;
    }
    for (const command of commands) work.push(command);
  }
  if (isResting) restingChunks.set(chunk, work);
  return work;
}

/** A question that code has asked, where the log ends between its two events. */
function askedBy(
  { state }: Entry,
  step: Step | undefined,
): InterruptPayload | undefined {
  const { retry, cut, asked } = state;
  return step || retry || cut || isNews(state) ? undefined : asked?.payload;
}

/** What should be under way for a node that does not ask. */
function commandsOf(
  { node, state }: Entry,
  step: Step | undefined,
  draft: Draft,
): WorkPart {
  const commands: (RunCommand | ChildCommand | WaitCommand)[] = [];
  const { status, retry, cut } = state;
  if (status === "running" && !step && !retry && !cut && !isNews(state)) {
    const command = node.role === "child"
      ? childOf(node, state)
      : node.role === "each"
      ? undefined
      : runOf(node, state);
    if (command) commands.push(command);
  }
  const timer = timerOf(node, state, draft);
  if (timer) commands.push(timer);
  return commands;
}

/**
 * Whether a node stays as it is until something happens to it: it has what it needs, and nothing that others do changes
 * that. Only its own state may tell.
 */
function rests({ node, state }: Entry, step: Step | undefined): boolean {
  const { status, startedAt, retry, cut, interrupt } = state;
  if (status === "suspended") {
    // Its votes have been counted before.
    return interrupt !== undefined;
  }
  if (startedAt === undefined || retry || cut || isNews(state)) return false;
  return step?.kind === "wait" || !step && node.role !== "each";
}

/** An answer that its code has not been told of: the next decision does that. */
function isNews({ answer }: NodeState): boolean {
  return answer !== undefined && !answer.resumed;
}

/**
 * What is under way for a node that rests, and for a part of a roster where all do: found once for each of its states, so
 * that a wide fan does not make a thousand commands per event.
 */
const resting = new WeakMap<NodeState, WorkPart>();
const restingChunks = new WeakMap<Chunk, WorkPart>();

function runOf(node: GraphNode, state: NodeState): RunCommand | undefined {
  if (state.startedAt === undefined) return undefined;
  return {
    kind: "run",
    nodeId: node.id,
    typeId: node.node.typeId,
    visit: state.visits,
    attempt: state.attempt,
    inputs: state.inputs ?? {},
    config: node.node.config,
    ...(state.answers && { answers: state.answers }),
  };
}
