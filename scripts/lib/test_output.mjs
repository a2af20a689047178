// Reads what the three test runners print.

const number = (text, pattern) => Number(text.match(pattern)?.[1] ?? 0);

const readers = {
  node: {
    counts: (text) => ({
      passed: number(text, /^# pass (\d+)/m),
      failed: number(text, /^# fail (\d+)/m) +
        number(text, /^# cancelled (\d+)/m),
      skipped: number(text, /^# skipped (\d+)/m) +
        number(text, /^# todo (\d+)/m),
    }),
    // Each failed test with the indented block that explains it.
    failures: (text) =>
      [...text.matchAll(/^ *not ok .*\n(?: +.*\n)*/gm)].map(([block]) =>
        block.replace(/^ +(---|\.\.\.|duration_ms:.*|type: .*)\n/gm, "")
      ).join("\n"),
  },
  bun: {
    counts: (text) => ({
      passed: number(text, /^ *(\d+) pass$/m),
      // A module that throws is counted as both.
      failed: Math.max(
        number(text, /^ *(\d+) fail$/m),
        number(text, /^ *(\d+) errors?$/m),
      ),
      skipped: number(text, /^ *(\d+) skip$/m) +
        number(text, /^ *(\d+) todo$/m),
    }),
    // Failures stand between what passed; file names that say nothing more go too.
    failures: (text) =>
      text.split("\n").filter((line) => !line.startsWith("(pass)")).join("\n")
        .replace(/^\S+\.(ts|js):\n+(?=\S+\.(ts|js):$)/gm, ""),
  },
  deno: {
    counts: (text) => {
      const last = text.match(/^(?:ok|FAILED) \| .*$/m)?.[0] ?? "";
      return {
        passed: number(last, /(\d+) passed/),
        // The other runners do not say which file declares nothing.
        failed: number(last, /(\d+) failed/) +
          (text.match(/^running 0 tests from /gm)?.length ?? 0),
        skipped: number(last, /(\d+) ignored/),
      };
    },
    failures: (text) => {
      const errors = text.split(/^ ERRORS $/m)[1];
      return errors ??
        text.split("\n").filter((line) =>
          !/ \.\.\. ok |^running [1-9]\d* tests? from|^(Check|Download) /.test(
            line,
          )
        ).join("\n");
    },
  },
};

/**
 * The counts of a run, and the part of its output that is about failures.
 *
 * A run without a single passed test has failed, and so has one that ended badly without saying which test did.
 *
 * @param kind "deno", "bun" or "node".
 */
export function readTestOutput(kind, { output, code, late }) {
  const { counts, failures } = readers[kind];
  const text = output.replace(/\r/g, "");
  const { passed, failed, skipped } = counts(text);
  const unsaid = failed === 0 && (code !== 0 || passed === 0);
  const reason = !unsaid
    ? ""
    : late
    ? `\nIt did not end: a test waits for ever, or leaves a timer, server or stream open. What it said last:\n${
      text.trimEnd().split("\n").slice(-25).join("\n")
    }\n`
    : passed === 0
    ? "\nNot a single test passed.\n"
    : `\nThe runner ended with code ${code} although no test failed. It also said:\n${
      text.split("\n").filter((line) =>
        /error|warning|reject|leak|after the test ended/i.test(line) &&
        !/^(# Subtest|ok \d|\(pass\)|# fail|.* \.\.\. ok )/.test(line)
      ).slice(-15).join("\n")
    }\n`;
  return {
    passed,
    failed: failed + (unsaid ? 1 : 0),
    skipped,
    failures: code === 0 && failed === 0 && !unsaid
      ? ""
      : failures(text) + reason,
  };
}
