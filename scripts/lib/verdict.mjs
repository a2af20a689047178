// Reads the result of a gate and finds what is worth printing.

/** The counts in the last line of a test script; a script that says nothing counts as one failure. */
export function readCounts({ stdout, code }) {
  const found = stdout.trimEnd().split("\n").at(-1)
    .match(/^(\d+) passed, (\d+) failed, (\d+) skipped$/);
  if (!found) return { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = found.slice(1).map(Number);
  return { passed, skipped, failed: failed || (code === 0 ? 0 : 1) };
}

/** Whether a run of tests did nothing because the machine lacks something: neither passed nor failed. */
export function isNotRun({ passed, failed, skipped }) {
  return passed === 0 && failed === 0 && skipped > 0;
}

/**
 * One result for each group of runs: they must have counted the same number of tests.
 *
 * @param counts Of the runs without a failure: gate, group and numbers.
 */
export function compareCounts(counts) {
  const results = [];
  for (const group of new Set(counts.map((count) => count.group))) {
    const runs = counts.filter((count) => count.group === group);
    if (runs.length < 2) continue;
    const totals = runs.map(({ passed, skipped }) => passed + skipped);
    const same = totals.every((total) => total === totals[0]);
    const list = runs.map(({ gate }, n) => `${gate} ${totals[n]}`).join(", ");
    results.push({
      name: `count_${group}`,
      gate: { what: "every runtime runs the same tests" },
      passed: same ? 1 : 0,
      failed: same ? 0 : 1,
      skipped: 0,
      seconds: 0,
      output: same
        ? ""
        : `the runtimes do not run the same number of tests: ${list}\nfix: look for subtests, describe(), tests made in loops over what a runtime offers, and files without tests`,
    });
  }
  return results;
}

/** The first and the last lines of a long output, and every line of a short one. */
export function excerpt(output, most = 70) {
  // Deno ends an error with a backtrace of its own.
  const said = output.replace(
    /\nStack backtrace:\n( +\d+: <unknown>\n?)+/g,
    "",
  );
  const lines = said.trimEnd().split("\n").map((line) =>
    line.length > 400 ? `${line.slice(0, 400)} …` : line
  );
  if (lines.length <= most) return lines;
  const head = Math.floor(most / 2), tail = most - head;
  return [
    ...lines.slice(0, head),
    `… ${lines.length - most} more lines …`,
    ...lines.slice(-tail),
  ];
}
