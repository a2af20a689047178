// Checks what each entry point costs in a browser bundle, against budgets.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { report, script } from "./lib/cli.mjs";
import { budgetFor, measureBytes } from "./lib/byte_rules.mjs";
import { json, root } from "./lib/paths.mjs";

const help = `
Usage: node scripts/check_bytes.mjs [--table] [--update [KEY …]]

Bundles each entry point and each line of budgets.json with esbuild, minified
and compressed by gzip -9. Fails when one is above its budget, holds a file that
it must be without, or imports anything from outside; and when an import whose
names are not used leaves a single byte behind.

  --table     print what was measured
  --update    set the budgets of these keys (none: all) to what was measured and
              five percent; do it in the commit that causes the change
`;

await script(
  help,
  { table: { type: "boolean" }, update: { type: "boolean" } },
  async ({ table, update }, keys) => {
    const all = json("budgets.json");
    const { name, exports: entries } = json("package.json");
    const budgets = all.bytes;
    if (update) {
      for (const entry of Object.keys(entries)) budgets.entries[entry] ??= {};
      for (const entry of Object.keys(budgets.entries)) {
        if (!(entry in entries)) delete budgets.entries[entry];
      }
      const { rows } = await measureBytes({ name, entries, budgets });
      for (const { part, key, gzip } of rows) {
        if (keys.length > 0 && !keys.includes(key)) continue;
        const { gzip: _old, ...rest } = budgets[part][key];
        budgets[part][key] = { gzip: budgetFor(gzip), ...rest };
      }
      writeFileSync(
        join(root, "budgets.json"),
        JSON.stringify(all, null, 2) + "\n",
      );
    }
    const { rows, problems } = await measureBytes({ name, entries, budgets });
    if (table || update) {
      for (const { key, gzip, minified, budget } of rows) {
        console.log(
          `${String(gzip).padStart(7)} of ${
            String(budget).padStart(6)
          } bytes  ${key}  (minified ${minified})`,
        );
      }
    }
    const sizes = rows.filter(({ part }) => part === "entries")
      .map(({ key, gzip }) => `${key} ${gzip}`).join(", ");
    return report(problems, `gzip bytes: ${sizes}`);
  },
);
