import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import {
  type Finding,
  found,
  inOrder,
  inWords,
  MOST_KEPT,
  mostImportant,
  printable,
  sentence,
  together,
} from "../../../examples/document_review/findings.ts";
import { nearest } from "../../../examples/document_review/nearest.ts";

const finding = (
  line: number,
  severity: Finding["severity"],
  more: Partial<Finding> = {},
): Finding => ({
  line,
  severity,
  check: "headings",
  subject: "",
  message: "is wrong",
  suggestion: "",
  ...more,
});

test("inOrder() sorts by line, then by weight", () => {
  const all = [finding(2, "note"), finding(2, "error"), finding(1, "warning")];
  assert.deepEqual(
    inOrder(all).map(({ line, severity }) => `${line} ${severity}`),
    ["1 warning", "2 error", "2 note"],
  );
});

test("mostImportant() drops notes before warnings before errors", () => {
  const all = [
    finding(1, "note"),
    finding(2, "warning"),
    finding(3, "error"),
    finding(4, "warning"),
  ];
  assert.deepEqual(mostImportant(all, 2).map(({ line }) => line), [2, 3]);
  assert.equal(mostImportant(all, 4).length, 4);
});

test("found() keeps so many, and counts all", () => {
  const many = Array.from(
    { length: MOST_KEPT + 7 },
    (_, i) => finding(i + 1, i === MOST_KEPT + 6 ? "error" : "note"),
  );
  const one = found(many);
  assert.equal(one.findings.length, MOST_KEPT);
  assert.equal(one.findings.at(-1)?.severity, "error");
  assert.deepEqual(one.counts, {
    errors: 1,
    warnings: 0,
    notes: MOST_KEPT + 6,
  });
  const both = together([one, one]);
  assert.equal(both.findings.length, MOST_KEPT);
  assert.deepEqual(both.counts, {
    errors: 2,
    warnings: 0,
    notes: 2 * MOST_KEPT + 12,
  });
});

test("inWords() leaves out what there is none of", () => {
  assert.equal(
    inWords({ errors: 2, warnings: 0, notes: 1 }),
    "2 errors, 1 note",
  );
  assert.equal(inWords({ errors: 0, warnings: 0, notes: 0 }), "nothing found");
});

test("sentence() quotes headings, and links not", () => {
  const said = (more: Partial<Finding>): string =>
    sentence(finding(1, "note", more));
  assert.equal(said({}), "is wrong");
  assert.equal(said({ subject: "A" }), '"A": is wrong');
  assert.equal(
    said({ subject: "a.md", check: "links", suggestion: "b.md" }),
    "a.md: is wrong, did you mean b.md?",
  );
});

test("printable() leaves one short line that no terminal obeys", () => {
  assert.equal(printable("a\n\tb \u001b[2J\u202ec"), "a b \ufffd[2J\ufffdc");
  assert.equal(printable("abcdef", 4), "abc…");
  assert.equal(printable("🚀🚀🚀", 3), "🚀🚀🚀");
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const shown = printable(text, 20);
    assert.ok([...shown].length <= 20);
    assert.doesNotMatch(shown, /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  }));
});

test("nearest() finds slips of the finger and leaves other words alone", () => {
  assert.equal(nearest("acept", ["reject", "accept"]), "accept");
  assert.equal(nearest("instlal", ["install", "uninstall"]), "install");
  assert.equal(nearest("README.MD", ["readme.md"]), "readme.md");
  assert.equal(nearest("yes", ["no", "abs"]), undefined);
  assert.equal(nearest("x".repeat(65), ["x".repeat(64)]), undefined);
});
