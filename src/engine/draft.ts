// Web standards only.
import type {
  JsonObject,
  RunError,
  RunStatus,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus, waitingStatus } from "../openwop/protocol/mod.ts";
import { type Graph, type GraphNode, nodeOf } from "./graph.ts";
import type { InputScope } from "./inputs.ts";
import { hasEnded, verdict } from "./joins.ts";
import { NodeTable, type NodeTableEdit, untouched } from "./node_table.ts";
import { type Chunk, entriesOf, Marks, Roster } from "./roster.ts";
import type { MarksEdit, RosterEdit } from "./roster.ts";
import type {
  Changing,
  Ending,
  NodeIds,
  NodeState,
  RunOptions,
  RunState,
  UndoEntry,
} from "./types.ts";

/**
 * A private, changeable copy of a run state: folding a thousand events copies what they touch once, and a decision can
 * look ahead at what its own events will lead to. Making one costs nothing until it is written to.
 */
export class Draft implements InputScope {
  readonly graph: Graph;
  status: RunStatus;
  inputs: JsonObject;
  variables: JsonObject;
  channels: JsonObject;
  readonly options: RunOptions;
  executions: number;
  undo: readonly UndoEntry[];
  ending: Ending | undefined;
  paused: RunState["paused"];
  lastSequence: number;
  startedAt: string | undefined;
  endedAt: string | undefined;
  outputs: JsonObject | undefined;
  error: RunError | undefined;
  readonly due: MarksEdit;
  readonly running: RosterEdit;
  readonly waiting: RosterEdit;
  readonly #nodes: NodeTableEdit;

  constructor(graph: Graph, state: RunState) {
    this.graph = graph;
    this.status = state.status;
    this.inputs = state.inputs;
    this.variables = state.variables;
    this.channels = state.channels;
    this.options = state.options;
    this.executions = state.executions;
    this.undo = state.undo;
    this.ending = state.ending;
    this.paused = state.paused;
    this.lastSequence = state.lastSequence;
    this.startedAt = state.startedAt;
    this.endedAt = state.endedAt;
    this.outputs = state.outputs;
    this.error = state.error;
    this.#nodes = NodeTable.from(graph, state.nodes).edit();
    this.stateOf = (node) => this.#stateOf(node);
    const { due, running, waiting } = state.agenda;
    this.due = this.#marks(due);
    this.running = this.#roster(running);
    this.waiting = this.#roster(waiting);
  }

  /** An agenda that was not made here is copied. */
  #marks(ids: NodeIds): MarksEdit {
    if (ids instanceof Marks) return ids.edit();
    const edit = new Marks(this.graph).edit();
    for (const id of ids) edit.toggle(this.find(id)!.node, true);
    return edit;
  }

  #roster(ids: NodeIds): RosterEdit {
    if (ids instanceof Roster) return ids.edit();
    const edit = new Roster().edit();
    for (const id of ids) {
      const { node, state } = this.find(id)!;
      edit.put(node, state, state, true);
    }
    return edit;
  }

  /** Bound, because it is handed to functions that only read. */
  readonly stateOf: (node: GraphNode) => NodeState;

  /** The node of that id and its state. */
  find(id: string): { node: GraphNode; state: NodeState } | undefined {
    const node = nodeOf(this.graph, id);
    return node && { node, state: this.#stateOf(node) };
  }

  #stateOf(node: GraphNode): NodeState {
    if (node.position >= 0) return this.#nodes.at(node.position);
    const { item } = node;
    return (item
      ? this.#nodes.at(item.of.position).items?.at(item.index)
      : this.#nodes.undoing(node.id)) ?? untouched;
  }

  /** Records the new state of a node; when it has ended, its successors may become due. */
  put(node: GraphNode, state: NodeState): void {
    const { item } = node;
    const before = this.#stateOf(node);
    if (node.position >= 0) this.#nodes.set(node.position, state);
    else if (item) {
      const owner = this.#nodes.at(item.of.position);
      // Its list is gone when it has ended, and with it whatever still comes for an item.
      if (owner.items === undefined || item.index >= owner.items.size) return;
      const items = owner.items.with(item.index, state);
      const next = { ...owner, items };
      this.#nodes.set(item.of.position, next);
      this.#enlist(item.of, owner, next);
    } else this.#nodes.setUndoing(node.id, state);
    this.due.toggle(node, false);
    this.#enlist(node, before, this.#stateOf(node));
    if (!hasEnded(state.status)) return;
    if (node.role === "each") this.#dropItems(node);
    for (const target of node.targets) this.#review(target);
  }

  #enlist(node: GraphNode, before: NodeState, state: NodeState): void {
    const { status } = state;
    this.running.put(node, before, state, status === "running");
    this.waiting.put(node, before, state, status === "suspended");
  }

  /** With their node its items have ended, also those that nobody has told. */
  #dropItems(of: GraphNode): void {
    for (const roster of [this.running, this.waiting]) {
      for (const { node, state } of [...entriesOf(roster.chunks)]) {
        if (node.item?.of === of) roster.put(node, state, state, false);
      }
    }
  }

  /** Makes nodes pending again, as if they had never run, for another round of a loop. */
  again(body: readonly GraphNode[], loop: GraphNode, round: number): void {
    for (const node of [...body, loop]) {
      const before = this.#nodes.at(node.position);
      const { visits, suspensions } = before;
      const state: NodeState = {
        status: "pending",
        visits,
        attempt: node === loop ? round : 0,
        ...(suspensions !== undefined && { suspensions }),
      };
      this.#nodes.set(node.position, state);
      this.due.toggle(node, false);
      this.#enlist(node, before, state);
      // A join may have gone on without them.
      if (node.role === "each") this.#dropItems(node);
    }
    for (const node of body) this.#review(node);
  }

  /** The run starts: nodes that wait for nothing become due. */
  begin(): void {
    this.status = "running";
    for (const node of this.graph.nodes) {
      if (node.incoming.length === 0) this.#review(node);
    }
  }

  /** The run ends: nothing is to be done any more. */
  end(status: RunStatus, at: string | undefined): void {
    this.status = status;
    this.endedAt = at;
    this.due.clear();
    this.running.clear();
    this.waiting.clear();
  }

  done(): RunState {
    const running = this.running.done();
    const waiting = this.waiting.done();
    const state: Changing<RunState> = {
      status: this.#currentStatus(running, waiting),
      inputs: this.inputs,
      variables: this.variables,
      channels: this.channels,
      options: this.options,
      nodes: this.#nodes.done(),
      executions: this.executions,
      undo: this.undo,
      agenda: { due: this.due.done(), running, waiting },
      lastSequence: this.lastSequence,
    };
    if (this.ending) state.ending = this.ending;
    if (this.paused) state.paused = this.paused;
    if (this.startedAt !== undefined) state.startedAt = this.startedAt;
    if (this.endedAt !== undefined) state.endedAt = this.endedAt;
    if (this.outputs) state.outputs = this.outputs;
    if (this.error) state.error = this.error;
    return state;
  }

  #review(node: GraphNode): void {
    if (this.stateOf(node).status !== "pending") return;
    if (verdict(node, this.stateOf) !== "wait") this.due.toggle(node, true);
  }

  /** v1 §18, rule 7: a run waits when nothing else is under way, and shows the first question. */
  #currentStatus(running: Roster, waiting: Roster): RunStatus {
    const { status } = this;
    if (
      status === "pending" || status === "cancelling" ||
      isTerminalStatus(status)
    ) return status;
    if (this.ending) {
      return this.ending.status === "cancelled" ? "cancelling" : "running";
    }
    if (this.paused) return "paused";
    if (this.due.size > 0) return "running";
    let below: RunStatus | undefined;
    for (const chunk of running.chunks) {
      const status = statusOf(chunk);
      if (status === "running") return status;
      below ??= status;
    }
    for (const { state: { interrupt } } of entriesOf(waiting.chunks)) {
      if (interrupt) return waitingStatus(interrupt.payload.kind);
    }
    return below ?? "running";
  }
}

const known = new WeakMap<Chunk, RunStatus | undefined>();

/** What the first child waits for where all that runs waits for others; `undefined` where nothing of it counts. */
function statusOf(chunk: Chunk): RunStatus | undefined {
  if (known.has(chunk)) return known.get(chunk);
  let below: RunStatus | undefined;
  for (const { node, state } of entriesOf([chunk])) {
    // What only stands for others is as busy as they are.
    if (node.role === "each") continue;
    const status = state.child?.status;
    if (status === undefined || !isWaiting(status)) {
      below = "running";
      break;
    }
    below ??= status;
  }
  known.set(chunk, below);
  return below;
}

function isWaiting(
  status: string,
): status is Extract<RunStatus, `waiting-${string}`> {
  return status === "waiting-approval" || status === "waiting-input" ||
    status === "waiting-external";
}
