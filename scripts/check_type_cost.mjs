// Checks what the package costs the type checker, in instantiations, against budgets.json.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { report, script } from "./lib/cli.mjs";
import { budgetFor } from "./lib/byte_rules.mjs";
import { compilerCalls } from "./lib/compiler_calls.mjs";
import { chain, costFixtures, importFixture } from "./lib/cost_fixtures.mjs";
import { compilerOf, consumer, json, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const help = `
Usage: node scripts/check_type_cost.mjs [--table] [--update]

In .cache/consumer (build_consumer.mjs), compiles small programs against the packed
declarations and counts type instantiations (tsc --extendedDiagnostics) by
TypeScript 5 and 7:
- importing all entry points, over an empty program, with skipLibCheck, which
  nearly all projects have;
- a workflow of one step, chains of 80 steps, 80 and 1000 handles;
- importing each entry point, over an empty program, where the project has no
  skipLibCheck and every declaration is checked: by TypeScript 7.
Then it counts what TypeScript 5 calls for a chain of 120 steps, above what it
calls for one step: that is its time.

  --table     print what was measured
  --update    set the budgets to what was measured and five percent; do it in
              the commit that causes the change
`;

const folder = join(consumer, "cost");

await script(
  help,
  { table: { type: "boolean" }, update: { type: "boolean" } },
  async ({ table, update }) => {
    if (!existsSync(join(consumer, "package.json"))) {
      throw new Error(
        "There is no consumer project\n  fix: node scripts/build_npm.mjs && node scripts/build_consumer.mjs",
      );
    }
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const { name, exports: entries } = json("package.json");
    const rows = [
      ...await measureImports(name, Object.keys(entries)),
      ...await measureFixtures(name),
      await measureCalls(name),
    ];
    const all = json("budgets.json");
    if (update) {
      for (const { part, key } of rows) {
        const costs = rows.filter((row) => row.key === key);
        (all[part] ??= {})[key] = budgetFor(
          Math.max(...costs.map(({ cost }) => cost)),
        );
      }
      writeFileSync(
        join(root, "budgets.json"),
        JSON.stringify(all, null, 2) + "\n",
      );
    }
    const problems = [];
    for (const { what, part, key, cost, seconds } of rows) {
      const budget = all[part][key];
      if (table || update) {
        console.log(
          `${String(cost).padStart(9)} of ${
            String(budget).padStart(9)
          } ${part}  ${what}  (checked in ${seconds} s)`,
        );
      }
      if (!(cost <= budget)) {
        problems.push({
          file: "budgets.json",
          message: `${what} costs ${cost} ${part}, the budget is ${budget}`,
          fix:
            "find the conditional or mapped type that is new; or raise the budget in the same commit: node scripts/check_type_cost.mjs --update",
        });
      }
    }
    const costs = rows.map(({ what, cost }) => `${what} ${cost}`).join(", ");
    return report(problems, `instantiations: ${costs}`);
  },
);

async function measureImports(name, entries) {
  const modules = entries.map((entry) => `${name}${entry.slice(1)}`);
  const each = (major, skipLibCheck) => async (key, what, file, program) => {
    const empty = await measure(major, "empty", "export {};\n", skipLibCheck);
    const { cost, seconds } = await measure(
      major,
      file,
      program,
      skipLibCheck,
    );
    return {
      what,
      part: "instantiations",
      key,
      cost: cost - empty.cost,
      seconds,
    };
  };
  const rows = [];
  for (const major of ["5", "7"]) {
    rows.push(
      await each(major, true)(
        "import",
        `import of all entry points (TypeScript ${major})`,
        "import",
        importFixture(...modules),
      ),
    );
  }
  for (const [n, module] of modules.entries()) {
    rows.push(
      await each("7", false)(
        `declarations of ${entries[n]}`,
        `declarations of "${module}"`,
        `import_${entries[n].replace(/\W/g, "")}`,
        importFixture(module),
      ),
    );
  }
  return rows;
}

async function measureFixtures(name) {
  const rows = [];
  for (const [key, program] of Object.entries(costFixtures(name))) {
    for (const major of ["5", "7"]) {
      const { cost, seconds } = await measure(major, key, program, true);
      rows.push({
        what: `${key} (TypeScript ${major})`,
        part: "instantiations",
        key,
        cost,
        seconds,
      });
    }
  }
  return rows;
}

/** What a chain of 120 steps makes the compiler do, above one step. */
async function measureCalls(name) {
  const calls = (steps) =>
    compilerCalls(
      writeProject(`calls_${steps}`, chain(name, steps), true),
    );
  const started = performance.now();
  const cost = await calls(120) - await calls(1);
  return {
    what: "a chain of 120 steps (TypeScript 5)",
    part: "calls",
    key: "chain_120",
    cost,
    seconds: ((performance.now() - started) / 1000).toFixed(1),
  };
}

/** Writes one program with its tsconfig; gives the path of that. */
function writeProject(name, program, skipLibCheck) {
  writeFileSync(join(folder, `${name}.ts`), program);
  const project = join(folder, `${name}.json`);
  const compilerOptions = {
    noEmit: true,
    strict: true,
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
    module: "nodenext",
    skipLibCheck,
  };
  writeFileSync(
    project,
    JSON.stringify({ compilerOptions, files: [`${name}.ts`] }),
  );
  return project;
}

/** Compiles one program and reads the diagnostics. */
async function measure(major, name, program, skipLibCheck) {
  const project = writeProject(name, program, skipLibCheck);
  const [command, ...args] = compilerOf(major);
  // Several threads would count some types more than once.
  if (major === "7") args.push("--singleThreaded");
  const { code, output } = await run(
    command,
    [...args, "-p", project, "--extendedDiagnostics"],
    { cwd: consumer },
  );
  const cost = output.match(/^Instantiations:\s+(\d+)/m);
  if (code !== 0 || !cost) {
    throw new Error(
      `${
        output.split(/^Files:/m)[0].trim()
      }\n.cache/consumer/cost/${name}.ts does not compile with TypeScript ${major}\n  fix: it is made by scripts/lib/cost_fixtures.mjs from the public face of the package`,
    );
  }
  const [, seconds] = output.match(/^Check time:\s+([\d.]+)s/m) ?? [];
  return { cost: Number(cost[1]), seconds: Number(seconds) };
}
