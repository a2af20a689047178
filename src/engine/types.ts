// Web standards only.
import type {
  EventDraft,
  InterruptKind,
  InterruptPayload,
  JsonObject,
  JsonValue,
  RunError,
  RunStatus,
  Subject,
} from "../openwop/protocol/mod.ts";

/** What is still being made, member by member: on the way of every event that costs less than to copy parts together. */
export type Changing<T> = { -readonly [Name in keyof T]: T[Name] };

/** Where one node of a run stands. */
export interface NodeState {
  /** `pending` until its trigger rule is decided. */
  readonly status:
    | "pending"
    | "running"
    | "suspended"
    | "completed"
    | "failed"
    | "skipped"
    | "cancelled";
  /** How often it has been started; 0 before the first time. */
  readonly visits: number;
  /** Attempt of the current visit, from 0. */
  readonly attempt: number;
  /** Time of its last `node.started`, ISO 8601. */
  readonly startedAt?: string;
  /** Since when it works without a break: its last start, or the last answer that it got. ISO 8601. */
  readonly since?: string;
  /** When its current visit began: the first attempt of it. ISO 8601. */
  readonly visitedAt?: string;
  /** How many attempts of the current visit have failed and were followed by another. */
  readonly failures?: number;
  /** Between `node.retried` and the next attempt. */
  readonly retry?: { readonly since: string; readonly ms: number };
  /** The pause of its run has cut its attempt: it is to be started anew. */
  readonly cut?: true;
  /** While running or suspended: its input ports, as they resolved when it started. */
  readonly inputs?: JsonObject;
  /** While running: why its input ports could not be resolved. It has no `inputs` then, and is about to fail. */
  readonly refusal?: RunError;
  /** Once completed. */
  readonly outputs?: JsonObject;
  /** Once completed: ids of the outgoing edges whose condition came out false. Absent where there are none. */
  readonly notTaken?: ReadonlySet<string>;
  /** Once failed. */
  readonly error?: RunError;
  /** Of a sub-workflow, from `node.dispatched` on. */
  readonly child?: ChildRun;
  /** Of a `tutti.forEach`, from its start until it ends. */
  readonly items?: ItemStates;
  /** Between `interrupt.requested` and `node.suspended`, which hosts append together. */
  readonly asked?: AskedQuestion;
  /** While suspended. */
  readonly interrupt?: PendingInterrupt;
  /** From `interrupt.resolved` until the node ends. */
  readonly answer?: InterruptAnswer;
  /** What the code of the current visit asked and was answered, by key. */
  readonly answers?: ReadonlyMap<string, InterruptAnswer>;
  /** How often it was suspended, in all visits; absent for never. */
  readonly suspensions?: number;
}

/** The states of the items of a `tutti.forEach`. */
export interface ItemStates {
  /** How many there are. */
  readonly size: number;
  /** The first that was not started; items are started in order. */
  readonly next: number;
  /** How many have ended. */
  readonly ended: number;
  /** Index of the one that failed first. */
  readonly failed: number | undefined;
  /** How many are under way. */
  readonly active: number;
  /** `undefined` for one that was not started. */
  at(index: number): ItemState | undefined;
  /** With the state of one of them replaced. */
  with(index: number, state: NodeState): ItemStates;
}

/** The state of an item. */
export interface ItemState extends NodeState {
  /** How many had ended before it did. */
  readonly endedAs?: number;
}

/** The run of a sub-workflow, as its parent knows it. */
export interface ChildRun {
  /** Given by the host. */
  readonly runId: string;
  /** Where it stood when the parent last heard of it. */
  readonly status: string;
}

/** A question that stands in the log, but whose node is not suspended yet. */
export interface AskedQuestion {
  /** The question. */
  readonly payload: InterruptPayload;
  /** When it was asked, ISO 8601. */
  readonly requestedAt: string;
}

/** How a question ended. */
export interface InterruptAnswer {
  /** Which question. */
  readonly interruptId: string;
  /** What was asked for. */
  readonly kind: InterruptKind;
  /** The answer in its normal form, as recorded by `interrupt.resolved`. */
  readonly value: JsonValue;
  /** As recorded; `"rejected"` for a rejection and for a question that timed out. */
  readonly decision?: string;
  /** Whether `node.resumed` followed. */
  readonly resumed: boolean;
}

/** A question that waits for its answer. */
export interface PendingInterrupt {
  /** Given by the host. */
  readonly interruptId: string;
  /** The question. */
  readonly payload: InterruptPayload;
  /** When it was asked, ISO 8601. */
  readonly requestedAt: string;
  /** Answers so far, while a quorum is open. */
  readonly votes: readonly Vote[];
  /** How many steps of its escalation are recorded. */
  readonly escalated?: number;
}

/** One answer to a question that needs several. */
export interface Vote {
  /** Who, by subject id; the last answer of each counts. */
  readonly by: string;
  /** The chosen action. */
  readonly action: string;
  /** When, ISO 8601. */
  readonly at?: string;
  /** Words of the approver. */
  readonly feedback?: string;
  /** What to change, with `refine`. */
  readonly refineFeedback?: JsonObject;
  /** The edited thing, with `edit-accept`. */
  readonly editedArtifactData?: JsonValue;
}

/**
 * Which nodes have something to do or to wait for, so that a decision need not look at every node. Follows from the
 * states of the nodes; empty before `run.started` and once the run has ended.
 */
export interface Agenda {
  /** Pending, and their trigger rule is decided: to be started or skipped. */
  readonly due: NodeIds;
  /** Running, in the order of their start. */
  readonly running: NodeIds;
  /** Suspended, in the order of their questions. */
  readonly waiting: NodeIds;
}

/** Ids of nodes, each once. */
export interface NodeIds extends Iterable<string> {
  /** How many. */
  readonly size: number;
}

/** What holds for one run and is no event of it. */
export interface RunOptions {
  /** As submitted; limits in it count. */
  readonly configurable?: JsonObject;
  /** What the host allows at most. */
  readonly limits?: RunLimits;
}

/** What one run may use. */
export interface RunLimits {
  /** Starts of nodes, attempts included. */
  readonly maxNodeExecutions?: number;
  /** Milliseconds from start to end. */
  readonly maxRunDurationMs?: number;
  /** Rounds of one `tutti.repeat`. */
  readonly maxLoopIterations?: number;
}

/** A completed node whose effect can be undone. */
export interface UndoEntry {
  /** Which. */
  readonly nodeId: string;
  /** Input ports of the node that undoes it. */
  readonly inputs: JsonObject;
}

/** How a run is going to end. */
export type Ending =
  | {
    readonly status: "failed";
    readonly undoing?: true;
    readonly error: RunError;
    readonly failedNodeId?: string;
  }
  | {
    readonly status: "cancelled";
    /** Once what was done is being undone. */
    readonly undoing?: true;
    readonly reason?: string;
    readonly cancelledBy?: string;
    readonly parentRunId?: string;
  };

/** An event to append: one of the protocol, or one of a vendor, whose name is then in `wireType`. */
export type LogDraft = EventDraft | {
  readonly type: "unknown";
  readonly wireType: string;
  readonly payload: JsonObject;
  readonly nodeId?: string;
};

/** Everything about a run that follows from its log. */
export interface RunState {
  /** Where the run stands. */
  readonly status: RunStatus;
  /** As given to `run.started`. */
  readonly inputs: JsonObject;
  /** Defaults of the definition, then inputs by name, then what nodes wrote. */
  readonly variables: JsonObject;
  /** Folded state of the channels that were written to or have a default. */
  readonly channels: JsonObject;
  /** What was fixed when the run was created, beside its inputs. */
  readonly options: RunOptions;
  /** One entry for every node of the definition; items and undoing nodes answer to `get` while they are known. */
  readonly nodes: ReadonlyMap<string, NodeState>;
  /** How often any node was started. */
  readonly executions: number;
  /** Completed nodes that can be undone, in the order of their completion. */
  readonly undo: readonly UndoEntry[];
  /** How the run is going to end, while something is still to be done before. */
  readonly ending?: Ending;
  /** Only while paused. */
  readonly paused?: { readonly drain: boolean };
  /** Where to look next. */
  readonly agenda: Agenda;
  /** Sequence of the last folded event, -1 before the first. */
  readonly lastSequence: number;
  /** Time of `run.started`, ISO 8601. */
  readonly startedAt?: string;
  /** Time of the terminal event, ISO 8601. */
  readonly endedAt?: string;
  /** Once completed. */
  readonly outputs?: JsonObject;
  /** Once failed. */
  readonly error?: RunError;
}

/**
 * What the host is to do next. `append` and `suspend` are edge-triggered: do them once, in order, then fold and decide
 * again. `run`, `child` and `wait` are level-triggered: they name everything that should be under way now, so that a host
 * that lost its memory starts the same things again, and stops whatever is no longer named.
 */
export type Command =
  | AppendCommand
  | SuspendCommand
  | RunCommand
  | ChildCommand
  | WaitCommand;

/** Append `event` to the log. */
export interface AppendCommand {
  /** What to match on. */
  readonly kind: "append";
  /** Without id, time and sequence, which the host gives it. */
  readonly event: LogDraft;
}

/** Name an interrupt and append `interrupt.requested` and `node.suspended` for it, together. */
export interface SuspendCommand {
  /** What to match on. */
  readonly kind: "suspend";
  /** Which node. */
  readonly nodeId: string;
  /** The question, as `interrupt.requested` carries it. */
  readonly payload: InterruptPayload;
  /**
   * The log ends between the two events, as in a fork that was cut there: append only `node.suspended`, because a
   * key is asked at most once per run (v2 §9.1).
   */
  readonly asked?: true;
}

/** Have the code of a node running; when it ends, append `node.completed` or `node.failed`. */
export interface RunCommand {
  /** What to match on. */
  readonly kind: "run";
  /** Which node. */
  readonly nodeId: string;
  /** Its type, which says which code. */
  readonly typeId: string;
  /** Which execution of the node, from 1. */
  readonly visit: number;
  /** Which attempt of that execution, from 0. */
  readonly attempt: number;
  /** Its input ports, resolved. */
  readonly inputs: JsonObject;
  /** Its constants. */
  readonly config: JsonObject;
  /** What this execution has asked and was answered, by key. Its code is run from the beginning after each answer. */
  readonly answers?: ReadonlyMap<string, InterruptAnswer>;
}

/**
 * Have a child run under way. Without `childRunId` it is to be created, under an id that follows from run, node, visit
 * and attempt, so that a crash between the two makes no second one; then append what `dispatched()` gives. With it: when
 * the child has ended, append what `childEnded()` gives.
 */
export interface ChildCommand {
  /** What to match on. */
  readonly kind: "child";
  /** Which node. */
  readonly nodeId: string;
  /** Which execution of the node, from 1. */
  readonly visit: number;
  /** Which attempt of that execution, from 0. */
  readonly attempt: number;
  /** What the child runs. */
  readonly workflowId: string;
  /** Which version of it; any where absent. */
  readonly version?: string;
  /** Its inputs. */
  readonly inputs: JsonObject;
  /** Whether the end of the parent is the end of the child. */
  readonly propagateCancellation: boolean;
  /** Once it exists. */
  readonly childRunId?: string;
}

/** Have a timer that ends `ms` after `since`; when it does, append what `wake()` gives for the node. */
export interface WaitCommand {
  /** What to match on. */
  readonly kind: "wait";
  /** Which node; absent for the timer of the run itself. */
  readonly nodeId?: string;
  /** ISO 8601. */
  readonly since: string;
  /** How long. */
  readonly ms: number;
}

/** What became of an answer to an interrupt. */
export type ResolveOutcome =
  | { readonly ok: true; readonly events: readonly LogDraft[] }
  | {
    readonly ok: false;
    readonly code:
      | "validation_error"
      | "interrupt_already_resolved"
      | "not_found"
      | "forbidden";
    readonly message: string;
    readonly details?: JsonObject;
  };

/** An answer, as it reached the host. */
export interface Answer {
  /** As sent. */
  readonly value: JsonValue;
  /** Who sent it. */
  readonly by: Subject;
  /** When, ISO 8601. */
  readonly at: string;
  /** Groups that the subject belongs to, where the host knows them. */
  readonly groups?: readonly string[];
  /** Roles that the subject has, where the host knows them. */
  readonly roles?: readonly string[];
}
