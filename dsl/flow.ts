// Web standards only.
import type {
  JsonObject,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import {
  type ApprovalAnswer,
  approvalNode,
  type ApprovalOptions,
  type DecisionRefs,
  type Question,
  type ShownOf,
  type ToldByEdit,
} from "./approval.ts";
import { casesOf } from "./branch.ts";
import { chainsOf } from "./chains.ts";
import { Draft } from "./draft.ts";
import {
  asked,
  called,
  checkNamed,
  schemaAt,
  wanted,
  within,
} from "./given.ts";
import { distinct } from "./graph.ts";
import type { NodeType } from "./node.ts";
import { type OutputOf, type PlainLiterals, sinks } from "./output.ts";
import type {
  AddedBy,
  AddedByAll,
  AddedByAny,
  AnyPart,
  AnyParts,
  EveryCase,
  FreeName,
  From,
  GatesOf,
  GatesOfAll,
  InputScope,
  Known,
  NoGates,
  NoOtherPorts,
  RefsIn,
  ScopeOf,
  StepHandle,
  StepsSoFar,
  ToldIn,
  UsedBy,
  UsedByAny,
} from "./parts.ts";
import { addHandle, append, type Place, placeOf } from "./place.ts";
import {
  inputRefs,
  type Ports,
  type Ref,
  type Refs,
  stepRefs,
  targetOf,
} from "./ref.ts";
import { stepNode, type StepOptions } from "./step.ts";

/** Declares a part of a workflow: gets a chain that begins where the part does, and gives it back with its steps. */
export type Chain<
  F extends AnyPart,
  Names,
  P,
  More extends readonly unknown[] = [],
> = (
  w: Flow<RefsIn<F>, StepsSoFar, UsedBy<F> | Names, NoGates>,
  ...more: More
) => P;

/** A function for each part that gets the chain to go on with, and gives it back with its steps. */
export type Chains<Parts, F extends AnyPart, Names = never> = {
  readonly [Key in keyof Parts]: Chain<F, Names, Parts[Key]>;
};

/** The same for each case of a branch on `On`, with what that tells of it. */
export type Cases<Parts, F extends AnyPart, On> = {
  readonly [Key in keyof Parts]: (
    w: Flow<RefsIn<F> & ToldIn<On, Key>, StepsSoFar, UsedBy<F>, NoGates>,
  ) => Parts[Key];
};

/** A construct that adds `New` to what can be referred to, uses up `Names`, and asks what `Asks` says. */
export type Adding<F extends AnyPart, New, Names = never, Asks = unknown> = (
  w: F,
) => Flow<
  ScopeOf<F>,
  AddedBy<F> & New,
  UsedBy<F> | Names,
  GatesOf<F> & Asks
>;

/** A construct of several chains of which some may not run. */
export type AddingAny<
  F extends AnyPart,
  Parts extends AnyParts,
  New = unknown,
  Names = never,
> = (
  w: F,
) => Flow<
  ScopeOf<F>,
  AddedBy<F> & AddedByAny<Parts> & New,
  UsedBy<F> | UsedByAny<Parts> | Names,
  GatesOf<F> & GatesOfAll<Parts>
>;

/**
 * A workflow that is being declared. Every method gives a new one with one more construct at its end; only
 * {@linkcode Flow.add} changes the flow that it is called on.
 *
 * `Scope` is what was there when this chain began, `Added` what it added, `Used` the names that are taken, `Gates` its
 * interrupts by name.
 */
export class Flow<Scope, Added, Used, Gates>
  extends Draft<Scope & Added, JsonObject, Used, Gates> {
  /** Never present at run time. */
  declare readonly "~part": Known<Scope, Added, Used, Gates>;

  /** References to what a run is given, for {@linkcode Flow.add}. */
  get input(): Scope extends InputScope<infer Input> ? Input : never {
    return inputRefs();
  }

  /**
   * Adds a step at the end.
   *
   * @param name Unique in the workflow, 1 to 64 of `A-Z a-z 0-9 _ -`.
   * @param node What it does.
   * @param inputs Says for each port which reference or literal it gets.
   * @param options Retry, timeout, how it is undone, which outputs are masked.
   *
   * @example
   * ```ts
   * import { defineNode, type, undo, workflow } from "@tutti/sdk/dsl";
   * import assert from "node:assert/strict";
   *
   * const refund = defineNode({
   *   typeId: "local.example.refund",
   *   input: type<{ receipt: string }>(),
   *   output: type<{ refunded: boolean }>(),
   *   run: () => ({ refunded: true }),
   * });
   * const pay = defineNode({
   *   typeId: "local.example.pay",
   *   input: type<{ amount: number }>(),
   *   output: type<{ receipt: string }>(),
   *   run: ({ amount }) => ({ receipt: `for ${amount}` }),
   * });
   * const buy = workflow("buy", { version: "1.0.0" })
   *   .input(type<{ amount: number }>())
   *   .step("pay", pay, ({ input }) => ({ amount: input.amount }), {
   *     retry: { max: 3, delay: "1s", backoff: "exponential" },
   *     timeout: "30s",
   *     sensitive: ["receipt"],
   *     undo: undo(refund, ({ output }) => ({ receipt: output.receipt })),
   *   })
   *   .build();
   * const [node] = buy.definition.nodes;
   * assert.equal(node?.settings?.timeoutMs, 30_000);
   * assert.equal(node?.compensation?.nodeTypeId, "local.example.refund");
   * ```
   */
  step<
    This extends AnyPart,
    const Name extends string,
    In,
    Out,
    Given extends Ports<In>,
  >(
    this: This,
    name: FreeName<Name, UsedBy<This>>,
    node: NodeType<In, Out>,
    inputs: (refs: RefsIn<This>) => Given & NoOtherPorts<Given, In>,
    options?: StepOptions<In, Out>,
  ): Flow<
    ScopeOf<This>,
    AddedBy<This> & { readonly [Key in Name]: Refs<Out> },
    UsedBy<This> | Name,
    GatesOf<This>
  > {
    return grown(this, name, options, (place) => {
      const given = asked(`${name}.inputs`, place, inputs);
      return append(place, ...stepNode(name, node, given, options));
    });
  }

  /**
   * Adds a step that waits for a human decision.
   *
   * Where a later branch or condition looks at its `action`, a rejection is a value like any other. Where none does, a
   * rejection fails the run with `approval_rejected`: nothing behind an approval runs without it. A timeout rejects.
   *
   * @param name The stable name of the interrupt, by which it is answered.
   * @param question What the approver is shown.
   * @param options Who decides, by when, and what they may do besides.
   */
  approval<
    This extends AnyPart,
    const Name extends string,
    Edited = never,
    const Refine extends boolean = false,
    Data extends object = object,
  >(
    this: This,
    name: FreeName<Name, UsedBy<This>>,
    question: From<This, Question<Data>>,
    options: ApprovalOptions<Edited, Refine> = {},
  ): Flow<
    ScopeOf<This>,
    & AddedBy<This>
    & {
      readonly [Key in Name]:
        & DecisionRefs<Edited, Refine>
        & ToldByEdit<ScopeOf<This>, Name, Edited>;
    },
    UsedBy<This> | Name,
    & GatesOf<This>
    & { readonly [Key in Name]: ApprovalAnswer<Edited, Refine, ShownOf<Data>> }
  > {
    return grown(this, name, options, (place) => {
      const shown = asked(`${name}.question`, place, question);
      return append(place, ...approvalNode(name, shown, options));
    });
  }

  /**
   * Lets several chains run side by side; what follows waits for all of them, and fails with the first that fails. For
   * other policies there is {@linkcode join}.
   *
   * @param branches By a name that is only for the reader.
   */
  parallel<
    This extends AnyPart,
    const Parts extends AnyParts,
  >(
    this: This,
    branches: Chains<Parts, This>,
  ): Flow<
    ScopeOf<This>,
    AddedBy<This> & AddedByAll<Parts>,
    UsedBy<This> | UsedByAny<Parts>,
    GatesOf<This> & GatesOfAll<Parts>
  > {
    return grown(this, "parallel", branches, (place) => {
      const { tail, within } = place;
      const { graph, ends } = chainsOf(place, open, branches, (name) => ({
        tail,
        within,
        what: `parallel.${name}`,
      }));
      return {
        graph,
        tail: distinct(ends.flatMap(({ tail }) => tail)),
        within,
      };
    });
  }

  /**
   * Takes exactly one of several chains, by a value. What the chains give may be absent afterwards.
   *
   * @param on The value, a text: with a union of literals as its type, every one of them needs a case.
   * @param cases One chain for each; `(w) => w` does nothing; `otherwise` stands for all values without a case.
   */
  branch<
    This extends AnyPart,
    On extends Ref<string>,
    const Parts extends AnyParts,
  >(
    this: This,
    on: From<This, On>,
    cases:
      & Cases<Parts, This, On>
      & EveryCase<On["stands for"], keyof Parts>,
  ): Flow<
    ScopeOf<This>,
    AddedBy<This> & AddedByAny<Parts>,
    UsedBy<This> | UsedByAny<Parts>,
    GatesOf<This> & GatesOfAll<Parts>
  > {
    return grown(
      this,
      "branch",
      cases,
      (place) => casesOf(place, open, asked("branch.on", place, on), cases),
    );
  }

  /**
   * Puts a construct at the end: one of this library, such as `forEach()` or `repeat()`, a fragment of your own, or any
   * function from chain to chain.
   *
   * @param construct Gets this chain and gives the chain to go on with.
   */
  use<This, Next>(this: This, construct: (w: This) => Next): Next {
    return wanted("construct()", "object", called("use", construct, this));
  }

  /**
   * Adds a node that comes after whatever it takes a value from, and gives its references: for graphs that are large,
   * generated or not a chain. Changes this flow; costs the type checker the same for node 1000 as for node 1.
   *
   * What a chain goes on with afterwards waits for all that was added. In a case, a condition or a repetition a node lies
   * in it, also one that takes nothing from there.
   *
   * @param name Unique in the workflow; not checked by the compiler, but by `check()`.
   * @param node What it does.
   * @param inputs For each port a reference or a literal.
   * @param options Those of a step, and `after`: names of nodes to wait for that no value comes from.
   */
  add<In, Out, const Given extends Ports<In>>(
    name: string,
    node: NodeType<In, Out>,
    inputs: Given & NoOtherPorts<Given, In>,
    options: StepOptions<In, Out> & {
      readonly after?: readonly string[];
    } = {},
  ): Refs<Out> & StepHandle {
    checkNamed(name, options);
    return within(name, () => {
      const given = wanted(`${name}.inputs`, "object", inputs);
      const [step, issues] = stepNode(name, node, given, options);
      const taken = Object.values(step.inputs).flatMap((source) => {
        const target = targetOf(source);
        return target?.kind === "step" ? target.step : [];
      });
      const path = `${name}.options.after`;
      const named = wanted(path, "list", options.after ?? []);
      const after = [...named, ...taken].map((from) => ({
        from: wanted(path, "string", from),
      }));
      addHandle(this, { ...step, after, handle: true }, issues);
      return stepRefs(name);
    });
  }

  /**
   * Says what the workflow gives. Ports that refer to a step in a branch are absent when it did not run.
   *
   * @param outputs For each port a reference or a literal.
   */
  output<const Given extends Readonly<Record<string, unknown>>>(
    outputs: (refs: Scope & Added) => Given & PlainLiterals<Given>,
  ): Draft<Scope & Added, OutputOf<Given>, Used, Gates>;
  /**
   * Says what the workflow must give, and gives it: the compiler holds the two together.
   *
   * @param as The wanted type: `type<T>()` or any Standard Schema.
   * @param outputs For each port a reference or a literal.
   */
  output<Out, Given extends Ports<Out>>(
    as: StandardSchemaV1<Out, unknown>,
    outputs: (refs: Scope & Added) => Given & NoOtherPorts<Given, Out>,
  ): Draft<Scope & Added, Out, Used, Gates>;
  /** Both. */
  output(...given: readonly unknown[]): unknown {
    const { graph, tail, within } = placeOf(this);
    const after = distinct([...tail, ...sinks(graph)]);
    if (given.length > 1) schemaAt("as", given[0] as StandardSchemaV1);
    const outputs = given.at(-1) as () => object;
    return new Draft(append({ graph, tail: after, within }, {
      id: "output",
      typeId: "core.end",
      config: {},
      inputs: { ...asked("output", placeOf(this), outputs) },
    }));
  }
}

/** The chain that stands at `place`, for the constructs of this folder. */
export function open(
  place: Place,
): Flow<InputScope<unknown>, StepsSoFar, string, NoGates> {
  return new Flow(place);
}

/** The flow behind what `change` puts at the end of `w`. */
function grown(
  w: object,
  name: string,
  options: object | undefined,
  change: (place: Place) => Place,
): never {
  checkNamed(name, options);
  return within(name, () => new Flow(change(placeOf(w)))) as never;
}
