// Web standards only.
import type {
  StandardSchemaV1,
  VariableType,
} from "../src/openwop/protocol/mod.ts";

/** Who made a schema, in the words of Standard Schema. */
export const vendor = "tutti";

/** A schema that says a TypeScript type and checks nothing at run time. */
export interface Type<T> extends StandardSchemaV1<T, T> {
  /** What is known of the fields at run time. */
  readonly shape: Shape<T> | undefined;
}

/** The names of the fields of `T`, each with its type in the words of a definition; `?` marks an optional one. */
export type Shape<T> = {
  readonly [Key in keyof T]-?: undefined extends T[Key]
    ? `${VariableTypeOf<Exclude<T[Key], undefined>>}?`
    : VariableTypeOf<T[Key]>;
};

/** The word of a definition for a TypeScript type. */
export type VariableTypeOf<T> = [T] extends [string] ? "string"
  : [T] extends [number] ? "number"
  : [T] extends [boolean] ? "boolean"
  : [T] extends [readonly unknown[]] ? "array"
  : VariableType & "object";

/**
 * Declares the type of a value without a validator. Where values come from outside, hand in a Standard Schema (zod,
 * valibot, arktype …) in its place: it checks, this does not.
 *
 * @param shape The names of the fields and their types, if hosts are to know them: with it the definition declares
 * the inputs of the workflow, and a run that lacks one is refused; without it they are passed on by name.
 * @returns A Standard Schema that accepts every value.
 *
 * @example
 * ```ts
 * import { type } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const input = type<{ repo: string; pr?: number }>({ repo: "string", pr: "number?" });
 * assert.deepEqual(input.shape, { repo: "string", pr: "number?" });
 * ```
 */
export function type<T>(shape?: Shape<T>): Type<T> {
  return {
    shape,
    "~standard": {
      version: 1,
      vendor,
      validate: (value) => ({ value: value as T }),
    },
  };
}
