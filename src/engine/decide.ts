// Web standards only.
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { settle } from "./approvals.ts";
import { nextStep } from "./builtins.ts";
import { cancelRun } from "./cancel.ts";
import type { Draft } from "./draft.ts";
import type { GraphNode } from "./graph.ts";
import { approvalResolved } from "./interrupts.ts";
import { verdict } from "./joins.ts";
import { Lookahead } from "./lookahead.ts";
import { outcome } from "./outcome.ts";
import { timerOf } from "./timers.ts";
import type {
  AppendCommand,
  Command,
  NodeState,
  RunCommand,
  RunState,
  SuspendCommand,
  WaitCommand,
} from "./types.ts";

/**
 * What is to be done next: a function of the log alone, so a host that lost its memory gets the same answer.
 *
 * One call gives all events that follow from the state without anybody's help (skips and built-in nodes included, through
 * the whole graph, up to the end of the run), then the questions to ask, then everything that should be under way.
 * Once a host has appended and asked, the next call gives only `run` and `wait` commands, until something happens.
 * A node that a batch itself starts gets its `run` or `wait` command from the next call.
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
  if (state.status === "cancelling") {
    // The log ends in the middle of a cancel: finish it.
    return cancelRun(definition, state).map(append);
  }
  const ahead = new Lookahead(definition, state);
  const { draft } = ahead;
  for (const id of [...draft.waiting.values()]) closeVote(ahead, id);
  for (const id of [...draft.running.values()]) ahead.advance(id);
  while (draft.due.size > 0) {
    for (const node of dueNodes(draft)) begin(ahead, node);
  }
  if (draft.running.size === 0 && draft.waiting.size === 0) {
    ahead.append(outcome(draft.graph, draft.stateOf));
  }
  return [...ahead.events.map(append), ...underWay(draft)];
}

function append(event: AppendCommand["event"]): AppendCommand {
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
  const { id: nodeId, node: { typeId, disabled } } = node;
  if (verdict(node, ahead.draft.stateOf) === "run") {
    ahead.append({
      type: "node.started",
      payload: { nodeId, typeId, attempt: 0 },
      nodeId,
    });
    ahead.advance(nodeId);
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

function underWay(draft: Draft): readonly Command[] {
  const questions: SuspendCommand[] = [];
  const work: (RunCommand | WaitCommand)[] = [];
  for (const id of draft.running.values()) {
    const { node, state } = draft.find(id)!;
    const step = nextStep(node, state);
    if (step?.kind === "ask") {
      questions.push({
        kind: "suspend",
        nodeId: id,
        payload: step.payload,
        ...(state.asked && { asked: true }),
      });
    } else {
      const command = step === undefined
        ? runOf(node, state)
        : timerOf(node, state);
      if (command) work.push(command);
    }
  }
  for (const id of draft.waiting.values()) {
    const { node, state } = draft.find(id)!;
    const timer = timerOf(node, state);
    if (timer) work.push(timer);
  }
  return [...questions, ...work];
}

const runs = new WeakMap<NodeState, RunCommand>();

/** The same object for as long as the node runs, so that a wide fan does not make a thousand of them per event. */
function runOf(node: GraphNode, state: NodeState): RunCommand | undefined {
  if (state.startedAt === undefined) return undefined;
  let command = runs.get(state);
  if (command === undefined) {
    command = {
      kind: "run",
      nodeId: node.id,
      typeId: node.node.typeId,
      visit: state.visits,
      attempt: state.attempt,
      inputs: state.inputs ?? {},
      config: node.node.config,
    };
    runs.set(state, command);
  }
  return command;
}
