// Web standards only.
import type {
  ApprovalAnswers,
  CallOptions,
  ClarificationAnswers,
  ForkAt,
  HeldRun,
  NamedInterrupt,
  RawAnswers,
  RefineFeedback,
} from "../src/openwop/mod.ts";

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

/** A question whose answer is typed. */
export interface TypedInterrupt<Gate>
  extends
    NamedInterrupt,
    ApprovalAnswers<EditedOf<ResumeOf<Gate>>, RefinedOf<ResumeOf<Gate>>>,
    ClarificationAnswers<AnswersOf<ResumeOf<Gate>>>,
    RawAnswers<ResumeOf<Gate>> {}

/** What an interrupt is answered with. */
export type ResumeOf<Gate> = Gate extends { readonly answer: infer Answer }
  ? Answer
  : never;

/** What an approval takes as an edited version; nothing where it takes none. */
export type EditedOf<Answer> = Answer extends
  { readonly editedArtifactData: infer Edited } ? Edited : never;

/** What an approval that is sent back takes; nothing where it takes none. */
export type RefinedOf<Answer> = Extract<
  Answer,
  { readonly refineFeedback: unknown }
> extends never ? never : string | RefineFeedback;

/** What a clarification takes; nothing where it is none. */
export type AnswersOf<Answer> = Answer extends
  { readonly answers: infer Answers } ? Answers : never;
