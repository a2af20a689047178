// Finds the files of the repository that a check looks at.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const ignored = new Set(["node_modules", ".cache", ".git", "npm", "coverage"]);

/**
 * All files under `places` (files or folders, relative to the repository), as paths with forward slashes, sorted.
 *
 * @param accept Which paths to keep.
 */
export function listFiles(places, accept = () => true) {
  const found = [];
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (!statSync(full).isDirectory()) {
      if (accept(path)) found.push(path);
      return;
    }
    for (const name of readdirSync(full)) {
      if (!ignored.has(name)) visit(`${path}/${name}`);
    }
  };
  for (const place of places) visit(place);
  return found.sort();
}

/** The text of each of these files, by path. */
export function readAll(paths) {
  return new Map(
    paths.map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

/** Where the product lives: what a user installs. */
export const productPlaces = ["mod.ts", "src", "dsl"];

/** The TypeScript files of the product. */
export function productFiles() {
  return listFiles(productPlaces, (path) => path.endsWith(".ts"));
}
