// Web standards only.
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
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
import { timerOf, timerOfRun } from "./timers.ts";
import type {
  AppendCommand,
  Command,
  LogDraft,
  NodeState,
  RunCommand,
  RunState,
  SuspendCommand,
} from "./types.ts";

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
 * Cost: what is due, running and waiting, not the size of the definition; the size of the definition when a run ends.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @returns Nothing before `run.started`, after the end of the run, and while only people can go on.
 */
export function decide(
  definition: WorkflowDefinition,
  state: RunState,
): readonly Command[] {
  if (state.status === "pending" || isTerminalStatus(state.status)) return [];
  const ahead = new Lookahead(definition, state);
  const { draft } = ahead;
  if (draft.paused && !draft.paused.drain && !draft.ending) return [];
  if (!draft.ending) moveOn(ahead);
  // The log ends on the way to the end of the run, or this decision has brought it there.
  if (draft.ending) finish(ahead);
  return [...ahead.events.map(append), ...underWay(definition, draft)];
}

function moveOn(ahead: Lookahead): void {
  const { draft } = ahead;
  for (const id of [...draft.waiting.values()]) closeVote(ahead, id);
  advanceAll(ahead);
  while (draft.due.size > 0 && !draft.paused && !draft.ending && !ahead.full) {
    for (const node of dueNodes(draft)) {
      if (draft.ending || ahead.full) return;
      if (draft.due.has(node.id)) begin(ahead, node);
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
  const { draft } = ahead;
  const containers: string[] = [];
  for (const id of [...draft.running.values()]) {
    const found = draft.find(id)!;
    if (found.node.role === "each") containers.push(id);
    else if (!busy.has(found.state)) ahead.advance(id);
  }
  for (const id of containers) ahead.advance(id);
}

function append(event: LogDraft): AppendCommand {
  return { kind: "append", event };
}

/** In the order of the definition, so that a log does not depend on who became due first. */
function dueNodes(draft: Draft): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const id of draft.due.values()) {
    const node = draft.graph.byId.get(id);
    if (node) nodes.push(node);
  }
  return nodes.sort((a, b) => a.position - b.position);
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
): readonly Command[] {
  const questions: SuspendCommand[] = [];
  const work: Command[] = [];
  for (const id of draft.running.values()) {
    const { node, state } = draft.find(id)!;
    if (draft.ending && !node.undoes) continue;
    const known = busy.get(state);
    if (known) {
      for (const command of known) work.push(command);
      continue;
    }
    const step = nextStep(node, state, draft);
    if (step?.kind === "ask") {
      questions.push({
        kind: "suspend",
        nodeId: id,
        payload: step.payload,
        ...(state.asked && { asked: true }),
      });
      continue;
    }
    if (step === undefined && !state.retry && !state.cut && !isNews(state)) {
      // The log ends between the two events of a question that code has asked.
      if (state.asked) {
        const { payload } = state.asked;
        questions.push({ kind: "suspend", nodeId: id, payload, asked: true });
        continue;
      }
      const command = node.role === "child"
        ? childOf(node, state)
        : node.role === "each"
        ? undefined
        : runOf(node, state);
      if (command) work.push(command);
      if (command?.kind === "run") {
        const timer = timerOf(node, state, draft);
        if (timer) work.push(timer);
        busy.set(state, timer ? [command, timer] : [command]);
        continue;
      }
    }
    const timer = timerOf(node, state, draft);
    if (timer) work.push(timer);
  }
  for (const id of draft.waiting.values()) {
    const { node, state } = draft.find(id)!;
    if (draft.ending && !node.undoes) continue;
    const timer = timerOf(node, state, draft);
    if (timer) work.push(timer);
  }
  const whole = timerOfRun(definition, draft);
  if (whole && !isTerminalStatus(draft.status)) work.push(whole);
  return [...questions, ...work];
}

/** An answer that its code has not been told of: the next decision does that. */
function isNews({ answer }: NodeState): boolean {
  return answer !== undefined && !answer.resumed;
}

/**
 * What is under way for a node whose code runs: found once for each of its states, so that a wide fan does not make a
 * thousand commands per event.
 */
const busy = new WeakMap<NodeState, readonly Command[]>();

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
