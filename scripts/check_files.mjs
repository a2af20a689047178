// Checks the outside of each file: its length, its name and its first line.
import { posix } from "node:path";
import { report, script } from "./lib/cli.mjs";
import { listFiles, readAll } from "./lib/files.mjs";
import { checkFiles } from "./lib/file_rules.mjs";

const help = `
Usage: node scripts/check_files.mjs

Every hand-written file is named in snake_case and has 400 lines at most. A file
of the product starts with the line "// Web standards only." (a file for one
runtime says so instead), a script says what it is for.
`;

await script(help, {}, () => {
  const files = readAll(listFiles(
    ["mod.ts", "src", "dsl", "scripts", "examples", "bench", "tests"],
    (path) => [".ts", ".mjs"].includes(posix.extname(path)),
  ));
  return report(checkFiles(files), `${files.size} files are in shape`);
});
