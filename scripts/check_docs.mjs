// Runs the TypeScript blocks of the documents and docstrings on Deno, Bun or Node.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { script } from "./lib/cli.mjs";
import { docstringBlocks, markdownBlocks } from "./lib/doc_blocks.mjs";
import { listFiles, productPlaces, readAll } from "./lib/files.mjs";
import { cache, nodeBinary, root, tool } from "./lib/paths.mjs";
import { longestMs, run } from "./lib/run.mjs";
import { readTestOutput } from "./lib/test_output.mjs";
import { linkTestLibraries } from "./setup.mjs";

const help = `
Usage: node scripts/check_docs.mjs deno|bun|node22|node24|node26

Executes every block fenced as ts in README.md, CONTRIBUTING.md, docs/ and the
docstrings of mod.ts, src/ and dsl/: on Deno with its own "deno test --doc", which
also checks their types; elsewhere as one test for each block. A block marked
"ts ignore" is left out. Last line: "N passed, N failed, N skipped".
`;

const documents = () =>
  listFiles(
    ["README.md", "CONTRIBUTING.md", "docs"],
    (path) => path.endsWith(".md"),
  );

await script(help, {}, async (_, [runtime = ""]) => {
  if (!existsSync(join(root, "README.md"))) {
    throw new Error("README.md is missing\n  fix: write it");
  }
  const kind = runtime.replace(/\d+$/, "");
  const places = [...documents(), ...productPlaces];
  const [command, args] = kind === "deno"
    ? [tool("deno"), ["test", "--doc", "--allow-all", "--parallel", ...places]]
    : kind === "bun"
    ? [tool("bun"), [
      "test",
      "--timeout",
      String(longestMs),
      writeBlocks(runtime),
    ]]
    : [nodeBinary(runtime.slice(kind.length)), [
      "--test",
      "--test-reporter=tap",
      "--disable-warning=ExperimentalWarning",
      writeBlocks(runtime),
    ]];
  const result = await run(command, args);
  const { passed, failed, skipped, failures } = readTestOutput(kind, result);
  if (failures) {
    console.log(failures.trim());
    console.log(
      "fix: run the block as it stands, imports by package name; it must hold what it asserts",
    );
  }
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 ? 1 : 0;
});

/** Writes each block as a module, and a test file that imports them one by one. */
function writeBlocks(runtime) {
  const folder = join(cache, `docs_${runtime}`);
  rmSync(folder, { recursive: true, force: true });
  // A block may show a schema library beside this one.
  linkTestLibraries(join(folder, "node_modules"));
  const blocks = [];
  for (const [path, text] of readAll(documents())) {
    blocks.push(...markdownBlocks(text).map((block) => ({ path, ...block })));
  }
  const product = listFiles(productPlaces, (path) => path.endsWith(".ts"));
  for (const [path, text] of readAll(product)) {
    blocks.push(
      ...docstringBlocks(path, text).map((block) => ({ path, ...block })),
    );
  }
  const tests = blocks.map(({ path, line, code }, n) => {
    writeFileSync(join(folder, `block_${n}.ts`), `${code}\nexport {};\n`);
    return `test("${path}:${line}", () => import("./block_${n}.ts"));\n`;
  });
  const file = join(folder, "docs.test.mjs");
  writeFileSync(
    file,
    `import { test } from "node:test";\n${tests.join("")}`,
  );
  return file;
}
