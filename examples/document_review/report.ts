// Writes the outcome of a review as Markdown: a report for an accepted document, a to-do list for a rejected one.

import {
  type Finding,
  type Found,
  inWords,
  plural,
  printable,
  sentence,
  totalOf,
} from "./findings.ts";
import { type Measures, measuresInWords } from "./readability.ts";

/** A review after its decision. */
export interface Review {
  /** The name of the document. */
  readonly name: string;
  /** The way to it from the folder of the outcome, as the destination of a link, percent-encoded. */
  readonly link: string;
  /** Its prose in numbers. */
  readonly measures: Measures;
  /** What was found. */
  readonly found: Found;
  /** What the person who decided had to say; may be empty. */
  readonly comment: string;
}

/** The first line of both. It tells a file that may be written anew from one that may not. */
export const MARK =
  "<!-- Written by the document review of Tutti, which will write it anew. -->";

/** The report on an accepted document. */
export function reportOn(review: Review): string {
  const { measures, comment } = review;
  const { counts, findings } = review.found;
  const open = findings.length > 0
    ? [
      "## Findings",
      "",
      "None of them stood in the way. They are listed for the next revision.",
      "",
      ...listed(review.found, "- "),
      "",
    ]
    : [];
  return lines(
    MARK,
    `# Review of ${titleOf(review)}`,
    "",
    `The document was **accepted**${comment ? `: ${escape(comment)}` : "."}`,
    "",
    "## In numbers",
    "",
    `- Findings: ${inWords(counts)}`,
    `- Prose: ${measuresInWords(measures)}`,
    ...longest(measures),
    "",
    ...open,
  );
}

/** The to-do list for a rejected document. */
export function todoFor(review: Review): string {
  const { comment } = review;
  const { counts, findings } = review.found;
  const reason = comment === "" ? "." : `: ${escape(comment)}`;
  const tasks = [
    ...(comment ? [`- [ ] Settle the reason: ${escape(comment)}`] : []),
    ...listed(review.found, "- [ ] "),
  ];
  return lines(
    MARK,
    `# To do in ${titleOf(review)}`,
    "",
    `The document was **rejected**${reason}`,
    "",
    findings.length > 0
      ? `The checks found ${inWords(counts)}.`
      : "The checks found nothing, so there is only the decision to talk about.",
    "",
    ...(tasks.length > 0 ? tasks : ["- [ ] Ask for the reason"]),
    "",
  );
}

function longest(measures: Measures): string[] {
  if (measures.words === 0) return [];
  return [
    `- Longest sentence: ${
      plural(measures.longestSentence, "word")
    }, line ${measures.longestSentenceLine}`,
    `- Longest paragraph: ${
      plural(measures.longestParagraph, "word")
    }, line ${measures.longestParagraphLine}`,
  ];
}

function listed({ findings, counts }: Found, bullet: string): string[] {
  const omitted = totalOf(counts) - findings.length;
  return [
    ...findings.map((finding) =>
      `${bullet}Line ${finding.line}, ${finding.severity}: ${
        inMarkdown(finding)
      }`
    ),
    ...(omitted > 0 ? [`${bullet}and ${omitted} more, not listed here`] : []),
  ];
}

/** A finding with the words of the document as code, so that they cannot become markup. */
function inMarkdown(finding: Finding): string {
  const { subject, suggestion } = finding;
  return sentence({
    ...finding,
    check: "links",
    subject: subject && code(subject),
    suggestion: suggestion && code(suggestion),
  });
}

function code(text: string): string {
  const runs = (text.match(/`+/g) ?? []).map((run) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}

function titleOf({ name, link }: Review): string {
  return `[${escape(name)}](${link})`;
}

function escape(text: string): string {
  return printable(text, 2000).replace(/[\\`*_[\]<>#|~&]/g, "\\$&");
}

function lines(...all: string[]): string {
  return all.join("\n").replace(/\n+$/, "") + "\n";
}
