// Checks the packed declarations, the tests and the examples with one TypeScript version.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { script } from "./lib/cli.mjs";
import { compilerOf, consumer, pinned } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const help = `
Usage: node scripts/check_types.mjs 5|7

In .cache/consumer (build_consumer.mjs), checks with TypeScript 5 or 7: every
.d.ts in the package, with web standards only; then the tests (also the type
tests, *.types.ts) and the examples against them.
`;

await script(help, {}, async (_, [major]) => {
  if (major !== "5" && major !== "7") {
    throw new Error("Name a TypeScript: 5 or 7");
  }
  if (!existsSync(join(consumer, "tsconfig.json"))) {
    throw new Error(
      "There is no consumer project\n  fix: node scripts/build_consumer.mjs",
    );
  }
  const [command, ...first] = compilerOf(major);
  for (const project of ["tsconfig.types.json", "tsconfig.json"]) {
    const { code, output } = await run(
      command,
      [...first, "-p", project, "--noEmit"],
      { cwd: consumer },
    );
    if (code === 0) continue;
    console.error(output.trim());
    throw new Error(
      `TypeScript ${
        pinned(major === "5" ? "typescript-5" : "typescript")
      } refuses ${
        project === "tsconfig.json" ? "the tests or examples" : "the package"
      } (.cache/consumer/${project})\n  fix: write it so that both compilers take it`,
    );
  }
  console.log(`TypeScript ${major} takes the package, tests and examples`);
});
