// Web standards only.
import type {
  JsonObject,
  NodeContext,
  NodeImplementation,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import { nodeChecks } from "./check/nodes.ts";
import { schemaAt, wanted, within } from "./given.ts";
import type { DefinitionCheck } from "./graph.ts";
import type { PlainJson } from "./plain.ts";

/** What {@linkcode defineNode} is given. */
export interface NodeSpec<In, Accepted, Given, Out> {
  /** Lower-case, at least two parts with a dot between; `local.` for code that only you have. */
  readonly typeId: string;
  /** What the node needs: a Standard Schema, or `type<T>()`. */
  readonly input: StandardSchemaV1<In, Accepted>;
  /** What it gives, one port for each field: plain JSON, since it is recorded. */
  readonly output: StandardSchemaV1<Given, Out> & PlainJson<Out>;
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

/** A kind of step with typed ports: code from {@linkcode defineNode}, or a type of the host from {@linkcode node}. */
export interface NodeType<In, Out> {
  /** The type id that definitions name. */
  readonly typeId: string;
  /** Constants that the definition carries. */
  readonly config: JsonObject;
  /** Of what it needs. */
  readonly input?: StandardSchemaV1 | undefined;
  /** Of what it gives. */
  readonly output?: StandardSchemaV1 | undefined;
  /** What is checked of a definition that has such a step. */
  readonly checks?: readonly DefinitionCheck[];
  /** Does the work; a type of the host has none. */
  run?(input: never, context: NodeContext): unknown;
  /** Never present at run time. */
  readonly "~ports"?: { readonly in: In; readonly out: Out };
}

/** A kind of step whose code is here. */
export interface CodeNode<In, Out> extends NodeType<In, Out> {
  /** Does the work. What it throws fails the node. */
  run(input: never, context: NodeContext): unknown;
}

/**
 * Defines a kind of step from a function. It has no effect by itself: the host that runs a workflow calls `run`.
 *
 * The value that `run` gives must be a plain JSON object; a `Date` or a class instance in it is a compile error. It is
 * recorded, so that a run which is resumed or forked does not run the step again; a step that was interrupted by a crash
 * is run again with the same `context.idempotencyKey`.
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
): CodeNode<In, Out> {
  return known(spec, () => {
    const { typeId, run } = spec;
    wanted(`${typeId}.run`, "function", run);
    return {
      typeId,
      run: (input: never, context: NodeContext) => spec.run(input, context),
    };
  });
}

/** What is known of a type of the host. */
export interface HostNodeSpec<In, Out> {
  /** What it needs, by port. */
  readonly input: StandardSchemaV1<In, unknown>;
  /** What it gives, by port. */
  readonly output: StandardSchemaV1<unknown, Out>;
  /** Constants for it. */
  readonly config?: JsonObject;
}

/**
 * A kind of step that a host performs by itself: one of its own, a vendor's, or one of OpenWOP's packs. There is no code
 * here; a host that does not have the type refuses the workflow by name.
 *
 * @param typeId As the host spells it.
 * @param spec Its ports, as you know them from its documentation, and its constants.
 *
 * @example
 * ```ts
 * import { node, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const lookup = node("vendor.acme.crm.lookup", {
 *   input: type<{ email: string }>(),
 *   output: type<{ customer: { id: string; tier: "free" | "paid" } }>(),
 *   config: { region: "eu" },
 * });
 * const flow = workflow("greet-customer", { version: "1.0.0" })
 *   .input(type<{ email: string }>())
 *   .step("who", lookup, ({ input }) => ({ email: input.email }))
 *   .output(({ who }) => ({ id: who.customer.id }))
 *   .build();
 * assert.equal(flow.definition.nodes[0]?.config.region, "eu");
 * assert.deepEqual(flow.nodes, []);
 * ```
 */
export function node<In, Out>(
  typeId: string,
  spec: HostNodeSpec<In, Out>,
): NodeType<In, Out> {
  return known(spec, () => ({ typeId, checks: nodeChecks }));
}

/** The code of a kind of step, if it has any here. */
export function codeOf(
  node: { readonly run?: unknown },
): readonly NodeImplementation[] {
  return node.run ? [node as NodeImplementation] : [];
}

/** What is said of a kind of step, which plain JavaScript may leave out. */
function known<In, Out, Own extends { readonly typeId: string }>(
  spec: HostNodeSpec<In, Out>,
  own: () => Own,
): Own & NodeType<In, Out> {
  return within("spec", () => {
    const { typeId, ...others } = own();
    wanted("typeId", "string", typeId);
    const { input, output, config = {} } = wanted("spec", "object", spec);
    schemaAt(`${typeId}.input`, input);
    schemaAt(`${typeId}.output`, output);
    return { typeId, input, output, config, ...others } as never;
  });
}
