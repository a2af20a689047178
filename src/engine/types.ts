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
  /** Between `interrupt.requested` and `node.suspended`, which hosts append together. */
  readonly asked?: AskedQuestion;
  /** While suspended. */
  readonly interrupt?: PendingInterrupt;
  /** From `interrupt.resolved` until the node ends. */
  readonly answer?: InterruptAnswer;
  /** How often it was suspended, in all visits; absent for never. */
  readonly suspensions?: number;
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
  readonly due: ReadonlySet<string>;
  /** Running, in the order of their start. */
  readonly running: ReadonlySet<string>;
  /** Suspended, in the order of their questions. */
  readonly waiting: ReadonlySet<string>;
}

/** Everything about a run that follows from its log. */
export interface RunState {
  /** Where the run stands. */
  readonly status: RunStatus;
  /** As given to `run.started`. */
  readonly inputs: JsonObject;
  /** Defaults of the definition, then inputs by name. */
  readonly variables: JsonObject;
  /** One entry for every node of the definition. */
  readonly nodes: ReadonlyMap<string, NodeState>;
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
 * again. `run` and `wait` are level-triggered: they name everything that should be under way now, so that a host
 * that lost its memory starts the same things again, and stops whatever is no longer named.
 */
export type Command =
  | AppendCommand
  | SuspendCommand
  | RunCommand
  | WaitCommand;

/** Append `event` to the log. */
export interface AppendCommand {
  /** What to match on. */
  readonly kind: "append";
  /** Without id, time and sequence, which the host gives it. */
  readonly event: EventDraft;
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
}

/** Have a timer that ends `ms` after `since`; when it does, append what `wake()` gives for the node. */
export interface WaitCommand {
  /** What to match on. */
  readonly kind: "wait";
  /** Which node. */
  readonly nodeId: string;
  /** ISO 8601. */
  readonly since: string;
  /** How long. */
  readonly ms: number;
}

/** What became of an answer to an interrupt. */
export type ResolveOutcome =
  | { readonly ok: true; readonly events: readonly EventDraft[] }
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
}
