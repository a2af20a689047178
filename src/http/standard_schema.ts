// Web standards only.
import { pointerPart } from "./json.ts";

/**
 * The Standard Schema interface, version 1, which zod, valibot, arktype and others implement: a validator that any
 * library can accept without depending on it.
 *
 * Source: the Standard Schema specification, "The interface". Only the types are restated here.
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  /** The one property of the specification. */
  readonly "~standard": StandardSchemaProps<Input, Output>;
}

/** The content of {@linkcode StandardSchemaV1}. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  /** Always 1. */
  readonly version: 1;
  /** The library that made the schema. */
  readonly vendor: string;
  /** Checks a value, at once or in a promise. */
  readonly validate: (
    value: unknown,
  ) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** Never present at run time; carries the two types of the schema. */
  readonly types?:
    | { readonly input: Input; readonly output: Output }
    | undefined;
  /** JSON Schema export, where the library offers it (Standard JSON Schema). */
  readonly jsonSchema?: {
    readonly input: (
      options: { readonly target: "draft-2020-12" },
    ) => Record<string, unknown>;
    readonly output: (
      options: { readonly target: "draft-2020-12" },
    ) => Record<string, unknown>;
  };
}

/** What a validation gives: a value, or the list of what is wrong. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong with a value. */
export interface StandardIssue {
  /** For people. */
  readonly message: string;
  /** Where in the value. */
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/** The type that a schema accepts. */
export type InferInput<Schema extends StandardSchemaV1> = NonNullable<
  Schema["~standard"]["types"]
>["input"];

/** The type that a schema gives back. */
export type InferOutput<Schema extends StandardSchemaV1> = NonNullable<
  Schema["~standard"]["types"]
>["output"];

/** Where `issue` lies, as a JSON pointer, `""` for the value itself. */
export function issuePointer(issue: StandardIssue): string {
  return (issue.path ?? []).map((part) => {
    const key = typeof part === "object" ? part.key : part;
    return pointerPart(key);
  }).join("");
}
