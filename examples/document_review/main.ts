// Reviews a document: checks it, asks for a decision, and shows what the other decision would have done.

import { readFile, stat } from "node:fs/promises";
import { relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { RunCancelledError, RunFailedError } from "@tutti/sdk/openwop";
import { DocumentError, readDocument } from "./document.ts";
import { printable } from "./findings.ts";
import { jsonText } from "./json_output.ts";
import {
  HELP,
  type Options,
  readOptions,
  type ReviewOptions,
  UsageError,
} from "./options.ts";
import { checkFolder, OutcomeError } from "./outcome.ts";
import { review } from "./review.ts";
import { Story } from "./story.ts";
import { standardOutput } from "./terminal.ts";
import { documentReview } from "./workflow.ts";

/** Does what the command line says; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message);
    throw error;
  }
  switch (options.task) {
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "version":
      process.stdout.write(`${await version()}\n`);
      return 0;
    case "graph":
      process.stdout.write(documentReview.toMermaid());
      return 0;
    case "review":
      return await start(options);
  }
}

/** Looks at everything that could be wrong beforehand, and only then begins. */
async function start(options: ReviewOptions): Promise<number> {
  const { out, looseReason } = options;
  const readme = fileURLToPath(new URL("../../README.md", import.meta.url));
  const path = options.file ?? relative(process.cwd(), readme);
  try {
    if (!options.file && looseReason && await exists(looseReason)) {
      throw new UsageError(
        `"${
          printable(looseReason)
        }" is the reason, because it follows --reject; put FILE before it`,
      );
    }
    await readDocument(path);
    await checkFolder(out, path);
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message);
    if (error instanceof DocumentError) {
      return refuse(`cannot review "${printable(path)}": ${error.message}`);
    }
    if (error instanceof OutcomeError) {
      return refuse(`cannot write to "${printable(out)}": ${error.message}`);
    }
    throw error;
  }
  return await perform(path, options);
}

async function perform(path: string, options: ReviewOptions): Promise<number> {
  const stop = new AbortController();
  const started = performance.now();
  let interrupted = 0;
  const onSignal = (): void => {
    // Terminals and wrappers such as npx both deliver one Ctrl-C, so only a later one means: at once.
    const now = performance.now() - started;
    if (interrupted > 0 && now - interrupted > 1000) process.exit(130);
    if (interrupted === 0) interrupted = now;
    stop.abort();
  };
  process.on("SIGINT", onSignal);
  const story = new Story(standardOutput(options.plain), options, stop.signal);
  try {
    if (!options.json) story.opens(path);
    const { out } = options;
    const reviewed = await review({ path, out }, story, stop.signal);
    if (options.json) process.stdout.write(jsonText(path, story.by, reviewed));
    else story.ends(reviewed);
    return 0;
  } catch (error) {
    story.settle();
    if (RunCancelledError.is(error)) {
      tell(`the run was cancelled, ${story.written()}`);
      return 130;
    }
    if (!RunFailedError.is(error)) throw error;
    const where = error.failedNodeId ? ` at step "${error.failedNodeId}"` : "";
    tell(`the run failed${where}: ${error.runError.message}`);
    return 1;
  } finally {
    process.off("SIGINT", onSignal);
  }
}

function refuse(message: string): number {
  tell(message);
  return 2;
}

function tell(message: string): void {
  process.stderr.write(`document-review: ${message}\n`);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

async function version(): Promise<string> {
  const file = new URL("../../package.json", import.meta.url);
  const { name, version } = JSON.parse(await readFile(file, "utf8"));
  return `${name} ${version}`;
}

// A reader that leaves early, as "head" does, is no reason to leave the review half done.
process.stdout.on("error", (error: { code?: string }) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main(process.argv.slice(2));
