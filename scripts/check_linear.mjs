// Checks that work which must be linear takes four times as many steps for four times as many items.
import { report, script } from "./lib/cli.mjs";
import { countSteps, judgeGrowth } from "./lib/linear_rules.mjs";

const help = `
Usage: node scripts/check_linear.mjs [--table]

Does each piece of work of tests/internal/workloads.ts for 1,000 and for 4,000
items, and counts how often each block of code is executed, with the counters
that V8 has for coverage. The counts are the same on every machine, however busy,
so 4.3 times as many steps is the most; a workload that may take more says so.

It does not see work that the engine does natively within one step: a copy of a
list by spread or slice(), includes(), a regular expression. Those are measured
by the programs in bench/.

  --table     print what was counted
`;

await script(help, { table: { type: "boolean" } }, async ({ table }) => {
  const rows = await countSteps(
    'export { workloads } from "./tests/internal/workloads.ts";',
  );
  if (table) {
    for (const { name, steps: [small, large] } of rows) {
      console.log(
        `${String(small).padStart(10)}${String(large).padStart(11)}  ${
          (large / small).toFixed(2)
        }  ${name}`,
      );
    }
  }
  return report(judgeGrowth(rows), `${rows.length} pieces of work are linear`);
});
