// Web standards only.
import type {
  ApprovalAnswers,
  CallOptions,
  ClarificationAnswers,
  ForkAt,
  HeldRun,
  JsonObject,
  JsonValue,
  NamedInterrupt,
  RawAnswers,
  RefineFeedback,
} from "../src/openwop/mod.ts";
import type { Sentence } from "./parts.ts";

/** A run of a workflow that was declared here: a handle whose answers are typed, interrupt by interrupt. */
export interface WorkflowRun<Out, Steps extends string, Gates>
  extends HeldRun<Out, keyof Gates & string> {
  /** The question that the run asks under `name`; sends nothing yet. */
  interrupt<Name extends keyof Gates & string>(
    name: Name,
  ): TypedInterrupt<Gates[Name]>;
  /** Makes a new run out of the beginning of this one. */
  fork(
    request: ForkAt<Steps | keyof Gates & string>,
    options?: CallOptions,
  ): Promise<WorkflowRun<Out, Steps, Gates>>;
}

/** A question whose answer is typed. What it does not take reads as a sentence. */
export type TypedInterrupt<Gate> =
  & NamedInterrupt
  & ApprovalAnswers<
    JsonValue & EditedOf<ResumeOf<Gate>>,
    RefinedOf<ResumeOf<Gate>>
  >
  & ClarificationAnswers<JsonObject & AnswersOf<ResumeOf<Gate>>>
  & RawAnswers<JsonValue & ResumeOf<Gate>>;

/** What an interrupt is answered with. */
export type ResumeOf<Gate> = Gate extends { readonly answer: infer Answer }
  ? Answer
  : never;

/** What an approval takes as an edited version. */
export type EditedOf<Answer> = PartOf<
  Answer,
  "editedArtifactData",
  "this interrupt takes no edited version: declare it with `edit`",
  JsonValue
>;

/** What an approval that is sent back takes. */
export type RefinedOf<Answer> = PartOf<
  Answer,
  "refineFeedback",
  "this interrupt cannot be sent back: declare it with `refine`",
  string | RefineFeedback,
  string | RefineFeedback
>;

/** What a clarification takes. */
export type AnswersOf<Answer> = PartOf<
  Answer,
  "answers",
  Sentence<"this interrupt asks no questions: use accept() or reject()">,
  JsonObject
>;

/** A part of those answers that have it: `Refusal` where none has it, `Any` where nothing is known of them. */
export type PartOf<
  Answer,
  Key extends string,
  Refusal,
  Any,
  Part = Extract<Answer, { readonly [Each in Key]: unknown }> extends
    { readonly [Each in Key]: infer Found } ? Found : never,
> = JsonValue extends Answer ? Any
  : [Extract<Answer, { readonly [Each in Key]: unknown }>] extends [never]
    ? Refusal
  : Part;
