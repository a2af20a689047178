// Web standards only.
import { checkConditions, checkTriggerRules } from "./check_edges.ts";
import { checkGraph } from "./check_graph.ts";
import { checkShape } from "./check_shape.ts";
import type { WorkflowDefinition } from "./definition.ts";
import { type DefinitionIssue, definitionIssue } from "./errors.ts";
import { authored } from "./shape_fields.ts";

/**
 * Finds everything that is wrong with a workflow definition, of whatever origin: first its shape, then, if that is
 * right, its ids and its graph.
 *
 * It does not know which node types a host offers. It throws nothing of its own: only what a getter or proxy in `value`
 * throws gets out.
 *
 * Source: OpenWOP workflow definition (v1 §17, v2 §13).
 *
 * @param value Any value, for example parsed JSON.
 * @returns All issues with JSON pointers; empty when the definition is valid.
 *
 * @example
 * ```ts
 * import { checkDefinition } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const [first] = checkDefinition({ id: "No Good" });
 * assert.equal(first?.pointer, "/id");
 * ```
 */
export function checkDefinition(value: unknown): DefinitionIssue[] {
  const shape = checkShape(value);
  if (shape.length > 0) return shape;
  // The shape was just checked, key by key.
  const definition = value as WorkflowDefinition;
  return [
    ...(["nodes", "edges", "triggers"] as const).flatMap((list) =>
      checkUnique(list, definition[list])
    ),
    ...checkTriggerRules(definition),
    ...checkConditions(definition),
    ...checkGraph(definition),
  ];
}

/**
 * Finds what an author got wrong in a definition that a builder wrote: the shape of what was handed to the builder, ids
 * that are used twice, and the graph. Whatever else {@linkcode checkDefinition} looks at is the builder's own word.
 *
 * @param definition As the builder wrote it.
 * @returns All issues with JSON pointers. It throws nothing of its own.
 */
export function checkBuilt(definition: WorkflowDefinition): DefinitionIssue[] {
  return [
    ...authored(definition, ""),
    ...checkUnique("nodes", definition.nodes),
    ...checkGraph(definition),
  ];
}

/** Ids that several entries of a list have. */
function checkUnique(
  list: string,
  entries: readonly { readonly id: string }[],
): DefinitionIssue[] {
  const seen = new Set<string>();
  // Copied, because a list made by code may carry a `constructor` of its own, which flatMap() would call.
  return [...entries].flatMap(({ id }, index) => {
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst ? [] : definitionIssue(
      "duplicate-id",
      `there are several ${list} with the id "${id}"`,
      `/${list}/${index}/id`,
      "give each its own id",
      id,
    );
  });
}
