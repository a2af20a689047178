// Web standards only.
import { construct } from "./construct.ts";
import type { Adding } from "./flow.ts";
import { asked, graphAt } from "./given.ts";
import type { ItemWorkflow } from "./for_each.ts";
import type {
  AnyPart,
  FreeName,
  GatesUnder,
  Inputs,
  Named,
  UsedBy,
} from "./parts.ts";
import { append } from "./place.ts";
import { filled, present } from "./present.ts";
import {
  type MaybeRefs,
  type Ports,
  type Ref,
  type Refs,
  targetOf,
} from "./ref.ts";

/** How a child belongs to its parent. */
export interface SubOptions<OnFailure extends "fail" | "absorb"> {
  /** The version of the child. @default the one that was handed in */
  readonly version?: string;
  /** Whether a child that fails fails the step, or leaves it without outputs. @default "fail" */
  readonly onFailure?: OnFailure;
  /** Whether the child is cancelled with its parent. @default true */
  readonly cancelWithParent?: boolean;
}

/** What a step that runs a child gives. */
export type SubRefs<Out, OnFailure> = "absorb" extends OnFailure
  ? MaybeRefs<Refs<Out>> & {
    /** How the child has ended. */
    readonly childStatus: Ref<"completed" | "failed" | "cancelled">;
  }
  : Refs<Out>;

/**
 * Runs another workflow as a step, and waits for it. The child is a run of its own, with its own log and interrupts; the
 * host must know it under its id and version. A child that waits for a person makes its parent wait; a plan answers it by
 * `on("<step>.<interrupt>", …)`.
 *
 * @param name Of the step.
 * @param child What `build()` gave.
 * @param inputs Says for each input of the child which reference or literal it gets.
 * @param options What its failure and a cancel mean.
 *
 * @example
 * ```ts
 * import { defineNode, sub, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const charge = defineNode({
 *   typeId: "local.example.charge",
 *   input: type<{ amount: number }>(),
 *   output: type<{ receipt: string }>(),
 *   run: ({ amount }) => ({ receipt: `for ${amount}` }),
 * });
 * const payment = workflow("payment", { version: "2.1.0" })
 *   .input(type<{ amount: number }>())
 *   .step("charge", charge, ({ input }) => ({ amount: input.amount }))
 *   .output(({ charge }) => ({ receipt: charge.receipt }))
 *   .build();
 * const order = workflow("order", { version: "1.0.0" })
 *   .input(type<{ total: number }>())
 *   .use(sub("pay", payment, ({ input }) => ({ amount: input.total })))
 *   .output(({ pay }) => ({ receipt: pay.receipt }))
 *   .build();
 * assert.deepEqual(order.definition.nodes[0]?.config.inputMapping, { amount: "total" });
 * ```
 */
export function sub<
  F extends AnyPart,
  const Name extends string,
  In,
  Out,
  Given extends Ports<In>,
  const OnFailure extends "fail" | "absorb" = "fail",
  Asked = unknown,
>(
  name: FreeName<Name, UsedBy<F>>,
  child: ItemWorkflow<In, Out, Asked>,
  inputs: Inputs<F, Given, In>,
  options: SubOptions<OnFailure> = {},
): Adding<
  F,
  Named<Name, SubRefs<Out, OnFailure>>,
  Name,
  GatesUnder<`${Name}.`, Asked>
> {
  return construct(name, options, (place) => {
    const { definition } = child;
    graphAt(`${name}.child`, definition);
    const inputMapping: Record<string, string> = {};
    const others: Record<string, unknown> = {};
    for (
      const [port, source] of Object.entries(
        asked(`${name}.inputs`, place, inputs),
      )
    ) {
      const target = targetOf(source);
      const plain = target && target.otherwise === undefined &&
        (target.kind === "input" || target.kind === "variable") &&
        target.path.length === 1;
      if (plain) inputMapping[port] = target.path[0]!;
      else others[port] = source;
    }
    return append(place, {
      id: name,
      edit: child.schemas,
      typeId: "core.subWorkflow",
      config: {
        workflowId: definition.id,
        version: options.version ?? definition.version,
        waitForCompletion: true,
        onChildFailure: options.onFailure === "absorb"
          ? "absorb"
          : "fail-parent",
        propagateCancellation: options.cancelWithParent ?? true,
        ...present({ inputMapping: filled(inputMapping) }),
      },
      inputs: others,
      wire: { below: "output", names: { childStatus: "childStatus" } },
      gives: (key) => key === "childStatus" || key === "childRunId",
    });
  });
}
