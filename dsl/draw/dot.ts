// Web standards only.
import type { WorkflowDefinition } from "../../src/openwop/protocol/mod.ts";
import { graphAt } from "../given.ts";
import { colours, type NodeShape, type Picture, pictureOf } from "./picture.ts";

const shapes: Readonly<Record<NodeShape, string>> = {
  box: "box",
  person: "hexagon",
  decision: "diamond",
  end: "oval",
  timer: "circle",
  loop: "box3d",
};

/**
 * Draws a definition in the language of Graphviz. The same definition always gives the same text.
 *
 * @param drawn Any valid definition, or the picture of a run (`pictureOfRun()`) or of a difference (`pictureOfDiff()`).
 * @returns DOT text, one node or arrow to a line, with a line feed at its end.
 *
 * @example
 * ```ts
 * import { delay, toDot, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const wait = workflow("wait", { version: "1.0.0" }).input()
 *   .use(delay("breathe", "1s"))
 *   .build();
 * assert.match(toDot(wait.definition), /"breathe" \[label="breathe", shape=circle\];/);
 * ```
 */
export function toDot(drawn: WorkflowDefinition | Picture): string {
  return graphAt(
    "drawn",
    drawn,
    () => write("version" in drawn ? pictureOf(drawn) : drawn),
  );
}

function write({ nodes, edges }: Picture): string {
  return [
    "digraph workflow {",
    "  rankdir=TB;",
    '  node [fontname="sans-serif"];',
    ...nodes.map(({ id, shape, lines, mark }) => {
      const [fill, stroke] = mark ? colours[mark] : [];
      return `  ${quote(id)} [label=${quote(lines.join("\n"))}, shape=${
        shapes[shape]
      }${
        mark
          ? `, style=filled, fillcolor=${quote(fill!)}, color=${quote(stroke!)}`
          : ""
      }];`;
    }),
    ...edges.map(({ from, to, label, mark, isBack }) => {
      const options = [
        ...(label === undefined ? [] : [`label=${quote(label)}`]),
        ...(isBack || mark === "removed" || mark === "skipped"
          ? ["style=dashed"]
          : []),
        // Keeps the loop below what it repeats.
        ...(isBack ? ["constraint=false"] : []),
        ...(mark ? [`color=${quote(colours[mark][1])}`] : []),
      ];
      return `  ${quote(from)} -> ${quote(to)}${
        options.length ? ` [${options.join(", ")}]` : ""
      };`;
    }),
    "}",
    "",
  ].join("\n");
}

/** Text as a DOT string. A line feed is the only escape that it keeps. */
function quote(text: string): string {
  const safe = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')
    .replaceAll("\n", "\\n").replace(/\p{Cc}/gu, " ");
  return `"${safe}"`;
}
