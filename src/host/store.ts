// Web standards only.
import type { RunLimits } from "../engine/mod.ts";
import type {
  JsonObject,
  JsonValue,
  RunEvent,
  RunOwner,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import type {
  DeadDelivery,
  Delivery,
  DeliveryEnd,
  Subscription,
} from "./webhooks/subscription.ts";

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
  /** As submitted: what of the caller's own the run is about. */
  readonly scopeId?: string;
  /** What its host was told to let it do when it was created. */
  readonly limits?: RunLimits;
  /** The run that it was forked from. */
  readonly parentRunId?: string;
  /** Only of a fork: the children of its source that it waits for, too. They are not its own. */
  readonly awaits?: readonly string[];
  /** Only of a child run: whose node waits for it, or has sent it off. */
  readonly caller?: RunCaller;
  /** Only on a replay: the part of its source whose outcomes it repeats. */
  readonly replay?: ReplayScope;
}

/** The node of another run that wanted a run. */
export interface RunCaller {
  /** The parent. */
  readonly runId: string;
  /** Which node. */
  readonly nodeId: string;
  /** Whether the end of the parent is its end. */
  readonly propagateCancellation: boolean;
  /** How many parents it has above it. */
  readonly depth: number;
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

/** What a request with an idempotency key did to a run or to something else, and what was to be answered to that. */
export interface KeyEffect {
  /** Of the claim. */
  readonly scope: string;
  /** To be given again to whoever executes the request again. */
  readonly answer: JsonValue;
}

/** What is known of an idempotency key. */
export type KeyState =
  /**
   * The request is to be executed; `seed` is the opaque part of the id of the run that it may create. Where an earlier
   * execution was cut off, `effects` has what that one did, by the id of what it did it to.
   */
  | {
    readonly state: "claimed";
    readonly seed: string;
    readonly effects?: Readonly<Record<string, JsonValue>>;
  }
  | { readonly state: "in-flight"; readonly digest: string }
  | {
    readonly state: "done";
    readonly digest: string;
    readonly reply: StoredReply;
  };

/** The claim of an idempotency key. */
export interface KeyClaim {
  /** Tenant, endpoint and key in one string. */
  readonly scope: string;
  /** Of the request, to tell a repeat from a misuse. */
  readonly digest: string;
  /** Milliseconds since the epoch; keys older than a day may be forgotten. */
  readonly now: number;
  /**
   * Makes a fresh seed, called for the first claim of a key. It is kept with the claim: who claims again because the first
   * to claim died, gets the seed of the first, and so finds the run that this may have created.
   */
  readonly seed: () => string;
}

/** A workflow that a tenant gave to the hosts on a store. */
export interface StoredWorkflow {
  /** Who gave it. */
  readonly tenant: string;
  /** What new runs of it get. */
  readonly definition: WorkflowDefinition;
}

/**
 * What became of events that were to be appended: `kept`; `behind`, because somebody else was faster; `taken`, because
 * another host moves the run on by now.
 */
export type Appended = "kept" | "behind" | "taken";

/**
 * Where a host keeps its runs. Every call is one transaction: after it returns, all of it is kept; if it throws or says
 * that it did not happen, nothing is. What it threw at is asked again later, and again, unless it throws a `RangeError`
 * at what it is to keep: that says that it never can, whatever happens to it, because it is too large. The run that this
 * belongs to fails.
 *
 * Several processes may keep their runs in one place, each with a store object of its own. A run that is not over is
 * moved on by one of them at a time, the one that holds it: the one that created it, or the one that took it over after
 * the holder had closed or died. Everybody else may read it, answer it and cancel it. A host needs a store object for
 * itself.
 */
export interface Store {
  /** Whether other processes may write too, so that what was read may be old. */
  readonly isShared: boolean;

  /**
   * Keeps a new run together with the first events of its log, and holds it.
   *
   * @param isNews Whether subscriptions are to hear of these events; those that a fork inherits are no news.
   * @param isAlone Whether it is to be the only run of its tenant and `scopeId` that is not over.
   * @returns `false`, and keeps nothing, when there is a run of that id, or one that it would not be alone with.
   */
  createRun(
    record: RunRecord,
    events: readonly RunEvent[],
    isNews?: boolean,
    isAlone?: boolean,
  ): Promise<boolean>;

  /** The id of a run of the tenant and that `scopeId` that is not over; `undefined` where there is none. */
  openRunOf(tenant: string, scopeId: string): Promise<string | undefined>;

  /** The record of a run, `undefined` for an unknown one. */
  loadRun(runId: string): Promise<RunRecord | undefined>;

  /**
   * Appends events whose sequences follow `after` without a gap.
   *
   * @param mustHold Whether only the holder of the run may write these.
   * @param wake Other runs that these events concern, their parent or their children: whichever of them is not over and
   * held by another process, that one is given it by {@linkcode Store.takeWork}, as if it had been written to.
   * @param effect Kept with them, for the claim that it names, until that is settled.
   * @returns `behind`, also for an unknown run, when `after` is not the last sequence of the log.
   */
  append(
    runId: string,
    after: number,
    events: readonly RunEvent[],
    mustHold?: boolean,
    wake?: readonly string[],
    effect?: KeyEffect,
  ): Promise<Appended>;

  /** Up to `limit` events with a sequence above `after`, in order. Empty for an unknown run. */
  readEvents(
    runId: string,
    after: number,
    limit: number,
  ): Promise<readonly RunEvent[]>;

  /**
   * Takes hold of a run that nobody alive holds. A shared store gives one that was taken, and is not over, with the next
   * work too, so that nothing is missed that happened to it elsewhere.
   *
   * @returns whether it is held here now; `false` for an unknown one.
   */
  hold(runId: string): Promise<boolean>;

  /**
   * Finds runs that have to be moved on here: those that are not over and that nobody alive holds, which it takes hold
   * of, and held ones that another process wrote to, perhaps their end, or that it woke. Gives each of the latter once.
   *
   * @param limit How many at once. Fewer means that there are no more.
   * @param canDo Whether this host has the code for a definition; called with one of its runs that nobody holds. What it
   * says no to is left for a host that has it. Not asked about replays, which need no code. Must not await anything.
   */
  takeWork(
    limit: number,
    canDo?: (definition: WorkflowDefinition, runId: string) => boolean,
  ): Promise<readonly string[]>;

  /** Gives all that is held back, runs and claims of keys: the host is closing. */
  release(): Promise<void>;

  /**
   * Only of a shared store: calls `onChange` when another process may have written, and now and then in any case, until
   * the returned function is called. Keeps what is held meanwhile. Must not keep the process alive.
   */
  watch?(onChange: () => void): () => void;

  /** Claims an idempotency key for one execution of a request. Of several claims at once exactly one gets `claimed`. */
  claimKey(claim: KeyClaim): Promise<KeyState>;

  /** Keeps the answer to the request that holds the claim. Nothing, when another process has it by now. */
  settleKey(scope: string, reply: StoredReply): Promise<void>;

  /**
   * Gives a claim back: the request failed in a way that a repeat may cure. Nothing, when another process has it by now.
   *
   * @param isOpen Whether the request may have done something all the same. Then its digest, its seed and its effects
   * stay known, for the next claim.
   */
  releaseKey(scope: string, isOpen?: boolean): Promise<void>;

  /**
   * Keeps a workflow, in place of the one of that id that the same tenant gave before. Tenants do not see each other's.
   *
   * @param most How many the tenant may have then; one that replaces another is kept in any case.
   * @param effect Gives what to keep with it, for a claim, until that is settled. Must not await anything.
   * @returns `full`, and keeps nothing, when it would be one too many.
   */
  putWorkflow(
    workflow: StoredWorkflow,
    most?: number,
    effect?: (end: "created" | "replaced") => KeyEffect,
  ): Promise<"created" | "replaced" | "full">;

  /**
   * The definition that a tenant gave under an id, `undefined` for an unknown one. What is wanted often should be the same
   * object each time, as long as it stays the same: what the host finds out about it is kept with it.
   */
  loadWorkflow(
    workflowId: string,
    tenant: string,
  ): Promise<WorkflowDefinition | undefined>;

  /** The ids of what a tenant gave, in order. */
  listWorkflows(tenant: string): Promise<readonly string[]>;

  /**
   * Forgets a workflow of a tenant; runs keep theirs. Whether there was one.
   *
   * @param effect Kept with that, for the claim that it names, if there was one.
   */
  removeWorkflow(
    workflowId: string,
    tenant: string,
    effect?: KeyEffect,
  ): Promise<boolean>;

  /**
   * Keeps a subscription. From then on each event that it wants waits for delivery, from the same transaction on.
   *
   * @param most How many its tenant may have then.
   * @returns `known` when there is one of that id, else `full` when it would be one too many; then it keeps nothing.
   */
  addSubscription(
    subscription: Subscription,
    most?: number,
  ): Promise<"kept" | "known" | "full">;

  /** Whether there is any. */
  hasSubscriptions(): Promise<boolean>;

  /** The subscription of that id, `undefined` for an unknown one. */
  loadSubscription(webhookId: string): Promise<Subscription | undefined>;

  /**
   * Puts another subscription in the place of one, without anybody in between.
   *
   * @param change Called with what is kept; must not await anything.
   * @returns what is kept now, `undefined` for an unknown one.
   */
  changeSubscription(
    webhookId: string,
    change: (subscription: Subscription) => Subscription,
  ): Promise<Subscription | undefined>;

  /**
   * Forgets a subscription and all that waits for it. Whether there was one.
   *
   * @param effect Kept with that, for the claim that it names, if there was one.
   */
  removeSubscription(webhookId: string, effect?: KeyEffect): Promise<boolean>;

  /**
   * Takes deliveries that are due and that nobody alive is at: for each subscription the one that has waited longest.
   *
   * @param now Milliseconds since the epoch.
   * @param except Ids of subscriptions to leave out.
   * @param limit How many at once.
   */
  takeDeliveries(
    now: number,
    except: readonly string[],
    limit: number,
  ): Promise<readonly Delivery[]>;

  /** When the next delivery is due, in milliseconds since the epoch; `undefined` when none waits. */
  nextDelivery(except: readonly string[]): Promise<number | undefined>;

  /** Keeps what became of a delivery that was taken here. Nothing, when another process has taken it meanwhile. */
  settleDelivery(delivery: Delivery, end: DeliveryEnd): Promise<void>;

  /** Deliveries to a subscription that were given up, by id from below `before`, the highest first. */
  deadDeliveries(
    webhookId: string,
    before: number,
    limit: number,
  ): Promise<readonly DeadDelivery[]>;

  /**
   * Forgets runs that ended before `endedBefore`, with their logs. One that a replay still reads stays, and so do the
   * child of a run that is not over and what such a run awaits, since it may not have heard yet how those ended.
   *
   * @param endedBefore Milliseconds since the epoch.
   * @returns how many there were.
   */
  prune(endedBefore: number): Promise<number>;
}
