// Runs every program of examples/ on one runtime.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { script } from "./lib/cli.mjs";
import { listFiles } from "./lib/files.mjs";
import { consumer, nodeBinary, root, tool } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const help = `
Usage: node scripts/run_examples.mjs RUNTIME [--packed] [FILE …]

Runs every examples/*.ts and examples/*/main.ts without a terminal, on deno, bun,
node22, node24 or node26; each must end with code 0. The demo gets
--accept and a folder of its own, which must hold files afterwards; on Deno it
runs as "deno task demo". Last line: "N passed, N failed, N skipped".

  --packed    run what build_consumer.mjs compiled against the packed package
              instead (node20 needs this)
`;

const demo = "examples/document_review/main.ts";

const options = { packed: { type: "boolean" } };

await script(help, options, async ({ packed }, [runtime = "", ...only]) => {
  const found = listFiles(
    ["examples"],
    (path) => /^examples\/([^/]+|[^/]+\/main)\.ts$/.test(path),
  );
  const programs = only.length > 0 ? only : found;
  if (!programs.includes(demo) && only.length === 0) {
    throw new Error(`${demo} is missing: it is the demo of the README`);
  }
  const again = `node scripts/run_examples.mjs ${runtime}${
    packed ? " --packed" : ""
  }`;
  let failed = 0;
  for (const program of programs) {
    const problem = await runOne(runtime, program, packed);
    if (!problem) continue;
    failed++;
    console.log(
      `${program} fails on ${runtime}: ${problem.trim()}\n  fix: ${again} ${program}`,
    );
  }
  console.log(
    `${programs.length - failed} passed, ${failed} failed, 0 skipped`,
  );
  return failed > 0 ? 1 : 0;
});

/** What is wrong with it; an empty string when it ran well. */
async function runOne(runtime, program, packed) {
  const out = mkdtempSync(join(tmpdir(), "tutti-"));
  try {
    const args = program === demo ? ["--accept", "--out", out] : [];
    // The compiled demo does not lie beside the README that it reviews by default.
    if (program === demo && packed) args.unshift(join(root, "README.md"));
    const path = packed
      ? join(consumer, "out", program.replace(/ts$/, "js"))
      : program;
    const [command, ...first] = commandFor(runtime, path);
    const result = await run(command, [...first, ...args]);
    if (result.code !== 0) {
      return `it ended with code ${result.code}\n${result.output.slice(-3000)}`;
    }
    if (program === demo && readdirSync(out).length === 0) {
      return `it wrote nothing to --out\n${result.output.slice(-3000)}`;
    }
    return "";
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function commandFor(runtime, program) {
  switch (runtime) {
    case "deno":
      return program === demo
        ? [tool("deno"), "task", "--quiet", "demo"]
        : [tool("deno"), "run", "--allow-all", program];
    case "bun":
      return [tool("bun"), program];
    default:
      return [
        nodeBinary(runtime.replace("node", "")),
        "--disable-warning=ExperimentalWarning",
        program,
      ];
  }
}
