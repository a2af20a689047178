// What each file must look like from the outside.
import { posix } from "node:path";
import { runtimeFile } from "./rooms.mjs";

/** The most lines that a hand-written file may have. */
export const longest = 400;

/**
 * Files that are too long, oddly named, or lack their first line.
 *
 * @param files Path to text.
 */
export function checkFiles(files) {
  const problems = [];
  for (const [path, text] of files) {
    const add = (message, fix, line) =>
      problems.push({ file: path, message, fix, line });
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    if (lines > longest) {
      add(
        `has ${lines} lines, ${longest} is the most`,
        "it holds more than one idea: give the second one a file of its own",
      );
    }
    for (const part of path.split("/")) {
      if (!/^[a-z0-9_.]+$/.test(part)) {
        add(
          `is not named in snake_case: "${part}"`,
          `rename it to ${posix.join(posix.dirname(path), snake(part))}`,
        );
        break;
      }
    }
    const [first] = text.split("\n", 1);
    const product = /^(mod\.ts|src\/|dsl\/)/.test(path);
    if (product && !runtimeFile.test(path)) {
      if (first !== "// Web standards only.") {
        add(
          `starts with "${first.slice(0, 60)}"`,
          'make "// Web standards only." its first line, and keep it true',
          1,
        );
      }
    } else if (path.endsWith(".mjs") && !first.startsWith("// ")) {
      add("does not say what it is for", "say it in its first line: // …", 1);
    }
  }
  return problems;
}

const snake = (name) =>
  name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/-/g, "_").toLowerCase();
