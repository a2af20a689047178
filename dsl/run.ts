// Web standards only.
import type {
  ApprovalAnswers,
  CallOptions,
  ClarificationAnswers,
  ExternalEventData,
  ForkAt,
  HeldRun,
  JsonObject,
  JsonValue,
  NamedInterrupt,
  OpenInterrupt,
  PendingApproval,
  PendingClarification,
  PendingInterrupt,
  PendingUnknown,
  RawAnswers,
  RefineFeedback,
  RunWaitOptions,
} from "../src/openwop/mod.ts";
import type {
  AskingHandle,
  GateAt,
  OwnGate,
  Sentence,
  StepHandle,
} from "./parts.ts";

/** A run of a workflow that was declared here: a handle whose answers are typed, interrupt by interrupt. */
export interface WorkflowRun<Out, Steps extends string, Gates>
  extends HeldRun<Out, OwnGate<Gates>> {
  /**
   * The question that the run asks; sends nothing yet.
   *
   * @param which Its name; of what was added with `add()`, the handle.
   * @throws {InvalidArgumentError} `invalid-argument`, for a name that no step of the workflow has: it would be waited for
   * in vain.
   */
  interrupt<Which extends OwnGate<Gates> | AskingHandle<unknown>>(
    which: Which,
  ): TypedInterrupt<GateAt<Gates, Which>>;
  /** Makes a new run out of the beginning of this one. A step that was added with `add()` is meant by its handle. */
  fork(
    request: ForkAt<Steps | OwnGate<Gates> | StepHandle>,
    options?: CallOptions,
  ): Promise<WorkflowRun<Out, Steps, Gates>>;
}

/** A question whose answer is typed. What it does not take reads as a sentence. */
export type TypedInterrupt<Gate> =
  & AskedAs<OpenAs<Gate>>
  & NamedInterrupt
  & ApprovalAnswers<
    JsonValue & EditedOf<ResumeOf<Gate>>,
    RefinedOf<ResumeOf<Gate>>
  >
  & ClarificationAnswers<JsonObject & AnswersOf<ResumeOf<Gate>>>
  & RawAnswers<JsonValue & ResumeOf<Gate>>;

/** How an open question is looked at, where it is known of which sort it is. */
export interface AskedAs<Open> {
  /** The question if it is open now, otherwise `undefined`. */
  get(options?: CallOptions): Promise<Open | undefined>;
  /**
   * Waits until the question is open.
   *
   * @throws {InterruptNotPendingError} `interrupt-not-pending`, when the run ends without asking (again).
   */
  wait(options?: RunWaitOptions): Promise<Open>;
}

/** Open questions by the sort that was declared; their `kind` is `unknown` where the host does not say. */
export interface OpenBySort {
  /** Made by `clarify()`. */
  readonly clarification: PendingClarification | PendingUnknown;
  /** Made by `waitFor()`. */
  readonly "external-event":
    | OpenInterrupt<"external-event", ExternalEventData, JsonObject>
    | PendingUnknown;
}

/** An open question of the sort of `Gate`. */
export type OpenAs<Gate> = Gate extends
  { readonly kind: "approval"; readonly data: infer Data } ?
    | PendingApproval<
      ShownAs<Data>,
      JsonValue & EditedOf<ResumeOf<Gate>>,
      RefinedOf<ResumeOf<Gate>>
    >
    | PendingUnknown
  : Gate extends { readonly kind: infer Kind extends keyof OpenBySort }
    ? OpenBySort[Kind]
  : PendingInterrupt;

/** The `artifactData` of a question: what its author gave as `data`. */
export type ShownAs<Data> = [keyof Data] extends [never] ? JsonValue
  : JsonOf<Data>;

/** A value as it comes out of JSON: written as an object, so that it fits wherever JSON does, also where `T` is an interface. */
export type JsonOf<T> = unknown extends T ? JsonValue
  : T extends JsonValue ? T
  : T extends object ? { readonly [Key in keyof T]: JsonOf<T[Key]> }
  : T;

/** What an interrupt is answered with. */
export type ResumeOf<Gate> = Gate extends { readonly answer: unknown }
  ? Gate["answer"]
  : never;

/** What an approval takes as an edited version. */
export type EditedOf<Answer> = OrRefusal<
  Answer extends { readonly editedArtifactData: unknown }
    ? Answer["editedArtifactData"]
    : AnyOf<Answer>,
  "this interrupt takes no edited version: declare it with `edit`"
>;

/** What an approval that is sent back takes. */
export type RefinedOf<Answer> = OrRefusal<
  Answer extends { readonly refineFeedback: unknown } ? string | RefineFeedback
    : AnyOf<Answer>,
  "this interrupt cannot be sent back: declare it with `refine`"
>;

/** What a clarification takes. */
export type AnswersOf<Answer> = OrRefusal<
  Answer extends { readonly answers: unknown } ? Answer["answers"]
    : AnyOf<Answer>,
  Sentence<"this interrupt asks no questions: use accept() or reject()">
>;

/** The names of interrupts, or a sentence where none is known. */
export type GateName<Name> = OrRefusal<
  Name,
  "no interrupt is known here: name what was added with add() by its handle"
>;

/** Anything, where nothing is known of an answer: it may be a text too. */
export type AnyOf<Answer> = Answer extends string ? JsonValue : never;

/** `Taken`, or a sentence where that is nothing. */
export type OrRefusal<Taken, Refusal> = [Taken] extends [never] ? Refusal
  : Taken;
