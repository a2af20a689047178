// The byte check measures a small package and sees each way to break its budget.
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { measureBytes } from "../../scripts/lib/byte_rules.mjs";
import { cache } from "../../scripts/lib/paths.mjs";

/** Measures a package with these files. */
async function measure({ files = {}, entries = {}, lines = {} } = {}) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "bytes-"));
  try {
    const all = {
      "package.json": JSON.stringify({
        name: "tiny",
        type: "module",
        sideEffects: false,
        exports: { ".": "./mod.ts", "./b": "./b.ts" },
      }),
      "mod.ts": `export const a = "aaaa";`,
      "b.ts": `export { a } from "./mod.ts"; export const b = "bbbb";`,
      ...files,
    };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await measureBytes({
      name: "tiny",
      entries: { ".": "./mod.ts", "./b": "./b.ts" },
      budgets: {
        entries: { ".": { gzip: 60 }, "./b": { gzip: 80 }, ...entries },
        lines,
      },
      resolveDir: folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("measureBytes() says nothing when all is within budget", async () => {
  const { rows, problems } = await measure({
    lines: { 'export { b } from "tiny/b"': { gzip: 60, without: ["mod.ts"] } },
  });
  assert.deepEqual(problems, []);
  assert.equal(rows.length, 3);
  assert.ok(rows.every(({ gzip }) => gzip > 20 && gzip < 80));
});

test("measureBytes() names the entry point and its largest files", async () => {
  const { problems } = await measure({ entries: { "./b": { gzip: 30 } } });
  assert.equal(problems.length, 1);
  assert.match(
    problems[0].message,
    /"\.\/b" is \d+ bytes \(gzip\), the budget is 30; largest: \w+\.ts \d+/,
  );
  assert.match(problems[0].fix, /--update "\.\/b"/);
});

test("measureBytes() names an entry point without a budget", async () => {
  const { problems } = await measure({ entries: { "./b": undefined } });
  assert.match(problems[0].message, /has no bytes for "\.\/b"/);
});

test("measureBytes() names a budget without an entry point", async () => {
  const { problems } = await measure({ entries: { "./old": { gzip: 1 } } });
  assert.match(problems[0].message, /"\.\/old" is no entry point any more/);
});

test("measureBytes() names a file that must be absent", async () => {
  const { problems } = await measure({
    entries: { "./b": { gzip: 80, without: ["mod.ts"] } },
  });
  assert.equal(problems.length, 1);
  assert.match(problems[0].message, /"\.\/b" must not hold mod\.ts/);
});

test("measureBytes() names what is imported from outside", async () => {
  const { problems } = await measure({
    files: { "b.ts": `export { x } from "https://example.com/x.js";` },
  });
  assert.equal(problems.length, 1);
  assert.match(problems[0].message, /imports https:\/\/example\.com\/x\.js/);
});

test("measureBytes() names the file that acts when it is imported", async () => {
  const acting = {
    "package.json": JSON.stringify({
      name: "tiny",
      type: "module",
      exports: { ".": "./mod.ts", "./b": "./b.ts" },
    }),
    "b.ts": `globalThis.x = 1; export const b = 1;`,
  };
  const { problems } = await measure({ files: acting });
  assert.equal(problems.length, 1);
  assert.match(problems[0].file, /b\.ts$/);
  assert.match(problems[0].message, /import "tiny\/b" alone leaves \d+ bytes/);
});

test("the README promises no figure that the budgets would not hold", () => {
  const read = (path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const { bytes: { lines }, instantiations } = JSON.parse(read("budgets.json"));
  const readme = read("README.md").replace(/\s+/g, " ");
  const gzip = (isIt) =>
    Object.entries(lines).find(([line]) => isIt(line))[1].gzip;
  for (
    const [words, budget] of [
      [
        /four clients together are under ([\d,]+) kB/,
        gzip((line) => line.split("export {").length === 5) / 1000,
      ],
      [
        /the DSL under ([\d,]+) kB/,
        gzip((line) => line.includes("defineNode, type, workflow")) / 1000,
      ],
      [
        /80 steps in a chain cost under ([\d,]+) type/,
        instantiations.cost_chain_80,
      ],
      [
        /1,000 nodes by handles under ([\d,]+)/,
        instantiations.cost_handles_1000,
      ],
    ]
  ) {
    const [, told = "0"] = words.exec(readme) ?? [];
    assert.ok(budget <= Number(told.replace(",", "")), `${words}: ${budget}`);
  }
});
