// Writes the tables of operations in the documents from the code, or checks that they are as written.
import { writeFileSync } from "node:fs";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { bundle } from "./lib/bundle.mjs";
import { report, script } from "./lib/cli.mjs";
import { operationPages, writeOperations } from "./lib/operation_pages.mjs";
import { root, text } from "./lib/paths.mjs";

const help = `
Usage: node scripts/write_operations.mjs [--check]

Writes the table of every operation of a client into its document, from the table
that the client itself goes by. What to write where is listed in
scripts/lib/operation_pages.mjs.

  --check   write nothing; fail when a document is not as it would be written
`;

await script(help, { check: { type: "boolean" } }, async ({ check }) => {
  const problems = [];
  for (const entry of operationPages) {
    const is = text(entry.page);
    const wanted = writeOperations(is, entry, await load(entry.source));
    if (wanted === is) continue;
    if (check) {
      problems.push({
        file: entry.page,
        message: `is not what ${JSON.stringify(entry.source)} says`,
        fix: "node scripts/write_operations.mjs",
      });
    } else writeFileSync(join(root, entry.page), wanted);
  }
  const pages = operationPages.map(({ page }) => page).join(", ");
  return report(problems, `operations: ${pages}`);
});

/** What an entry point exports; of several, under the same names as they have. */
async function load(source) {
  if (typeof source === "object") {
    const loaded = Object.entries(source).map(
      async ([name, one]) => [name, await load(one)],
    );
    return Object.fromEntries(await Promise.all(loaded));
  }
  const { code } = await bundle(`export * from "./${source}"`);
  return await import(
    `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  );
}
