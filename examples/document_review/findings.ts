// What the checks report, and how it is counted, ordered and put into words.

/** How much a finding matters: an error is broken, a warning misleads, a note is a matter of taste. */
export type Severity = "error" | "warning" | "note";

/** One thing worth looking at. It travels through the run as JSON. */
export interface Finding {
  /** Where, from 1. */
  readonly line: number;
  /** How much it matters. */
  readonly severity: Severity;
  /** Who found it. */
  readonly check: "text" | "links" | "headings" | "readability";
  /** The words of the document that it is about, printable; empty if it is about the document. */
  readonly subject: string;
  /** What is the matter, in our words. */
  readonly message: string;
  /** What was probably meant, printable; empty if we do not know. */
  readonly suggestion: string;
}

/** How many findings of each severity there are. */
export interface Counts {
  /** Broken. */
  readonly errors: number;
  /** Misleading. */
  readonly warnings: number;
  /** Matters of taste. */
  readonly notes: number;
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

/** Orders by line, and within a line by weight. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const weight = (finding: Finding): number =>
    SEVERITIES.indexOf(finding.severity);
  return [...findings].sort((a, b) => a.line - b.line || weight(a) - weight(b));
}

/** The first `limit` findings, the weightiest first where not all fit, in order. */
export function mostImportant(
  findings: readonly Finding[],
  limit: number,
): Finding[] {
  const all = inOrder(findings);
  if (all.length <= limit) return all;
  const byWeight = SEVERITIES.flatMap((severity) =>
    all.filter((finding) => finding.severity === severity)
  );
  return inOrder(byWeight.slice(0, limit));
}

/** What a check found: all of it counted, and so much of it as is kept. */
export interface Found {
  /** In order. */
  readonly findings: readonly Finding[];
  /** Of everything, also of what was not kept. */
  readonly counts: Counts;
}

/** More are counted, not kept: nobody reads on, and a run keeps what its steps give for good. */
export const MOST_KEPT = 500;

/** What a check found, ready to travel through a run. */
export function found(findings: readonly Finding[]): Found {
  const of = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const counts = {
    errors: of("error"),
    warnings: of("warning"),
    notes: of("note"),
  };
  return { findings: mostImportant(findings, MOST_KEPT), counts };
}

/** What several checks found together. */
export function together(parts: readonly Found[]): Found {
  const sum = (pick: (counts: Counts) => number): number =>
    parts.reduce((total, { counts }) => total + pick(counts), 0);
  const all = parts.flatMap(({ findings }) => findings);
  return {
    findings: mostImportant(all, MOST_KEPT),
    counts: {
      errors: sum(({ errors }) => errors),
      warnings: sum(({ warnings }) => warnings),
      notes: sum(({ notes }) => notes),
    },
  };
}

/** How many there are in all. */
export function totalOf({ errors, warnings, notes }: Counts): number {
  return errors + warnings + notes;
}

/** `2 errors, 1 note`; `nothing found` when there is nothing. */
export function inWords({ errors, warnings, notes }: Counts): string {
  const parts = [
    plural(errors, "error"),
    plural(warnings, "warning"),
    plural(notes, "note"),
  ].filter((part) => !part.startsWith("0 "));
  return parts.join(", ") || "nothing found";
}

/** `1 word`, `2 words`. */
export function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/**
 * Makes words of the document safe to show: one line, at most `longest` characters, and nothing that a terminal
 * would obey or that turns the reading direction.
 */
export function printable(text: string, longest: number = 80): string {
  const line = text.slice(0, longest * 4).replace(/\s+/g, " ").trim()
    .replace(
      /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu,
      "\ufffd",
    );
  const letters = [...line];
  return letters.length <= longest
    ? line
    : `${letters.slice(0, longest - 1).join("").trimEnd()}…`;
}

/** A finding as one sentence. */
export function sentence(finding: Finding): string {
  const { check, subject, message, suggestion } = finding;
  const about = check === "links" ? subject : `"${subject}"`;
  return (subject ? `${about}: ${message}` : message) +
    (suggestion ? `, did you mean ${suggestion}?` : "");
}
