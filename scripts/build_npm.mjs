// Builds the npm package: `deno pack`, with the parts of package.json that it leaves out.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { script } from "./lib/cli.mjs";
import { json, root, tool } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { installTools } from "./setup.mjs";

const help = `
Usage: node scripts/build_npm.mjs

Builds npm/<name>-<version>.tgz, and npm/package/ with what is in it. Installs the
tools where they are missing. The types are complete only when the public API has
no slow types, so the JSR dry run goes first.
`;

const folder = join(root, "npm");
// Errors and the README lead to the documents.
const added = [
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
];
const copied = [
  "description",
  "keywords",
  "engines",
  "publishConfig",
  "sideEffects",
  "repository",
  "homepage",
  "bugs",
  "author",
];

/** Runs a program that must succeed. */
async function must(command, args, fix, cwd = root) {
  const { code, output, stdout } = await run(command, args, { cwd });
  if (code !== 0) {
    throw new Error(
      `${output.trim()}\nCannot build the package: "${
        command.split("/").at(-1)
      } ${args[0]}" failed\n  fix: ${fix}`,
    );
  }
  return stdout.trim();
}

/** Builds the package; returns the path of the tarball. */
export async function buildNpm() {
  const npm = json("package.json");
  for (const file of ["README.md", "LICENSE", ...added]) {
    if (!existsSync(join(root, file))) {
      throw new Error(`${file} is missing: the package must hold it`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const deno = tool("deno");
  await must(
    deno,
    ["publish", "--dry-run", "--allow-dirty", "--quiet"],
    "give every exported symbol a written type; node scripts/test_all.mjs --only publish shows it alone",
  );
  const raw = join(folder, "raw.tgz");
  await must(
    deno,
    ["pack", "--no-source-maps", "--allow-dirty", "--quiet", "-o", raw],
    "deno check mod.ts",
  );
  await must("tar", ["xzf", raw, "-C", folder], "tar is needed");
  rmSync(raw);

  const file = join(folder, "package/package.json");
  const packed = JSON.parse(readFileSync(file, "utf8"));
  for (
    const [entry, { types, default: code }] of Object.entries(packed.exports)
  ) {
    for (const path of [types, code]) {
      if (!path || !existsSync(join(folder, "package", path))) {
        throw new Error(
          `${npm.exports[entry]} has no ${
            path ?? "types"
          } in the package\n  fix: one slow type drops every .d.ts; run deno publish --dry-run --allow-dirty`,
        );
      }
    }
  }
  for (const key of copied) if (key in npm) packed[key] = npm[key];
  packed.exports["./package.json"] = "./package.json";
  writeFileSync(file, JSON.stringify(packed, null, 2) + "\n");
  for (const path of added) {
    const target = join(folder, "package", path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(join(root, path)));
  }
  const name = await must(
    "npm",
    ["pack", "--silent", "--pack-destination", ".."],
    "read what npm says",
    join(folder, "package"),
  );
  return join(folder, name.split("\n").at(-1));
}

if (process.argv[1] === import.meta.filename) {
  await script(help, {}, async () => {
    await installTools();
    console.log((await buildNpm()).slice(root.length + 1));
  });
}
