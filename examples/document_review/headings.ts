// Checks that the headings of a document form a tree that a reader, and a table of contents, can follow.

import { type Finding, printable } from "./findings.ts";
import type { Heading } from "./markdown/scan.ts";

/** Reports skipped levels, repeated titles, empty ones, and a missing or second title of the whole. */
export function checkHeadings(headings: readonly Heading[]): Finding[] {
  const findings: Finding[] = [];
  const report = (
    severity: Finding["severity"],
    heading: Heading | undefined,
    message: string,
  ): void => {
    findings.push({
      line: heading?.line ?? 1,
      check: "headings",
      severity,
      subject: printable(heading?.text ?? ""),
      message,
      suggestion: "",
    });
  };

  const titles = headings.filter((heading) => heading.level === 1);
  if (headings.length === 0) {
    report("warning", undefined, "the document has no headings");
  } else if (titles.length === 0) {
    report("warning", undefined, "the document has no level 1 heading");
  } else if (headings[0]!.level !== 1) {
    report("warning", headings[0], "stands before the level 1 heading");
  }
  for (const extra of titles.slice(1)) {
    report(
      "warning",
      extra,
      `a further level 1 heading; the first is on line ${titles[0]!.line}`,
    );
  }

  headings.forEach((heading, at) => {
    if (heading.text === "") {
      report("warning", heading, "a heading without text");
    }
    const before = headings[at - 1];
    if (before && heading.level > before.level + 1) {
      report(
        "warning",
        heading,
        `level ${heading.level} follows level ${before.level}, ` +
          `so ${skipped(before.level + 1, heading.level - 1)} skipped`,
      );
    }
  });

  for (const { first, again, siblings } of repeated(headings)) {
    const times = again.length === 1
      ? `repeats the heading of line ${first.line}`
      : `and ${again.length - 1} more repeat the heading of line ${first.line}`;
    // Under different parents a reader can tell them apart; only links cannot.
    report(
      siblings ? "warning" : "note",
      again[0],
      siblings ? `${times} in the same section` : times,
    );
  }
  return findings;
}

function skipped(from: number, to: number): string {
  return from === to ? `level ${from} is` : `levels ${from} to ${to} are`;
}

interface Repetition {
  readonly first: Heading;
  readonly again: readonly Heading[];
  readonly siblings: boolean;
}

function repeated(headings: readonly Heading[]): Repetition[] {
  const seen = new Map<string, { all: Heading[]; parents: unknown[] }>();
  const path: (Heading | undefined)[] = [];
  for (const heading of headings) {
    path.length = heading.level;
    path[heading.level] = heading;
    // Whatever level the parent has: a skipped one leaves a hole in the path.
    const parent = path.slice(0, heading.level).findLast((h) =>
      h !== undefined
    );
    const key = heading.text.toLowerCase();
    const known = seen.get(key) ?? { all: [], parents: [] };
    known.all.push(heading);
    known.parents.push(parent);
    if (key !== "") seen.set(key, known);
  }
  return [...seen.values()].filter(({ all }) => all.length > 1)
    .map(({ all: [first, ...again], parents }) => ({
      first: first!,
      again,
      siblings: new Set(parents).size < parents.length,
    }));
}
