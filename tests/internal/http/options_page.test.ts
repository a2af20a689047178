import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(`${root}docs/transport.md`, "utf8");

/** The tables of the page: the heading of the first column, and each name with its default. */
const tables = page.split("\n\n").flatMap((block) => {
  const [head, , ...rows] = block.split("\n").map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  return head?.[1] === "Default"
    ? [[head[0]!, new Map(rows.map(([name, preset]) => [name!, preset!]))]]
    : [];
}) as [string, Map<string, string>][];

/** Names and defaults as the docstrings of an interface have them. */
function optionsOf(
  file: string,
  name: string,
): [option: string, preset: string | undefined][] {
  const text = readFileSync(`${root}src/http/${file}.ts`, "utf8");
  const [, body = ""] =
    new RegExp(`export interface ${name}\\b[^]*?\\{\n([^]*?)\n\\}`)
      .exec(text) ?? [];
  const members = body.matchAll(
    /\/\*\*((?:(?!\*\/)[^])*)\*\/\s+(?:readonly )?(\w+)\??[:(]/g,
  );
  return [...members].map(([, docs, option]) => [
    option!,
    /@default ([^*\n]*)/.exec(docs!)?.[1]?.trim(),
  ]);
}

const bare = (text: string): string => text.replaceAll(/[`_,]/g, "");

/** Which table holds the options of which interface. */
const places = [
  ["`retry`", "retry", "RetryOptions"],
  ["Budget", "options", "TimeBudgets"],
  ["Option", "transport_options", "ClientOptions"],
  ["Option", "transport_options", "TransportOptions"],
  ["Field", "operation", "Operation"],
  ["Option of a stream", "stream_source", "EventStreamOptions"],
  ["Option of `debugLog`", "debug_log", "DebugLogOptions"],
] as const;

test("docs/transport.md names every option with its default, as its docstring has it", () => {
  for (const [heading, file, name] of places) {
    const rows = new Map(
      tables.filter(([head]) => head === heading).flatMap((
        [, all],
      ) => [...all]),
    );
    const options = optionsOf(file, name);
    assert.ok(options.length > 3, `${name} has options`);
    for (const [option, preset] of options) {
      const told = rows.get(`\`${option}\``);
      assert.ok(told, `${option} of ${name} has a row below "${heading}"`);
      if (preset === undefined) continue;
      // Behind a comma stands what the page says elsewhere.
      assert.equal(
        bare(told),
        bare(preset.split(", ")[0]!),
        `the default of ${option} of ${name}`,
      );
    }
  }
});

test("docs/transport.md has no row for an option that there is not", () => {
  for (const [heading, rows] of tables) {
    const known = new Set(
      places.filter(([head]) => head === heading)
        .flatMap(([, file, name]) => optionsOf(file, name))
        .map(([option]) => `\`${option}\``),
    );
    assert.ok(known.size > 0, `the table "${heading}" is looked at`);
    for (const name of rows.keys()) {
      assert.ok(known.has(name), `${name} below "${heading}"`);
    }
  }
});
