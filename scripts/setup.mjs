// Gets the pinned tools from npm, once, and makes them visible to the tests.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { script } from "./lib/cli.mjs";
import { cache, json, nodeBinary, nodeVersions, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const help = `
Usage: node scripts/setup.mjs [--nodes]

Installs the tools that tools/package.json pins (Deno, Bun, TypeScript, esbuild …)
and links the libraries that tests import (fast-check, fast-json-patch, zod) into
tests/node_modules. Does nothing when all is in place.

  --nodes     also install every Node version of tools/package.json into .cache
  --node N    also install that major only (may be repeated)
  --help      this text
`;

/** Libraries that tests import by their bare names. */
export const testLibraries = ["fast-check", "fast-json-patch", "zod"];

/** Installs what tools/package.json pins, if something differs. */
export async function installTools() {
  if (stale().length > 0) {
    const result = await run("npm", ["ci", "--prefix", "tools"]);
    const left = stale();
    if (result.code !== 0 || left.length > 0) {
      throw new Error(
        `Cannot install the tools: ${
          result.output.trim() || `still missing: ${left.join(", ")}`
        }\n  fix: run "npm ci --prefix tools" and read what it says`,
      );
    }
  }
  linkTestLibraries(join(root, "tests/node_modules"));
}

/** Tools whose installed version is not the pinned one. */
function stale() {
  return Object.entries(json("tools/package.json").devDependencies).filter(
    ([name, version]) => {
      const file = join(root, "tools/node_modules", name, "package.json");
      return !existsSync(file) ||
        JSON.parse(readFileSync(file, "utf8")).version !==
          version.replace(/^npm:.*@/, "");
    },
  ).map(([name]) => name);
}

/** Makes the libraries resolvable from everything beside `folder`. */
export function linkTestLibraries(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of testLibraries) {
    const link = join(folder, name);
    if (existsSync(join(link, "package.json"))) continue;
    rmSync(link, { recursive: true, force: true });
    symlinkSync(join(root, "tools/node_modules", name), link, "junction");
  }
}

/** Installs one Node from the npm package of that name, and checks what came. */
export async function installNode(major) {
  const wanted = nodeVersions()[major];
  if (!wanted) throw new Error(`tools/package.json names no Node ${major}`);
  if (await versionOf(major) === wanted) return;
  const folder = join(cache, `node${major}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // npm 12 runs the installer of a package only when it is named here.
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ private: true, allowScripts: { node: true } }),
  );
  const result = await run("npm", [
    "install",
    `node@${wanted}`,
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
  ], { cwd: folder });
  const got = await versionOf(major);
  if (got !== wanted) {
    throw new Error(
      `Cannot install Node ${wanted}: got ${got || "nothing"}\n${
        result.output.trim().slice(-2000)
      }\n  fix: remove .cache/node${major} and try again`,
    );
  }
}

async function versionOf(major) {
  const binary = nodeBinary(major);
  if (!existsSync(binary)) return "";
  const { stdout } = await run(binary, ["-p", "process.versions.node"]);
  return stdout.trim();
}

if (process.argv[1] === import.meta.filename) {
  await script(
    help,
    { nodes: { type: "boolean" }, node: { type: "string", multiple: true } },
    async ({ nodes, node = [] }) => {
      await installTools();
      for (const major of nodes ? Object.keys(nodeVersions()) : node) {
        await installNode(major);
      }
      console.log("Everything is in place.");
    },
  );
}
