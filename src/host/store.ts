// Web standards only.
import type {
  JsonObject,
  RunEvent,
  RunOwner,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";

/** What is fixed when a run is created. Everything else follows from its log. */
export interface RunRecord {
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** Whom it belongs to. */
  readonly owner: RunOwner;
  /** Pinned: what a run started with, it ends with, whatever is registered later under the same id. */
  readonly definition: WorkflowDefinition;
  /** Milliseconds since the epoch. The waits of a fork count from here, not from the days of its source. */
  readonly createdAt: number;
  /** As submitted, absent where the request had none. */
  readonly inputs?: JsonObject;
  /** As submitted. */
  readonly tags?: readonly string[];
  /** As submitted. */
  readonly metadata?: JsonObject;
  /** As submitted. */
  readonly configurable?: JsonObject;
  /** The run that it was forked from. */
  readonly parentRunId?: string;
  /** Only on a replay: the part of its source whose outcomes it repeats. */
  readonly replay?: ReplayScope;
}

/** Which recorded outcomes a replay repeats. */
export interface ReplayScope {
  /** The source. */
  readonly runId: string;
  /** Where the copied history ends. */
  readonly fromSeq: number;
  /** What the source appends after this stays unseen, so that two replays agree. */
  readonly lastSequence: number;
}

/** An answer that is kept for repeats of its request. */
export interface StoredReply {
  /** HTTP status. */
  readonly status: number;
  /** As sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** As sent. */
  readonly body: unknown;
}

/** What is known of an idempotency key. */
export type KeyState =
  | { readonly state: "claimed" }
  | { readonly state: "in-flight"; readonly digest: string }
  | {
    readonly state: "done";
    readonly digest: string;
    readonly reply: StoredReply;
  };

/**
 * Where a host keeps its runs. Every call is one transaction: after it returns, all of it is kept; if it throws or
 * returns `false`, nothing is.
 */
export interface Store {
  /** Keeps a new run together with the first events of its log. The id is fresh. */
  createRun(record: RunRecord, events: readonly RunEvent[]): Promise<void>;

  /** The record of a run, `undefined` for an unknown one. */
  loadRun(runId: string): Promise<RunRecord | undefined>;

  /**
   * Appends events whose sequences follow `after` without a gap.
   *
   * @returns `false`, and appends nothing, when `after` is not the last sequence of the log: somebody else was faster.
   */
  append(
    runId: string,
    after: number,
    events: readonly RunEvent[],
  ): Promise<boolean>;

  /** Up to `limit` events with a sequence above `after`, in order. Empty for an unknown run. */
  readEvents(
    runId: string,
    after: number,
    limit: number,
  ): Promise<readonly RunEvent[]>;

  /**
   * Claims an idempotency key for one execution of a request. Of several claims at once exactly one gets `claimed`.
   *
   * @param scope Tenant, endpoint and key in one string.
   * @param digest Of the request, to tell a repeat from a misuse.
   * @param now Milliseconds since the epoch; keys older than a day may be forgotten.
   */
  claimKey(scope: string, digest: string, now: number): Promise<KeyState>;

  /** Keeps the answer to the request that holds the claim. */
  settleKey(scope: string, reply: StoredReply): Promise<void>;

  /** Gives a claim back: the request failed in a way that a repeat may cure. */
  releaseKey(scope: string): Promise<void>;
}
