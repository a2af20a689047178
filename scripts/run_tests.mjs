// Runs the test suite on one runtime, from source or against the packed package.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { script } from "./lib/cli.mjs";
import { listFiles } from "./lib/files.mjs";
import {
  consumer,
  nodeBinary,
  nodeVersions,
  root,
  tool,
} from "./lib/paths.mjs";
import { longestMs, run } from "./lib/run.mjs";
import { readTestOutput } from "./lib/test_output.mjs";

const help = `
Usage: node scripts/run_tests.mjs RUNTIME [--packed] [--jobs N] [--timeout S] [FILE …]

Runs tests/**/*.test.ts on RUNTIME: deno, bun, node20, node22, node24 or node26
(setup.mjs installs them). Prints the failures only, then the last line
"N passed, N failed, N skipped". No test at all is a failure.

  --packed      run the compiled tests of .cache/consumer (build_consumer.mjs)
                instead, which use the packed package; node20 needs this. FILE
                may be the source, tests/http/failures.test.ts
  --jobs N      how many files at once, on Deno (default: one for each processor)
  --timeout S   seconds until the whole run is stopped (default: 1800)
`;

const options = {
  packed: { type: "boolean" },
  jobs: { type: "string" },
  timeout: { type: "string" },
};

await script(
  help,
  options,
  async ({ packed, jobs, timeout }, [runtime, ...only]) => {
    const kind = runtime?.replace(/\d+$/, "");
    const major = runtime?.slice(kind.length);
    const known = [
      "deno",
      "bun",
      ...Object.keys(nodeVersions()).map((v) => `node${v}`),
    ];
    if (!known.includes(runtime)) {
      throw new Error(`Name a runtime: ${known.join(", ")}`);
    }
    const cwd = packed ? consumer : root;
    const files = only.length > 0
      ? only.map((path) => packed ? compiled(path) : path)
      : testFiles(packed);
    if (files.length === 0) {
      throw new Error(
        packed
          ? "There are no compiled tests\n  fix: node scripts/build_consumer.mjs"
          : "There are no tests in tests/",
      );
    }
    const missing = files.find((path) => !existsSync(join(cwd, path)));
    if (missing) {
      throw new Error(
        `There is no ${missing}${
          packed
            ? " in .cache/consumer: name a compiled test, or its source outside of tests/internal\n  fix: node scripts/build_consumer.mjs"
            : ""
        }`,
      );
    }
    const binary = kind === "node" ? nodeBinary(major) : tool(kind);
    if (!existsSync(binary)) {
      throw new Error(
        `${
          relative(root, binary)
        } is missing\n  fix: node scripts/setup.mjs --nodes`,
      );
    }
    const result = await run(binary, [
      ...flags(kind, packed),
      ...files,
    ], {
      cwd,
      timeoutMs: Number(timeout ?? 1800) * 1000,
      env: { DENO_JOBS: String(jobs ?? availableParallelism()) },
    });
    const { passed, failed, skipped, failures } = readTestOutput(kind, result);
    if (failed > 0) {
      console.log(failures.trim());
      const again = [
        "node scripts/run_tests.mjs",
        runtime,
        packed && "--packed",
      ];
      console.log(`fix: ${again.filter(Boolean).join(" ")} FILE runs one file`);
    }
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 ? 1 : 0;
  },
);

/** The test files, as the runner gets them. Tests of the scripts run once, on their own. */
function testFiles(packed) {
  if (packed) {
    const base = relative(root, join(consumer, "out"));
    return listFiles([`${base}/tests`], (path) => path.endsWith(".test.js"))
      .map((path) => `./out${path.slice(base.length)}`);
  }
  return listFiles(["tests"], (path) => /\.test\.ts$/.test(path))
    .filter((path) => !path.startsWith("tests/scripts/"))
    .map((path) => `./${path}`);
}

/** The compiled form of a test. */
function compiled(path) {
  return path.replace(/^(\.\/)?tests\//, "./out/tests/").replace(/ts$/, "js");
}

function flags(kind, packed) {
  switch (kind) {
    case "deno":
      // The gate "check" has checked the types.
      return ["test", "--allow-all", "--no-check", "--parallel"];
    case "bun":
      return ["test", "--isolate", "--timeout", String(longestMs)];
    default:
      return [
        "--test-reporter=tap",
        `--test-timeout=${longestMs}`,
        // Node 22 warns that it strips types.
        ...(packed ? [] : ["--disable-warning=ExperimentalWarning"]),
        // A process for each file is most of the time that a run takes. Deno and Bun keep files apart; here they share
        // one process and must not disturb each other.
        join(root, "scripts/lib/all_tests.mjs"),
      ];
  }
}
