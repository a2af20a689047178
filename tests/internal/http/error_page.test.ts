import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { TimeoutError, TuttiError } from "@tutti/sdk/http";
import { platforms } from "../../support/error_platforms.ts";
import type {
  ErrorCase,
  ErrorPlatform,
} from "../../support/error_platforms.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/errors.md"), "utf8");

/** One call, as a row of the table. */
async function rowOf(
  platform: ErrorPlatform,
  { name, fetch, options }: ErrorCase,
): Promise<string> {
  const clock = new FakeClock();
  const call = platform.call({
    baseUrl: "https://api.test",
    clock,
    retry: false,
    fetch: (request) => fetch(request.signal),
  }, options);
  const error = await clock.run(call.then(() => undefined, (thrown) => thrown));
  assert.ok(TuttiError.is(error), `${platform.name}, ${name}: ${error}`);
  const cells = [
    name,
    `\`${error.name}\``,
    `[${error.code}](#${error.code})`,
    error.retryable ? "yes" : "no",
  ];
  return cells.join(" | ");
}

/** The rows of the table below `heading`, without its padding. */
function tableBelow(heading: string): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  return section.split("\n## ")[0]!.split("\n")
    .filter((line) => line.startsWith("|")).slice(2)
    .map((line) =>
      line.slice(1, -1).split("|").map((cell) => cell.trim()).join(" | ")
    );
}

test("docs/errors.md says which status and code becomes which class of every client, as it is", async () => {
  for (const platform of platforms) {
    const rows: string[] = [];
    for (const one of platform.cases) rows.push(await rowOf(platform, one));
    const heading = `What becomes what: ${platform.name}`;
    assert.deepEqual(
      tableBelow(heading),
      rows,
      `below "## ${heading}" there has to be\n| What comes back | Class | Code | Again |\n| --- | --- | --- | --- |\n| ${
        rows.join(" |\n| ")
      } |\n`,
    );
  }
});

test("docs/errors.md has a table for no client that is not tested", () => {
  const headings = [...page.matchAll(/^## What becomes what: (.+)$/gm)];
  assert.deepEqual(
    headings.map(([, name]) => name),
    platforms.map(({ name }) => name),
  );
});

test("docs/errors.md explains every code that the sources throw, and no other", () => {
  const thrown = new Set<string>();
  for (const room of ["src", "dsl"]) {
    for (const file of readdirSync(join(root, room), { recursive: true })) {
      if (!String(file).endsWith(".ts")) continue;
      const text = readFileSync(join(root, room, String(file)), "utf8")
        // Examples may make codes of their own.
        .replace(/^ *(\/\*\*| \*).*$/gm, "");
      const makers =
        /(?:super|new TuttiError)\(\s*(?:init\.code \?\? )?"([a-z][a-z-]+)"/g;
      for (const [, code] of text.matchAll(makers)) thrown.add(code!);
    }
  }
  const explained = [...page.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
  assert.deepEqual([...explained].sort(), [...thrown].sort());
});

test("docs of an error leads to a heading of docs/errors.md", () => {
  const { docs } = new TimeoutError("GET /", "total", 1);
  const [file = "", code] = docs.replace("@tutti/sdk/", "").split("#");
  assert.equal(file, "docs/errors.md");
  assert.ok(page.includes(`\n### ${code}\n`));
});
