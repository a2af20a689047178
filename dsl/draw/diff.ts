// Web standards only.
import type { WorkflowDefinition } from "../../src/openwop/protocol/mod.ts";
import { diffDefinitions } from "../diff.ts";
import { within } from "../given.ts";
import { edgePicture, nodePicture, type Picture } from "./picture.ts";

/**
 * The picture of what differs between two definitions: what was added, what was removed, what has changed and in which
 * of its parts. Hand it to `toMermaid()` or `toDot()`. What only looks different is not marked.
 *
 * @param before The older one.
 * @param after The newer one.
 *
 * @example
 * ```ts
 * import { delay, pictureOfDiff, toMermaid, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const one = workflow("wait", { version: "1.0.0" }).input().use(delay("a", "1s"));
 * const two = one.use(delay("b", "1s"));
 * const text = toMermaid(pictureOfDiff(one.build().definition, two.build().definition));
 * assert.match(text, /n1\(\("b<br\/>added"\)\):::added/);
 * ```
 */
export function pictureOfDiff(
  before: WorkflowDefinition,
  after: WorkflowDefinition,
): Picture {
  const { changes } = diffDefinitions(before, after);
  const real = changes.filter(({ cosmetic }) => !cosmetic);
  const of = (what: string) =>
    new Map(
      real.filter((change) => change.what === what)
        .map((change) => [change.id, change]),
    );
  const nodes = of("node");
  const edges = of("edge");
  return within("after", () => ({
    nodes: [
      ...after.nodes.map((node) => {
        const change = nodes.get(node.id);
        return change
          ? nodePicture(node, change.kind, [
            change.keys ? `${change.kind}: ${change.keys.join(", ")}` : "added",
          ])
          : nodePicture(node);
      }),
      ...before.nodes.filter(({ id }) => nodes.get(id)?.kind === "removed")
        .map((node) => nodePicture(node, "removed", ["removed"])),
    ],
    edges: [
      ...after.edges.map((edge) =>
        edgePicture(
          edge,
          edges.get(`${edge.sourceNodeId}->${edge.targetNodeId}`)?.kind,
        )
      ),
      ...before.edges.filter((edge) =>
        edges.get(`${edge.sourceNodeId}->${edge.targetNodeId}`)?.kind ===
          "removed"
      ).map((edge) => edgePicture(edge, "removed")),
    ],
  }));
}
