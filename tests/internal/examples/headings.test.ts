import assert from "node:assert/strict";
import { test } from "node:test";
import { checkHeadings } from "../../../examples/document_review/headings.ts";
import { scanMarkdown } from "../../../examples/document_review/markdown/scan.ts";

function said(...lines: string[]): string[] {
  return checkHeadings(scanMarkdown(lines.join("\n")).headings).map((
    { line, severity, subject, message },
  ) => `${line} ${severity} ${subject}: ${message}`);
}

test("checkHeadings() finds nothing in a tree of headings", () => {
  assert.deepEqual(
    said("# A", "## B", "### C", "## D", "### C of D", "#### E"),
    [],
  );
});

test("checkHeadings() reports skipped levels by name", () => {
  assert.deepEqual(said("# A", "### B", "# ", "##### C").slice(0, 1), [
    "3 warning : a further level 1 heading; the first is on line 1",
  ]);
  assert.deepEqual(said("# A", "### B", "###### C", "## D"), [
    "2 warning B: level 3 follows level 1, so level 2 is skipped",
    "3 warning C: level 6 follows level 3, so levels 4 to 5 are skipped",
  ]);
});

test("checkHeadings() wants one level 1 heading, before all others", () => {
  assert.deepEqual(said("text"), ["1 warning : the document has no headings"]);
  assert.deepEqual(said("## A"), [
    "1 warning : the document has no level 1 heading",
  ]);
  assert.deepEqual(said("## A", "# B", "# C", "# D"), [
    "1 warning A: stands before the level 1 heading",
    "3 warning C: a further level 1 heading; the first is on line 2",
    "4 warning D: a further level 1 heading; the first is on line 2",
  ]);
});

test("checkHeadings() warns of the same heading in one section, and notes it in several", () => {
  assert.deepEqual(said("# A", "## Use", "## Other", "## use"), [
    "4 warning use: repeats the heading of line 2 in the same section",
  ]);
  assert.deepEqual(
    said("# A", "## 1", "### Fixed", "## 2", "### Fixed", "## 3", "### Fixed"),
    ["5 note Fixed: and 1 more repeat the heading of line 3"],
  );
});

test("checkHeadings() warns of headings without text, but not of their likeness", () => {
  assert.deepEqual(said("# A", "##", "##"), [
    "2 warning : a heading without text",
    "3 warning : a heading without text",
  ]);
});
