// Web standards only.
import type { JsonValue } from "../src/openwop/protocol/mod.ts";
import { construct } from "./construct.ts";
import type { Adding } from "./flow.ts";
import { asked, wanted } from "./given.ts";
import { distinct, type Link } from "./graph.ts";
import type { PlainLiterals } from "./output.ts";
import type { AnyPart, FreeName, From, Named, UsedBy } from "./parts.ts";
import { append, type Place } from "./place.ts";
import { type Ref, targetOf, type ValueOf } from "./ref.ts";

/**
 * Makes one value of those that exclusive branches gave: the value of the step that has run, typed as a union. Use it
 * after a `branch()` to go on with its result, whichever case was taken.
 *
 * Every way that leads here must give a value: `check()` refuses a case that none of the outputs belongs to. A literal
 * among them stands for all other ways. If several of the steps have run, one of their values is taken.
 *
 * @param name Of the step that holds the value, as `value`.
 * @param refs One output of each of the steps, and at most one literal, as in `[merge.sha, null]`.
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
  const Given extends readonly unknown[],
>(
  name: FreeName<Name, UsedBy<F>>,
  refs: From<F, Given & PlainLiterals<Given>>,
): Adding<
  F,
  Named<Name, { readonly value: Ref<ValueOf<Given[number]>> }>,
  Name
> {
  return construct(name, {}, (place, problems) => {
    const given: readonly unknown[] = wanted(
      `${name}.refs`,
      "list",
      asked(`${name}.refs`, place, refs),
    );
    const literals = given.filter((each) => !targetOf(each));
    const carried = given.flatMap((ref): Link[] => {
      const target = targetOf(ref);
      if (target?.kind === "step") {
        return [{
          from: target.step,
          sourceOutput: target.path.join("."),
          targetInput: "value",
        }];
      }
      if (target) {
        problems.push("it can only choose between outputs of steps");
      }
      return [];
    });
    if (literals.length > 1) problems.push("one literal stands for all ways");
    if (!literals.length && leadsPast(place, carried)) {
      problems.push(
        "a way leads here that none of its outputs lies on: name one of each case, or add a literal, as in [merge.sha, null]",
      );
    }
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
      ...(literals.length
        ? { settings: { defaults: { value: literals[0] as JsonValue } } }
        : {}),
    });
  });
}

/** Whether a case of the branch that `sources` lie in leads to a place without any of them. */
function leadsPast(
  { graph, tail, within }: Place,
  sources: readonly Link[],
): boolean {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const places = sources.map(({ from }) => nodes.get(from)?.within ?? []);
  const names = places.map((place) => place[within.length] ?? "");
  // Any number of conditions may hold.
  if (names.some((name) => name.startsWith("when "))) return true;
  // What lies in no case has run, and of other ways nothing is known.
  if (names.length === 0 || names.some((name) => !name.includes("="))) {
    return false;
  }
  // Of several branches, one with a value on all of its ways will do.
  return names.every((name) => {
    const [branch = ""] = name.split("=");
    const own = places.filter((place) =>
      place[within.length]!.startsWith(`${branch}=`)
    );
    const seen = new Set<string>();
    const isPast = ({ from, empty, label }: Link): boolean => {
      // Where its case begins, and no source was met on the way back.
      if (from === branch && (empty || label !== undefined)) return true;
      const node = nodes.get(from);
      if (!node || seen.has(from)) return false;
      seen.add(from);
      const isOn = (place: readonly string[]): boolean =>
        place.every((name, depth) => node.within[depth] === name);
      return !own.some(isOn) && node.after.some(isPast);
    };
    return tail.some(isPast);
  });
}
