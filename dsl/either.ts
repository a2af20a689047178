// Web standards only.
import { construct } from "./construct.ts";
import type { Adding } from "./flow.ts";
import { distinct, type Link } from "./graph.ts";
import type { AnyPart, FreeName, Named, RefsIn, UsedBy } from "./parts.ts";
import { append } from "./place.ts";
import { type MaybeRef, type Ref, targetOf, type ValueOf } from "./ref.ts";
import { scopeOf } from "./scope.ts";

/**
 * Makes one value of those that exclusive branches gave: the value of the step that has run, typed as a union. Use it
 * after a `branch()` to go on with its result, whichever case was taken.
 *
 * If none of the steps has run, the step is skipped with what comes after it; if several have, one of their values is
 * taken.
 *
 * @param name Of the step that holds the value, as `value`.
 * @param refs One output of each of the steps.
 *
 * @example
 * ```ts
 * import { defineNode, either, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const say = defineNode({
 *   typeId: "local.example.say",
 *   input: type<{ text: string }>(),
 *   output: type<{ said: string }>(),
 *   run: ({ text }) => ({ said: text }),
 * });
 * const post = workflow("post", { version: "1.0.0" }).input()
 *   .approval("editor", () => ({ title: "Publish?" }))
 *   .branch(({ editor }) => editor.action, {
 *     accept: (w) => w.step("yes", say, () => ({ text: "published" })),
 *     reject: (w) => w.step("no", say, () => ({ text: "kept back" })),
 *   })
 *   .use(either("word", ({ yes, no }) => [yes.said, no.said]))
 *   .output(({ word }) => ({ word: word.value }))
 *   .build();
 * assert.equal(post.definition.nodes.find(({ id }) => id === "word")?.typeId, "core.identity");
 * ```
 */
export function either<
  F extends AnyPart,
  const Name extends string,
  const Given extends readonly MaybeRef<unknown>[],
>(
  name: FreeName<Name, UsedBy<F>>,
  refs: (refs: RefsIn<F>) => Given,
): Adding<
  F,
  Named<Name, { readonly value: Ref<ValueOf<Given[number]>> }>,
  Name
> {
  return construct(name, (place, problems) => {
    const carried = refs(scopeOf(place.graph)).flatMap((ref): Link[] => {
      const target = targetOf(ref);
      if (target?.kind === "step") {
        return [{ from: target.step, carry: [target.path.join("."), "value"] }];
      }
      problems.push("it can only choose between outputs of steps");
      return [];
    });
    if (new Set(carried.map(({ from }) => from)).size < carried.length) {
      problems.push("it can take one output of each step only");
    }
    return append(place, {
      id: name,
      typeId: "core.identity",
      config: {},
      inputs: {},
      after: distinct([...place.tail, ...carried]),
      gives: () => true,
    });
  });
}
