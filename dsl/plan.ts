// Web standards only.
import {
  InvalidArgumentError,
  type RunConfigurable,
} from "../src/openwop/mod.ts";
import type { JsonObject } from "../src/openwop/protocol/mod.ts";
import type { AnyAnswer } from "./answers.ts";
import { parseDuration } from "./duration.ts";
import { answerAt, called, graphAt, jsonAt, wanted, within } from "./given.ts";
import { execute } from "./plan_execute.ts";
import type {
  AnyPlanTypes,
  AnyQuestion,
  ExecuteOptions,
  ForkPoint,
  NoForks,
  PlanAnswer,
  PlanClient,
  PlanJson,
  PlannedWorkflow,
  PlanResult,
  PlanSpec,
  PlanTypes,
  WantedResult,
} from "./plan_types.ts";
import { checkForkPoint, checkStep, toWireEdit } from "./plan_state.ts";
import { toPlanJson } from "./plan_write.ts";
import type { AskingHandle, GateAt, StepHandle } from "./parts.ts";
import { stepNamed } from "./ref.ts";
import type { GateName } from "./run.ts";
import type { EditOf, NoQuestion, StateEdit } from "./state_types.ts";
import { stepName } from "./step_name.ts";

/** A workflow that a fork can be given instead of the one it came from. */
export interface OtherWorkflow<In, Out, Steps extends string, Gates, State>
  extends PlannedWorkflow {
  /** Never present at run time. */
  readonly "~workflow"?: {
    readonly in: (input: In) => void;
    readonly out: Out;
    readonly steps: Steps;
    readonly gates: Gates;
    readonly state: State;
  };
}

/** What becomes of a fork, by its plan. */
export type ForkResult<Plan> = Plan extends RunPlan<infer Types, infer Forks>
  ? PlanResult<Types["out"], Types["steps"], Forks>
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
export class RunPlan<Types extends AnyPlanTypes, Forks> {
  /** Never present at run time. */
  declare readonly "~plan"?: {
    readonly types: Types;
    readonly forks: Forks;
  };

  /** Plans are made by `workflow.run()`. */
  constructor(spec: PlanSpec) {
    specs.set(this, spec);
  }

  /** Adds words to find the run by. */
  tag(...tags: readonly string[]): RunPlan<Types, Forks> {
    for (const tag of tags) wanted("tag", "string", tag);
    return this.#with({ tags: [...specOf(this).tags, ...tags] });
  }

  /** Keeps something with the run; never interpreted. */
  metadata(metadata: JsonObject): RunPlan<Types, Forks> {
    return this.#merge("metadata", metadata);
  }

  /** Makes a second execution of the plan find the run of the first. */
  idempotencyKey(key: string): RunPlan<Types, Forks> {
    return this.#with({ idempotencyKey: wanted("key", "string", key) });
  }

  /** Turns knobs that the workflow declared with `configurable()`. */
  configure(
    configurable: RunConfigurable,
  ): RunPlan<Types, Forks> {
    return this.#merge("configurable", configurable);
  }

  /**
   * Answers an interrupt whenever it is asked. One that a child asks has the name of the step before its own, as in
   * `"review.gate"`, also below `forEach()`, where it is asked for each entry; a function is told which.
   *
   * A child is found by the `node.dispatched` of its parent. What a host without that event asks in children waits for
   * somebody else.
   *
   * @param which The name that the author of the workflow gave it; of what was added with `add()`, the handle.
   * @param answer `accept()`, `reject()` and their like, or a function of what is shown, which may take its time: while
   * it thinks, others are asked, and the `signal` of its question aborts when nobody waits for it any more.
   *
   * @example
   * ```ts
   * import { accept, reject, sub, type, workflow } from "@tutti/sdk/dsl";
   * import { createHost } from "@tutti/sdk/host";
   * import { OpenwopClient } from "@tutti/sdk/openwop";
   * import assert from "node:assert/strict";
   *
   * const review = workflow("review", { version: "1.0.0" })
   *   .input(type<{ text: string }>())
   *   .approval("gate", ({ input }) => ({ title: "Print?", data: { text: input.text } }))
   *   .branch(({ gate }) => gate.action, { accept: (w) => w, reject: (w) => w })
   *   .output(({ gate }) => ({ decided: gate.action }))
   *   .build();
   * const print = workflow("print", { version: "1.0.0" })
   *   .input(type<{ text: string }>())
   *   .use(sub("review", review, ({ input }) => ({ text: input.text })))
   *   .output(({ review }) => ({ decided: review.decided }))
   *   .build();
   *
   * const host = createHost({ workflows: [review, print] });
   * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
   * const { output } = await print.run({ text: "Tutti" })
   *   .on("review.gate", ({ data }) => data.text ? accept() : reject("no words"))
   *   .execute(client);
   * assert.deepEqual(output, { decided: "accept" });
   * await host.close();
   * ```
   */
  on<
    const Which extends
      | GateName<keyof Types["gates"] & string>
      | AskingHandle<unknown>,
  >(
    which: Which,
    answer: PlanAnswer<GateAt<Types["gates"], Which>>,
  ): RunPlan<Types, Forks> {
    const { workflow, answers } = specOf(this);
    const name = stepNamed(which) as string;
    checkStep("on", workflow.definition, name);
    const said = answerAt(`on("${name}")`, answer);
    return this.#with({ answers: new Map([...answers, [name, said]]) });
  }

  /** Answers every interrupt that `on()` does not, those of children included. */
  onAny(
    answer:
      | AnyAnswer
      | ((question: AnyQuestion) => AnyAnswer | Promise<AnyAnswer>),
  ): RunPlan<Types, Forks> {
    return this.#with({ any: answerAt("onAny", answer) });
  }

  /**
   * Cancels the run when it takes longer.
   *
   * @param time As in `"2h"`; a number is milliseconds.
   * @throws {InvalidArgumentError} `invalid-argument`, for what is not a length of time.
   */
  deadline(time: string | number): RunPlan<Types, Forks> {
    const deadlineMs = within("deadline", () => parseDuration(time));
    if (deadlineMs === undefined) {
      throw new InvalidArgumentError(
        "deadline",
        `a length of time is wanted, as in "2h"`,
      );
    }
    return this.#with({ deadlineMs });
  }

  /**
   * Says what should come of it. What does not is told in the result; nothing is thrown.
   *
   * @param expected A part of the result, or a function that says `false` or why not.
   */
  expect(
    expected:
      | WantedResult<Types["out"]>
      | ((
        result: PlanResult<Types["out"], Types["steps"], unknown>,
      ) => boolean | string | undefined | void),
  ): RunPlan<Types, Forks> {
    const { expectations } = specOf(this);
    if (typeof expected !== "function") wanted("expect", "object", expected);
    return this.#with({ expectations: [...expectations, expected] });
  }

  /**
   * Tries something else besides: when the run has ended, a new one is made of its beginning. The fork answers as the run
   * does where it says nothing else.
   *
   * @param name By which its result is found.
   * @param at Before a step (an interrupt is asked again), after one, or from the start; a step that was added with
   * `add()` is meant by its handle.
   * @param declare What is different; gets a plan and gives one.
   * @throws {InvalidArgumentError} `invalid-argument`, for a name that is taken, a step that is not there, and an
   * interrupt of a child: fork at the step that runs the child.
   */
  fork<const Name extends string, Plan = RunPlan<Types, NoForks>>(
    name: Name,
    at: ForkPoint<Types["steps"] | StepHandle>,
    declare?: (f: RunPlan<Types, NoForks>) => Plan,
  ): RunPlan<Types, Forks & { readonly [Key in Name]: ForkResult<Plan> }> {
    const spec = specOf(this);
    const { idempotencyKey: _, state: __, anew: ___, ...inherited } = spec;
    const begin = new RunPlan<Types, NoForks>({
      ...inherited,
      expectations: [],
      forks: [],
    });
    wanted("name", "string", name);
    if (spec.forks.some((fork) => fork.name === name)) {
      throw new InvalidArgumentError("name", `it has a fork "${name}" already`);
    }
    const point = checkForkPoint(spec.workflow.definition, at);
    const end = declare === undefined
      ? begin
      : called("declare", declare, begin) as object;
    const inner = specOf(end);
    if (!inner) {
      throw new InvalidArgumentError(
        `fork("${name}")`,
        "its function must return the plan it was given, as in (f) => f.on(…)",
      );
    }
    return new RunPlan({
      ...spec,
      forks: [...spec.forks, { name, at: point, spec: inner }],
    });
  }

  /** Gives a fork another input. It then begins anew: a host forks a run with the input that it had. */
  input(input: Types["in"]): RunPlan<Types, Forks> {
    return this.#with({ input: wanted("input", "object", input), anew: true });
  }

  /** Gives a fork another workflow, for example an edited one. It then begins anew, with the same input. */
  definition<In, Out, Steps extends string, Gates, State>(
    workflow: OtherWorkflow<In, Out, Steps, Gates, State>,
  ): RunPlan<PlanTypes<In, Out, Steps, Gates, State>, Forks> {
    within("workflow", () => graphAt("workflow", workflow?.definition));
    return new RunPlan({ ...specOf(this), workflow, anew: true });
  }

  /**
   * Writes over state where a fork begins, and goes on from there: other values of variables, other contents of channels,
   * other outputs of steps that had completed by then. What is not named stays as it was, also the other outputs of a
   * step; nothing that lies before is done again, and the log of the run that was forked is not touched.
   *
   * OpenWOP has no word for it, so it takes a host that lists `tutti.fork-state` under `extensions` of its discovery
   * document, as the embedded host does: `execute()` asks before it starts anything. Forks of this fork copy its log, and
   * with it the edit where they begin behind it. Questions are not edited here but answered with `on()`.
   *
   * @param edit By the names of variables, channels and steps; plain JSON. What was added with `add()` is meant by its
   * handle, as in `state(rated, { rate: 3 })`.
   * @throws {InvalidArgumentError} `invalid-argument`, for a name that the workflow does not have.
   *
   * @example
   * ```ts
   * import { defineNode, type, variable, workflow } from "@tutti/sdk/dsl";
   * import { createHost } from "@tutti/sdk/host";
   * import { OpenwopClient } from "@tutti/sdk/openwop";
   * import assert from "node:assert/strict";
   *
   * const rate = defineNode({
   *   typeId: "local.example.rate",
   *   input: type<{ from: string }>(),
   *   output: type<{ rate: number; source: string }>(),
   *   run: () => ({ rate: 2, source: "bank" }),
   * });
   * const convert = defineNode({
   *   typeId: "local.example.convert",
   *   input: type<{ amount: number; rate: number; fee: number }>(),
   *   output: type<{ total: number }>(),
   *   run: ({ amount, rate, fee }) => ({ total: amount * rate - fee }),
   * });
   * const change = workflow("change", { version: "1.0.0" })
   *   .input(type<{ amount: number }>())
   *   .use(variable("fee", { default: 1 }))
   *   .step("rate", rate, () => ({ from: "EUR" }))
   *   .step("convert", convert, ({ input, rate, fee }) => ({
   *     amount: input.amount,
   *     rate: rate.rate,
   *     fee,
   *   }))
   *   .output(({ convert, rate }) => ({ total: convert.total, source: rate.source }))
   *   .build();
   *
   * const host = createHost({ workflows: [change] });
   * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
   * const { output, forks } = await change.run({ amount: 10 })
   *   .fork("better", { at: "convert" }, (f) => f.state({ rate: { rate: 3 }, fee: 0 }))
   *   .execute(client);
   * assert.deepEqual(output, { total: 19, source: "bank" });
   * assert.deepEqual(forks.better.output, { total: 30, source: "bank" });
   * await host.close();
   * ```
   */
  state<const Edit extends object>(
    edit: Edit & StateEdit<Edit, Types["state"]>,
  ): RunPlan<Types, Forks>;
  /** Writes over outputs of a step that was added with `add()`. */
  state<Step extends StepHandle>(
    step: Step & NoQuestion<Step>,
    outputs: EditOf<Step>,
  ): RunPlan<Types, Forks>;
  /** Both. */
  state(edit: unknown, outputs?: unknown): RunPlan<Types, Forks> {
    const plan = this.#merge(
      "state",
      outputs ? { [stepName(edit as StepHandle)]: outputs } : edit as object,
    );
    const { workflow, state } = specOf(plan);
    toWireEdit(workflow.definition, state!);
    return plan;
  }

  /**
   * Carries the plan out: starts the run, answers what the plan answers, waits for the end, then does the same with the
   * forks, side by side. A question that the plan does not answer waits for somebody else. No function that still thinks
   * holds up a run that has ended.
   *
   * @param client An `OpenwopClient` of any host that knows the workflow.
   * @param options Cancelling, and events as they come.
   * @returns What became of it all; a run that fails is a result too.
   * @throws {InputError} `input-invalid`, when the schema of the workflow refuses the input; nothing was sent.
   * @throws {InvalidArgumentError} `invalid-argument`, when the schema of an approval refuses an edited version, or state
   * is edited where there is none, or on a host that cannot; nothing was started. Also when a function of the plan gives
   * such a version, or `onAny()` does: nothing of it is sent, and the run is cancelled then.
   * @throws {OpenwopError} as `client.runs.start()` does.
   * @throws what a function of the plan throws; the run is cancelled then.
   */
  async execute(
    client: PlanClient,
    options: ExecuteOptions = {},
  ): Promise<PlanResult<Types["out"], Types["steps"], Forks>> {
    const result: unknown = await execute(specOf(this), client, options);
    return result as PlanResult<Types["out"], Types["steps"], Forks>;
  }

  /**
   * The plan as data, which `planFromJson()` reads.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, when an answer or an expectation is a function, or anything else
   * would not survive JSON.
   */
  toJSON(): PlanJson {
    return jsonAt("plan", toPlanJson(specOf(this)));
  }

  #merge(
    key: "metadata" | "configurable" | "state",
    more: object,
  ): RunPlan<Types, Forks> {
    const known = specOf(this)[key];
    return this.#with({
      [key]: within(key, () => ({
        ...known,
        ...wanted(key, "object", more),
      })),
    });
  }

  #with(change: Partial<PlanSpec>): RunPlan<Types, Forks> {
    return new RunPlan({ ...specOf(this), ...change });
  }
}
