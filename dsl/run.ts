// Web standards only.
import type {
  CallOptions,
  Decision,
  ForkAt,
  JsonObject,
  JsonValue,
  RefineFeedback,
  ResolveResponse,
  RunHandle,
  RunInterrupt,
} from "../src/openwop/mod.ts";

/** A run of a workflow that was declared here: a handle whose answers are typed, interrupt by interrupt. */
export interface WorkflowRun<Out, Steps extends string, Gates>
  extends RunHandle<Out, keyof Gates & string, Steps> {
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
export interface TypedInterrupt<Gate> extends RunInterrupt {
  /** Waits until the question is open, and accepts an edited version, where the approval takes one. */
  edit(
    artifact: JsonValue & EditedOf<ResumeOf<Gate>>,
    decision?: Decision,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /** Waits until the question is open, and sends it back, where the approval takes that. */
  refine(
    changes: RefinedOf<ResumeOf<Gate>>,
    decision?: Decision,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /** Waits until the questions are open, and answers them all, where it is questions. */
  answer(
    answers: JsonObject & AnswersOf<ResumeOf<Gate>>,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /** Waits until the question is open, and answers with `value`. Throws as `accept()` does. */
  resolve(
    value: JsonValue & ResumeOf<Gate>,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
}

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
