import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compare,
  comparison,
  type Outcome,
} from "../../../examples/document_review/compare.ts";
import {
  type Finding,
  found,
} from "../../../examples/document_review/findings.ts";
import { LiveView } from "../../../examples/document_review/live_view.ts";
import { findingsText } from "../../../examples/document_review/print.ts";
import type { Step } from "../../../examples/document_review/progress.ts";
import {
  ansiPaint,
  columnsOf,
  duration,
  fit,
  noPaint,
  pad,
  type Terminal,
  wrap,
} from "../../../examples/document_review/terminal.ts";

/** A terminal that keeps what is written to it. */
function paper(
  columns: number,
  live = false,
): Terminal & { readonly text: () => string } {
  let text = "";
  return {
    live,
    interactive: false,
    paint: noPaint,
    width: () => columns,
    write: (more) => void (text += more),
    text: () => text,
  };
}

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name,
  state: "completed",
  startedAt: 0,
  ms: 12,
  summary: "",
  ...more,
});

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  runId: "local/1",
  answer: { action: "accept", comment: "" },
  status: "completed",
  steps: [
    step("merge"),
    step("decision"),
    step("todo", { state: "skipped" }),
    step("report"),
  ],
  output: { report: "tutti-demo/report.md" },
  ...more,
});

const other = outcome({
  answer: { action: "reject", comment: "too long to be read by anybody" },
  steps: [step("decision"), step("todo")],
  output: { todo: "tutti-demo/todo.md" },
});

test("compare() names what is the same and what differs", () => {
  assert.deepEqual(
    compare(outcome(), other).map(({ what, run, fork, differs }) => [
      what,
      run,
      fork,
      differs,
    ]),
    [
      ["answer", "accept", "reject", true],
      ["reason", "none", "too long to be read by anybody", true],
      ["then ran", "report", "todo", true],
      ["wrote", "tutti-demo/report.md", "tutti-demo/todo.md", true],
      ["ended", "completed", "completed", false],
    ],
  );
});

test("comparison() puts both beside each other where there is room", () => {
  const text = comparison(compare(outcome(), other), paper(72));
  assert.equal(
    text,
    [
      "               this run                the fork",
      "  answer     ≠ accept                  reject",
      "  reason     ≠ none                    too long to be read by anybody",
      "  then ran   ≠ report                  todo",
      "  wrote      ≠ tutti-demo/report.md    tutti-demo/todo.md",
      "  ended      = completed               completed",
      "",
    ].join("\n"),
  );
});

test("comparison() puts one below the other where it is narrow, and never runs over", () => {
  const rows = compare(outcome(), other);
  const text = comparison(rows, paper(44));
  assert.match(
    text,
    /^ {2}answer {5}≠ this run: accept\n {15}the fork: reject$/m,
  );
  for (let width = 40; width <= 100; width++) {
    for (const line of comparison(rows, paper(width)).split("\n")) {
      assert.ok(columnsOf(line) <= width, `${width}: ${line}`);
    }
  }
});

test("findingsText() shows the weightiest and says how many more there are", () => {
  const finding = (line: number, severity: Finding["severity"]): Finding => ({
    line,
    severity,
    check: "links",
    subject: `file-${line}.md`,
    message: "no such file or folder, although the document says so",
    suggestion: "",
  });
  const all = Array.from(
    { length: 20 },
    (_, i) => finding(i + 1, i > 9 ? "error" : "note"),
  );
  const text = findingsText(found(all), paper(60));
  assert.match(text, /^The checks found 10 errors, 10 notes:\n/);
  assert.match(text, /\n {8}and 8 more\n$/);
  assert.equal(text.match(/ error {4}file-/g)?.length, 10);
  for (const line of text.split("\n")) assert.ok(columnsOf(line) <= 60, line);
  assert.equal(
    findingsText(found([]), paper(60)),
    "The checks found nothing.\n",
  );
});

test("LiveView appends a line for each step that is over, where nothing can be redrawn", () => {
  const terminal = paper(80);
  const view = new LiveView(terminal);
  view.show(step("read", { state: "running" }));
  view.show(step("read", { summary: "3 lines" }));
  view.show(step("todo", { state: "skipped" }));
  view.show(
    step("report", { state: "failed", ms: 2500, summary: "disk\nfull" }),
  );
  assert.equal(
    terminal.text(),
    [
      "  ✓ read           12 ms  3 lines",
      "  - todo                  not taken",
      "  ✗ report         2.5 s  disk full",
      "",
    ].join("\n"),
  );
});

test("LiveView redraws its lines in place, and leaves them once they are settled", () => {
  const terminal = paper(80, true);
  const view = new LiveView(terminal, () => 0);
  view.show(step("a", { state: "running" }));
  view.show(step("b", { state: "running" }));
  view.show(step("a"));
  view.show(step("b"));
  view.settle();
  view.show(step("c"));
  assert.deepEqual(
    terminal.text().split("\x1b[2K").map((part) => part.trimEnd()),
    [
      "",
      "  · a\n\x1b[1A",
      "  · a",
      "  · b\n\x1b[2A",
      "  ✓ a              12 ms",
      "  · b\n\x1b[2A",
      "  ✓ a              12 ms",
      "  ✓ b              12 ms",
      "  ✓ c              12 ms",
    ],
  );
});

test("LiveView never draws a line that is wider than the window", () => {
  const terminal = paper(50, true);
  const view = new LiveView(terminal);
  view.show(step("漢字漢字漢字漢字", { summary: "漢字 ".repeat(40) }));
  const [line] = terminal.text().replace("\x1b[2K", "").split("\n");
  assert.ok(columnsOf(line!) < 50);
});

test("fit(), pad() and wrap() count columns, not characters", () => {
  assert.equal(columnsOf("a漢🚀e\u0301"), 6);
  assert.equal(fit("漢字漢字", 5), "漢字…");
  assert.equal(fit("abc", 3), "abc");
  assert.equal(pad("漢", 4), "漢  ");
  assert.deepEqual(wrap("aa bb cc", 5), ["aa bb", "cc"]);
  assert.deepEqual(wrap("toolongword x", 6), ["toolo…", "x"]);
  assert.equal(ansiPaint("red", "x"), "\x1b[31mx\x1b[39m");
});

test("duration() stays short", () => {
  const shown = [0.2, 1, 999.4, 999.6, 59_900, 60_000, 3_599_000, 5_400_000];
  assert.deepEqual(shown.map(duration), [
    "< 1 ms",
    "1 ms",
    "999 ms",
    "1.0 s",
    "59.9 s",
    "1 min",
    "1 h 0 m",
    "1 h 30 m",
  ]);
});
