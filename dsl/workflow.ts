// Web standards only.
import type { StandardSchemaV1 } from "../src/openwop/protocol/mod.ts";
import type { Reserved } from "./draft.ts";
import { Flow } from "./flow.ts";
import type { Graph } from "./graph.ts";
import type { InputRefs, InputScope, NoGates, NoSteps } from "./parts.ts";
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
  ): Flow<InputScope<InputRefs<In, Accepted>>, NoSteps, Reserved, NoGates> {
    const graph = { ...this.#graph, input: schema };
    return new Flow({ graph, tail: [], within: [] });
  }
}

/**
 * Begins the declaration of a workflow.
 *
 * @param id The name under which hosts know it: a lower-case letter, then up to 127 of `a-z 0-9 _ -`.
 * @param options Its version, and words for people.
 *
 * @example
 * ```ts
 * import { defineNode, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const publish = defineNode({
 *   typeId: "local.example.publish",
 *   input: type<{ draft: string }>(),
 *   output: type<{ url: string }>(),
 *   run: ({ draft }) => ({ url: `/posts/${draft.length}` }),
 * });
 * const post = workflow("post", { version: "1.0.0" })
 *   .input(type<{ draft: string }>())
 *   .approval("editor", ({ input }) => ({ title: "Publish?", data: { draft: input.draft } }))
 *   .branch(({ editor }) => editor.action, {
 *     accept: (w) => w.step("publish", publish, ({ input }) => ({ draft: input.draft })),
 *     reject: (w) => w,
 *   })
 *   .output(({ publish }) => ({ url: publish.url }))
 *   .build();
 * assert.deepEqual(post.definition.nodes.map((node) => node.id), ["editor", "publish", "output"]);
 * ```
 */
export function workflow(id: string, options: WorkflowOptions): NewWorkflow {
  return new NewWorkflow({
    id,
    version: options.version,
    name: options.name ?? id,
    description: options.description,
    nodes: [],
    issues: [],
  });
}
