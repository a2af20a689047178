// Web standards only.
import type { CallOptions, JsonObject, JsonValue } from "../http/mod.ts";
import type {
  ApprovalData,
  ClarificationData,
  CredentialData,
  CustomData,
  ExternalEventData,
  InterruptOf,
  ResolveResponse,
} from "./protocol/mod.ts";

/**
 * A question of a run, by the name that the author of the workflow gave it. Every answer waits until the question is
 * open, and is checked here as far as the host shows the question; who knows its kind finds the answers that fit it in
 * {@linkcode PendingInterrupt}.
 */
export interface RunInterrupt
  extends
    NamedInterrupt,
    ApprovalAnswers,
    ClarificationAnswers,
    RawAnswers<JsonValue> {}

/** A question by its name. */
export interface NamedInterrupt {
  /** The id of the node that asks. */
  readonly name: string;
  /** The question if it is open now, otherwise `undefined`. */
  get(options?: CallOptions): Promise<PendingInterrupt | undefined>;
  /**
   * Waits until the question is open.
   *
   * @throws {InterruptNotPendingError} `interrupt-not-pending`, when the run ends without asking (again).
   */
  wait(options?: RunWaitOptions): Promise<PendingInterrupt>;
}

/** How an approval is answered. Where several must accept, each answer is one vote: the status tells whether it sufficed. */
export interface ApprovalAnswers<
  Edited = JsonValue,
  Refined = string | RefineFeedback,
> {
  /**
   * Waits until the question is open, and accepts.
   *
   * @throws {InterruptNotPendingError} `interrupt-not-pending`, when the run ends without asking (again), or somebody else
   * was faster.
   * @throws {InvalidArgumentError} `invalid-argument`, for an answer that the question does not offer; nothing was sent.
   * @throws {OpenwopError} 400 `validation_error`, 403 `forbidden` for somebody who may not answer.
   */
  accept(decision?: Decision, options?: CallOptions): Promise<ResolveResponse>;
  /**
   * Waits until the question is open, and rejects.
   *
   * @throws as `accept()` does.
   */
  reject(decision?: Decision, options?: CallOptions): Promise<ResolveResponse>;
  /**
   * Waits until the question is open, and accepts an edited version.
   *
   * @throws as `accept()` does.
   */
  edit(
    artifact: Edited,
    decision?: Decision,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /**
   * Waits until the question is open, and sends it back: in words, or with what is to change.
   *
   * @throws as `accept()` does.
   */
  refine(
    changes: Refined,
    decision?: Decision,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /**
   * Waits until the question is open, and asks back; it stays open.
   *
   * @throws as `accept()` does.
   */
  ask(
    question: string,
    decision?: Omit<Decision, "comment">,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
}

/** How a clarification is answered. */
export interface ClarificationAnswers<Answers = JsonObject> {
  /**
   * Waits until the questions are open, and answers them all, by id.
   *
   * @throws as `accept()` does: `invalid-argument` for a question without an answer.
   */
  answer(answers: Answers, options?: CallOptions): Promise<ResolveResponse>;
}

/** How everything else is answered. */
export interface RawAnswers<Value> {
  /**
   * Waits until the question is open, and answers with `value` as it is. An external event repeats what the question wants
   * to recognise it by; with hosts that take events by their token only, the token is used.
   *
   * @throws as `accept()` does: `invalid-argument` for an event that is not the one.
   */
  resolve(value: Value, options?: CallOptions): Promise<ResolveResponse>;
}

/** How long to wait. */
export interface RunWaitOptions {
  /** Ends the wait; the run goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. @default Infinity */
  readonly timeoutMs?: number | undefined;
}

/** What goes with a decision. */
export interface Decision {
  /** Words of the approver, recorded as `feedback`. */
  readonly comment?: string | undefined;
  /** Who decided, for hosts that do not know it from the credential. */
  readonly by?: string | undefined;
}

/** What is to change. Source: v1 §10.2. */
export interface RefineFeedback {
  /** How much of it. */
  readonly scope: "whole" | "section" | "items";
  /** Which section. */
  readonly sectionPath?: string;
  /** Which items. */
  readonly itemIds?: readonly string[];
  /** In key words. */
  readonly tags?: readonly string[];
  /** In words. */
  readonly text?: string;
}

/**
 * An open question, told apart by `kind`, with the answers that fit it. They are for this question: when it was closed
 * meanwhile, or asked anew, they throw {@linkcode InterruptNotPendingError} at once. `unknown` is one of a kind that this
 * version does not know, or whose host does not say.
 */
export type PendingInterrupt =
  | PendingApproval
  | PendingClarification
  | OpenInterrupt<"external-event", ExternalEventData, JsonObject>
  | OpenInterrupt<"credential", CredentialData>
  | OpenInterrupt<"custom", CustomData>
  | PendingUnknown;

/** An approval that is open: about what, and how it can be edited and sent back. */
export interface PendingApproval<
  Artifact = JsonValue,
  Edited = JsonValue,
  Refined = string | RefineFeedback,
> extends
  OpenInterrupt<"approval", ApprovalData<Artifact>>,
  ApprovalAnswers<Edited, Refined> {}

/** Questions that are open. */
export interface PendingClarification
  extends
    OpenInterrupt<"clarification", ClarificationData>,
    ClarificationAnswers {}

/** A question of which this version does not know what it is; `payload.kind` is the word of the host. */
export interface PendingUnknown
  extends
    OpenInterrupt<"unknown", JsonObject, JsonValue, string>,
    ApprovalAnswers,
    ClarificationAnswers {}

/** What every open question has: `Value` is what it can be answered with, `Word` what the host calls its kind. */
export interface OpenInterrupt<
  Kind extends string,
  Data,
  Value = JsonValue,
  Word extends string = Kind,
> extends AskedInterrupt<Kind, Data, Word>, NamedInterrupt, RawAnswers<Value> {}

/** What is known of an open question. */
export interface AskedInterrupt<
  Kind extends string = string,
  Data = unknown,
  Word extends string = Kind,
> {
  /** The run. */
  readonly runId: string;
  /** The node that asks. */
  readonly nodeId: string;
  /** Of the host, where the log names it. */
  readonly interruptId?: string;
  /** Of which sort it is. */
  readonly kind: Kind;
  /** The question, where the host shows it. */
  readonly payload?: InterruptOf<Word, Data>;
  /** What lets others answer without a key, where the host shows it: a secret. */
  readonly token?: string;
  /** Votes so far, where several must accept. */
  readonly votes: readonly InterruptVote[];
  /** The sequence of the event that raised it. */
  readonly sequence: number;
}

/** One vote of several. */
export interface InterruptVote {
  /** What was said, where the host tells. */
  readonly action?: string;
  /** Who said it, where the host tells. */
  readonly by?: string;
  /** The sequence of the event that tells of it. */
  readonly sequence: number;
}
