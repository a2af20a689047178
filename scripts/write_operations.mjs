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
    const { code } = await bundle(`export * from "./${entry.source}"`);
    const exports = await import(
      `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
    );
    const wanted = writeOperations(is, entry, exports);
    if (wanted === is) continue;
    if (check) {
      problems.push({
        file: entry.page,
        message: `is not what ${entry.source} says`,
        fix: "node scripts/write_operations.mjs",
      });
    } else writeFileSync(join(root, entry.page), wanted);
  }
  const pages = operationPages.map(({ page }) => page).join(", ");
  return report(problems, `operations: ${pages}`);
});
