// What writes the tables of operations sees where they belong, and aligns them as deno fmt does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { text } from "../../scripts/lib/paths.mjs";
import {
  operationPages,
  tableOf,
  writeOperations,
} from "../../scripts/lib/operation_pages.mjs";
import { roundtableGuide } from "../../scripts/lib/roundtable_guide.mjs";

const begin = "<!-- operations: written by scripts/write_operations.mjs -->";
const end = "<!-- end of operations -->";
const entry = {
  page: "docs/x.md",
  head: ["A", "B"],
  rows: ({ things }) => things.map((thing) => [thing, "`b`"]),
};

test("tableOf() pads its columns", () => {
  assert.equal(
    tableOf([["Name", "B"], ["x", "long"]]),
    "| Name | B    |\n| ---- | ---- |\n| x    | long |\n",
  );
});

test("writeOperations() replaces what is between the marks, and nothing else", () => {
  const text = `# T\n\n${begin}\n\nold\n\n${end}\n\nafter\n`;
  const once = writeOperations(text, entry, { things: ["a"] });
  assert.equal(
    once,
    `# T\n\n${begin}\n\n| A   | B   |\n| --- | --- |\n| a   | \`b\` |\n\n${end}\n\nafter\n`,
  );
  assert.equal(writeOperations(once, entry, { things: ["a"] }), once);
  assert.notEqual(writeOperations(once, entry, { things: ["c"] }), once);
});

test("writeOperations() refuses a document without the marks", () => {
  assert.throws(
    () => writeOperations(`${end}\n${begin}\n`, entry, { things: [] }),
    /docs\/x\.md {2}has no place for the table\n {2}fix: write/,
  );
});

test("the rows of OpenWOP say which major has what", () => {
  const { head, rows } = operationPages.find(({ page }) =>
    page === "docs/openwop_operations.md"
  );
  const spec = (major, given) => ({
    method: "GET",
    path: "/x",
    majors: [1, 2],
    contract: "safe",
    auth: true,
    certain: true,
    capability: undefined,
    ...given[major],
  });
  const rowOf = (given) =>
    rows({
      OPERATIONS: { "a.b": "" },
      readOperation: (_, major) => spec(major, given),
    })[0];
  const rest = (given) => rowOf(given).slice(2);
  assert.equal(rowOf({}).length, head.length);
  assert.deepEqual(rest({}), ["`/x`", "`/v1/x`", "", "read"]);
  assert.deepEqual(
    rest({ 2: { capability: "p" }, 1: { capability: "q" } }),
    ["`/x`", "`/v1/x`", "`p`, `q` in version 1", "read"],
  );
  assert.deepEqual(
    rest({ 2: { capability: "p", certain: false } }),
    ["`/x`", "`/v1/x`", "`p`, version 2 only ~", "read"],
  );
  const one = { majors: [1], capability: "w", contract: "keyed" };
  assert.deepEqual(rest({ 1: one, 2: one }), ["", "`/v1/x`", "`w`", "key"]);
  const two = { majors: [2], capability: "w", auth: false };
  assert.deepEqual(
    rest({ 1: two, 2: two }),
    ["`/x`", "", "`w`", "read, no credential"],
  );
});

test("the rows of OpenSpawn have each method of the vendor's guide once, with the test that calls it", async () => {
  const { guide } = await import("../../scripts/lib/openspawn_operations.mjs");
  const { rows } = operationPages.find(({ page }) =>
    page === "docs/openspawn_operations.md"
  );
  const page = text("docs/openspawn_operations.md");
  const methods = Object.values(guide);
  assert.equal(new Set(methods).size, 27);
  for (const method of methods) {
    const lines = page.split("\n").filter((line) =>
      line.split("|")[2]?.trim() === `\`${method}\``
    );
    assert.equal(lines.length, 1, method);
    assert.match(lines[0], /\]\(\.\.\/tests\/openspawn\/\w+\.test\.ts\)/);
  }
  assert.throws(
    () =>
      rows({
        OPERATIONS: { agents: "" },
        readOperations: () => [["fly", "POST", "/agents/{id}/fly", "", ""]],
      }),
    /no test is named for agents\.fly\(\)/,
  );
  assert.throws(() => rows({ OPERATIONS: {} }), /which the client has not/);
});

test("roundtableGuide names the operations of the client, each of them and no other", () => {
  const source = readFileSync(
    new URL("../../src/roundtable/protocol/operations.ts", import.meta.url),
    "utf8",
  );
  const [, tables] = source.split("export const OPERATIONS");
  const names = [...tables.matchAll(/^ {2}(\w+): `([^`]*)`/gm)]
    .flatMap(([, resource, table]) =>
      [...table.matchAll(/^(\w+) [A-Z]+ /gm)]
        .map(([, name]) => `${resource}.${name}`)
    );
  assert.ok(names.length > 30);
  assert.deepEqual(Object.keys(roundtableGuide).sort(), names.sort());
});
