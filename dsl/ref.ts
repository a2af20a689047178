// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import type { JsonValue } from "../src/openwop/protocol/mod.ts";
import { present } from "./present.ts";

/**
 * Stands for a value that a step may give while a run goes on, where the step may not have run at all: it lies in a
 * branch. It fits optional ports and the output of the workflow.
 */
export interface MaybeRef<T> {
  /** Never present at run time. */
  readonly "stands for": T;
}

/**
 * Stands for a value that a step gives, or that the run was given, while a run goes on. It is not the value: it can be
 * handed to a port, a branch, a condition or the output, and to nothing else.
 */
export interface Ref<T> extends MaybeRef<T> {
  /** Never present at run time. */
  readonly "certain to be there; use orElse() for what may be absent": true;
}

/** A value that is there. */
export type Present<T> = T extends undefined ? never : T;

/** A {@linkcode Ref} to a value, with references to its fields or entries where it has any. */
export type RefTo<T> = [T] extends [readonly unknown[]]
  ? Ref<T> & { readonly [index: number]: MaybeRefTo<T[number]> }
  : [T] extends [object] ? Ref<T> & Refs<T>
  : Ref<T>;

/** A {@linkcode MaybeRef} to a value, with references to its fields or entries where it has any. */
export type MaybeRefTo<T> = [T] extends [readonly unknown[]]
  ? MaybeRef<T> & { readonly [index: number]: MaybeRefTo<T[number]> }
  : [T] extends [object] ? MaybeRef<T> & FieldRefs<T>
  : MaybeRef<T>;

/** One reference for each field of a value that may be absent itself. */
export type FieldRefs<T> = {
  readonly [Key in keyof T]-?: MaybeRefTo<Present<T[Key]>>;
};

/** One reference for each port; a port that may be missing gives a {@linkcode MaybeRef}. */
export type Refs<Ports> = {
  readonly [Key in keyof Ports]-?: string extends Key
    ? MaybeRefTo<Present<Ports[Key]>>
    : undefined extends Ports[Key] ? MaybeRefTo<Present<Ports[Key]>>
    : RefTo<Ports[Key]>;
};

/** {@linkcode Refs} of a step that lies in a branch: nothing is certain to be there. */
export type MaybeRefs<Step> = {
  readonly [Key in keyof Step]: Step[Key] extends MaybeRef<infer T>
    ? MaybeRefTo<T>
    : Step[Key];
};

/** What may be written for each port: a reference, or a literal. */
export type Ports<In> = {
  readonly [Key in keyof In]: undefined extends In[Key]
    ? OptionalPort<Key, In[Key]>
    : Port<Key, In[Key]>;
};

/** What a port needs; `Name` is for the reader of a message of the compiler. */
export type Port<Name, T> = T | Ref<T>;

/** The same of a port that may stay empty. */
export type OptionalPort<Name, T> = T | MaybeRef<Present<T>>;

/** The value that a reference stands for; a literal is its own value. */
export type ValueOf<T> = T extends MaybeRef<unknown> ? T["stands for"] : T;

/** Where a reference leads. */
export type Target =
  & (
    | { readonly kind: "input" | "variable"; readonly path: Path }
    | { readonly kind: "step"; readonly step: string; readonly path: Path }
    | { readonly kind: "item" | "own"; readonly path: Path }
  )
  & { readonly otherwise?: JsonValue };

/** Keys from the outside in; the first is the variable, or the port. */
export type Path = readonly string[];

/** A reference to a step. */
export type StepTarget = Extract<Target, { readonly kind: "step" }>;

/** How the ports of a step travel: below another port, or under another name. */
export interface Wire {
  /** The port that the references lead into. */
  readonly below?: string;
  /** Ports under another name, or not below. */
  readonly names?: Readonly<Record<string, string>>;
}

const targets = new WeakMap<object, Target>();

/** Where `value` leads, if it is a reference. */
export function targetOf(value: unknown): Target | undefined {
  return typeof value === "object" && value !== null
    ? targets.get(value)
    : undefined;
}

/** What holds references and is none itself, with its name. */
const holders = new WeakMap<object, string>();

/** The name of `value`, if it holds references and is none itself: all that a step gives, for example. */
export function holderOf(value: unknown): string | undefined {
  return holders.get(value as object);
}

/** Gives `of(key)` for every key that is asked of it. What it does not have is a value, and a list of its keys. */
function asking<T>(
  name: string,
  of: (key: string, misuse: () => never) => unknown,
): T & object {
  const refusal = (problem: string) => (): never => {
    throw new InvalidArgumentError(name, problem);
  };
  const misuse = refusal(
    "a reference has no value before the run: hand it to a port of a step",
  );
  return new Proxy({}, {
    get: (_, key) =>
      typeof key === "string"
        ? of(key, misuse)
        : key === Symbol.toPrimitive
        ? misuse
        : undefined,
    // Otherwise { ...draft } would be {}, and the step be given nothing without a word.
    ownKeys: refusal(
      `its fields are not known before the run: name each one, as in { text: ${name}.text }`,
    ),
  }) as T & object;
}

/** A reference to `target`, of whatever type its place in a workflow gives it. */
export function refTo<T>(target: Target): T {
  const ref = asking<T>(
    nameOf(target),
    (key, misuse) =>
      key === "toString" || key === "valueOf" || key === "toJSON"
        ? misuse
        : refTo({ ...target, path: [...target.path, key] }),
  );
  targets.set(ref, target);
  return ref;
}

/** A target in the words of its author. */
export function nameOf(target: Target): string {
  const { kind, path } = target;
  const first = kind === "variable"
    ? []
    : [kind === "step" ? target.step : kind];
  return [...first, ...path].join(".");
}

/** An object called `name` that gives `refOf(key)` for every key that is asked of it. */
export function refsBy<T>(name: string, refOf: (key: string) => unknown): T {
  const refs = asking<T>(name, refOf);
  holders.set(refs, name);
  return refs;
}

/** References to what the run is given. */
export function inputRefs<T>(): T {
  return refsBy("input", (key) => refTo({ kind: "input", path: [key] }));
}

/** The name of the step that `step` is, or is a handle of. */
export function stepNamed(step: unknown): unknown {
  return holderOf(step) ?? step;
}

/** `point` with the names of its steps where it has their handles. */
export function byName<Point extends object>(point: Point): Point {
  const { at, after } = (point ?? {}) as Readonly<Record<string, unknown>>;
  const names = { at: stepNamed(at), after: stepNamed(after) };
  return { ...point, ...present(names) };
}

/** References to what a step gives. */
export function stepRefs<T>(step: string, wire: Wire = {}): T {
  const { below, names = {} } = wire;
  return refsBy(step, (key) =>
    refTo({
      kind: "step",
      step,
      path: Object.hasOwn(names, key)
        ? [names[key]!]
        : below === undefined
        ? [key]
        : [below, key],
    }));
}

/**
 * A reference that is never without a value: where `ref` leads nowhere, the port gets `literal`. Use it to hand what a
 * branch may have given to a port that needs a value.
 *
 * @param ref What is wanted.
 * @param literal Plain JSON, written into the definition (`settings.defaults` of the node).
 * @throws {InvalidArgumentError} `invalid-argument`, when `ref` is not a reference.
 *
 * @example
 * ```ts
 * import { defineNode, orElse, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const greet = defineNode({
 *   typeId: "local.example.greet",
 *   input: type<{ name: string }>(),
 *   output: type<{ text: string }>(),
 *   run: ({ name }) => ({ text: `Hello, ${name}` }),
 * });
 * const hello = workflow("hello", { version: "1.0.0" })
 *   .input(type<{ name?: string }>())
 *   .step("greet", greet, ({ input }) => ({ name: orElse(input.name, "you") }))
 *   .build();
 * assert.deepEqual(hello.definition.nodes[0]?.settings, { defaults: { name: "you" } });
 * ```
 */
export function orElse<T, const Otherwise>(
  ref: MaybeRef<T>,
  literal: Otherwise,
): Ref<T | Otherwise> {
  const target = targetOf(ref);
  if (!target || literal === undefined || targetOf(literal)) {
    throw new InvalidArgumentError(
      "orElse",
      "it takes a reference, and a literal in its place; of two references, hand one to an optional port",
    );
  }
  return refTo({ ...target, otherwise: literal as JsonValue });
}
