// Checks what the package costs the type checker, in instantiations, against budgets.json.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { report, script } from "./lib/cli.mjs";
import { budgetFor } from "./lib/byte_rules.mjs";
import { costFixtures, importFixture } from "./lib/cost_fixtures.mjs";
import { compilerOf, consumer, json, root } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";

const help = `
Usage: node scripts/check_type_cost.mjs [--table] [--update]

In .cache/consumer (build_consumer.mjs), compiles small programs against the packed
declarations and counts type instantiations (tsc --extendedDiagnostics):
importing each entry point, its declarations checked, over an empty program, by
TypeScript 7; chains of 80 steps and 80 and 1000 handles by TypeScript 5 and 7.

  --table     print what was measured
  --update    set the budgets of the fixtures to what was measured and five
              percent; do it in the commit that causes the change
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
    ];
    const all = json("budgets.json");
    if (update) {
      for (const { key, cost } of rows) {
        if (key !== "import") all.instantiations[key] = budgetFor(cost);
      }
      writeFileSync(
        join(root, "budgets.json"),
        JSON.stringify(all, null, 2) + "\n",
      );
    }
    const problems = [];
    for (const { what, key, cost, seconds } of rows) {
      const budget = all.instantiations[key];
      if (table || update) {
        console.log(
          `${String(cost).padStart(7)} of ${
            String(budget).padStart(6)
          } instantiations  ${what}  (checked in ${seconds} s)`,
        );
      }
      if (!(cost <= budget)) {
        problems.push({
          file: "budgets.json",
          message:
            `${what} costs ${cost} instantiations, the budget is ${budget}`,
          fix:
            "find the conditional or mapped type that is new; or raise the budget in the same commit: node scripts/check_type_cost.mjs --update",
        });
      }
    }
    const costs = rows.filter(({ key }) => key !== "import")
      .map(({ what, cost }) => `${what} ${cost}`).join(", ");
    return report(problems, `instantiations: ${costs}`);
  },
);

async function measureImports(name, entries) {
  const empty = await measure("7", "empty", "export {};\n", false);
  const rows = [];
  for (const entry of entries) {
    const module = `${name}${entry.slice(1)}`;
    const file = `import_${entry.replace(/\W/g, "")}`;
    const { cost, seconds } = await measure(
      "7",
      file,
      importFixture(module),
      false,
    );
    rows.push({
      what: `import "${module}"`,
      key: "import",
      cost: cost - empty.cost,
      seconds,
    });
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
        key,
        cost,
        seconds,
      });
    }
  }
  return rows;
}

/** Compiles one program and reads the diagnostics. */
async function measure(major, name, program, skipLibCheck) {
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
