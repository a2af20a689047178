// Web standards only.
import type { StandardSchemaV1 } from "../src/openwop/protocol/mod.ts";
import { DefinedWorkflow, type Finish } from "./defined.ts";
import { Flow } from "./flow.ts";
import { checkNamed, schemaAt, within } from "./given.ts";
import type { Graph } from "./graph.ts";
import type {
  DefinitionScope,
  InputRefs,
  InputScope,
  NoGates,
  Reserved,
  StepsSoFar,
} from "./parts.ts";
import type { PlainJson } from "./plain.ts";

/** What {@linkcode workflow} is told. */
export interface WorkflowOptions {
  /** Semantic version. */
  readonly version: string;
  /** For people. @default the id */
  readonly name?: string;
  /** For people. */
  readonly description?: string;
}

/** What a run is given where nothing was declared. */
// deno-lint-ignore no-empty-interface
export interface NoInput {}

/** A workflow of which only the name is known. */
export class NewWorkflow {
  readonly #graph: Graph;

  /** Made by {@linkcode workflow}. */
  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /**
   * Says what a run is given.
   *
   * @param schema A Standard Schema, which `start()` checks its input with, or `type<T>()`, which checks nothing;
   * left out where a run needs no input.
   */
  input<In = NoInput, Accepted = In>(
    schema?: StandardSchemaV1<In, Accepted> & PlainJson<Accepted>,
  ): Flow<InputScope<InputRefs<In, Accepted>>, StepsSoFar, Reserved, NoGates> {
    const input = schema === undefined ? schema : schemaAt("input", schema);
    const graph = { ...this.#graph, input };
    return new Flow({ graph, tail: [], within: [] });
  }
}

/** A workflow of which only the name is known, and which becomes a definition and nothing more. */
export interface NewDefinition {
  /** Says what a run is given. As {@linkcode NewWorkflow.input}. */
  input<In = NoInput, Accepted = In>(
    schema?: StandardSchemaV1<In, Accepted> & PlainJson<Accepted>,
  ): Flow<
    DefinitionScope<InputRefs<In, Accepted>>,
    StepsSoFar,
    Reserved,
    NoGates
  >;
}

/**
 * Begins the declaration of a workflow that is written as JSON, handed to a host or stored in a registry, and not run
 * from here. It is declared and checked as one of {@linkcode workflow} is, and `build()` gives the same definition;
 * what it does not have is `start()`, `run()` and `toMermaid()`, and a bundle does not carry their code.
 *
 * @param id The name under which hosts know it: a lower-case letter, then up to 127 of `a-z 0-9 _ -`.
 * @param options Its version, and words for people.
 *
 * @example
 * ```ts
 * import { defineNode, defineWorkflow, type } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const publish = defineNode({
 *   typeId: "local.example.publish",
 *   input: type<{ draft: string }>(),
 *   output: type<{ url: string }>(),
 *   run: ({ draft }) => ({ url: `/posts/${draft.length}` }),
 * });
 * const post = defineWorkflow("post", { version: "1.0.0" })
 *   .input(type<{ draft: string }>())
 *   .step("publish", publish, ({ input }) => ({ draft: input.draft }))
 *   .build();
 * assert.equal(JSON.parse(JSON.stringify(post)).nodes[0].id, "publish");
 * assert.equal("start" in post, false);
 * ```
 */
export function defineWorkflow(
  id: string,
  options: WorkflowOptions,
): NewDefinition {
  // The class is the same; the type of its chain knows what `build()` gives.
  return begin(id, options, DefinedWorkflow) as object as NewDefinition;
}

/** Begins a declaration, of which `finish` makes what `build()` gives. */
export function begin(
  id: string,
  options: WorkflowOptions,
  finish: Finish,
): NewWorkflow {
  checkNamed(id, options ?? null);
  return within(id, () => {
    const { version, name = id, description } = options;
    const nothing = { nodes: [], issues: [] };
    return new NewWorkflow({
      id,
      version,
      name,
      description,
      finish,
      ...nothing,
    });
  });
}
