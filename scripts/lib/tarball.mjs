// Looks into the packed tarball.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

/** The path of the tarball that build_npm.mjs made. */
export function tarballPath() {
  let names = [];
  try {
    names = readdirSync(join(root, "npm"));
  } catch {
    // No folder: the same as an empty one.
  }
  const name = names.find((file) => file.endsWith(".tgz"));
  if (!name) {
    throw new Error("There is no tarball\n  fix: node scripts/build_npm.mjs");
  }
  return join(root, "npm", name);
}

/** The files in the tarball, sorted, and its package.json. */
export async function readTarball(path) {
  const list = await run("tar", ["tzf", path]);
  const manifest = await run("tar", ["xzOf", path, "package/package.json"]);
  if (list.code !== 0 || manifest.code !== 0) {
    throw new Error(`Cannot read ${path}: ${list.output}${manifest.output}`);
  }
  const files = list.stdout.trim().split("\n")
    .map((file) => file.replace(/^package\//, "")).sort();
  return { files, manifest: JSON.parse(manifest.stdout) };
}

/**
 * What is wrong with the content of a tarball.
 *
 * @param files The files in it.
 * @param manifest Its package.json.
 * @param expected The checked-in list.
 */
export function checkTarball({ files, manifest, expected, npm, listFile }) {
  const problems = [];
  const update = "if that is right: UPDATE=1 node scripts/check_tarball.mjs";
  const have = new Set(files), want = new Set(expected);
  for (const file of files) {
    if (!want.has(file)) {
      problems.push({
        file: listFile,
        message: `the tarball holds ${file}, which is not in the list`,
        fix: update,
      });
    }
  }
  for (const file of files) {
    // `deno pack` compiles what the entry points reach and copies the rest.
    if (/(?<!\.d)\.ts$/.test(file)) {
      problems.push({
        file,
        message:
          `the tarball holds ${file} as it is: no entry point reaches it`,
        fix: "import it from the mod.ts of its room, or remove it",
      });
    }
  }
  for (const file of expected) {
    if (!have.has(file)) {
      problems.push({
        file: listFile,
        message: `the tarball does not hold ${file}`,
        fix: update,
      });
    }
  }
  const add = (message, fix) =>
    problems.push({ file: "package.json", message, fix });
  for (const key of Object.keys(manifest)) {
    if (/dependencies/i.test(key) && Object.keys(manifest[key]).length > 0) {
      add(
        `the packed package.json has ${key}: ${Object.keys(manifest[key])}`,
        "the product has none; an import without a relative path made it",
      );
    }
  }
  for (const key of ["scripts", "bin", "private"]) {
    if (key in manifest) add(`the packed package.json has ${key}`, "remove it");
  }
  for (const key of ["version", "license", "engines", "sideEffects"]) {
    if (JSON.stringify(manifest[key]) !== JSON.stringify(npm[key])) {
      add(
        `${key} is ${JSON.stringify(manifest[key])} in the tarball`,
        "scripts/build_npm.mjs copies it from package.json",
      );
    }
  }
  for (const entry of [...Object.keys(npm.exports), "./package.json"]) {
    if (!(entry in manifest.exports)) {
      add(
        `the packed package.json does not export ${entry}`,
        "deno.json must export it",
      );
    }
  }
  return problems;
}
