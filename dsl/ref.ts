// Web standards only.
import type { JsonValue } from "../src/openwop/protocol/mod.ts";

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
 * handed to a port, a branch or the output, and to nothing else.
 */
export interface Ref<T> extends MaybeRef<T> {
  /** Never present at run time. */
  readonly "the step has always run": true;
}

/** One reference for each port; a port that may be missing gives a {@linkcode MaybeRef}. */
export type Refs<Ports> = {
  readonly [Key in keyof Ports]-?: undefined extends Ports[Key]
    ? MaybeRef<Exclude<Ports[Key], undefined>>
    : Ref<Ports[Key]>;
};

/** {@linkcode Refs} of a step that lies in a branch: nothing is certain to be there. */
export type MaybeRefs<Step> = {
  readonly [Key in keyof Step]: Step[Key] extends MaybeRef<infer T>
    ? MaybeRef<T>
    : Step[Key];
};

/** What may be written for each port: a reference, or a literal. */
export type Ports<In> = {
  readonly [Key in keyof In]: undefined extends In[Key]
    ? In[Key] | MaybeRef<Exclude<In[Key], undefined>>
    : In[Key] | Ref<In[Key]>;
};

/** Where a reference leads. */
export type Target =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "step"; readonly step: string; readonly port: string };

const targets = new WeakMap<object, Target>();

/** Where `value` leads, if it is a reference. */
export function targetOf(value: unknown): Target | undefined {
  return typeof value === "object" && value !== null
    ? targets.get(value)
    : undefined;
}

/** A reference to `target`, of whatever type its place in a workflow gives it. */
function refTo(target: Target): object {
  const where = target.kind === "input"
    ? `input.${target.name}`
    : `${target.step}.${target.port}`;
  const misuse = (): never => {
    throw new TypeError(
      `Cannot use the reference ${where} as a value: it has none before the run; hand it to a port of a step`,
    );
  };
  const ref = Object.freeze({
    toString: misuse,
    valueOf: misuse,
    toJSON: misuse,
  });
  targets.set(ref, target);
  return ref;
}

/** An object that gives a reference for every name that is asked of it. */
function refsBy<T>(toTarget: (name: string) => Target): T {
  return new Proxy({}, {
    get: (_, name) =>
      typeof name === "string" ? refTo(toTarget(name)) : undefined,
  }) as T;
}

/** References to what the run is given. */
export function inputRefs<T>(): T {
  return refsBy((name) => ({ kind: "input", name }));
}

/**
 * References to what a step gives.
 *
 * @param step Its name.
 * @param wireNames Ports that travel under another name.
 */
export function stepRefs<T>(
  step: string,
  wireNames: Readonly<Record<string, string>> = {},
): T {
  return refsBy((name) => ({
    kind: "step",
    step,
    port: Object.hasOwn(wireNames, name) ? wireNames[name]! : name,
  }));
}

/** A port before it is compiled: a reference or a literal. */
export type PortSource = JsonValue | object | undefined;
