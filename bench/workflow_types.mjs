// What the same workflow costs the type checker: here, in Mastra, in LangGraph and in XState.
import { quantile } from "./lib/ratio.mjs";
import { head, row } from "./lib/table.mjs";
import { importOnly, programs } from "./lib/workflow_programs.mjs";
import { verifyAll } from "./lib/workflow_runners.mjs";
import { measureTypes, openWorkshop, write } from "./lib/workshop.mjs";

const sizes = [20, 80, 200];
/** Major, name and how often. */
const compilers = [["7", "TypeScript 7", 3], ["5", "TypeScript 5.9", 1]];

/**
 * Counts instantiations, which are exact, and takes the check time, which is not, of every program without those of one
 * that only imports the library. By the quick compiler up to three rounds in alternating order, by the slow one a round.
 */
export async function workflowTypes({ rounds, only }) {
  const chosen = Object.entries(programs).filter(([, { name }]) =>
    name.includes(only)
  );
  await openWorkshop();
  for (const [key, program] of chosen) {
    write(`${key}_0.ts`, importOnly(program));
    for (const size of sizes) {
      write(`${key}_${size}.ts`, program.imports + program.write(size));
    }
  }
  await verifyAll(chosen.map(([key]) => key), sizes);
  for (const [major, compiler, times] of compilers) {
    console.log(`${compiler}:\n`);
    const found = await measureInTurns(major, chosen, Math.min(times, rounds));
    head(
      "workflow",
      ...sizes.map((size) => `${size} steps`),
      ...sizes.map((size) => `ms, ${size} steps`),
    );
    for (const [key, { name }] of chosen) {
      const cost = sizes.map((size) => cellsOf(found, key, size));
      row(name, ...cost.map(([count]) => count), ...cost.map(([, ms]) => ms));
    }
    console.log("");
  }
  return 0;
}

async function measureInTurns(major, chosen, rounds) {
  const found = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const size of [0, ...sizes]) {
      for (const [key] of chosen) {
        const file = `${key}_${size}.ts`;
        const one = await measureTypes(major, file);
        if (one.faults.some((fault) => fault !== "TS2589")) {
          throw new Error(`${file} does not compile\n${one.output}`);
        }
        const all = found.get(file) ?? [];
        found.set(file, [...all, one]);
        if (all[0] && all[0].instantiations !== one.instantiations) {
          throw new Error(`${file} is counted in two ways`);
        }
      }
    }
  }
  return found;
}

/** Instantiations and milliseconds, without those of the imports. */
function cellsOf(found, key, size) {
  const bare = found.get(`${key}_0.ts`);
  const all = found.get(`${key}_${size}.ts`);
  if (all[0].faults.length > 0) return [`error ${all[0].faults}`, "-"];
  const ms = (list) => quantile(list.map(({ ms }) => ms), 0.5);
  return [
    all[0].instantiations - bare[0].instantiations,
    Math.max(0, ms(all) - ms(bare)).toFixed(0),
  ];
}
