// Counts what TypeScript 5 does for a program, with V8's own counters: its time, on no clock.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache, compilerOf } from "./paths.mjs";
import { run } from "./run.mjs";

/**
 * Checks a project and counts how often any function of the compiler is called. Time that instantiations do not show,
 * such as comparing scopes, shows here; and the count is the same on every machine, however busy.
 *
 * @param project The path of a tsconfig.
 * @returns The number of calls.
 */
export async function compilerCalls(project) {
  const folder = mkdtempSync(join(cache, "calls-"));
  try {
    // What V8 has inlined is not counted, and when it does so is up to chance.
    const [node, compiler] = compilerOf("5");
    const { code, output } = await run(node, [
      "--no-opt",
      "--no-maglev",
      compiler,
      "-p",
      project,
    ], { env: { NODE_V8_COVERAGE: folder } });
    if (code !== 0) {
      throw new Error(
        `${output.trim()}\n${project} does not compile with TypeScript 5`,
      );
    }
    return readdirSync(folder)
      .flatMap((file) =>
        JSON.parse(readFileSync(join(folder, file), "utf8")).result
      )
      .filter(({ url }) => url.includes("/typescript-5/lib/"))
      .flatMap(({ functions }) => functions)
      .reduce((sum, { ranges: [{ count }] }) => sum + count, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
