// Counts the steps of a piece of work with V8's own counters, and judges how they grow with its size.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { cache, root } from "./paths.mjs";

const require = createRequire(import.meta.url);

/** The two sizes that are compared. */
export const sizes = [1_000, 4_000];

/** How many times the steps of the small one the large one may take, if the workload does not say `most`. */
const mostGrowth = 4.3;

/**
 * Counts the steps of each workload at both sizes: how often each block of code is executed, exactly.
 *
 * @param contents A module in TypeScript that exports `workloads`, a list of `{name, of, most}`: `of(size)` makes
 * the input and gives back a function that does the work; `most` is its own limit.
 * @param resolveDir Where its imports are looked up from.
 * @returns Of each: its name, its limit, the steps at both sizes, and the functions whose steps grow too much.
 */
export async function countSteps(contents, resolveDir = root) {
  // What a compiler has inlined is not counted, and when it does so is up to chance.
  for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
  const esbuild = require("../../tools/node_modules/esbuild");
  const { outputFiles: [{ text }] } = await esbuild.build({
    stdin: { contents, resolveDir, loader: "ts" },
    absWorkingDir: resolveDir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "linear-"));
  const url = pathToFileURL(join(folder, "workloads.mjs")).href;
  const session = new Session();
  session.connect();
  try {
    writeFileSync(join(folder, "workloads.mjs"), text);
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", {
      callCount: true,
      detailed: true,
    });
    const { workloads } = await import(url);
    const rows = [];
    for (const { name, of, most = mostGrowth } of workloads) {
      // What is made once is not counted.
      await of(sizes[0])();
      const counts = [];
      for (const size of sizes) {
        const work = of(size);
        await session.post("Profiler.takePreciseCoverage");
        await work();
        const { result } = await session.post("Profiler.takePreciseCoverage");
        counts.push(stepsOf(result.find((script) => script.url === url), text));
      }
      rows.push({ name, most, ...compare(counts, most) });
    }
    return rows;
  } finally {
    session.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The steps of each function, named with its file. */
function stepsOf({ functions }, text) {
  const steps = new Map();
  for (const { functionName, ranges } of functions) {
    const at = ranges[0].startOffset;
    const key = `${functionName || "(no name)"} in ${fileAt(text, at)} #${at}`;
    steps.set(key, ranges.reduce((sum, { count }) => sum + count, 0));
  }
  return steps;
}

/** The file that this part of the bundle is from, which says so in a line of its own. */
function fileAt(text, at) {
  const before = text.slice(0, at);
  return before.slice(before.lastIndexOf("\n// ") + 4).split("\n", 1)[0];
}

function compare([small, large], most) {
  const sum = (steps) => [...steps.values()].reduce((a, b) => a + b, 0);
  const excess = (key) => large.get(key) - most * (small.get(key) ?? 0);
  return {
    steps: [sum(small), sum(large)],
    worst: [...large.keys()].filter((key) => excess(key) > 0)
      .sort((a, b) => excess(b) - excess(a)).slice(0, 3)
      .map((key) =>
        `${key.split(" #")[0]} (${small.get(key) ?? 0}, then ${large.get(key)})`
      ),
  };
}

/** What grows faster than its input. */
export function judgeGrowth(rows) {
  const problems = [];
  for (const { name, most, steps: [small, large], worst } of rows) {
    if (small >= sizes[0] && large <= most * small) continue;
    problems.push({
      file: name,
      message: small < sizes[0]
        ? `takes ${small} steps for ${sizes[0]} items: its work is not counted`
        : `takes ${small} steps for ${sizes[0]} items and ${large} for ${
          sizes[1]
        }, ${(large / small).toFixed(1)} times as many; ${most} is the most`,
      fix: small < sizes[0]
        ? "let the function that of() gives back do the work"
        : `look at what is done again for each item: ${worst.join(", ")}`,
    });
  }
  return problems;
}
