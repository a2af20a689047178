// Web standards only.
import type {
  CallOptions,
  ForkAt,
  JsonValue,
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
