// Web standards only.
import { chainsOf } from "./chains.ts";
import { construct } from "./construct.ts";
import { isCount } from "./count.ts";
import { type AddingAny, type Chains, open } from "./flow.ts";
import type { Link } from "./graph.ts";
import type { AnyPart, AnyParts, FreeName, Named, UsedBy } from "./parts.ts";
import { append, type Place } from "./place.ts";
import { orElse, type Ref, refTo } from "./ref.ts";

/** When chains that run side by side have done enough. */
export type JoinPolicy =
  /** One has succeeded; the others run on. */
  | "any"
  /** One has succeeded; the others are cancelled. */
  | "first"
  /** All have ended, well or badly. */
  | "settled"
  /** So many have succeeded. */
  | {
    /** How many. */
    readonly atLeast: number;
    /** Whether the others are then cancelled. @default false */
    readonly cancelRest?: boolean;
  };

/** What a join with a number gives: names of the nodes at the end of each chain, by how they have ended so far. */
export interface JoinRefs {
  /** Those that have succeeded. */
  readonly completed: Ref<string[]>;
  /** Those that have failed. */
  readonly failed: Ref<string[]>;
}

/**
 * Lets several chains run side by side, and goes on when enough of them have done so: `"any"` with the first success
 * while the others run on, `"first"` with the first success while the others are cancelled, `"settled"` when all have
 * ended however, `{ atLeast: n }` with the n-th success. Failures of single chains do not fail the run as long as the
 * policy is met. What the chains give may be absent afterwards.
 *
 * To wait for all, use `parallel()`.
 *
 * @param name Of the node where they meet.
 * @param policy When it goes on.
 * @param branches By name.
 *
 * @example
 * ```ts
 * import { defineNode, join, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const search = defineNode({
 *   typeId: "local.example.search",
 *   input: type<{ at: string }>(),
 *   output: type<{ found: string }>(),
 *   run: ({ at }) => ({ found: `something at ${at}` }),
 * });
 * const research = workflow("research", { version: "1.0.0" }).input()
 *   .use(join("quickest", "first", {
 *     web: (w) => w.step("web", search, () => ({ at: "the web" })),
 *     archive: (w) => w.step("archive", search, () => ({ at: "the archive" })),
 *   }))
 *   .output(({ web, archive }) => ({ web: web.found, archive: archive.found }))
 *   .build();
 * const node = research.definition.nodes.find(({ id }) => id === "quickest");
 * assert.deepEqual(node?.config, { need: 1, cancel: ["web", "archive"] });
 * ```
 */
export function join<
  F extends AnyPart,
  const Name extends string,
  const Parts extends AnyParts,
>(
  name: FreeName<Name, UsedBy<F>>,
  policy: JoinPolicy,
  branches: Chains<Parts, F, Name>,
): AddingAny<F, Parts, Named<Name, JoinRefs>, Name> {
  return construct(name, {}, (from, problems) => {
    const began = `${name}-began`;
    // The protocol's way of waiting for all does not ask whether any of them was taken; in a case that matters.
    const isGuarded = policy === "settled" && from.within.length > 0;
    const begin = isGuarded
      ? append(from, {
        id: began,
        typeId: "core.identity",
        config: {},
        inputs: { value: "yes" },
        gives: () => true,
      })
      : from;
    const { within, tail } = begin;
    const { graph, ends } = chainsOf(begin, open, branches, (branch) => ({
      tail,
      within: [...within, `${name}/${branch}`],
      what: `${name}.${branch}`,
    }));
    let place: Place = { graph, tail, within };
    // Every branch counts once, so each has one node as its end.
    const sources = ends.map((end): Link => {
      const [last, ...others] = end.tail;
      if (last && !last.condition && others.length === 0 && end.tail !== tail) {
        return last;
      }
      const id = `${name}-${end.name}`;
      place = append({ ...place, tail: end.tail, within: end.within }, {
        id,
        typeId: "core.noop",
        config: {},
        inputs: {},
      });
      return { from: id };
    });
    const counted = policy === "first"
      ? { atLeast: 1, cancelRest: true }
      : typeof policy === "object"
      ? policy
      : undefined;
    const need = counted ? counted.atLeast : 1;
    if (!counted && policy !== "any" && policy !== "settled") {
      problems.push(
        `no policy is "${policy}": use any, first, settled or { atLeast: n }`,
      );
    }
    if (!isCount(need, 1, sources.length)) {
      problems.push(
        `${need} of ${sources.length} branches can never succeed: ask for 1 to ${sources.length}`,
      );
    }
    const end = append(
      { graph: place.graph, tail: sources, within },
      {
        id: name,
        inputs: {},
        ...(counted
          ? {
            typeId: "tutti.join",
            rule: "all_complete",
            config: {
              need,
              ...(counted.cancelRest
                ? { cancel: ends.flatMap(({ nodes }) => nodes) }
                : {}),
            },
            gives: () => true,
          }
          : {
            typeId: "core.noop",
            rule: policy === "any" ? "any_success" : "all_complete",
            config: {},
          }),
        ...(isGuarded
          ? {
            typeId: "core.identity",
            inputs: {
              value: orElse(
                refTo<Ref<string>>({
                  kind: "step",
                  step: began,
                  path: ["value"],
                }),
                "no",
              ),
            },
            gives: () => true,
          }
          : {}),
        needs: ["counting successes"],
      },
    );
    return isGuarded
      ? {
        ...end,
        tail: [{
          from: name,
          condition: { type: "equals", left: "value", right: "yes" },
        }],
      }
      : end;
  });
}
