// Web standards only.
import { type Graph, type Link, targetsOf } from "./graph.ts";
import type { PlainJson } from "./plain.ts";
import type { MaybeRef, Ref, ValueOf } from "./ref.ts";

/** `Key` where the value may be absent. */
export type UncertainKey<Value, Key> = [Value] extends [Ref<unknown>] ? never
  : [Value] extends [MaybeRef<unknown>] ? Key
  : never;

/** What a run gives, by what `output()` was given: what may be absent is optional. */
export type OutputOf<Given> = Flat<
  & {
    readonly [
      Key in keyof Given as Exclude<Key, UncertainKey<Given[Key], Key>>
    ]: ValueOf<Given[Key]>;
  }
  & {
    readonly [Key in keyof Given as UncertainKey<Given[Key], Key>]?: ValueOf<
      Given[Key]
    >;
  }
>;

/** Refuses literals that JSON would change, with a sentence. */
export type PlainLiterals<Given> = {
  readonly [Key in keyof Given]: Given[Key] extends MaybeRef<unknown> ? unknown
    : PlainJson<Given[Key]>;
};

/** The same type, written as one object. */
export type Flat<T> = { readonly [Key in keyof T]: T[Key] };

/** Arrows from every node that nothing comes after. */
export function sinks({ nodes }: Graph): readonly Link[] {
  const followed = new Set<string>();
  for (const node of nodes) {
    for (const { from } of node.after) followed.add(from);
    if (!node.afterInputs) continue;
    for (const target of targetsOf(node)) {
      if (target.kind === "step") followed.add(target.step);
    }
  }
  return nodes.filter(({ id }) => !followed.has(id)).map(({ id }) => ({
    from: id,
  }));
}
