// Runs the workflow on a host inside this process, through the real client, and forks it at the decision.

import { createHost } from "@tutti/sdk/host";
import { OpenwopClient, type RunHandle } from "@tutti/sdk/openwop";
import type { Outcome } from "./compare.ts";
import { NoAnswer } from "./decision.ts";
import type { Found } from "./findings.ts";
import type { GivenAnswer } from "./options.ts";
import { Progress, type Step } from "./progress.ts";
import { documentReview } from "./workflow.ts";

/** Who watches a review, and who decides. */
export interface Observer {
  /** A run, or the fork of one, has begun. */
  begins(runId: string, kind: "run" | "fork"): void;
  /** Something became of a step. */
  step(step: Step): void;
  /** The run asks `question` about what was found. */
  decide(question: string, found: Found): Promise<GivenAnswer>;
}

/** What came of a review. */
export interface Reviewed {
  /** With the answer that was given. */
  readonly run: Outcome;
  /** With the opposite answer. */
  readonly fork: Outcome;
  /** How many events both have in common: what lies before the decision. */
  readonly shared: number;
  /** What the decision was about. */
  readonly found: Found;
}

/** The ways in which the document may be decided upon. */
type Run = RunHandle<{ report?: string; todo?: string }, "decision">;

/**
 * Reviews a document, then does it once more from the decision on with the opposite answer.
 *
 * @throws RunFailedError when a step fails, RunCancelledError when `signal` aborts or nobody answers.
 */
export async function review(
  input: { path: string; out: string },
  observer: Observer,
  signal: AbortSignal,
): Promise<Reviewed> {
  const host = createHost({ workflows: [documentReview] });
  try {
    const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
    const run = await client.runs.start({
      workflowId: documentReview.id,
      inputs: input,
    });
    observer.begins(run.id, "run");
    let found: Found | undefined;
    const first = await follow(
      run,
      undefined,
      observer,
      signal,
      (question, data) => {
        found = data;
        return observer.decide(question, data);
      },
    );

    const fork = await run.fork({ at: "decision" });
    observer.begins(fork.id, "fork");
    const other: GivenAnswer = {
      action: first.answer.action === "accept" ? "reject" : "accept",
      comment: "the fork's answer, to show what would happen",
    };
    const last = first.decidedAt - 1;
    const second = await follow(
      fork,
      last,
      observer,
      signal,
      () => Promise.resolve(other),
    );
    return { run: first, fork: second, shared: last + 1, found: found! };
  } finally {
    await host.close();
  }
}

/** Follows a run to its end and answers its question. */
async function follow(
  run: Run,
  afterSequence: number | undefined,
  observer: Observer,
  signal: AbortSignal,
  decide: Observer["decide"],
): Promise<Outcome & { decidedAt: number }> {
  const progress = new Progress(documentReview.definition);
  let answer: GivenAnswer = { action: "reject", comment: "" };
  let decidedAt = 0;
  // A run that has just ended cannot be cancelled any more, and need not be.
  const cancel = (): void => void run.cancel("Ctrl-C").catch(() => {});
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel);
  try {
    for await (const event of run.events({ afterSequence })) {
      const step = progress.take(event);
      if (step) observer.step(step);
      if (event.type === "node.started" && event.nodeId === "decision") {
        decidedAt = event.sequence;
      }
      if (event.type !== "interrupt.requested") continue;
      if (event.payload.kind !== "approval") continue;
      const { title, artifactData } = event.payload.data;
      try {
        const { found } = artifactData as unknown as { found: Found };
        answer = await decide(title, found);
        const decision = run.interrupt("decision");
        await decision[answer.action]({ comment: answer.comment || undefined });
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        // The stream goes on until the host says that the run is cancelled.
        cancel();
      }
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
  const { status, output } = await run.result();
  return {
    runId: run.id,
    answer,
    status,
    steps: progress.steps,
    output: { ...output },
    decidedAt,
  };
}
