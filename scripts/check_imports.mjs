// Checks who imports whom: directions between the rooms, doors, private files, cycles.
import { report, script } from "./lib/cli.mjs";
import { listFiles, productFiles, readAll } from "./lib/files.mjs";
import { checkImports } from "./lib/import_rules.mjs";
import { json } from "./lib/paths.mjs";

const help = `
Usage: node scripts/check_imports.mjs

Reads every import of mod.ts, src/ and dsl/ (static, type-only, re-exported,
dynamic) and reports those that break the directions in scripts/lib/rooms.mjs:
another room is imported only through its mod.ts, _private.ts files only from
their own folder, the front door by nobody, no dependency, no cycle between
files. Tests and examples import the package by its name; only tests/internal
and bench reach in.
`;

await script(help, {}, () => {
  const { exports: entries, name } = json("package.json");
  const product = readAll(productFiles());
  const others = readAll(
    listFiles(["tests", "examples", "bench"], (path) => path.endsWith(".ts")),
  );
  const problems = checkImports({ product, others, entries, name });
  return report(problems, `${product.size + others.size} files import well`);
});
