// Shows the steps of a run while they happen: one line each, redrawn in place on a terminal, appended elsewhere.

import { printable } from "./findings.ts";
import type { Step } from "./progress.ts";
import { duration, fit, pad, type Terminal, type Tone } from "./terminal.ts";

const MARKS: Readonly<Record<Step["state"], readonly [string, Tone]>> = {
  running: ["·", "cyan"],
  waiting: ["?", "yellow"],
  completed: ["✓", "green"],
  failed: ["✗", "red"],
  skipped: ["-", "dim"],
  cancelled: ["✗", "dim"],
};

/** How often a running step shows how long it has been running, in milliseconds. */
const TICK = 200;

/** The steps on the screen. */
export class LiveView {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #block: Step[] = [];
  #drawn = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `now` gives milliseconds since the epoch. */
  constructor(terminal: Terminal, now: () => number = Date.now) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Shows what became of a step. */
  show(step: Step): void {
    if (!this.#terminal.live) {
      // Lines stay, so a step that has only begun says nothing yet.
      if (step.state !== "running") this.#terminal.write(this.#line(step));
      return;
    }
    const at = this.#block.findIndex(({ name }) => name === step.name);
    if (at < 0) this.#block.push(step);
    else this.#block[at] = step;
    this.#draw();
    const busy = this.#block.some(({ state }) => state === "running");
    if (!busy) this.#stopTimer();
    else this.#timer ??= setInterval(() => this.#draw(), TICK);
  }

  /** Leaves the lines as they are: what comes next is written below them. */
  settle(): void {
    this.#stopTimer();
    this.#block = [];
    this.#drawn = 0;
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
    const lines = this.#block.map((step) => `\x1b[2K${this.#line(step)}`);
    this.#drawn = lines.length;
    this.#terminal.write(up + lines.join(""));
  }

  #line(step: Step): string {
    const { paint, width, live } = this.#terminal;
    const [mark, tone] = MARKS[step.state];
    const name = pad(fit(printable(step.name), 12), 12);
    const time = this.#timeOf(step).padStart(8);
    // Only a line that is redrawn must not be longer than the window.
    const text = live
      ? fit(textOf(step), width() - 2 - 2 - 12 - 8 - 2 - 1)
      : textOf(step);
    const dim = step.state === "skipped" || step.state === "cancelled";
    const said = dim ? paint("dim", text) : text;
    return `  ${paint(tone, mark)} ${name}${paint("dim", time)}  ${said}`
      .trimEnd() + "\n";
  }

  #timeOf({ state, startedAt, ms }: Step): string {
    if (state === "completed" || state === "failed") return duration(ms);
    const since = this.#now() - startedAt;
    // Most steps are over before anybody could read a time, and flickering is not calm.
    return state === "running" && since >= TICK ? duration(since) : "";
  }
}

function textOf({ state, summary }: Step): string {
  if (summary !== "") return printable(summary, 400);
  switch (state) {
    case "waiting":
      return "waits for an answer";
    case "skipped":
      return "not taken";
    case "cancelled":
      return "cancelled";
    default:
      return "";
  }
}
