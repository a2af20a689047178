// Web standards only.
import { run } from "./chains.ts";
import { checkLoops, checkPredicates } from "./check/nodes.ts";
import { checkReach } from "./check/reach.ts";
import { type Condition, predicateOf } from "./condition.ts";
import { construct } from "./construct.ts";
import { isCount } from "./count.ts";
import { type Adding, type Chain, open } from "./flow.ts";
import { asked } from "./given.ts";
import { lookedAt } from "./graph.ts";
import type {
  AddedBy,
  AnyPart,
  FreeName,
  GatesOf,
  Named,
  RefsIn,
  UsedBy,
} from "./parts.ts";
import { append } from "./place.ts";
import { type Ref, targetOf } from "./ref.ts";

/** How often, and until when. */
export interface RepeatOptions<Refs> {
  /** Asked after each round: the first round for which it holds is the last. */
  readonly until: (refs: Refs) => Condition;
  /** The most rounds there may be. */
  readonly max: number;
  /** Whether it fails after the last round if the condition does not hold, or goes on. @default "fail" */
  readonly onLimit?: "fail" | "continue";
}

/** What a repetition gives. */
export interface RepeatRefs {
  /** How many rounds there were. */
  readonly iterations: Ref<number>;
  /** Whether the condition held after the last. */
  readonly matched: Ref<boolean>;
}

/**
 * Does a chain again and again until a condition holds, and at most so many times. Every round runs the same steps with
 * fresh state: an approval in it is asked anew. After the last round, references to the steps see the values of that
 * round. What a round leaves for the next goes through a `variable()` or a `channel()`.
 *
 * @param name Of the node that asks and counts.
 * @param body One round.
 * @param options The condition and the bound.
 *
 * @example
 * ```ts
 * import { defineNode, eq, repeat, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const draft = defineNode({
 *   typeId: "local.example.draft",
 *   input: type<{ topic: string }>(),
 *   output: type<{ text: string }>(),
 *   run: ({ topic }) => ({ text: `About ${topic}` }),
 * });
 * const write = workflow("write", { version: "1.0.0" })
 *   .input(type<{ topic: string }>())
 *   .use(repeat("polish", (w) =>
 *     w.step("draft", draft, ({ input }) => ({ topic: input.topic }))
 *       .approval("review", ({ draft }) => ({ title: "Good?", data: { text: draft.text } })), {
 *     until: ({ review }) => eq(review.action, "accept"),
 *     max: 5,
 *   }))
 *   .output(({ draft, polish }) => ({ text: draft.text, rounds: polish.iterations }))
 *   .build();
 * const loop = write.definition.nodes.find(({ id }) => id === "polish");
 * assert.deepEqual(loop?.config.body, ["draft", "review"]);
 * ```
 */
export function repeat<
  F extends AnyPart,
  const Name extends string,
  Body extends AnyPart,
>(
  name: FreeName<Name, UsedBy<F>>,
  body: Chain<F, Name, Body>,
  options: RepeatOptions<RefsIn<F> & AddedBy<Body>>,
): Adding<
  F,
  AddedBy<Body> & Named<Name, RepeatRefs>,
  Name | UsedBy<Body>,
  GatesOf<Body>
> {
  return construct(name, options, (begin, problems) => {
    const { max, onLimit, until } = options;
    const round = run(body, open(begin), `${name}.body`);
    const nodes = round.graph.nodes.slice(begin.graph.nodes.length)
      .map(({ id }) => id);
    const { tree, inputs } = predicateOf(asked(`${name}.until`, round, until));
    const targets = Object.values(inputs).flatMap((ref) => targetOf(ref) ?? []);
    if (!isCount(max, 1, 10_000)) {
      problems.push(
        'it needs a bound: "max" must be a whole number from 1 to 10,000',
      );
    }
    if (nodes.length === 0) problems.push("its body has no steps");
    const changes = targets.some((target) =>
      target.kind === "variable" ||
      target.kind === "step" && nodes.includes(target.step)
    );
    if (!changes) {
      problems.push(
        "its condition never changes: ask about a step of its body or a variable",
      );
    }
    return append(
      { ...round, graph: targets.reduce(lookedAt, round.graph) },
      {
        id: name,
        typeId: "tutti.repeat",
        config: {
          body: nodes,
          until: tree,
          maxIterations: max,
          onLimit: onLimit ?? "fail",
        },
        inputs,
        gives: () => true,
        checks: [checkLoops, checkPredicates, checkReach],
        needs: ["asking its condition after each round"],
      },
    );
  });
}
