import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  defineNode,
  eq,
  pictureOfRun,
  reject,
  repeat,
  toMermaid,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
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

test("pictureOfRun() counts how often a step was done, not how often it was skipped", async () => {
  const say = defineNode({
    typeId: "local.mermaid.say",
    input: type<{ text: string }>(),
    output: type<{ said: string }>(),
    run: ({ text }) => ({ said: text }),
  });
  const polish = workflow("polish", { version: "1.0.0" }).input()
    .use(repeat("again", (w) =>
      w.approval("gate", () => ({ title: "Good?" }))
        .branch(({ gate }) => gate.action, {
          accept: (w) => w.step("thank", say, () => ({ text: "thanks" })),
          reject: (w) => w.step("sorry", say, () => ({ text: "sorry" })),
        }), {
      until: ({ gate }) => eq(gate.action, "accept"),
      max: 5,
    }))
    .build();
  const host = createTestHost({ workflows: [polish] });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    clock: host.clock,
  });
  const { runId } = await polish.run({})
    .on("gate", ({ round }) => round < 2 ? reject() : accept())
    .execute(client);
  const events = [];
  for await (const event of client.runs.handle(runId).events()) {
    events.push(event);
  }
  const text = toMermaid(pictureOfRun(polish.definition, events));
  assert.match(text, /"thank<br\/>completed, 0 ms"/);
  assert.match(text, /"sorry<br\/>skipped at last, 0 ms, 2 times"/);
  await host.close();
});
