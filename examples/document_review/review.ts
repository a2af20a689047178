// Runs the workflow on a host inside this process, through the real client, and forks it at the decision.

import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
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

/** A run of this very workflow: its output, its steps and its question are known by their types. */
type Run = Awaited<ReturnType<typeof documentReview.start>>;

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
    const run = await documentReview.start(client, input);
    observer.begins(run.id, "run");
    let found: Found | undefined;
    const first = await follow(run, signal, {
      step: (step) => observer.step(step),
      decide: (question, data) => observer.decide(question, found = data),
    });

    const fork = await run.fork({ at: "decision" });
    observer.begins(fork.id, "fork");
    const opposite: GivenAnswer = {
      action: first.answer.action === "accept" ? "reject" : "accept",
      comment: "to see what would happen",
    };
    const second = await follow(fork, signal, {
      step: (step) => observer.step(step),
      decide: () => Promise.resolve(opposite),
    }, first.shared);
    return { run: first, fork: second, shared: first.shared, found: found! };
  } finally {
    await host.close();
  }
}

/** Follows a run to its end, from the event `from` on, and answers its question. */
async function follow(
  run: Run,
  signal: AbortSignal,
  { step: show, decide }: Pick<Observer, "step" | "decide">,
  from: number = 0,
): Promise<Outcome & { shared: number }> {
  const progress = new Progress(documentReview.definition);
  let answer: GivenAnswer | undefined;
  let shared = 0;
  let cancelling: Promise<unknown> | undefined;
  // A run that has just ended cannot be cancelled any more, and need not be.
  const cancel = (): void => {
    cancelling ??= run.cancel("withdrawn at the terminal").catch(() => {});
  };
  signal.addEventListener("abort", cancel);
  try {
    if (signal.aborted) cancel();
    // Awaited, or the answer to a fork would be faster.
    await cancelling;
    const afterSequence = from > 0 ? from - 1 : undefined;
    for await (const event of run.events({ afterSequence })) {
      const step = progress.take(event);
      if (step) show(step);
      if (event.type === "node.started" && event.nodeId === "decision") {
        shared = event.sequence;
      }
      if (event.type !== "interrupt.requested") continue;
      if (event.payload.kind !== "approval") continue;
      const { title, artifactData } = event.payload.data;
      try {
        const { found } = artifactData as unknown as { found: Found };
        answer = await decide(title, found);
        const { action, comment } = answer;
        await run.interrupt("decision")[action](comment ? { comment } : {});
      } catch (error) {
        // Once it is cancelled, a run takes no answer; the stream goes on until it says so.
        if (!(error instanceof NoAnswer) && !signal.aborted) throw error;
        cancel();
      }
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    await cancelling;
  }
  const { status, output } = await run.result();
  const { id: runId } = run;
  const { steps } = progress;
  return {
    runId,
    answer: answer!,
    status,
    steps,
    output: { ...output },
    shared,
  };
}
