// Teaches: a draft that goes around until its reader is content, with what was said kept in a variable.
import { accept, reject, workflow } from "@tutti/sdk/dsl";
import { defineNode, eq, repeat, set, type, variable } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const write = defineNode({
  typeId: "local.review.write",
  input: type<{ topic: string; wishes: string }>(),
  output: type<{ text: string }>(),
  run: ({ topic, wishes }) => ({ text: `${topic} ${wishes}`.trim() }),
});

export const document = workflow("document", { version: "1.0.0" })
  .input(type<{ topic: string }>({ topic: "string" }))
  .use(variable("wishes", { default: "" }))
  .use(repeat(
    "polish",
    (w) =>
      w.step("write", write, ({ input, wishes }) => ({
        topic: input.topic,
        wishes,
      }))
        .approval("reader", ({ write }) => ({
          title: "Good enough?",
          data: { text: write.text },
        }))
        .use(
          set("keep", ({ wishes }) => wishes, ({ reader }) => reader.comment),
        ),
    {
      until: ({ reader }) => eq(reader.action, "accept"),
      max: 5,
    },
  ))
  .output((refs) => ({ text: refs.write.text, rounds: refs.polish.iterations }))
  .build();

const host = createHost({ workflows: [document] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });

const { output } = await document.run({ topic: "Bees" })
  .on(
    "reader",
    ({ round }) =>
      round < 2 ? reject(["shorter", "with pictures"][round]) : accept(),
  )
  .execute(client);
assert.deepEqual(output, { text: "Bees with pictures", rounds: 3 });
console.log(`After ${output.rounds} rounds: ${output.text}`);
await host.close();
