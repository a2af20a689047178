// Web standards only.
import { checkGraph } from "./check_graph.ts";
import { checkShape } from "./check_shape.ts";
import type { WorkflowDefinition } from "./definition.ts";
import type { DefinitionIssue } from "./errors.ts";

/**
 * Finds everything that is wrong with a workflow definition, of whatever origin: first its shape, then, if that is
 * right, its ids and its graph.
 *
 * It does not know which node types a host offers. It never throws.
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
    ...checkUnique("nodes", definition.nodes),
    ...checkUnique("edges", definition.edges),
    ...checkUnique("triggers", definition.triggers),
    ...checkGraph(definition),
  ];
}

function checkUnique(
  list: "nodes" | "edges" | "triggers",
  entries: readonly { readonly id: string }[],
): DefinitionIssue[] {
  const seen = new Set<string>();
  const issues: DefinitionIssue[] = [];
  entries.forEach(({ id }, index) => {
    if (seen.has(id)) {
      issues.push({
        code: "duplicate-id",
        message: `there are several ${list} with the id "${id}"`,
        pointer: `/${list}/${index}/id`,
        source: id,
        hint: "give each its own id",
      });
    }
    seen.add(id);
  });
  return issues;
}
