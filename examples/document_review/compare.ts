// Puts two outcomes of the same run side by side.

import type { GivenAnswer } from "./options.ts";
import type { Step } from "./progress.ts";
import { columnsOf, fit, pad, type Terminal, wrap } from "./terminal.ts";

/** How a run, or a fork of it, ended. */
export interface Outcome {
  /** Of the run. */
  readonly runId: string;
  /** What was answered at the decision. */
  readonly answer: GivenAnswer;
  /** How it ended. */
  readonly status: string;
  /** Its own steps: those of a fork begin at the fork. */
  readonly steps: readonly Step[];
  /** What it gave, by port. */
  readonly output: Readonly<Record<string, string>>;
}

/** One thing that can be said of both. */
export interface Row {
  /** What is compared. */
  readonly what: string;
  /** Of the run. */
  readonly run: string;
  /** Of the fork. */
  readonly fork: string;
  /** Whether the two are not the same. */
  readonly differs: boolean;
}

/** Compares what is worth comparing. */
export function compare(run: Outcome, fork: Outcome): Row[] {
  const row = (what: string, of: (outcome: Outcome) => string): Row => ({
    what,
    run: of(run),
    fork: of(fork),
    differs: of(run) !== of(fork),
  });
  return [
    row("answer", ({ answer }) => answer.action),
    row("reason", ({ answer }) => answer.comment || "none"),
    row("then ran", ({ steps }) => namesAfterDecision(steps).join(", ")),
    row("wrote", ({ output }) => Object.values(output).join(", ") || "nothing"),
    row("ended", ({ status }) => status),
  ];
}

/** The completed steps that came after the decision. */
function namesAfterDecision(steps: readonly Step[]): string[] {
  const completed = steps.filter(({ state }) => state === "completed")
    .map(({ name }) => name);
  return completed.slice(completed.indexOf("decision") + 1);
}

/** The rows as a table, or, where it is narrow, as a list. */
export function comparison(
  rows: readonly Row[],
  { width, paint }: Terminal,
): string {
  const mark = (row: Row): string =>
    row.differs ? paint("yellow", "≠") : paint("dim", "=");
  const label = 10;
  const most = Math.floor((width() - 2 - label - 3 - 2) / 2);
  const widest = Math.max(...rows.map((row) => columnsOf(row.run)), 8);
  const column = Math.min(widest + 2, most);
  if (most < 24) {
    const side = (title: string, text: string): string =>
      fit(`${title}: ${text}`, width() - 2 - label - 3);
    return rows.map((row) =>
      `  ${pad(row.what, label)} ${mark(row)} ${side("this run", row.run)}\n` +
      `  ${" ".repeat(label)}   ${side("the fork", row.fork)}\n`
    ).join("");
  }
  const head = `  ${" ".repeat(label)}   ${
    pad("this run", column)
  }  the fork\n`;
  return paint("dim", head) + rows.map((row) => {
    const left = wrap(row.run, column);
    const right = wrap(row.fork, width() - 2 - label - 3 - column - 2);
    const height = Math.max(left.length, right.length);
    return Array.from({ length: height }, (_, at) => {
      const start = at === 0
        ? `${pad(row.what, label)} ${mark(row)} `
        : " ".repeat(label + 3);
      return `  ${start}${pad(left[at] ?? "", column)}  ${right[at] ?? ""}`
        .trimEnd() + "\n";
    }).join("");
  }).join("");
}
