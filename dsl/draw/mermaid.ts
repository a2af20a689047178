// Web standards only.
import type { WorkflowDefinition } from "../../src/openwop/protocol/mod.ts";
import { graphAt } from "../given.ts";
import {
  colours,
  type Mark,
  type NodeShape,
  type Picture,
  pictureOf,
} from "./picture.ts";

/** The two marks around a label, which make the shape of a node. */
const shapes: Readonly<Record<NodeShape, readonly [string, string]>> = {
  box: ["[", "]"],
  person: ["{{", "}}"],
  decision: ["{", "}"],
  end: ["([", "])"],
  timer: ["((", "))"],
  loop: ["[[", "]]"],
};

/**
 * Draws a definition as a Mermaid flowchart: six-sided where a human decides, a diamond where the way parts, double sides
 * where something is repeated, round at the end. The same definition always gives the same text, fit to be kept in git.
 *
 * @param drawn Any valid definition, or the picture of a run (`pictureOfRun()`) or of a difference (`pictureOfDiff()`).
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
export function toMermaid(drawn: WorkflowDefinition | Picture): string {
  return graphAt(
    "drawn",
    drawn,
    () => write("version" in drawn ? pictureOf(drawn) : drawn),
  );
}

function write({ nodes, edges }: Picture): string {
  // Ids of its own: a node id may be a word of the language, such as "end".
  const names = new Map(nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = nodes.map(({ id, shape, lines, mark }) => {
    const [open, close] = shapes[shape];
    const label = `"${lines.map(escape).join("<br/>")}"`;
    return `  ${names.get(id)}${open}${label}${close}${
      mark ? `:::${mark}` : ""
    }`;
  });
  const arrows = edges.map(({ from, to, label, mark, isBack }) => {
    const line = isBack || mark === "removed" || mark === "skipped"
      ? "-.->"
      : "-->";
    const arrow = label === undefined ? line : `${line}|"${escape(label)}"|`;
    return `  ${names.get(from)} ${arrow} ${names.get(to)}`;
  });
  const marks = new Set<Mark>(nodes.flatMap(({ mark }) => mark ?? []));
  const classes = [...marks].sort().map((mark) => {
    const [fill, stroke] = colours[mark];
    return `  classDef ${mark} fill:${fill},stroke:${stroke}`;
  });
  return ["flowchart TD", ...lines, ...arrows, ...classes, ""].join("\n");
}

/** Text in a Mermaid string: its marks are written as entities. */
function escape(text: string): string {
  return text.replace(
    /[#"<>&\\\p{Cc}]/gu,
    (mark) => `#${mark.codePointAt(0)};`,
  );
}
