// Teaches: a nightly batch that goes through a list, four at a time, and gathers what failed.
import {
  defineNode,
  forEach,
  settings,
  trigger,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const pull = defineNode({
  typeId: "local.batch.pull",
  input: type<{ day: string }>(),
  output: type<{ rows: { id: number; text: string }[] }>(),
  run: () => ({
    rows: ["one", "two", "", "four", "five"].map((text, id) => ({ id, text })),
  }),
});
const load = defineNode({
  typeId: "local.batch.load",
  input: type<{ id: number; text: string; day: string }>(),
  output: type<{ bytes: number }>(),
  run: ({ text }) => {
    if (text === "") throw new Error("an empty row");
    return { bytes: text.length };
  },
});

export const nightly = workflow("nightly", { version: "1.0.0" })
  .input(type<{ day: string }>({ day: "string" }))
  .use(trigger("at-three", { type: "schedule", cron: "0 3 * * *" }))
  .use(settings({ timeout: "2h" }))
  .step("pull", pull, ({ input }) => ({ day: input.day }), { retry: 2 })
  .use(forEach(
    "load",
    ({ pull }) => pull.rows,
    load,
    (row, { input }) => ({ id: row.id, text: row.text, day: input.day }),
    { concurrency: 4, onItemError: "collect" },
  ))
  .output(({ load }) => ({ loaded: load.results, failed: load.errors }))
  .build();

const host = createHost({ workflows: [nightly] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
const { output } = await nightly.run({ day: "2026-11-21" }).execute(client);
const bytes = output?.loaded.map((row) => row?.bytes ?? "failed").join(" ");
assert.equal(bytes, "3 3 failed 4 4");
assert.equal(output?.failed[0]?.index, 2);
console.log(`Bytes of each row: ${bytes}`);
await host.close();
