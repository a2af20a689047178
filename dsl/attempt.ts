// Web standards only.
import { run } from "./chains.ts";
import { construct } from "./construct.ts";
import { type Adding, type Chain, open } from "./flow.ts";
import { asked } from "./given.ts";
import { distinct } from "./graph.ts";
import type { NodeType } from "./node.ts";
import type {
  AddedBy,
  AnyPart,
  FreeName,
  GatesOf,
  Inputs,
  Named,
  Uncertain,
  UsedBy,
} from "./parts.ts";
import { append } from "./place.ts";
import {
  type MaybeRefs,
  type Ports,
  type Ref,
  type Refs,
  refTo,
} from "./ref.ts";
import { stepNode, type StepOptions } from "./step.ts";

/** Why a step has failed. */
export interface FailureRefs {
  /** Stable. */
  readonly code: Ref<string>;
  /** For people. */
  readonly message: Ref<string>;
}

/** How a step that may fail is done, and what happens then. */
export interface AttemptOptions<In, Out, Handler> extends StepOptions<In, Out> {
  /** The chain that is taken when it has failed for good. */
  readonly onError: Handler;
}

/**
 * Adds a step that may fail without failing the run: after the last attempt the chain of `onError` is taken in its
 * place, and what follows goes on after either. What the step and that chain give may be absent afterwards.
 *
 * @param name Unique in the workflow. `<name>-ok` and `<name>-failed` are taken too.
 * @param node What it does.
 * @param inputs Says for each port which reference or literal it gets.
 * @param options Those of a step, and `onError`, which gets the chain and the failure.
 *
 * @example
 * ```ts
 * import { attempt, defineNode, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const pay = defineNode({
 *   typeId: "local.example.pay",
 *   input: type<{ amount: number }>(),
 *   output: type<{ receipt: string }>(),
 *   run: () => {
 *     throw new Error("the bank is closed");
 *   },
 * });
 * const tell = defineNode({
 *   typeId: "local.example.tell",
 *   input: type<{ why: string }>(),
 *   output: type<{ told: boolean }>(),
 *   run: () => ({ told: true }),
 * });
 * const buy = workflow("buy", { version: "1.0.0" })
 *   .input(type<{ amount: number }>())
 *   .use(attempt("pay", pay, ({ input }) => ({ amount: input.amount }), {
 *     retry: 2,
 *     onError: (w, failure) => w.step("tell", tell, () => ({ why: failure.message })),
 *   }))
 *   .output(({ pay, tell }) => ({ receipt: pay.receipt, told: tell.told }))
 *   .build();
 * assert.deepEqual(
 *   buy.definition.nodes.map(({ id }) => id),
 *   ["pay", "pay-failed", "pay-ok", "tell", "output"],
 * );
 * ```
 */
export function attempt<
  F extends AnyPart,
  const Name extends string,
  In,
  Out,
  Given extends Ports<In>,
  Handled extends AnyPart,
>(
  name: FreeName<Name, UsedBy<F>>,
  node: NodeType<In, Out>,
  inputs: Inputs<F, Given, In>,
  options: AttemptOptions<
    In,
    Out,
    Chain<F, Name, Handled, [failure: FailureRefs]>
  >,
): Adding<
  F,
  Named<Name, MaybeRefs<Refs<Out>>> & Uncertain<AddedBy<Handled>>,
  Name | UsedBy<Handled>,
  GatesOf<Handled>
> {
  return construct(name, options, (begin) => {
    const { within } = begin;
    const { onError, ...others } = options;
    const [step, issues] = stepNode(
      name,
      node,
      asked(`${name}.inputs`, begin, inputs),
      others,
    );
    const failed = `${name}-failed`;
    const after = append(
      { ...begin, within: [...within, `${name} ran`] },
      step,
      issues,
    );
    const routed = append({ ...after, within: [...within, failed] }, {
      id: failed,
      typeId: "core.noop",
      config: {},
      inputs: {},
      after: [{ from: name, sourceOutput: "error", targetInput: "error" }],
      rule: "any_failed",
      gives: () => true,
    });
    const passed = append({ ...after, graph: routed.graph }, {
      id: `${name}-ok`,
      typeId: "core.noop",
      config: {},
      inputs: {},
    });
    const handled = run(
      onError,
      open({ ...routed, graph: passed.graph }),
      `${name}.onError`,
      refTo({ kind: "step", step: failed, path: ["error"] }),
    );
    return {
      graph: handled.graph,
      tail: distinct([...passed.tail, ...handled.tail]),
      within,
    };
  });
}
