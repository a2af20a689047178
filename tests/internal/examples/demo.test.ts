import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { HELP } from "../../../examples/document_review/options.ts";

const main = fileURLToPath(
  new URL("../../../examples/document_review/main.ts", import.meta.url),
);

/** How the runtime of this test starts the demo, with the permissions that the README names. */
function command(): string[] {
  if ("Deno" in globalThis) {
    return [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      main,
    ];
  }
  return "Bun" in globalThis
    ? [main]
    : ["--disable-warning=ExperimentalWarning", main];
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the demo without a terminal in `cwd`; `watch` sees standard output grow. */
function demo(
  cwd: string,
  args: readonly string[],
  watch: (child: ChildProcess, stdout: string) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...command(), ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "", stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      watch(child, stdout);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      // Deno reports an exit with 130 as the signal that the number stands for.
      const ended = code ?? (signal === "SIGINT" ? 130 : null);
      resolve({ code: ended, stdout, stderr });
    });
  });
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tutti-test-"));
  try {
    await writeFile(join(folder, "a.md"), "# A\r\n\r\n[gone](gone.md)\r\n");
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the demo reviews a file where nobody can be asked, and says that it accepts by default", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await demo(folder, ["a.md"]);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    for (const step of ["read", "links", "headings", "readability", "merge"]) {
      assert.match(stdout, new RegExp(`^ {2}✓ ${step} `, "m"));
    }
    assert.match(stdout, /^ {2}\? decision +waits for an answer$/m);
    assert.match(stdout, /^ +3 {2}error {4}gone\.md: no such file or folder$/m);
    assert.match(
      stdout,
      /^Accept this document\? {2}accept\nThat is the default /m,
    );
    assert.match(stdout, /^ {2}answer +≠ accept +reject$/m);
    assert.match(stdout, /^ {2}ended += completed +completed$/m);
    // Without a terminal there is nothing to paint or to redraw.
    assert.ok(!stdout.includes("\x1b"));
    assert.deepEqual((await readdir(join(folder, "tutti-demo"))).sort(), [
      "report.md",
      "todo.md",
    ]);
  });
});

test("the demo takes the answer and the folder from the command line", async () => {
  await inFolder(async (folder) => {
    const args = ["a.md", "--reject", "too short", "--out", "x/y"];
    const { code, stdout } = await demo(folder, args);
    assert.equal(code, 0);
    assert.match(stdout, /^Accept this document\? {2}reject: too short$/m);
    assert.ok(!stdout.includes("default"));
    const list = await readFile(join(folder, "x/y/todo.md"), "utf8");
    assert.match(list, /\*\*rejected\*\*: too short$/m);
  });
});

test("the demo reviews the README of the project from any folder", async () => {
  await inFolder(async (folder) => {
    const { code, stdout } = await demo(folder, ["--accept", "--json"]);
    assert.equal(code, 0);
    assert.match(JSON.parse(stdout).document, /README\.md$/);
  });
});

test("the demo prints one JSON document with --json", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await demo(folder, ["a.md", "--json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const all = JSON.parse(stdout);
    assert.equal(all.document, "a.md");
    assert.equal(all.answeredBy, "default");
    assert.deepEqual(all.counts, { errors: 1, warnings: 0, notes: 0 });
    assert.equal(all.findings[0].line, 3);
    assert.deepEqual(all.run.output, {
      report: join("tutti-demo", "report.md"),
    });
    assert.deepEqual(all.fork.output, { todo: join("tutti-demo", "todo.md") });
    assert.equal(all.fork.sharedEvents, 11);
    assert.deepEqual(
      all.run.steps.map(({ name, state }: { name: string; state: string }) =>
        `${name} ${state}`
      ).sort(),
      [
        "decision completed",
        "headings completed",
        "links completed",
        "merge completed",
        "read completed",
        "readability completed",
        "report completed",
        "todo skipped",
      ],
    );
  });
});

test("the demo prints help, version and graph, and runs nothing", async () => {
  await inFolder(async (folder) => {
    assert.deepEqual(await demo(folder, ["--help"]), {
      code: 0,
      stdout: HELP,
      stderr: "",
    });
    const version = await demo(folder, ["--version"]);
    assert.match(version.stdout, /^@tutti\/sdk \d+\.\d+\.\d+\S*\n$/);
    const graph = await demo(folder, ["--graph"]);
    assert.match(graph.stdout, /^flowchart TD\n[^]*"decision"[^]*\n$/);
    assert.deepEqual([version.code, graph.code], [0, 0]);
    assert.deepEqual(await readdir(folder), ["a.md"]);
  });
});

test("the demo refuses what it cannot do, in one line, with code 2, before anything runs", async () => {
  await inFolder(async (folder) => {
    await mkdir(join(folder, "dir"));
    await writeFile(join(folder, "binary.md"), "a\0b");
    const before = (await readdir(folder)).sort();
    const cases: Readonly<Record<string, string>> = {
      "none.md": 'cannot review "none.md": there is no such file',
      "dir": 'cannot review "dir": it is a folder, not a file',
      "binary.md": 'cannot review "binary.md": it is not a text file',
      "a.md --out a.md/x":
        'cannot write to "a.md/x": a part of the path is a file, not a folder',
      "--acept": 'unknown option "--acept", did you mean --accept?',
      "--reject a.md":
        '"a.md" is the reason, because it follows --reject; put FILE before it',
    };
    for (const [args, message] of Object.entries(cases)) {
      assert.deepEqual(await demo(folder, args.split(" ")), {
        code: 2,
        stdout: "",
        stderr: `document-review: ${message}\n`,
      });
    }
    assert.deepEqual((await readdir(folder)).sort(), before);
  });
});

test("the demo cancels the run at Ctrl-C, says so, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const wanted =
      "document-review: the run was cancelled, nothing was written\n";
    let ended: Ended | undefined;
    // So many links to look for take far longer than the signal. Where this process was made to wait meanwhile, more do.
    for (let n = 40_000; ended?.stderr !== wanted && n < 200_000; n *= 2) {
      await rm(join(folder, "tutti-demo"), { recursive: true, force: true });
      const text = Array.from({ length: n }, (_, i) => `[a](gone-${i}.md)\n`);
      await writeFile(join(folder, "long.md"), text.join("\n"));
      let sent = false;
      ended = await demo(folder, ["long.md"], (child, stdout) => {
        if (sent || !stdout.includes("✓ read")) return;
        sent = true;
        child.kill("SIGINT");
      });
    }
    assert.equal(ended?.stderr, wanted);
    assert.equal(ended?.code, 130);
    assert.ok(!(await readdir(folder)).includes("tutti-demo"));
  });
});
