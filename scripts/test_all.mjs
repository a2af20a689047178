// Runs every gate: the one command of this repository.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, relative } from "node:path";
import process from "node:process";
import { script } from "./lib/cli.mjs";
import { allGates, logFile } from "./lib/gates.mjs";
import { chooseGates, nodesFor, runPlan } from "./lib/plan.mjs";
import { nodeVersions, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import {
  compareCounts,
  excerpt,
  isNotRun,
  readCounts,
} from "./lib/verdict.mjs";
import { installNode, installTools } from "./setup.mjs";

const help = `
Usage: node scripts/test_all.mjs [--fast] [--only NAME …] [--list] [--jobs N]

Runs all gates: format, lint, types, imports, sizes, the tests on every runtime
from source and against the packed npm package, the code in the documents and the
examples. Needs Node 20 and npm; gets the pinned tools from npm, once.

  --fast        without the other runtimes and the packed package: the loop while
                you work
  --only NAME   that gate and what it needs; may be repeated, may end in *
                (--only imports --only 'tests_*')
  --list        names every gate and says what it holds
  --jobs N      how many gates at once (default: one for each processor, 4 at most)

Quiet while all is well: one line per gate with its seconds. A red gate prints
what is wrong, where, and how to fix it; its whole output is in .cache/logs.
A gate that needs what this machine lacks, a browser, says SKIP and why; it
counts as nothing. The last line is "N passed, N failed": tests, and one for each
gate that is no test run. Exit code 1 when anything failed.
`;

const options = {
  fast: { type: "boolean" },
  only: { type: "string", multiple: true },
  list: { type: "boolean" },
  jobs: { type: "string" },
};

await script(help, options, async ({ fast, only, list, jobs }) => {
  const all = allGates();
  if (list) {
    for (const { name, what, slow } of all) {
      console.log(`${name.padEnd(18)}${what}${slow ? "" : " (also --fast)"}`);
    }
    return 0;
  }
  const started = performance.now();
  const gates = chooseGates(all, { fast, only });
  const totals = { passed: 0, failed: 0, red: [], notRun: [] };
  const counts = [];

  const prepare = { tools: installTools };
  for (const major of nodesFor(gates, Object.keys(nodeVersions()))) {
    prepare[`node${major}`] = () => installNode(major);
  }
  await runPlan({
    prepare,
    gates,
    jobs: Number(jobs ?? Math.min(4, availableParallelism())),
    runGate: (gate) => runGate(gate, counts),
    done: (name, result) => tell(name, result, totals),
  });
  for (const result of compareCounts(counts)) {
    tell(result.name, result, totals);
  }

  const seconds = (performance.now() - started) / 1000;
  console.log();
  if (totals.red.length > 0) console.log(`Red: ${totals.red.join(", ")}`);
  if (totals.notRun.length > 0) {
    console.log(`Not run: ${totals.notRun.join(", ")}`);
  }
  console.log(`Took ${seconds.toFixed(0)} s`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed > 0 ? 1 : 0;
});

/** Runs one gate and judges it. */
async function runGate(gate, counts) {
  const [command, ...args] = gate.command;
  const isScript = command === "node";
  const result = await run(isScript ? process.execPath : command, args, {
    timeoutMs: (gate.timeoutS ?? 900) * 1000,
    endWith: isScript ? "SIGTERM" : "SIGKILL",
  });
  const log = logFile(gate.name);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, result.output);
  const counted = gate.tests ? readCounts(result) : {
    passed: result.code === 0 ? 1 : 0,
    failed: result.code === 0 ? 0 : 1,
    skipped: 0,
  };
  if (gate.compare && counted.failed === 0) {
    counts.push({ gate: gate.name, group: gate.compare, ...counted });
  }
  return { ...counted, gate, seconds: result.seconds, output: result.output };
}

/** Prints the line, or the block, of one result and adds it up. */
function tell(name, result, totals) {
  const { gate, passed, failed, skipped, seconds, output } = result;
  totals.passed += passed;
  totals.failed += failed;
  const time = `${seconds.toFixed(1).padStart(6)} s`;
  const detail = !gate?.tests
    ? ""
    : `  ${passed} passed${skipped ? `, ${skipped} skipped` : ""}`;
  if (isNotRun(result)) {
    totals.notRun.push(name);
    const [why] = output.trim().split("\n");
    console.log(`SKIP  ${name.padEnd(18)}${time}  ${why}`);
    return;
  }
  if (failed === 0) {
    console.log(`ok    ${name.padEnd(18)}${time}${detail}`);
    return;
  }
  totals.red.push(name);
  console.log(`FAIL  ${name.padEnd(18)}${time}  ${gate?.what ?? ""}`);
  if (!output && !gate?.command) return;
  const kept = output.split("\n").filter((line) => gate?.keep?.test(line));
  const lines = excerpt(kept.length > 0 ? kept.join("\n") : output);
  if (gate?.fix) lines.push(`fix: ${gate.fix}`);
  if (gate?.command) {
    lines.push(
      `alone: node scripts/test_all.mjs --only ${name}; all it said: ${
        relative(root, logFile(name))
      }`,
    );
  }
  for (const line of lines) console.log(`      | ${line}`);
}
