// Tells a review to the person in front of it: what is going on, what was found, what the other answer would have done.

import { compare, comparison } from "./compare.ts";
import { ask } from "./decision.ts";
import { type Found, printable } from "./findings.ts";
import { LiveView } from "./live_view.ts";
import type { GivenAnswer, ReviewOptions } from "./options.ts";
import { OUTCOMES } from "./outcome.ts";
import { findingsText } from "./print.ts";
import type { Step } from "./progress.ts";
import type { Observer, Reviewed } from "./review.ts";
import { fit, type Terminal, wrap } from "./terminal.ts";
import { documentReview } from "./workflow.ts";

/** What the steps that write files write, by name. */
const writers: ReadonlyMap<string, string> = new Map([
  ["report", OUTCOMES.accept],
  ["todo", OUTCOMES.reject],
]);

/** Who gave the answer. */
export type AnsweredBy = "terminal" | "option" | "default";

/** Writes to a terminal; with `--json` it only keeps what it hears. */
export class Story implements Observer {
  /** Who gave the answer; the default until somebody did. */
  by: AnsweredBy = "default";
  readonly #terminal: Terminal;
  readonly #options: ReviewOptions;
  readonly #signal: AbortSignal;
  readonly #view: LiveView;
  readonly #files: string[] = [];
  #cut: string | undefined;
  #forked = false;

  constructor(terminal: Terminal, options: ReviewOptions, signal: AbortSignal) {
    const quiet = { ...terminal, live: false, write: () => {} };
    this.#terminal = options.json ? quiet : terminal;
    this.#options = options;
    this.#signal = signal;
    this.#view = new LiveView(this.#terminal);
  }

  /** The first line. */
  opens(path: string): void {
    const { paint, write, width } = this.#terminal;
    const { id, version } = documentReview.definition;
    const name = fit(printable(path, 200), width() - 10);
    const where = `workflow ${id} ${version}, on a host in this process`;
    write(`\nReviewing ${paint("bold", name)}\n`);
    write(`${paint("dim", fit(where, width()))}\n\n`);
  }

  begins(_runId: string, kind: "run" | "fork"): void {
    this.#forked = kind === "fork";
    if (!this.#forked) return;
    this.#view.settle();
    this.#paragraph(
      "And with the opposite answer? The run is forked at the decision: what " +
        "lies before it is shared, what comes after it happens anew.",
    );
  }

  step(step: Step): void {
    const file = /^wrote (.*)$/s.exec(step.summary)?.[1];
    if (file !== undefined) this.#files.push(file);
    // A step that was cut off while it wrote had no chance to say whether the file was in place.
    if (step.state === "cancelled") this.#cut = writers.get(step.name);
    // A fork is answered at once, so there is nothing to wait for.
    if (this.#forked && step.state === "waiting") return;
    this.#view.show(step);
  }

  async decide(question: string, found: Found): Promise<GivenAnswer> {
    this.#view.settle();
    const { write, paint } = this.#terminal;
    write(`\n${findingsText(found, this.#terminal)}\n`);
    const { answer, json } = this.#options;
    if (!answer && !json && this.#terminal.interactive) {
      return await this.#ask(question);
    }
    this.by = answer ? "option" : "default";
    const given = answer ?? { action: "accept", comment: "" };
    const reason = given.comment === "" ? "" : `: ${printable(given.comment)}`;
    write(`${paint("bold", question)}  ${given.action}${reason}\n`);
    if (!answer) {
      const why = "That is the default where nobody can be asked. Answer " +
        "with --accept or --reject [REASON].";
      const lines = wrap(why, this.#terminal.width() - 1);
      write(`${paint("dim", lines.join("\n"))}\n`);
    }
    write("\n");
    return given;
  }

  async #ask(question: string): Promise<GivenAnswer> {
    const { write } = this.#terminal;
    try {
      const given = await ask(this.#terminal, question, this.#signal);
      this.by = "terminal";
      write("\n");
      return given;
    } catch (error) {
      // The cursor is still behind the prompt.
      write("\n\n");
      throw error;
    }
  }

  /** The two outcomes. */
  ends(reviewed: Reviewed): void {
    this.#view.settle();
    const { run, fork, shared } = reviewed;
    const rows = compare(run, fork);
    const differ = rows.filter(({ differs }) => differs).map(({ what }) =>
      what
    );
    this.#terminal.write(`\n${comparison(rows, this.#terminal)}`);
    this.#paragraph(
      `Both share their first ${shared} events: nothing before the decision ` +
        `ran twice. What differs: ${differ.join(", ")}.`,
    );
    const { paint, write, width } = this.#terminal;
    const more = "--graph draws the workflow, examples/document_review/" +
      "workflow.ts declares it.";
    write(`${paint("dim", wrap(more, width() - 1).join("\n"))}\n\n`);
  }

  /** Leaves the terminal in order. */
  settle(): void {
    this.#view.settle();
  }

  /** What a review that ended early leaves behind. */
  written(): string {
    const said = this.#files.length === 0
      ? "nothing was written"
      : `${this.#files.join(" and ")} had been written`;
    if (this.#cut === undefined) return said;
    return this.#files.length === 0
      ? `${this.#cut} was being written`
      : `${said}, ${this.#cut} was being written`;
  }

  #paragraph(text: string): void {
    const { write, width } = this.#terminal;
    write(`\n${wrap(text, width() - 1).join("\n")}\n\n`);
  }
}
