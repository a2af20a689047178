// Web standards only.
import {
  InvalidArgumentError,
  type RunConfigurable,
} from "../src/openwop/mod.ts";
import type { JsonObject } from "../src/openwop/protocol/mod.ts";
import { parseDuration } from "./duration.ts";
import { execute, type PlanClient } from "./plan_execute.ts";
import type {
  AnyQuestion,
  ExecuteOptions,
  ForkPoint,
  NoForks,
  PlanAnswer,
  PlanJson,
  PlannedWorkflow,
  PlanResult,
  PlanSpec,
  WantedResult,
} from "./plan_types.ts";
import { toPlanJson } from "./plan_write.ts";

export type { PlanClient } from "./plan_execute.ts";

/** A workflow that a fork can be given instead of the one it came from. */
export interface OtherWorkflow<In, Out, Steps extends string, Gates>
  extends PlannedWorkflow {
  /** Never present at run time. */
  readonly "~workflow"?: {
    readonly in: (input: In) => void;
    readonly out: Out;
    readonly steps: Steps;
    readonly gates: Gates;
  };
}

/** What becomes of a fork, by its plan. */
export type ForkResult<Plan> = Plan extends
  RunPlan<infer Out, infer Steps, infer _Gates, infer Forks>
  ? PlanResult<Out, Steps, Forks>
  : never;

/** What is known of each plan. */
const specs = new WeakMap<object, PlanSpec>();

/** Everything that `plan` says. */
export function specOf(plan: object): PlanSpec {
  return specs.get(plan)!;
}

/**
 * A run that is declared before it happens: what it is given, how its questions are answered, what is tried besides, and
 * what should come of it. Every method gives a new plan; nothing is sent before {@linkcode RunPlan.execute}.
 */
export class RunPlan<Out, Steps extends string, Gates, Forks> {
  /** Never present at run time. */
  declare readonly "~plan"?: {
    readonly out: Out;
    readonly steps: Steps;
    readonly gates: Gates;
    readonly forks: Forks;
  };

  /** Plans are made by `workflow.run()`. */
  constructor(spec: PlanSpec) {
    specs.set(this, spec);
  }

  /** Adds words to find the run by. */
  tag(...tags: readonly string[]): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({ tags: [...specOf(this).tags, ...tags] });
  }

  /** Keeps something with the run; never interpreted. */
  metadata(metadata: JsonObject): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({ metadata: { ...specOf(this).metadata, ...metadata } });
  }

  /** Makes a second execution of the plan find the run of the first. */
  idempotencyKey(key: string): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({ idempotencyKey: key });
  }

  /** Turns knobs that the workflow declared with `configurable()`. */
  configure(configurable: RunConfigurable): RunPlan<Out, Steps, Gates, Forks> {
    const known = specOf(this).configurable;
    return this.#with({
      configurable: { ...known, ...configurable } as JsonObject,
    });
  }

  /**
   * Answers an interrupt whenever it is asked.
   *
   * @param name The name that the author of the workflow gave it.
   * @param answer `accept()`, `reject()` and their like, or a function of what is shown.
   */
  on<const Name extends keyof Gates & string>(
    name: Name,
    answer: PlanAnswer<Gates[Name]>,
  ): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({
      answers: new Map([...specOf(this).answers, [name, answer]]),
    });
  }

  /** Answers every interrupt that `on()` does not. */
  onAny(
    answer:
      | JsonObject
      | ((question: AnyQuestion) => JsonObject | Promise<JsonObject>),
  ): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({ any: answer });
  }

  /**
   * Cancels the run when it takes longer.
   *
   * @param time As in `"2h"`; a number is milliseconds.
   * @throws {InvalidArgumentError} `invalid-argument`, for what is not a length of time.
   */
  deadline(time: string | number): RunPlan<Out, Steps, Gates, Forks> {
    const deadlineMs = parseDuration(time);
    if (deadlineMs === undefined) {
      throw new InvalidArgumentError(
        "deadline",
        `a length of time is wanted, as in "2h", it is ${JSON.stringify(time)}`,
      );
    }
    return this.#with({ deadlineMs });
  }

  /**
   * Says what should come of it. What does not is told in the result; nothing is thrown.
   *
   * @param wanted A part of the result, or a function that says `false` or why not.
   */
  expect(
    wanted:
      | WantedResult<Out>
      | ((
        result: PlanResult<Out, Steps, unknown>,
      ) => boolean | string | undefined | void),
  ): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({ expectations: [...specOf(this).expectations, wanted] });
  }

  /**
   * Tries something else besides: when the run has ended, a new one is made of its beginning. The fork answers as the run
   * does where it says nothing else.
   *
   * @param name By which its result is found.
   * @param at Before a step (an interrupt is asked again), after one, or from the start.
   * @param declare What is different; gets a plan and gives one.
   */
  fork<
    const Name extends string,
    Plan = RunPlan<Out, Steps, Gates, NoForks>,
  >(
    name: Name,
    at: ForkPoint<Steps>,
    declare?: (f: RunPlan<Out, Steps, Gates, NoForks>) => Plan,
  ): RunPlan<
    Out,
    Steps,
    Gates,
    Forks & { readonly [Key in Name]: ForkResult<Plan> }
  > {
    const spec = specOf(this);
    const { idempotencyKey: _, ...inherited } = spec;
    const begin = new RunPlan<Out, Steps, Gates, NoForks>({
      ...inherited,
      expectations: [],
      forks: [],
    });
    const end: object = declare ? declare(begin) as object : begin;
    const forks = [...spec.forks, { name, at, spec: specOf(end) }];
    return new RunPlan({ ...spec, forks });
  }

  /** Gives a fork another input. It then begins anew: a host forks a run with the input that it had. */
  input(input: JsonObject): RunPlan<Out, Steps, Gates, Forks> {
    return this.#with({ input, anew: true });
  }

  /** Gives a fork another workflow, for example an edited one. It then begins anew, with the same input. */
  definition<In, Out2, Steps2 extends string, Gates2>(
    workflow: OtherWorkflow<In, Out2, Steps2, Gates2>,
  ): RunPlan<Out2, Steps2, Gates2, Forks> {
    return new RunPlan({ ...specOf(this), workflow, anew: true });
  }

  /**
   * Carries the plan out: starts the run, answers what the plan answers, waits for the end, then does the same with the
   * forks, side by side. A question that the plan does not answer waits for somebody else.
   *
   * @param client An `OpenwopClient` of any host that knows the workflow.
   * @param options Cancelling, and events as they come.
   * @returns What became of it all; a run that fails is a result too.
   * @throws {InputError} `input-invalid`, when the schema of the workflow refuses the input; nothing was sent.
   * @throws {OpenwopError} as `client.runs.start()` does.
   * @throws what a function of the plan throws; the run is cancelled then.
   */
  async execute(
    client: PlanClient,
    options: ExecuteOptions = {},
  ): Promise<PlanResult<Out, Steps, Forks>> {
    const result: unknown = await execute(specOf(this), client, options);
    return result as PlanResult<Out, Steps, Forks>;
  }

  /**
   * The plan as data, which `planFromJson()` reads.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, when an answer or an expectation is a function.
   */
  toJSON(): PlanJson {
    return toPlanJson(specOf(this));
  }

  #with(change: Partial<PlanSpec>): RunPlan<Out, Steps, Gates, Forks> {
    return new RunPlan({ ...specOf(this), ...change });
  }
}
