// Checks that importing the product touches no runtime's own globals or modules.
import { report, script } from "./lib/cli.mjs";
import { productFiles, readAll } from "./lib/files.mjs";
import { checkModuleScope } from "./lib/module_scope_rules.mjs";

const help = `
Usage: node scripts/check_module_scope.mjs

Reports every use of node: modules, Deno, Bun, process, Buffer or require at
module scope in mod.ts, src/ and dsl/: importing the product must work wherever
web standards do. Files named node.ts, deno.ts or bun.ts may; the user imports
them and hands in what they make.
`;

await script(help, {}, () => {
  const files = readAll(productFiles());
  return report(checkModuleScope(files), `${files.size} files are portable`);
});
