// Checks what is in the packed tarball: the file list, no dependencies, publint, arethetypeswrong.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { report, script } from "./lib/cli.mjs";
import { json, root, tool } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { checkTarball, readTarball, tarballPath } from "./lib/tarball.mjs";

const listFile = "scripts/tarball_files.txt";
const help = `
Usage: node scripts/check_tarball.mjs

Checks npm/*.tgz (from build_npm.mjs): its files are those of
${listFile}, it declares no dependencies, it exports every entry
point, and publint and arethetypeswrong find nothing.

UPDATE=1 node scripts/check_tarball.mjs writes the list anew; read its diff.
`;

await script(help, {}, async () => {
  const path = tarballPath();
  const { files, manifest } = await readTarball(path);
  const list = join(root, listFile);
  if (process.env.UPDATE) writeFileSync(list, files.join("\n") + "\n");
  const expected = existsSync(list)
    ? readFileSync(list, "utf8").trim().split("\n")
    : [];
  const npm = json("package.json");
  const problems = checkTarball({ files, manifest, expected, npm, listFile });

  const lints = [
    ["publint", [path, "--strict"]],
    ["attw", [
      path,
      "--profile",
      "esm-only",
      "--format",
      "ascii",
      "--no-emoji",
    ]],
  ];
  const results = await Promise.all(
    lints.map(([name, args]) => run(tool(name), args)),
  );
  for (const [index, { code, output }] of results.entries()) {
    if (code === 0) continue;
    problems.push({
      file: "package.json",
      message: `${lints[index][0]} finds a fault in the package\n${output}`,
      fix: "look at the exports, and at what scripts/build_npm.mjs adds",
    });
  }
  return report(problems, `${files.length} files, no dependencies`);
});
