import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import {
  type Finding,
  found,
} from "../../../examples/document_review/findings.ts";
import { scanMarkdown } from "../../../examples/document_review/markdown/scan.ts";
import {
  MARK,
  reportOn,
  type Review,
  todoFor,
} from "../../../examples/document_review/report.ts";

const broken: Finding = {
  line: 12,
  severity: "error",
  check: "links",
  subject: "docs/set`up`.md",
  message: "no such file or folder",
  suggestion: "docs/setup.md",
};

const review = (more: Partial<Review> = {}): Review => ({
  name: "a.md",
  link: "../a.md",
  measures: {
    words: 20,
    sentences: 4,
    averageSentence: 5,
    longestSentence: 9,
    longestSentenceLine: 3,
    longestParagraph: 11,
    longestParagraphLine: 2,
  },
  found: found([broken]),
  comment: "",
  ...more,
});

test("reportOn() writes decision, numbers and findings", () => {
  assert.equal(
    reportOn(review({ comment: "fine *now*" })),
    [
      MARK,
      "# Review of [a.md](../a.md)",
      "",
      "The document was **accepted**: fine \\*now\\*",
      "",
      "## In numbers",
      "",
      "- Findings: 1 error",
      "- Prose: 20 words, 4 sentences, 5 words each",
      "- Longest sentence: 9 words, line 3",
      "- Longest paragraph: 11 words, line 2",
      "",
      "## Findings",
      "",
      "None of them stood in the way. They are listed for the next revision.",
      "",
      "- Line 12, error: ``docs/set`up`.md``: no such file or folder, did you mean `docs/setup.md`?",
      "",
    ].join("\n"),
  );
});

test("todoFor() turns reason and findings into tasks", () => {
  const text = todoFor(review({ comment: "too short" }));
  assert.match(text, /^# To do in \[a\.md\]\(\.\.\/a\.md\)$/m);
  assert.match(text, /\*\*rejected\*\*: too short$/m);
  assert.deepEqual(
    text.split("\n").filter((line) => line.startsWith("- [ ]")),
    [
      "- [ ] Settle the reason: too short",
      "- [ ] Line 12, error: ``docs/set`up`.md``: no such file or folder, did you mean `docs/setup.md`?",
    ],
  );
});

test("todoFor() has a task even when there is nothing to say", () => {
  const text = todoFor(review({ found: found([]) }));
  assert.match(text, /\*\*rejected\*\*\.$/m);
  assert.match(text, /^- \[ \] Ask for the reason$/m);
});

test("reportOn() says how many findings it leaves out", () => {
  const text = reportOn(review({
    found: {
      findings: [broken],
      counts: { errors: 3, warnings: 0, notes: 10 },
    },
  }));
  assert.match(text, /^- and 12 more, not listed here$/m);
});

test("reportOn() and todoFor() let no word of the document become markup", () => {
  const text = fc.string({
    unit: fc.constantFrom(
      ..."`,``,[,],(,),<,>,#, ,*,_,!,\\,&,|,a,\n,http://x,www.y,-".split(","),
    ),
    maxLength: 30,
  });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      text,
      (subject, suggestion, comment, name) => {
        const all = review({
          name: name || "x",
          comment,
          found: found([{
            ...broken,
            subject: subject.replace(/\s+/g, " ").trim(),
            suggestion: suggestion.replace(/\s+/g, " ").trim(),
          }]),
        });
        for (
          const [written, count] of [[reportOn(all), 3], [
            todoFor(all),
            1,
          ]] as const
        ) {
          const scan = scanMarkdown(written);
          assert.equal(scan.headings.length, count);
          const inside = scan.links.filter(({ destination }) =>
            !/^(http|www)/.test(destination)
          );
          assert.deepEqual(inside.map(({ destination }) => destination), [
            "../a.md",
          ]);
          assert.deepEqual(scan.anchors.length, count);
        }
      },
    ),
  );
});
