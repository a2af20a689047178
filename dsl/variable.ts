// Web standards only.
import type { JsonValue, VariableType } from "../src/openwop/protocol/mod.ts";
import { checkVariables } from "./check/nodes.ts";
import { construct } from "./construct.ts";
import type { Adding } from "./flow.ts";
import { asked, valueAt } from "./given.ts";
import type { AnyPart, FreeName, From, Named, UsedBy } from "./parts.ts";
import type { PlainJson } from "./plain.ts";
import { append } from "./place.ts";
import { present } from "./present.ts";
import { type Ref, type RefTo, targetOf } from "./ref.ts";
import { naming } from "./scope.ts";

/** A reference to a variable of the run, which steps can change. */
export interface VariableRef<T> extends Ref<T> {
  /** Never present at run time. */
  readonly "~variable": true;
}

/** How a variable begins, and who may see it. */
export interface VariableOptions<T> {
  /** Its value until somebody sets it; plain JSON. */
  readonly default: T & PlainJson<T>;
  /** Masked wherever it is shown. @default false */
  readonly sensitive?: boolean;
  /** For people. */
  readonly description?: string;
}

/** What a variable can begin with: nothing but `undefined` is refused by the name of this type. */
export type ValueOrNull = NonNullable<unknown> | null;

/**
 * Declares a variable of the run: state that `set()` changes and every later step can read. A run that is given an input
 * of the same name begins with that value.
 *
 * @param name Unique among variables, inputs and steps.
 * @param options Its first value, from which its type is inferred.
 *
 * @example
 * ```ts
 * import { defineNode, set, type, variable, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const plus = defineNode({
 *   typeId: "local.example.plus",
 *   input: type<{ a: number; b: number }>(),
 *   output: type<{ sum: number }>(),
 *   run: ({ a, b }) => ({ sum: a + b }),
 * });
 * const count = workflow("count", { version: "1.0.0" })
 *   .input(type<{ by: number }>())
 *   .use(variable("total", { default: 0 }))
 *   .step("plus", plus, ({ total, input }) => ({ a: total, b: input.by }))
 *   .use(set("keep", ({ total }) => total, ({ plus }) => plus.sum))
 *   .output(({ total }) => ({ total }))
 *   .build();
 * assert.deepEqual(count.definition.variables, [
 *   { name: "total", type: "number", defaultValue: 0 },
 * ]);
 * ```
 */
export function variable<
  F extends AnyPart,
  const Name extends string,
  T extends ValueOrNull,
>(
  name: FreeName<Name, UsedBy<F>>,
  options: VariableOptions<T>,
): Adding<
  F,
  Named<Name, VariableRef<T> & RefTo<T>>,
  Name
> {
  return construct(name, options, (place, problems) => {
    const { graph } = place;
    const { description, sensitive = false } = options;
    const defaultValue = options.default as JsonValue;
    if (defaultValue === undefined) problems.push("it has no default");
    if (description !== undefined && typeof description !== "string") {
      problems.push("its description is not a string");
    }
    if (typeof sensitive !== "boolean") {
      problems.push("it is sensitive or not: true or false is wanted");
    }
    const declared = {
      name,
      type: typeOf(defaultValue),
      ...present({ description }),
      defaultValue,
      ...present({ sensitive: sensitive || undefined }),
    };
    return {
      ...place,
      graph: {
        ...naming(graph, name),
        variables: [...graph.variables ?? [], declared],
      },
    };
  });
}

function typeOf(value: JsonValue): VariableType {
  return Array.isArray(value)
    ? "array"
    : typeof value === "string" || typeof value === "number" ||
        typeof value === "boolean"
    ? typeof value as VariableType
    : "object";
}

/** What setting a variable gives. */
export interface SetRefs<T> {
  /** Its value from now on. */
  readonly value: Ref<T>;
}

/**
 * Sets a variable of the run.
 *
 * @param name Of the step.
 * @param target The variable, which `variable()` declared.
 * @param value A reference or a literal.
 */
export function set<
  F extends AnyPart,
  const Name extends string,
  T extends string | number | boolean | object | null,
  const Given extends T | Ref<T>,
>(
  name: FreeName<Name, UsedBy<F>>,
  target: From<F, VariableRef<T>>,
  value: From<F, Given>,
): Adding<F, Named<Name, SetRefs<T>>, Name> {
  return construct(name, {}, (place, problems) => {
    const found = targetOf(asked(`${name}.target`, place, target));
    if (found?.kind !== "variable" || found.path.length > 1) {
      problems.push("it sets what is not a variable: declare one");
    }
    return append(place, {
      id: name,
      typeId: "core.setVariable",
      config: { name: found?.path[0] ?? "" },
      inputs: { value: valueAt(name, place, value) },
      gives: () => true,
      checks: [checkVariables],
    });
  });
}
