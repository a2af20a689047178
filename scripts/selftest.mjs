// Tests the checks themselves: each is shown something broken and must say so.
import { script } from "./lib/cli.mjs";
import { listFiles } from "./lib/files.mjs";
import { run } from "./lib/run.mjs";
import { readTestOutput } from "./lib/test_output.mjs";
import process from "node:process";

const help = `
Usage: node scripts/selftest.mjs

Runs tests/scripts/*.test.mjs on the Node that runs this. They give broken files
to the checkers and look at what those say. Last line: "N passed, N failed, N
skipped".
`;

await script(help, {}, async () => {
  const files = listFiles(
    ["tests/scripts"],
    (path) => path.endsWith(".test.mjs"),
  );
  const result = await run(
    process.execPath,
    ["--test", "--test-reporter=tap", ...files],
  );
  const { passed, failed, skipped, failures } = readTestOutput("node", result);
  if (failures) console.log(failures.trim());
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 ? 1 : 0;
});
