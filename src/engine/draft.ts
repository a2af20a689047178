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
import type {
  Ending,
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
  readonly due: SetEdit;
  readonly running: SetEdit;
  readonly waiting: SetEdit;
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
    this.due = new SetEdit(state.agenda.due);
    this.running = new SetEdit(state.agenda.running);
    this.waiting = new SetEdit(state.agenda.waiting);
    this.#nodes = NodeTable.from(graph, state.nodes).edit();
    this.stateOf = (node) => this.#stateOf(node);
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
    if (node.position >= 0) this.#nodes.set(node.position, state);
    else if (item) {
      const owner = this.#nodes.at(item.of.position);
      // Its list is gone when it has ended, and with it whatever still comes for an item.
      if (owner.items === undefined || item.index >= owner.items.size) return;
      this.#nodes.set(item.of.position, {
        ...owner,
        items: owner.items.with(item.index, state),
      });
    } else this.#nodes.setUndoing(node.id, state);
    this.due.toggle(node.id, false);
    this.running.toggle(node.id, state.status === "running");
    this.waiting.toggle(node.id, state.status === "suspended");
    if (!hasEnded(state.status)) return;
    if (node.role === "each") this.#dropItems(node.id);
    for (const target of node.targets) this.#review(target);
  }

  /** With their node its items have ended, also those that nobody has told. */
  #dropItems(id: string): void {
    for (const set of [this.running, this.waiting]) {
      for (const other of [...set.values()]) {
        if (this.find(other)?.node.item?.of.id === id) set.toggle(other, false);
      }
    }
  }

  /** Makes nodes pending again, as if they had never run, for another round of a loop. */
  again(body: readonly GraphNode[], loop: GraphNode, round: number): void {
    for (const node of [...body, loop]) {
      const { visits, suspensions } = this.#nodes.at(node.position);
      this.#nodes.set(node.position, {
        status: "pending",
        visits,
        attempt: node === loop ? round : 0,
        ...(suspensions !== undefined && { suspensions }),
      });
      for (const set of [this.due, this.running, this.waiting]) {
        set.toggle(node.id, false);
      }
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
    return {
      status: this.#currentStatus(),
      inputs: this.inputs,
      variables: this.variables,
      channels: this.channels,
      options: this.options,
      nodes: this.#nodes.done(),
      executions: this.executions,
      undo: this.undo,
      ...(this.ending !== undefined && { ending: this.ending }),
      ...(this.paused !== undefined && { paused: this.paused }),
      agenda: {
        due: this.due.done(),
        running: this.running.done(),
        waiting: this.waiting.done(),
      },
      lastSequence: this.lastSequence,
      ...(this.startedAt !== undefined && { startedAt: this.startedAt }),
      ...(this.endedAt !== undefined && { endedAt: this.endedAt }),
      ...(this.outputs !== undefined && { outputs: this.outputs }),
      ...(this.error !== undefined && { error: this.error }),
    };
  }

  #review(node: GraphNode): void {
    if (this.stateOf(node).status !== "pending") return;
    if (verdict(node, this.stateOf) !== "wait") this.due.toggle(node.id, true);
  }

  /** v1 §18, rule 7: a run waits when nothing else is under way, and shows the first question. */
  #currentStatus(): RunStatus {
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
    for (const id of this.running.values()) {
      const found = this.find(id);
      // What only stands for others is as busy as they are.
      if (found?.node.role === "each") continue;
      const status = found?.state.child?.status;
      if (status === undefined || !isWaiting(status)) return "running";
      below ??= status;
    }
    for (const id of this.waiting.values()) {
      const interrupt = this.find(id)?.state.interrupt;
      if (interrupt) return waitingStatus(interrupt.payload.kind);
    }
    return below ?? "running";
  }
}

function isWaiting(
  status: string,
): status is Extract<RunStatus, `waiting-${string}`> {
  return status === "waiting-approval" || status === "waiting-input" ||
    status === "waiting-external";
}

/** A set that is copied when it is first changed. */
export class SetEdit {
  #set: ReadonlySet<string>;
  #own: Set<string> | undefined;

  constructor(base: ReadonlySet<string>) {
    this.#set = base;
  }

  get size(): number {
    return this.#set.size;
  }

  values(): Iterable<string> {
    return this.#set;
  }

  has(id: string): boolean {
    return this.#set.has(id);
  }

  /** Makes `id` a member, at the end, or not; a member keeps its place. */
  toggle(id: string, member: boolean): void {
    if (this.#set.has(id) === member) return;
    const own = this.#write();
    if (member) own.add(id);
    else own.delete(id);
  }

  clear(): void {
    if (this.#set.size > 0) this.#write().clear();
  }

  done(): ReadonlySet<string> {
    return this.#set;
  }

  #write(): Set<string> {
    if (this.#own === undefined) {
      this.#own = new Set(this.#set);
      this.#set = this.#own;
    }
    return this.#own;
  }
}
