// Web standards only.
import type { Graph, Link } from "./graph.ts";
import type { PlainJson } from "./plain.ts";
import type { MaybeRef, Ref, ValueOf } from "./ref.ts";

/** One of two, by whether a value may be absent. */
export type IfUncertain<Value, Then, Otherwise> = [Value] extends [Ref<unknown>]
  ? Otherwise
  : [Value] extends [MaybeRef<unknown>] ? Then
  : Otherwise;

/** What a run gives, by what `output()` was given: what may be absent is optional. */
export type OutputOf<Given> = Flat<
  & {
    readonly [
      Key in keyof Given as IfUncertain<Given[Key], never, Key>
    ]: ValueOf<Given[Key]>;
  }
  & {
    readonly [Key in keyof Given as IfUncertain<Given[Key], Key, never>]?:
      ValueOf<
        Given[Key]
      >;
  }
>;

/** Refuses literals that JSON would change, with a sentence. */
export type PlainLiterals<Given> = {
  readonly [Key in keyof Given]: Given[Key] extends MaybeRef<unknown> ? unknown
    : PlainJson<Given[Key]>;
};

/** The same type, written as one object. An editor shows that object, and not the name of this type, for the `unknown`. */
export type Flat<T> = { readonly [Key in keyof T]: T[Key] } & unknown;

/** Arrows from every node that nothing comes after. */
export function sinks({ nodes }: Graph): readonly Link[] {
  const followed = new Set(
    nodes.flatMap((node) => node.after.map(({ from }) => from)),
  );
  return nodes.flatMap(({ id }) => followed.has(id) ? [] : { from: id });
}
