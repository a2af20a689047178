import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import {
  type Scan,
  scanMarkdown,
  scanPlainText,
} from "../../../examples/document_review/markdown/scan.ts";

const text = (...lines: string[]): string => lines.join("\n");
const headings = (scan: Scan): string[] =>
  scan.headings.map(({ level, text, line }) => `${line}:${level}:${text}`);
const links = (scan: Scan): string[] =>
  scan.links.map(({ destination, line }) => `${line}:${destination}`);

test("scanMarkdown() finds headings of both styles with their lines", () => {
  const scan = scanMarkdown(text(
    "# One #",
    "",
    "Two",
    "and more",
    "===",
    "",
    "Three",
    "---",
    "####### seven is none",
    "#none",
    "  ## Four `code` and [link](x.md) ##",
    "### #",
    "\\# none",
  ));
  assert.deepEqual(headings(scan), [
    "1:1:One",
    "3:1:Two and more",
    "7:2:Three",
    "11:2:Four code and link",
    "12:3:",
  ]);
  assert.deepEqual(links(scan), ["11:x.md"]);
});

test("scanMarkdown() reads nothing inside of code", () => {
  const scan = scanMarkdown(text(
    "```md",
    "# no",
    "[no](no.md)",
    "~~~",
    "```",
    "~~~~",
    "```",
    "[no](no.md)",
    "~~~",
    "~~~~",
    "",
    "    # no",
    "    [no](no.md)",
    "",
    "\t# no",
    "",
    "`[no](no.md)` and ``[no](`no.md)`` but [yes](yes.md)",
    "`unclosed [yes](too.md)",
  ));
  assert.deepEqual(headings(scan), []);
  assert.deepEqual(links(scan), ["17:yes.md", "18:too.md"]);
});

test("scanMarkdown() keeps indented code apart from the lines of a paragraph and of a list item", () => {
  const scan = scanMarkdown(text(
    "A paragraph",
    "    [goes](on.md)",
    "",
    "- an item",
    "",
    "    [goes on](item.md)",
    "",
    "      [code](no.md)",
    "",
    "1. one",
    "   - two",
    "",
    "     [nested](nested.md)",
    "",
    "         [code](no.md)",
  ));
  assert.deepEqual(links(scan), ["2:on.md", "6:item.md", "13:nested.md"]);
});

test("scanMarkdown() looks into lists and quotes, and ends a fence with its container", () => {
  const scan = scanMarkdown(text(
    "> ## Quoted",
    "> ```",
    "> [no](no.md)",
    "",
    "- # In an item",
    "  ```",
    "  [no](no.md)",
    "after [yes](yes.md)",
    "> lazy",
    "goes [on](on.md)",
    "---",
    "* * *",
    "+ - # Deep",
  ));
  assert.deepEqual(headings(scan), [
    "1:2:Quoted",
    "5:1:In an item",
    "13:1:Deep",
  ]);
  assert.deepEqual(links(scan), ["8:yes.md", "10:on.md"]);
});

test("scanMarkdown() finds every kind of link", () => {
  const scan = scanMarkdown(text(
    '[a](a.md "title") ![b](b.png) [![c](c.png)](c.md)',
    "[d](<d e.md>) [f](f\\_(1).md 'x') [g](g.md#h%20i)",
    "<https://auto.link> <mail@auto.link> https://bare.link. www.bare.link",
    '<a href="h.md">h</a> <img src=i.png> text <a name="j"></a>',
    "[k][one] [one][] [one] [two]",
    "a [x] tick and [y](z",
    "[l]() [",
    "m](m.md)",
    "",
    "[one]: one.md 'title'",
    "[TWO]:",
    "  <two 2.md>",
    "[^1]: a footnote with a [link](n.md)",
  ));
  assert.deepEqual(links(scan), [
    "1:a.md",
    "1:b.png",
    "1:c.png",
    "1:c.md",
    "2:d e.md",
    "2:f_(1).md",
    "2:g.md#h%20i",
    "3:https://auto.link",
    "3:mailto:mail@auto.link",
    "3:https://bare.link",
    "3:www.bare.link",
    "4:h.md",
    "4:i.png",
    "7:",
    "7:m.md",
    "10:one.md",
    "11:two 2.md",
    "13:n.md",
  ]);
  assert.deepEqual(scan.anchors, ["j"]);
});

test("scanMarkdown() does not nest links, and does not count the address that a link shows", () => {
  const scan = scanMarkdown(
    "[a [b](b.md) c](no.md) [d](d.md) [https://x.example](e.md)",
  );
  assert.deepEqual(links(scan), ["1:b.md", "1:d.md", "1:e.md"]);
});

test("scanMarkdown() reports references that are not defined, and only those that were meant", () => {
  const scan = scanMarkdown(text(
    "[text][missing] [other][] [alone] [x] [^note] array[0][1]",
    "",
    "- [ ] [done][Known]",
    "",
    "[known]: here.md",
  ));
  assert.deepEqual(scan.undefinedLabels, [
    { label: "missing", line: 1 },
    { label: "other", line: 1 },
  ]);
});

test("scanMarkdown() gives headings the ids of GitHub, also when they repeat", () => {
  const scan = scanMarkdown(text(
    "# Hello, World!",
    "## Hello World",
    "## hello-world-1",
    "## hello world",
    "## `snake_case()` and _emphasis_ & __more__",
    "## Äpfel 漢字 ½",
    "## 🚀 Start",
    "## [Link](x.md) *bold*",
    "## A &amp; B",
  ));
  assert.deepEqual(scan.anchors, [
    "hello-world",
    "hello-world-1",
    "hello-world-1-1",
    "hello-world-2",
    "snake_case-and-emphasis--more",
    "äpfel-漢字-",
    "-start",
    "link-bold",
    "a--b",
  ]);
});

test("scanMarkdown() reads headings, links and anchors in HTML, and no Markdown there", () => {
  const scan = scanMarkdown(text(
    '<h1 align="center">',
    "  The <b>Title</b>",
    "</h1>",
    "",
    '<div id="box">',
    "# no",
    '<a href="x.md"><img src="y.png"></a>',
    "</div>",
    "",
    "<!-- [no](no.md)",
    "",
    "# no -->",
    "text <!-- [no](no.md) --> [yes](yes.md)",
    "",
    "<pre>",
    "",
    "[no](no.md)</pre>",
    "<LICENSE or [yes](too.md)>",
    "",
    "<details>",
    "",
    "## Yes",
  ));
  assert.deepEqual(headings(scan), ["1:1:The Title", "22:2:Yes"]);
  assert.deepEqual(links(scan), [
    "7:x.md",
    "7:y.png",
    "13:yes.md",
    "18:too.md",
  ]);
  assert.deepEqual(scan.anchors, ["the-title", "box", "yes"]);
});

test("scanMarkdown() skips front matter, and takes a lone --- for what it is", () => {
  const yaml = scanMarkdown(text("---", "title: x", "---", "# One"));
  assert.deepEqual(headings(yaml), ["4:1:One"]);
  const open = scanMarkdown(text("---", "Title", "==="));
  assert.deepEqual(headings(open), ["2:1:Title"]);
});

test("scanMarkdown() takes links but no prose from tables", () => {
  const scan = scanMarkdown(text(
    "Before",
    "| a | b |",
    "|---|:-:|",
    "| [x](x.md) | words |",
    "",
    "After",
  ));
  assert.deepEqual(links(scan), ["4:x.md"]);
  assert.deepEqual(scan.paragraphs, [
    { text: "Before", line: 1 },
    { text: "After", line: 6 },
  ]);
});

test("scanMarkdown() leaves plain words with their line endings", () => {
  const scan = scanMarkdown(text(
    "Some **bold** [text](x.md",
    '"title") ![alt](y.png) and `code`.',
    "- item _one_",
  ));
  assert.deepEqual(scan.paragraphs, [
    { text: "Some **bold** text\n  and code.", line: 1 },
    { text: "item one", line: 3 },
  ]);
});

test("scanMarkdown() gives the same whatever ends the lines", () => {
  const lines = [
    "# One",
    "",
    "text [a](b.md)",
    "```",
    "# no",
    "```",
    "Two",
    "---",
  ];
  const lf = scanMarkdown(lines.join("\n"));
  assert.equal(lf.headings.length, 2);
  assert.deepEqual(scanMarkdown(lines.join("\r\n")), lf);
  assert.deepEqual(scanMarkdown(lines.join("\r")), lf);
});

test("scanMarkdown() gives lines of the document for any text", () => {
  const piece = fc.constantFrom(
    ...'# ,\n,\r\n,\n\n,[,],](,),![,`,```\n,> ,- ,1. ,    ,\t,<a ,href=,",<!--,-->,_,*,|,|-|,---\n,===\n,: ,a,é,漢,\\,&amp;,<h1>,</h1>,http://x'
      .split(","),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    const source = pieces.join("");
    const last = source.split(/\r\n|\n|\r/).length;
    const scan = scanMarkdown(source);
    const all = [
      ...scan.headings,
      ...scan.links,
      ...scan.undefinedLabels,
      ...scan.paragraphs,
    ];
    for (const { line } of all) assert.ok(line >= 1 && line <= last);
  }));
});

test("scanMarkdown() has an end on text that is made to be slow", () => {
  const traps = [
    "[",
    "![",
    "[](",
    "`a``b",
    "<!--",
    '<a "',
    "_a ",
    "- ",
    "> ",
    "* ",
    "[a][b]",
    "&",
  ];
  for (const trap of traps) {
    const source = trap.repeat(Math.floor(200_000 / trap.length));
    // Quadratic work would not end. That what is no native work is linear is counted by scripts/check_linear.mjs.
    assert.equal(scanMarkdown(source).headings.length, 0, trap);
  }
});

test("scanPlainText() knows paragraphs and web addresses only", () => {
  const scan = scanPlainText(text(
    "# not a heading",
    "[no](link.md) https://x.example",
    "",
    "  second",
  ));
  assert.deepEqual(scan.headings, []);
  assert.deepEqual(links(scan), ["2:https://x.example"]);
  assert.deepEqual(scan.paragraphs.map(({ line }) => line), [1, 4]);
});
