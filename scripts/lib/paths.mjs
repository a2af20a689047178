// Where things are. Every script works from any current folder.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** What scripts make and may throw away. */
export const cache = join(root, ".cache");

/** The consumer project that the packed tarball is installed into. */
export const consumer = join(cache, "consumer");

/** The path of a pinned tool, such as "deno" or "tsc". */
export function tool(name) {
  return join(root, "tools/node_modules/.bin", name);
}

/** How to call the pinned TypeScript of that major, "5" or "7". */
export function compilerOf(major) {
  return major === "5"
    ? [
      process.execPath,
      join(root, "tools/node_modules/typescript-5/lib/tsc.js"),
    ]
    : [tool("tsc")];
}

/** A file of the repository as text. */
export function text(path) {
  return readFileSync(join(root, path), "utf8");
}

/** A file of the repository as JSON. */
export function json(path) {
  try {
    return JSON.parse(text(path));
  } catch (cause) {
    throw new Error(`Cannot read ${path}: ${cause.message}`, { cause });
  }
}

/** The exact version of a tool that tools/package.json pins. */
export function pinned(name) {
  const version = json("tools/package.json").devDependencies[name];
  if (!version) throw new Error(`tools/package.json does not pin "${name}"`);
  return version.replace(/^npm:.*@/, "");
}

/** The Node versions that the gates use, by major. */
export function nodeVersions() {
  return json("tools/package.json").nodeVersions;
}

/** The binary of the pinned Node of this major. */
export function nodeBinary(major) {
  return join(cache, `node${major}/node_modules/node/bin/node`);
}
