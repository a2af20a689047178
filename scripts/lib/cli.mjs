// What every script of this folder shares: --help, clear failures, exit codes.
import { existsSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";

const pinnedTools = new URL("../../tools/node_modules", import.meta.url);

/**
 * Runs a script: prints `help` for --help, reports an unknown flag in one line, and turns what `main` returns into the
 * exit code.
 *
 * @param help The text of --help.
 * @param options As for `parseArgs`.
 * @param main Gets the values and the positionals; returns the exit code (nothing: 0).
 */
export async function script(help, options, main) {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    console.error(`Node 20 or newer is needed, this is ${process.version}`);
    process.exit(2);
  }
  let parsed;
  try {
    parsed = parseArgs({
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (error) {
    console.error(`${error.message}\nTry --help.`);
    process.exit(2);
  }
  if (parsed.values.help) {
    console.log(help.trim());
    return;
  }
  try {
    process.exitCode = await main(parsed.values, parsed.positionals) ?? 0;
  } catch (error) {
    console.error(error.message);
    if (/tools.node_modules/.test(error.message) && !existsSync(pinnedTools)) {
      console.error("  fix: node scripts/setup.mjs installs the tools");
    }
    process.exitCode = 1;
  }
}

/**
 * Prints problems, each as `file:line  what is wrong` and `fix: what to do`.
 *
 * @returns The exit code.
 */
export function report(problems, allWell) {
  for (const { file, line, message, fix } of problems) {
    console.error(`${file}${line ? `:${line}` : ""}  ${message}`);
    if (fix) console.error(`  fix: ${fix}`);
  }
  if (problems.length === 0) console.log(allWell);
  return problems.length === 0 ? 0 : 1;
}
