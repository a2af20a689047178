// Web standards only.
import type { WorkflowDefinition } from "./definition.ts";
import { edgesBy } from "./check_graph.ts";
import { type DefinitionIssue, definitionIssue } from "./errors.ts";
import { patternRisk } from "./linear_pattern.ts";

/** Nodes whose edges disagree on when they run. Source: v1 §17.9. */
export function checkTriggerRules(
  { edges }: WorkflowDefinition,
): DefinitionIssue[] {
  return [...edgesBy(edges, "targetNodeId")].flatMap(([target, into]) => {
    const rules = new Set(
      into.map(({ triggerRule }) => triggerRule ?? "all_success"),
    );
    return rules.size < 2 ? [] : definitionIssue(
      "mixed-trigger-rules",
      `the edges into "${target}" carry different trigger rules: ${
        [...rules].join(", ")
      }`,
      `/edges/${edges.indexOf(into[0]!)}/triggerRule`,
      "write the same rule on all of them",
      target,
    );
  });
}

/** Conditions that no host can evaluate, or that could take one too long. Source: v1 §17.9. */
export function checkConditions(
  { edges }: WorkflowDefinition,
): DefinitionIssue[] {
  // Copied, because a list made by code may carry a `constructor` of its own, which flatMap() would call.
  return [...edges].flatMap(({ id, condition, sourceNodeId }, index) => {
    const pointer = `/edges/${index}/condition`;
    if (condition?.type === "expression") {
      return definitionIssue(
        "expression-unsupported",
        `the edge "${id}" has a condition in an expression language that no host shares`,
        pointer,
        "use equals, notEquals, contains, regex, truthy or falsy",
        sourceNodeId,
      );
    }
    const risk = condition?.type === "regex" && patternRisk(condition.right);
    return risk
      ? definitionIssue(
        "pattern-refused",
        `the pattern of the edge "${id}" is refused: ${risk}`,
        `${pointer}/right`,
        "use a simpler pattern, or contains",
        sourceNodeId,
      )
      : [];
  });
}
