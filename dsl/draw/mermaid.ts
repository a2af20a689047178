// Web standards only.
import type {
  WorkflowDefinition,
  WorkflowNode,
} from "../../src/openwop/protocol/mod.ts";

/** The two marks around a label, which make the shape of a node. */
const shapes: Readonly<Record<string, readonly [string, string]>> = {
  "core.approvalGate": ["{{", "}}"],
  "core.clarificationGate": ["{{", "}}"],
  "core.interrupt": ["{{", "}}"],
  "core.identity": ["{", "}"],
  "core.start": ["([", "])"],
  "core.end": ["([", "])"],
};

/**
 * Draws a definition as a Mermaid flowchart: six-sided where a human decides, a diamond where the way parts, round at
 * the end. The same definition always gives the same text, fit to be kept in git.
 *
 * @param definition Any valid definition.
 * @returns Mermaid text, one node or arrow to a line, with a line feed at its end.
 *
 * @example
 * ```ts
 * import { defineNode, toMermaid, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const say = defineNode({
 *   typeId: "local.example.say",
 *   input: type<{ text: string }>(),
 *   output: type<{ said: string }>(),
 *   run: ({ text }) => ({ said: text }),
 * });
 * const hello = workflow("hello", { version: "1.0.0" })
 *   .input(type<{ text: string }>())
 *   .step("say", say, ({ input }) => ({ text: input.text }))
 *   .build();
 * assert.equal(toMermaid(hello.definition), 'flowchart TD\n  n0["say"]\n');
 * ```
 */
export function toMermaid(definition: WorkflowDefinition): string {
  // Ids of its own: a node id may be a word of the language, such as "end".
  const names = new Map(
    definition.nodes.map((node, index) => [node.id, `n${index}`]),
  );
  const nodes = definition.nodes.map((node) =>
    `  ${names.get(node.id)}${shape(node)}`
  );
  const edges = definition.edges.map((edge) => {
    const label = edge.label ?? edge.triggerRule;
    const arrow = label === undefined ? "-->" : `-->|${quote(label)}|`;
    return `  ${names.get(edge.sourceNodeId)} ${arrow} ${
      names.get(edge.targetNodeId)
    }`;
  });
  return ["flowchart TD", ...nodes, ...edges, ""].join("\n");
}

function shape({ typeId, name }: WorkflowNode): string {
  const [open, close] = Object.hasOwn(shapes, typeId)
    ? shapes[typeId]!
    : ["[", "]"];
  return `${open}${quote(name)}${close}`;
}

/** Text as a Mermaid string: its marks are written as entities. */
function quote(text: string): string {
  const safe = text.replace(
    /[#"<>&\\\p{Cc}]/gu,
    (mark) => `#${mark.codePointAt(0)};`,
  );
  return `"${safe}"`;
}
