// The gates: what each one runs, what it waits for, and what to do when it is red.
import { join } from "node:path";
import { cache, json, nodeVersions, root, tool } from "./paths.mjs";

const deno = tool("deno");
const script = (name, ...args) => [
  "node",
  join(root, `scripts/${name}.mjs`),
  ...args,
];

/**
 * All gates, in the order in which they start when nothing holds them back.
 *
 * `needs` are gates or preparations ("tools", "node24") that must be done first; `tests` marks those that count tests;
 * `compare` groups runs that must count the same number of tests; `slow` ones are left out by --fast;
 * `keep` picks the lines worth printing out of a long output.
 */
export function allGates() {
  const nodes = Object.keys(nodeVersions());
  const entries = Object.values(json("deno.json").exports);
  const suite = (runtime, packed) => ({
    name: packed ? `packed_${runtime}` : `tests_${runtime}`,
    what: packed
      ? `the suite on ${runtime}, against the packed package`
      : `the suite on ${runtime}, from source`,
    command: [
      ...script("run_tests", runtime, ...(packed ? ["--packed"] : [])),
      "--jobs",
      "1",
    ],
    needs: [
      ...(packed ? ["consumer"] : []),
      ...(runtime.startsWith("node") ? [runtime] : []),
    ],
    tests: true,
    compare: packed ? "packed" : "source",
    slow: packed || runtime !== "deno",
    timeoutS: 1_830,
  });
  const docs = (runtime) => ({
    name: `docs_${runtime}`,
    what: `the code in documents and docstrings on ${runtime}`,
    command: script("check_docs", runtime),
    needs: runtime.startsWith("node") ? [runtime] : [],
    tests: true,
    compare: "docs",
    slow: runtime !== "deno",
  });
  const examples = (runtime) => ({
    name: `examples_${runtime}`,
    what: `every program of examples/ on ${runtime}`,
    command: script("run_examples", runtime),
    needs: runtime.startsWith("node") ? [runtime] : [],
    tests: true,
    slow: runtime !== "deno",
  });
  return [
    {
      name: "pack",
      what: "the npm package can be built",
      command: script("build_npm"),
    },
    {
      name: "format",
      what: "deno fmt finds nothing to change",
      command: [deno, "fmt", "--check"],
      fix: "tools/node_modules/.bin/deno fmt",
    },
    {
      name: "lint",
      what: "deno lint finds nothing",
      command: [deno, "lint", "--quiet"],
      fix:
        "each finding says how; tools/node_modules/.bin/deno lint --fix for the simple ones",
    },
    {
      name: "consumer",
      what: "tests and examples compile against the packed types",
      command: script("build_consumer"),
      needs: ["pack"],
    },
    {
      name: "check",
      what: "deno check, type tests included",
      command: [deno, "check", "--quiet", "."],
      fix:
        "a type test (*.types.ts) that fails names the line whose error is wanted",
    },
    {
      name: "core",
      what: "the product compiles with web standards only",
      command: [tool("tsc"), "-p", "tsconfig.core.json"],
      fix:
        "use what Node 20, browsers, Deno and Bun all have (ES2022, fetch, streams, Web Crypto), or let the user hand it in",
    },
    {
      name: "exports",
      what: "deno.json, package.json and the documents agree",
      command: script("check_exports"),
    },
    {
      name: "operations",
      what: "the documents list the operations that the clients have",
      command: script("write_operations", "--check"),
    },
    {
      name: "files",
      what: "length, name and first line of each file",
      command: script("check_files"),
    },
    {
      name: "imports",
      what: "who imports whom, and no cycles",
      command: script("check_imports"),
    },
    {
      name: "module_scope",
      what: "importing touches no runtime",
      command: script("check_module_scope"),
    },
    {
      name: "bytes",
      what: "bytes per entry point",
      command: script("check_bytes"),
    },
    {
      name: "linear",
      what: "four times the work takes four times the steps",
      command: script("check_linear"),
    },
    {
      name: "doc_lint",
      what: "every public symbol is documented",
      command: [deno, "doc", "--lint", ...entries],
      keep: /^error|^ +-->/,
      fix: "write the docstring; export the type that a public symbol mentions",
    },
    {
      name: "publish",
      what: "JSR dry run, no slow types",
      command: [deno, "publish", "--dry-run", "--allow-dirty", "--quiet"],
      fix: "give the exported symbol a written type",
    },
    {
      name: "selftest",
      what: "the checks themselves see what is broken",
      command: script("selftest"),
      tests: true,
    },
    suite("deno"),
    docs("deno"),
    suite("bun"),
    {
      name: "tarball",
      what: "files in the package, publint, arethetypeswrong",
      command: script("check_tarball"),
      needs: ["pack"],
    },
    {
      name: "type_cost",
      what: "instantiations of imports and of chains, and the time of a chain",
      command: script("check_type_cost"),
      needs: ["consumer"],
    },
    ...["5", "7"].map((major) => ({
      name: `types_${major}`,
      what: `TypeScript ${major} takes the packed types, tests and examples`,
      command: script("check_types", major),
      needs: ["consumer"],
      slow: true,
    })),
    docs("bun"),
    examples("deno"),
    examples("bun"),
    ...nodes.filter((major) => major !== "20").map((major) =>
      suite(`node${major}`)
    ),
    docs("node24"),
    ...["node22", "node24", "node26"].map(examples),
    ...nodes.map((major) => suite(`node${major}`, true)),
    {
      name: "packed_examples",
      what: "examples/ compiled against the packed package, on node20",
      command: script("run_examples", "node20", "--packed"),
      needs: ["consumer", "node20"],
      tests: true,
      slow: true,
    },
    {
      name: "browser",
      what: "the portable tests in a real browser, against the packed package",
      command: script("run_browser", "--packed"),
      needs: ["consumer"],
      tests: true,
      slow: true,
    },
    suite("bun", true),
    suite("deno", true),
  ];
}

/** Where the whole output of a gate is kept. */
export function logFile(name) {
  return join(cache, "logs", `${name}.log`);
}
