import assert from "node:assert/strict";
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import {
  checkDefinition,
  type DefinitionIssue,
  type WorkflowDefinition,
} from "@tutti/sdk/openwop";

export const pull = defineNode({
  typeId: "local.test.pull",
  input: type<{ day: string }>(),
  output: type<
    { rows: { id: number; at: { n: number } }[]; kind: "a" | "b"; n: number }
  >({ rows: "array", kind: "string", n: "number" }),
  run: () => ({ rows: [], kind: "a" as const, n: 1 }),
});
export const load = defineNode({
  typeId: "local.test.load",
  input: type<{ id: number; day?: string }>(),
  output: type<{ bytes: number }>(),
  run: () => ({ bytes: 1 }),
});

export const begin = () =>
  workflow("constructs", { version: "1.0.0" })
    .input(type<{ day: string; n: number }>({ day: "string", n: "number" }))
    .step("pull", pull, ({ input }) => ({ day: input.day }));

/** The definition, after the protocol's own check. */
export function built(
  draft: { build(): { definition: WorkflowDefinition } },
): WorkflowDefinition {
  const { definition } = draft.build();
  assert.deepEqual(
    checkDefinition(JSON.parse(JSON.stringify(definition))),
    [],
  );
  return definition;
}

export const nodeOf = (definition: WorkflowDefinition, id: string) => {
  const found = definition.nodes.find((node) => node.id === id);
  assert.ok(found, `there is a node ${id}`);
  return found;
};

/** An edge in one line: where it goes, its rule, its condition, what it carries. */
export const edgesOf = ({ edges }: WorkflowDefinition): string[] =>
  edges.map(({ id, triggerRule, condition, sourceOutput, targetInput }) =>
    [
      id,
      ...(triggerRule ? [triggerRule] : []),
      ...(condition
        ? [
          `${condition.type} ${condition.left} ${condition.right ?? ""}`.trim(),
        ]
        : []),
      ...(sourceOutput ? [`${sourceOutput}=>${targetInput}`] : []),
    ].join(" | ")
  );

export const codesOf = (issues: readonly DefinitionIssue[]): string[] =>
  issues.map(({ code, source }) => `${code} ${source}`);
