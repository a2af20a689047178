// The check of linear work counts small programs and sees those that are not linear.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countSteps, judgeGrowth } from "../../scripts/lib/linear_rules.mjs";

/** The problems of one workload whose work is this body. */
async function judge(body, more = "") {
  const rows = await countSteps(`
    function work(size: number) { ${body} }
    export const workloads = [
      { name: "it", of: (size: number) => () => work(size)${more} },
    ];
  `);
  return { rows, problems: judgeGrowth(rows) };
}

const linear = "let n = 0; for (let i = 0; i < size; i++) n += i; return n;";
const quadratic = `let n = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j += 100) n += j;
  return n;`;

test("judgeGrowth() says nothing about linear work, which is counted the same each time", async () => {
  const [one, two] = [await judge(linear), await judge(linear)];
  assert.deepEqual(one.problems, []);
  assert.deepEqual(one.rows, two.rows);
  const [{ steps }] = one.rows;
  assert.ok(steps[0] >= 1_000 && steps[0] < 1_010, `${steps}`);
  assert.ok(steps[1] >= 4_000 && steps[1] < 4_010, `${steps}`);
});

test("judgeGrowth() names the work and the function when one step in a hundred is quadratic", async () => {
  const { problems: [problem] } = await judge(quadratic);
  assert.equal(problem.file, "it");
  assert.match(problem.message, /1[0-9]\.\d times as many; 4\.3 is the most/);
  assert.match(problem.fix, /work in <stdin> \(/);
});

test("judgeGrowth() counts callbacks, and work that is waited for", async () => {
  const callbacks = await judge(
    "return Array.from({ length: size }).map((_, n) => Array.from({ length: n }).some(() => false));",
  );
  assert.equal(callbacks.problems.length, 1);
  const later = await judge(
    `return (async () => { await null; ${quadratic} })();`,
  );
  assert.equal(later.problems.length, 1);
});

test("judgeGrowth() holds work to its own limit when it has one", async () => {
  assert.equal((await judge(linear, ", most: 3.9")).problems.length, 1);
  assert.equal((await judge(quadratic, ", most: 16")).problems.length, 0);
});

test("judgeGrowth() refuses work that is native or done too early", async () => {
  const { problems: [problem] } = await judge(
    'return "a".repeat(size).includes("b");',
  );
  assert.match(problem.message, /its work is not counted/);
});
