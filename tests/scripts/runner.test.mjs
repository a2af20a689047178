// The runner counts honestly, waits for what is needed, and ends what hangs.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { chooseGates, runPlan } from "../../scripts/lib/plan.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { run } from "../../scripts/lib/run.mjs";
import { readTestOutput } from "../../scripts/lib/test_output.mjs";
import {
  compareCounts,
  excerpt,
  readCounts,
} from "../../scripts/lib/verdict.mjs";

const ended = (output, code = 0) => ({ output, code, late: false });

test("readTestOutput() counts what each runner says", () => {
  const outputs = {
    node: "ok 1 - a\n# tests 4\n# pass 3\n# fail 0\n# skipped 1\n# todo 0\n",
    bun: "(pass) a\n\n 3 pass\n 1 skip\n 0 fail\nRan 4 tests across 1 file.\n",
    deno: "a ... ok (1ms)\n\nok | 3 passed | 0 failed | 1 ignored (5ms)\n",
  };
  for (const [kind, output] of Object.entries(outputs)) {
    assert.deepEqual(
      readTestOutput(kind, ended(output)),
      { passed: 3, failed: 0, skipped: 1, failures: "" },
      kind,
    );
  }
});

test("readTestOutput() keeps what is said about a failure only", () => {
  const outputs = {
    node:
      "ok 1 - fine\n  ---\n  type: 'test'\n  ...\nnot ok 2 - bad\n  ---\n  error: 'why'\n  ...\n# pass 1\n# fail 1\n",
    bun:
      "x.test.ts:\n(pass) fine [1ms]\nerror: why\n(fail) bad\n\n 1 pass\n 1 fail\n",
    deno:
      "fine ... ok (1ms)\nbad ... FAILED (1ms)\n\n ERRORS \n\nbad => why\n\nFAILED | 1 passed | 1 failed (5ms)\n",
  };
  for (const [kind, output] of Object.entries(outputs)) {
    const result = readTestOutput(kind, ended(output, 1));
    assert.equal(result.failed, 1, kind);
    assert.match(result.failures, /bad/, kind);
    assert.match(result.failures, /why/, kind);
    assert.doesNotMatch(result.failures, /fine/, kind);
  }
});

test("readTestOutput() fails a run without a single test", () => {
  const outputs = {
    node: "# tests 0\n# pass 0\n# fail 0\n",
    bun: " 0 pass\n 0 fail\n",
    deno: "ok | 0 passed | 0 failed (0ms)\n",
  };
  for (const [kind, output] of Object.entries(outputs)) {
    const result = readTestOutput(kind, ended(output));
    assert.equal(result.failed, 1, kind);
    assert.match(result.failures, /Not a single test passed/, kind);
  }
});

test("readTestOutput() fails a run with a file that declares no test, and names it", () => {
  const output =
    "running 1 test from ./tests/a.test.ts\na ... ok (1ms)\nrunning 0 tests from ./tests/b.test.ts\n\nok | 1 passed | 0 failed (5ms)\n";
  const result = readTestOutput("deno", ended(output));
  assert.deepEqual([result.passed, result.failed], [1, 1]);
  assert.match(
    result.failures,
    /^running 0 tests from \.\/tests\/b\.test\.ts$/m,
  );
  assert.doesNotMatch(result.failures, /a\.test/);
});

/** What the gate makes of test files that share a process with two good ones. */
async function shared(text) {
  const folder = mkdtempSync(join(tmpdir(), "tutti-runner-"));
  try {
    const files = ["a", "b", "c"].map((name) => join(folder, `${name}.mjs`));
    const good = 'import test from "node:test"; test("good", () => {});';
    for (const file of files) writeFileSync(file, good);
    writeFileSync(files[1], 'import test from "node:test";' + text);
    const all = join(root, "scripts/lib/all_tests.mjs");
    const args = ["--test-reporter=tap", all, ...files];
    return readTestOutput("node", await run(process.execPath, args));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("all_tests.mjs runs files in one process, once all of them are loaded", async () => {
  const { passed, failed, failures } = await shared(`
    globalThis.isBegun = false;
    test("first", () => { globalThis.isBegun = true; });
    await new Promise((wake) => setTimeout(wake, 20));
    if (globalThis.isBegun) throw new Error("begun before all was loaded");
  `);
  assert.deepEqual([passed, failed, failures], [3, 0, ""]);
});

test("all_tests.mjs fails for a file that throws when it is loaded, whatever it has declared by then", async () => {
  for (
    const text of [
      'throw new Error("why");',
      'test("declared", () => {}); throw new Error("why");',
      'await Promise.reject(new Error("why"));',
      'import "./why.mjs";',
      "why(",
    ]
  ) {
    const { passed, failed, failures } = await shared(text);
    assert.ok(passed >= 2, text);
    assert.equal(failed, 1, text);
    assert.match(failures, /^not ok \d+ - .*b\.mjs$/m, text);
  }
});

test("all_tests.mjs fails for what nobody waits for, and for a test that ends the process", async () => {
  for (
    const text of [
      'Promise.reject(new Error("why")); test("a", () => {});',
      'test("a", () => { Promise.reject(new Error("why")); });',
      'test("a", () => { setTimeout(() => Promise.reject(new Error("why"))); });',
      'test("a", () => { setTimeout(() => { throw new Error("why"); }); });',
    ]
  ) {
    const { failed, failures } = await shared(text);
    assert.equal(failed, 1, text);
    assert.match(failures, /why/, text);
  }
  for (const end of ["process.exit(0)", "setTimeout(() => process.exit(0))"]) {
    const { failed } = await shared(`test("a", () => { ${end}; });`);
    assert.equal(failed, 1, end);
  }
});

test("readTestOutput() fails a run that ends badly without a failed test", () => {
  const output =
    "# Subtest: knows errors\n# Warning: a rejection\n\nok | 3 passed | 0 failed";
  const result = readTestOutput("deno", ended(output, 1));
  assert.equal(result.failed, 1);
  assert.match(result.failures, /ended with code 1 although no test failed/);
  assert.match(result.failures, /^# Warning: a rejection$/m);
});

test("readTestOutput() says so when a run did not end", () => {
  const output = "# Subtest: hangs\nstopped after 150 s: it did not end";
  const result = readTestOutput("node", { output, code: 1, late: true });
  assert.equal(result.failed, 1);
  assert.match(result.failures, /leaves a timer, server or stream open/);
  assert.match(result.failures, /Subtest: hangs\nstopped after 150 s/);
});

test("readCounts() believes neither silence nor a bad exit code", () => {
  const read = (stdout, code) => readCounts({ stdout, code });
  assert.deepEqual(read("x\n3 passed, 0 failed, 1 skipped\n", 0), {
    passed: 3,
    failed: 0,
    skipped: 1,
  });
  assert.equal(read("", 0).failed, 1);
  assert.equal(read("3 passed, 0 failed, 0 skipped", 1).failed, 1);
  assert.equal(read("3 passed, 2 failed, 0 skipped", 1).failed, 2);
});

test("compareCounts() is red when a runtime runs fewer tests", () => {
  const of = (gate, passed, skipped = 0) => ({
    gate,
    group: "source",
    passed,
    skipped,
  });
  const [same] = compareCounts([of("a", 9, 1), of("b", 10)]);
  assert.equal(same.failed, 0);
  const [other] = compareCounts([of("a", 9), of("b", 10)]);
  assert.equal(other.failed, 1);
  assert.match(other.output, /a 9, b 10/);
  assert.deepEqual(compareCounts([of("a", 9)]), []);
});

test("excerpt() keeps both ends of a long output", () => {
  const lines = excerpt(
    Array.from({ length: 500 }, (_, n) => `line ${n}`).join("\n"),
    10,
  );
  assert.equal(lines.length, 11);
  assert.equal(lines[0], "line 0");
  assert.match(lines[5], /490 more lines/);
  assert.equal(lines.at(-1), "line 499");
});

const gates = [
  { name: "pack" },
  { name: "lint" },
  { name: "consumer", needs: ["pack"] },
  { name: "packed_node20", needs: ["consumer", "node20"], slow: true },
];
const names = (chosen) => chosen.map(({ name }) => name);

test("chooseGates() adds what a gate needs, and knows patterns", () => {
  assert.deepEqual(names(chooseGates(gates, {})), names(gates));
  assert.deepEqual(names(chooseGates(gates, { only: ["consumer"] })), [
    "pack",
    "consumer",
  ]);
  assert.deepEqual(names(chooseGates(gates, { only: ["packed_*"] })), [
    "pack",
    "consumer",
    "packed_node20",
  ]);
  assert.deepEqual(names(chooseGates(gates, { fast: true })), [
    "pack",
    "lint",
    "consumer",
  ]);
  assert.throws(() => chooseGates(gates, { only: ["lnt"] }), /"lnt"/);
});

/** Runs the gates above; those in `red` fail. */
async function follow(red, prepare = {}) {
  const told = [], order = [];
  await runPlan({
    prepare: {
      tools: async () => {},
      node20: async () => {},
      ...prepare,
    },
    gates,
    jobs: 2,
    runGate: (gate) => {
      order.push(gate.name);
      const failed = red.includes(gate.name) ? 1 : 0;
      return Promise.resolve({ passed: 1 - failed, failed, output: "" });
    },
    done: (name, { failed, output, gate }) =>
      told.push([name, failed, output || gate?.what]),
  });
  return { told, order };
}

test("runPlan() runs each gate once, after what it needs", async () => {
  const { order, told } = await follow([]);
  assert.deepEqual([...order].sort(), names(gates).sort());
  assert.ok(order.indexOf("pack") < order.indexOf("consumer"));
  assert.ok(order.indexOf("consumer") < order.indexOf("packed_node20"));
  assert.ok(told.every(([, failed]) => failed === 0));
});

test("runPlan() fails what needs a red gate, and runs the rest", async () => {
  const { order, told } = await follow(["pack"]);
  assert.deepEqual([...order].sort(), ["lint", "pack"]);
  assert.deepEqual(told.filter(([, failed]) => failed).map(([name]) => name), [
    "pack",
    "consumer",
    "packed_node20",
  ]);
  assert.match(told.at(-1)[2], /not run: "consumer" is red/);
});

test("runPlan() fails what needs a tool that cannot be had", async () => {
  const { order, told } = await follow([], {
    node20: () => Promise.reject(new Error("no network")),
  });
  assert.ok(!order.includes("packed_node20"));
  assert.ok(
    told.some(([name, , text]) => name === "node20" && text === "no network"),
  );
  assert.ok(told.some(([name, failed]) => name === "packed_node20" && failed));
});

test("run() ends a program that hangs, and its children", async () => {
  // The inner process keeps the pipe open; it must be gone as well.
  const inner = "setInterval(() => {}, 1000)";
  const outer =
    `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", ${
      JSON.stringify(inner)
    }], { stdio: "inherit" }); console.log(pid); ${inner}`;
  let result;
  // On a busy machine it may need longer to begin.
  for (let timeoutMs = 2500; !result?.stdout; timeoutMs *= 2) {
    result = await run(process.execPath, ["-e", outer], { timeoutMs });
    assert.equal(result.code, 1);
    assert.equal(result.late, true);
    assert.ok(result.output.includes(`stopped after ${timeoutMs / 1000} s`));
  }
  const pid = Number(result.stdout.trim());
  assert.ok(pid > 0);
  for (let n = 0; n < 3_000 && alive(pid); n++) {
    await new Promise((wake) => setTimeout(wake, 20));
  }
  assert.equal(alive(pid), false);
});

/** Whether a process still runs; one that has ended may stay in the table of Linux until somebody collects it. */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" ||
      !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("run() says so when a program cannot start", async () => {
  const result = await run("/no/such/program");
  assert.equal(result.code, 1);
  assert.match(result.output, /Cannot start \/no\/such\/program/);
});

test("run() keeps the servers of tests apart from a proxy that the environment names", async () => {
  const { stdout } = await run(process.execPath, [
    "-e",
    "console.log(process.env.NO_PROXY, process.env.no_proxy)",
  ]);
  for (const hosts of stdout.trim().split(" ")) {
    assert.deepEqual(hosts.split(",").slice(-2), ["localhost", "127.0.0.1"]);
  }
});
