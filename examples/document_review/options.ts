// Reads the command line.

import { parseArgs } from "node:util";
import { printable } from "./findings.ts";
import { nearest } from "./nearest.ts";

/** The answer that was given on the command line. */
export interface GivenAnswer {
  /** What to answer at the decision. */
  readonly action: "accept" | "reject";
  /** Why; may be empty. */
  readonly comment: string;
}

/** What is to be done. */
export type Options =
  | { readonly task: "help" | "version" | "graph" }
  | ReviewOptions;

/** A review, with everything that can be said about it beforehand. */
export interface ReviewOptions {
  readonly task: "review";
  /** The document; `undefined`: the project's own README. */
  readonly file: string | undefined;
  /** The folder for what is written. */
  readonly out: string;
  /** `undefined`: ask, or take the default where nobody can be asked. */
  readonly answer: GivenAnswer | undefined;
  /** The reason, if it was a word of its own behind `--reject`, where a FILE might have been meant. */
  readonly looseReason: string | undefined;
  /** One JSON document on standard output and nothing else. */
  readonly json: boolean;
  /** No colours and no redrawing, also on a terminal. */
  readonly plain: boolean;
}

/** Arguments that make no sense, with a message for the person who typed them. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What `--help` says. */
export const HELP =
  `Reviews a Markdown or text file by a workflow, on a host inside this program.

Usage: main.ts [FILE] [options]

It checks relative links and anchors, heading structure and readability, all
at once, and stops for your decision. Accepting writes a report, rejecting a
to-do list. Then the run is forked at the decision and the fork is given the
opposite answer, to show what would have happened.

  FILE               the document; without it, the README of this project

Options:
  --accept           answer "accept" instead of asking
  --reject [REASON]  answer "reject" instead of asking
  --out DIR          where to write report.md and todo.md (./tutti-demo)
  --json             print one JSON document and nothing else; never asks
  --plain            no colours and no redrawing
  --graph            print the workflow as Mermaid text; reviews nothing
  --help, -h         print this
  --version, -V      print the version

Where nobody can be asked (no terminal, or --json) and no answer is given,
the document is accepted. The word after --reject is the reason, so FILE comes
before it. Files up to 5 MB are read, nothing leaves this machine, and links
to the web are counted but not followed. A file in DIR that the review did not
write is never overwritten.

Exit codes:
  0    the review ended, whatever the answer was
  1    the run failed
  2    the review could not start: a wrong option, file or folder
  130  cancelled by Ctrl-C
`;

const OPTIONS = {
  accept: { type: "boolean" },
  reject: { type: "boolean" },
  out: { type: "string" },
  json: { type: "boolean" },
  plain: { type: "boolean" },
  graph: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

/**
 * Reads `args`, the command line without the program.
 *
 * @throws UsageError on anything that is not in {@linkcode HELP}.
 */
export function readOptions(args: readonly string[]): Options {
  const given = collect(args);
  // Help is for people who got something wrong, so it comes before every complaint about combinations.
  if (given.has("help")) return { task: "help" };
  if (given.has("version")) return { task: "version" };
  if (given.has("graph")) {
    const other = [...given.keys()].find((name) => name !== "graph");
    if (other === undefined) return { task: "graph" };
    const what = other === "file" ? "a FILE" : `--${other}`;
    throw new UsageError(
      `--graph draws the workflow and reviews nothing, so ${what} has no meaning with it`,
    );
  }
  if (given.has("accept") && given.has("reject")) {
    throw new UsageError("--accept and --reject exclude each other");
  }
  const action = given.has("accept")
    ? "accept"
    : given.has("reject")
    ? "reject"
    : undefined;
  return {
    task: "review",
    file: given.get("file"),
    out: given.get("out") ?? "tutti-demo",
    answer: action && { action, comment: given.get("reject") ?? "" },
    looseReason: given.get("loose reason"),
    json: given.has("json"),
    plain: given.has("plain"),
  };
}

/** Values by option name, the positional one as `file`; flags have the value "". */
function collect(args: readonly string[]): Map<string, string> {
  // Not strict, because parseArgs knows no option with an optional value, and says less than we can.
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const given = new Map<string, string>();
  let reasonAt = -1;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (token.index === reasonAt) {
        given.set("reject", token.value);
        given.set("loose reason", token.value);
      } else if (given.has("file")) {
        throw new UsageError(
          `one FILE at a time: ${quoted(given.get("file")!)} or ${
            quoted(token.value)
          }`,
        );
      } else if (token.value === "") {
        throw new UsageError("FILE is empty");
      } else given.set("file", token.value);
      continue;
    }
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(OPTIONS, name)) {
      const near = nearest(name, Object.keys(OPTIONS));
      throw new UsageError(
        `unknown option ${quoted(rawName)}, ` +
          (near ? `did you mean --${near}?` : "see --help"),
      );
    }
    if (given.has(name)) throw new UsageError(`--${name} is given twice`);
    if (name === "out" && (!value || (!inlineValue && value.startsWith("-")))) {
      throw new UsageError("--out needs a folder");
    }
    if (inlineValue && name !== "out" && name !== "reject") {
      throw new UsageError(`--${name} takes no value`);
    }
    given.set(name, value ?? "");
    if (name === "reject" && !inlineValue) reasonAt = token.index + 1;
  }
  return given;
}

function quoted(text: string): string {
  return `"${printable(text, 60)}"`;
}
