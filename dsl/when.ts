// Web standards only.
import { checkAnswers } from "./branch.ts";
import { chainsOf, isWithoutSteps } from "./chains.ts";
import { ask, type Asked, type Condition } from "./condition.ts";
import { type AddingAny, type Chains, open } from "./flow.ts";
import { asked, within } from "./given.ts";
import { distinct, gateAt, type Link } from "./graph.ts";
import type { AnyPart, AnyParts, From } from "./parts.ts";
import { noting, type Place, placeOf } from "./place.ts";
import { badOption } from "./step.ts";

/**
 * Takes every one of several chains whose condition holds: none, one or all. What the chains give may be absent
 * afterwards; what follows waits for those that were taken.
 *
 * For exactly one of several, use `branch()`.
 *
 * @param conditions One for each chain, as data: `eq`, `gt`, `oneOf`, `matches`, `all`, `any`, `not` and the others.
 * @param chains One for each condition.
 *
 * @example
 * ```ts
 * import { defineNode, gt, truthy, type, when, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const note = defineNode({
 *   typeId: "local.example.note",
 *   input: type<{ text: string }>(),
 *   output: type<{ noted: boolean }>(),
 *   run: () => ({ noted: true }),
 * });
 * const order = workflow("order", { version: "1.0.0" })
 *   .input(type<{ total: number; gift?: boolean }>())
 *   .use(when(({ input }) => ({ large: gt(input.total, 1000), gift: truthy(input.gift) }), {
 *     large: (w) => w.step("audit", note, () => ({ text: "look at it" })),
 *     gift: (w) => w.step("wrap", note, () => ({ text: "wrap it" })),
 *   }))
 *   .output(({ audit, wrap }) => ({ audited: audit.noted, wrapped: wrap.noted }))
 *   .build();
 * assert.deepEqual(
 *   order.definition.nodes.map(({ id, typeId }) => [id, typeId]).slice(0, 2),
 *   [["if-large", "core.flow.if"], ["if-gift", "core.flow.if"]],
 * );
 * ```
 */
export function when<
  F extends AnyPart,
  const Parts extends AnyParts,
>(
  conditions: From<
    F,
    { readonly [Key in NoInfer<keyof Parts>]: Condition }
  >,
  chains: Chains<Parts, F>,
): AddingAny<F, Parts> {
  return (w) =>
    within("when", () => {
      const begin = placeOf(w);
      const all = new Map<string, Asked>();
      const wanted = asked("when.conditions", begin, conditions);
      // The compiler takes keys of what a function gives that nobody asked for.
      let place: Place = noting(
        begin,
        Object.keys(wanted).filter((name) => !Object.hasOwn(chains, name))
          .map((name) =>
            badOption(
              name,
              `no chain hangs on the condition "${name}": add one`,
            )
          ),
      );
      for (const [name, condition] of Object.entries<Condition>(wanted)) {
        // Each is asked where this construct begins, so none waits for another.
        const one = ask({ ...begin, graph: place.graph }, condition, name);
        all.set(name, one);
        place = one.place;
      }
      const { graph, ends } = chainsOf(place, open, chains, (name) => ({
        tail: [all.get(name)?.link ?? { from: name }],
        within: [...begin.within, `when ${name}`],
        what: `when.${name}`,
      }));
      const links = [
        ...ends.flatMap((end): readonly Link[] =>
          end.tail.filter((link) => !isWithoutSteps(end, link))
        ),
        // What follows goes on when no condition holds.
        ...[...all.values()].map(({ link }) => ({ from: link.from })),
      ];
      const dead = ends.flatMap(({ begin, nodes }) =>
        begin.tail.flatMap(({ from: step, condition }) =>
          condition?.type === "equals"
            ? checkAnswers(
              gateAt(graph, { kind: "step", step, path: [condition.left!] }),
              [{ name: condition.right, nodes }],
              false,
            )
            : []
        )
      );
      const end = { graph, tail: distinct(links), within: begin.within };
      return open(noting(end, dead)) as never;
    });
}
