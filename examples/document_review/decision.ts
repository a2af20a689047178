// Puts the question to the person at the terminal.

import process from "node:process";
import { createInterface } from "node:readline";
import type { GivenAnswer } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Nobody answered: the input ended, or the question was withdrawn. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
}

/**
 * Asks until there is an answer.
 *
 * @throws NoAnswer when the input ends or `signal` aborts.
 */
export async function ask(
  terminal: Terminal,
  question: string,
  signal: AbortSignal,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<GivenAnswer> {
  // Not a "terminal" of readline: the line discipline of the real one edits well, and Ctrl-C stays a signal.
  const lines = createInterface({ input, terminal: false });
  const words = lines[Symbol.asyncIterator]();
  const close = (): void => lines.close();
  signal.addEventListener("abort", close);
  const read = async (prompt: string): Promise<string> => {
    terminal.write(prompt);
    const { done, value } = signal.aborted
      ? { done: true, value: "" }
      : await words.next();
    if (done) throw new NoAnswer("no answer was given");
    return value.trim();
  };
  try {
    const { paint } = terminal;
    const choice = `${paint("bold", "a")} accept  ${paint("bold", "r")} reject`;
    for (;;) {
      const answer = await read(`${paint("bold", question)}  ${choice}  > `);
      if (/^(?:a|accept|y|yes)$/i.test(answer)) {
        return { action: "accept", comment: "" };
      }
      if (/^(?:r|reject|n|no)$/i.test(answer)) {
        const why = await read(
          `Why? ${paint("dim", "(Enter for no reason)")}  > `,
        );
        return { action: "reject", comment: why };
      }
      terminal.write(
        "Please type a or r, then Enter; Ctrl-C cancels the run.\n",
      );
    }
  } finally {
    signal.removeEventListener("abort", close);
    lines.close();
  }
}
