// Checks that what is written twice agrees: deno.json, package.json, the pinned tools, the README.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { report, script } from "./lib/cli.mjs";
import { checkExports } from "./lib/export_rules.mjs";
import { listFiles } from "./lib/files.mjs";
import { json, root, text } from "./lib/paths.mjs";

const help = `
Usage: node scripts/check_exports.mjs

deno.json and package.json name the same package, version, licence and entry
points; every entry point exists; package.json has no dependencies; the libraries
that tests import have the versions that tools/package.json pins; the Deno that
the documents tell people to run is the pinned one; the files that they name are
there; CHANGELOG.md knows the version.
`;

await script(help, {}, () => {
  const documents = listFiles(
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "bench/README.md"],
    (path) => path.endsWith(".md"),
  );
  const problems = checkExports({
    deno: json("deno.json"),
    npm: json("package.json"),
    tools: json("tools/package.json"),
    documents: new Map(documents.map((path) => [path, text(path)])),
    exists: (path) => existsSync(join(root, path)),
  });
  return report(problems, "deno.json, package.json and the documents agree");
});
