// Teaches: several searches at once, the first that finds something wins, and the others are cancelled.
import { defineNode, join, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const cancelled: string[] = [];
const search = defineNode({
  typeId: "local.research.search",
  input: type<{ question: string; place: "web" | "archive" | "library" }>(),
  output: type<{ answer: string }>(),
  run: async ({ question, place }, { signal }) => {
    if (place === "web") throw new Error("the web is down");
    if (place === "archive") return { answer: `${question}: see the archive` };
    // The library never answers; it is told to stop when another has won.
    return await new Promise<never>((_, fail) =>
      signal.addEventListener("abort", () => {
        cancelled.push(place);
        fail(signal.reason);
      })
    );
  },
});

export const research = workflow("research", { version: "1.0.0" })
  .input(type<{ question: string }>({ question: "string" }))
  .use(join("quickest", "first", {
    web: (w) =>
      w.step("web", search, ({ input }) => ({
        question: input.question,
        place: "web",
      })),
    archive: (w) =>
      w.step("archive", search, ({ input }) => ({
        question: input.question,
        place: "archive",
      })),
    library: (w) =>
      w.step("library", search, ({ input }) => ({
        question: input.question,
        place: "library",
      })),
  }))
  .output(({ web, archive, library }) => ({
    web: web.answer,
    archive: archive.answer,
    library: library.answer,
  }))
  .build();

const host = createHost({ workflows: [research] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });

const run = await research.start(client, { question: "Who built it" });
const { output } = await run.result();
assert.deepEqual(output, { archive: "Who built it: see the archive" });
assert.deepEqual(cancelled, ["library"]);
console.log(`${output.archive}; cancelled: ${cancelled.join()}`);
await host.close();
