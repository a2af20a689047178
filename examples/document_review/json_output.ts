// The outcome of a review for programs.

import { compare, type Outcome } from "./compare.ts";
import type { Reviewed } from "./review.ts";
import type { AnsweredBy } from "./story.ts";

/** One JSON document with a line ending. */
export function jsonText(
  document: string,
  answeredBy: AnsweredBy,
  { run, fork, shared, found }: Reviewed,
): string {
  const outcome = ({ runId, answer, status, steps, output }: Outcome) => ({
    runId,
    answer: answer.action,
    comment: answer.comment,
    status,
    steps: steps.map(({ name, state, ms, summary }) => ({
      name,
      state,
      ms,
      summary,
    })),
    output,
  });
  const text = {
    document,
    counts: found.counts,
    findings: found.findings,
    answeredBy,
    run: outcome(run),
    fork: { ...outcome(fork), sharedEvents: shared },
    comparison: compare(run, fork),
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}
