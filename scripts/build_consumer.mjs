// Makes a project that uses the packed package as a user does, and compiles the tests in it.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { script } from "./lib/cli.mjs";
import { costFixtures } from "./lib/cost_fixtures.mjs";
import { listFiles } from "./lib/files.mjs";
import { cache, consumer, json, root, tool } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { tarballPath } from "./lib/tarball.mjs";
import { linkTestLibraries } from "./setup.mjs";

const help = `
Usage: node scripts/build_consumer.mjs

Makes .cache/consumer: installs npm/*.tgz there with npm, copies tests/ (without
tests/internal and tests/scripts) and examples/, and compiles them with
TypeScript 7 against the types in the package. run_tests.mjs --packed runs them.
Also emits declarations of workflows that are exported with inferred types.
`;

/** What a strict user sets; the tests and examples must pass it with the packed types. */
const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
  types: ["node"],
  typeRoots: [relative(consumer, join(root, "tools/node_modules/@types"))],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  rewriteRelativeImportExtensions: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  rootDir: ".",
  outDir: "out",
};

function write(path, value) {
  writeFileSync(join(consumer, path), JSON.stringify(value, null, 2) + "\n");
}

/** A file that takes every entry point in, for checking the declarations themselves. */
function entriesProgram({ name, exports }) {
  const entries = Object.keys(exports).map((entry) => name + entry.slice(1));
  return entries.map((entry, n) =>
    `import * as entry${n} from "${entry}";\nexport { entry${n} };\n`
  ).join("");
}

await script(help, {}, async () => {
  const tarball = tarballPath();
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(consumer, { recursive: true });
  const npm = json("package.json");
  write("package.json", {
    private: true,
    type: "module",
    dependencies: { [npm.name]: `file:${relative(consumer, tarball)}` },
  });
  write("deno.json", { nodeModulesDir: "manual", lock: false });
  const installed = await run("npm", [
    "install",
    "--offline",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--cache",
    join(cache, "npm"),
  ], { cwd: consumer });
  if (installed.code !== 0) {
    throw new Error(
      `Cannot install ${
        relative(root, tarball)
      }: ${installed.output.trim()}\n  fix: node scripts/build_npm.mjs, then look at npm/package/package.json`,
    );
  }
  linkTestLibraries(join(consumer, "node_modules"));

  const left = /^tests\/(internal|scripts)\//;
  for (const path of listFiles(["tests", "examples"])) {
    if (left.test(path)) continue;
    // What is no program lies beside the compiled programs too.
    const code = /\.[mc]?ts$/.test(path);
    for (const to of code ? [path] : [path, `out/${path}`]) {
      mkdirSync(dirname(join(consumer, to)), { recursive: true });
      cpSync(join(root, path), join(consumer, to));
    }
  }
  write("tsconfig.json", {
    compilerOptions,
    include: ["tests", "examples"].filter((place) =>
      existsSync(join(consumer, place))
    ).map((place) => `${place}/**/*.ts`),
  });
  // The declarations by themselves: no runtime types, every .d.ts looked at.
  writeFileSync(join(consumer, "entries.ts"), entriesProgram(npm));
  write("tsconfig.types.json", {
    compilerOptions: {
      ...compilerOptions,
      lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
      types: [],
      skipLibCheck: false,
      noEmit: true,
    },
    files: ["entries.ts"],
  });
  const compiled = await run(tool("tsc"), ["-p", "."], { cwd: consumer });
  if (compiled.code !== 0) {
    console.error(compiled.output.trim());
    throw new Error(
      "The tests or examples do not compile against the packed types\n" +
        "  fix: the paths above are those of the repository; what passes deno check but not this is missing from, or different in, the .d.ts in npm/package",
    );
  }
  // Workflows are exported by their inferred types: every one of them must be emitted and named.
  writeFileSync(
    join(consumer, "chain.ts"),
    costFixtures(npm.name).cost_chain_80,
  );
  write("tsconfig.declarations.json", {
    compilerOptions: {
      ...compilerOptions,
      rootDir: ".",
      outDir: "declarations",
      declaration: true,
      emitDeclarationOnly: true,
    },
    include: ["chain.ts", "examples/*.ts", "tests/support/exported_*.ts"],
  });
  const emitted = await run(
    tool("tsc"),
    ["-p", "tsconfig.declarations.json"],
    { cwd: consumer },
  );
  if (emitted.code !== 0) {
    console.error(emitted.output.trim());
    throw new Error(
      "The declarations of exported workflows cannot be emitted\n" +
        "  fix: export the type that the compiler cannot name from dsl/mod.ts",
    );
  }
  const tests = listFiles([relative(root, join(consumer, "out/tests"))])
    .filter((path) => path.endsWith(".test.js"));
  console.log(`${tests.length} test files compiled against the package`);
});
