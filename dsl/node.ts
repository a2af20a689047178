// Web standards only.
import type {
  JsonObject,
  NodeContext,
  NodeImplementation,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";

/** What {@linkcode defineNode} is given. */
export interface NodeSpec<In, Accepted, Given, Out> {
  /** Lower-case, at least two parts with a dot between; `local.` for code that only you have. */
  readonly typeId: string;
  /** What the node needs: a Standard Schema, or `type<T>()`. */
  readonly input: StandardSchemaV1<In, Accepted>;
  /** What it gives, one port for each field. */
  readonly output: StandardSchemaV1<Given, Out>;
  /** Constants that the definition carries and `run` finds in `context.config`. */
  readonly config?: JsonObject;
  /**
   * Does the work. What it throws fails the node.
   *
   * @param input The resolved ports, as the input schema gives them.
   * @param context Signal, idempotency key, log.
   */
  run(input: Accepted, context: NodeContext): Given | Promise<Given>;
}

/** A kind of step: code with typed ports, made by {@linkcode defineNode}. */
export interface NodeType<In, Out> extends NodeImplementation {
  /** Constants that the definition carries. */
  readonly config: JsonObject;
  /** Never present at run time. */
  readonly "~ports"?: { readonly in: In; readonly out: Out };
}

/**
 * Defines a kind of step from a function. It has no effect by itself: the host that runs a workflow calls `run`.
 *
 * The value that `run` gives must be a plain JSON object. It is recorded, so that a run which is resumed or forked
 * does not run the step again; a step that was interrupted by a crash is run again with the same
 * `context.idempotencyKey`.
 *
 * @param spec Type id, the two schemas, and the function.
 * @returns The kind of step, to be placed with `.step()` or `.add()`.
 *
 * @example
 * ```ts
 * import { defineNode, type } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const greet = defineNode({
 *   typeId: "local.example.greet",
 *   input: type<{ name: string }>(),
 *   output: type<{ text: string }>(),
 *   run: ({ name }) => ({ text: `Hello, ${name}` }),
 * });
 * assert.equal(greet.typeId, "local.example.greet");
 * ```
 */
export function defineNode<In, Accepted, Given, Out>(
  spec: NodeSpec<In, Accepted, Given, Out>,
): NodeType<In, Out> {
  return {
    typeId: spec.typeId,
    input: spec.input,
    output: spec.output,
    config: spec.config ?? {},
    run: (input: never, context) => spec.run(input, context),
  };
}
