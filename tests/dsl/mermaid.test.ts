import assert from "node:assert/strict";
import { test } from "node:test";
import { toMermaid } from "@tutti/sdk/dsl";
import { review } from "../support/review_workflow.ts";

test("toMermaid() draws shapes, arrows and the labels of cases", () => {
  assert.equal(
    review.toMermaid(),
    `flowchart TD
  n0["fetch"]
  n1["sec"]
  n2["sty"]
  n3{{"gate"}}
  n4["merge"]
  n5["comment"]
  n6(["output"])
  n0 --> n1
  n0 --> n2
  n1 --> n3
  n2 --> n3
  n3 -->|"accept"| n4
  n3 -->|"reject"| n5
  n4 --> n6
  n5 --> n6
`,
  );
});

test("toMermaid() writes marks of the language in labels as entities", () => {
  const [first] = review.definition.nodes;
  const text = toMermaid({
    ...review.definition,
    nodes: [{ ...first!, name: 'say "hi" <b> & #1\n' }],
    edges: [],
  });
  assert.equal(
    text,
    'flowchart TD\n  n0["say #34;hi#34; #60;b#62; #38; #35;1#10;"]\n',
  );
});
