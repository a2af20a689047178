import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HELP,
  readOptions,
  UsageError,
} from "../../../examples/document_review/options.ts";

const plain = {
  task: "review",
  file: undefined,
  out: "tutti-demo",
  answer: undefined,
  looseReason: undefined,
  json: false,
  plain: false,
} as const;

function complaint(...args: string[]): string {
  try {
    readOptions(args);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.ok(!error.message.includes("\n"));
    return error.message;
  }
  throw new assert.AssertionError({ message: `${args} were accepted` });
}

test("readOptions() reviews the README by default", () => {
  assert.deepEqual(readOptions([]), plain);
});

test("readOptions() takes a file and every option", () => {
  assert.deepEqual(
    readOptions(["--json", "a.md", "--out", "there", "--plain", "--accept"]),
    {
      ...plain,
      file: "a.md",
      out: "there",
      answer: { action: "accept", comment: "" },
      json: true,
      plain: true,
    },
  );
  assert.deepEqual(readOptions(["--out=a=b", "--", "--json"]), {
    ...plain,
    out: "a=b",
    file: "--json",
  });
});

test("readOptions() takes the reason of a rejection, or none", () => {
  const answerOf = (...args: string[]): unknown => {
    const options = readOptions(args);
    return options.task === "review" && options.answer?.comment;
  };
  assert.equal(answerOf("--reject"), "");
  assert.equal(answerOf("--reject", "too long"), "too long");
  assert.equal(answerOf("--reject=-1 point"), "-1 point");
  assert.equal(answerOf("a.md", "--reject", "--json"), "");
  assert.equal(answerOf("--reject="), "");
  assert.deepEqual(readOptions(["a.md", "--reject", "b c"]), {
    ...plain,
    file: "a.md",
    answer: { action: "reject", comment: "b c" },
    looseReason: "b c",
  });
});

test("readOptions() prefers help and version to everything else", () => {
  assert.deepEqual(readOptions(["--accept", "--reject", "-h"]), {
    task: "help",
  });
  assert.deepEqual(readOptions(["-V", "a.md"]), { task: "version" });
  assert.deepEqual(readOptions(["--graph"]), { task: "graph" });
});

test("readOptions() says in one line what is wrong", () => {
  assert.equal(
    complaint("--acept"),
    'unknown option "--acept", did you mean --accept?',
  );
  assert.equal(complaint("-x"), 'unknown option "-x", see --help');
  assert.equal(
    complaint("--constructor"),
    'unknown option "--constructor", see --help',
  );
  assert.equal(
    complaint("--__proto__"),
    'unknown option "--__proto__", see --help',
  );
  assert.equal(
    complaint("--a\n\u001b[2Jb"),
    'unknown option "--a \ufffd[2Jb", see --help',
  );
  assert.equal(
    complaint("--accept", "--reject"),
    "--accept and --reject exclude each other",
  );
  assert.equal(complaint("--json", "--json"), "--json is given twice");
  assert.equal(complaint("--json=yes"), "--json takes no value");
  assert.equal(complaint("--out"), "--out needs a folder");
  assert.equal(complaint("--out="), "--out needs a folder");
  assert.equal(complaint("--out", "--json"), "--out needs a folder");
  assert.equal(complaint("a", "b"), 'one FILE at a time: "a" or "b"');
  assert.equal(complaint(""), "FILE is empty");
  assert.match(complaint("--graph", "a.md"), /^--graph .* a FILE /);
  assert.match(complaint("--graph", "--json"), /^--graph .* --json /);
});

test("HELP names every option and fits into 80 columns", () => {
  for (
    const name of [
      "FILE",
      "--accept",
      "--reject [REASON]",
      "--out DIR",
      "--json",
      "--plain",
      "--graph",
      "--help",
      "--version",
    ]
  ) {
    assert.ok(HELP.includes(`\n  ${name}`), name);
  }
  for (const line of HELP.split("\n")) assert.ok(line.length <= 80, line);
});
