// Prints what was found.

import {
  type Found,
  inWords,
  mostImportant,
  sentence,
  type Severity,
  totalOf,
} from "./findings.ts";
import { pad, type Terminal, type Tone, wrap } from "./terminal.ts";

/** So many findings fit on a screen together with the question about them. */
export const MOST_SHOWN = 12;

const TONES: Readonly<Record<Severity, Tone>> = {
  error: "red",
  warning: "yellow",
  note: "dim",
};

/** The findings by line, the weightiest where there are too many. */
export function findingsText(
  { findings, counts }: Found,
  { paint, width }: Terminal,
): string {
  const shown = mostImportant(findings, MOST_SHOWN);
  const digits = Math.max(4, ...shown.map(({ line }) => `${line}`.length));
  const indent = 2 + digits + 2 + 7 + 2;
  const head = totalOf(counts) === 0
    ? "The checks found nothing."
    : `The checks found ${inWords(counts)}:`;
  const lines = shown.flatMap((finding) => {
    const [first, ...more] = wrap(sentence(finding), width() - indent);
    const number = `${finding.line}`.padStart(digits);
    const severity = paint(TONES[finding.severity], pad(finding.severity, 7));
    return [
      `  ${paint("dim", number)}  ${severity}  ${first}`,
      ...more.map((line) => " ".repeat(indent) + line),
    ];
  });
  const omitted = totalOf(counts) - shown.length;
  const more = omitted > 0
    ? [paint("dim", `${" ".repeat(2 + digits + 2)}and ${omitted} more`)]
    : [];
  return [head, ...lines, ...more].join("\n") + "\n";
}
