// Web standards only.
import { Workflow } from "./built.ts";
import {
  begin,
  type NewWorkflow,
  type WorkflowOptions,
} from "./define_workflow.ts";

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
  return begin(id, options, Workflow);
}
