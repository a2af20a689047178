// The portability check sees every way to touch a runtime while being imported.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFiles } from "../../scripts/lib/file_rules.mjs";
import { checkModuleScope } from "../../scripts/lib/module_scope_rules.mjs";

const check = (source, path = "src/http/x.ts") =>
  checkModuleScope(new Map([[path, source]]));

const wrong = {
  "an import of node:": [`import fs from "node:fs";`, /imports "node:fs"/],
  "a type-only import of node:": [
    `import type { Stats } from "node:fs";`,
    /imports "node:fs"/,
  ],
  "a bare built-in": [`import { join } from "path";`, /imports "path"/],
  "a bun module": [`import { test } from "bun:test";`, /imports "bun:test"/],
  "a re-export": [`export * from "node:path";`, /imports "node:path"/],
  "an awaited import": [
    `const fs = await import("node:fs");`,
    /import\("node:fs"\)/,
  ],
  "process": [`export const env = process.env;`, /uses process/],
  "a guarded process": [
    `export const node = typeof process === "object";`,
    /uses process/,
  ],
  "Deno": [`export const os = Deno.build.os;`, /uses Deno/],
  "Bun": [`if (x) { Bun.sleep(1); }`, /uses Bun/],
  "globalThis.Deno": [
    `export const d = (globalThis as any).Deno;`,
    /globalThis\.Deno/,
  ],
  "globalThis['process']": [
    `export const p = globalThis["process"];`,
    /globalThis\.process/,
  ],
  "a destructured global": [
    `const { process: p } = globalThis as any;`,
    /globalThis\.process/,
  ],
  "a feature test": [
    `export const isDeno = "Deno" in globalThis;`,
    /globalThis\.Deno/,
  ],
  "a static field": [
    `export class A { static readonly os = Deno.build.os; }`,
    /uses Deno/,
  ],
  "a static block": [`class A { static { Bun.gc(); } }`, /uses Bun/],
  "a function that runs at once": [
    `export const os = (() => Deno.build.os)();`,
    /uses Deno/,
  ],
  "a shorthand": [`export const all = { process };`, /uses process/],
};

for (const [what, [source, pattern]] of Object.entries(wrong)) {
  test(`checkModuleScope() refuses ${what}`, () => {
    const problems = check(`// Web standards only.\n${source}`);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.equal(problems[0].file, "src/http/x.ts");
    assert.equal(problems[0].line, 2);
    assert.match(problems[0].message, pattern);
    assert.match(problems[0].fix, /node\.ts/);
  });
}

const right = {
  "a use inside of a function": `export function f() { return Deno.cwd(); }`,
  "a use inside of a method":
    `class A { x = process.pid; m() { return Bun; } get g() { return Deno; } }`,
  "a dynamic import inside of a function":
    `export const f = () => import("node:fs");`,
  "a property of that name":
    `export const o = { process: 1 }; o.process; interface P { process: string }`,
  "a variable of that name":
    `const process = (x: number): number => x; export const y = process(1);`,
  "a type of that name": `export type T = typeof Deno.cwd;`,
  "a comment and a string": `// process.env\nexport const s = "Deno";`,
};

for (const [what, source] of Object.entries(right)) {
  test(`checkModuleScope() accepts ${what}`, () => {
    assert.deepEqual(check(source), []);
  });
}

test("checkModuleScope() knows that dsl/node.ts is about nodes", () => {
  assert.equal(check(`import "node:fs";`, "dsl/node.ts").length, 1);
});

test("checkModuleScope() accepts a file named for a runtime", () => {
  assert.deepEqual(check(`import "node:fs";`, "src/host/node.ts"), []);
});

test("checkFiles() names a long file, an odd name and a missing first line", () => {
  const first = "// Web standards only.\n";
  const problems = checkFiles(
    new Map([
      ["src/http/good.ts", first + "\n".repeat(399)],
      ["src/http/long.ts", first + "\n".repeat(400)],
      ["src/http/retryAfter.ts", first],
      ["dsl/mod.ts", "export {};\n"],
      ["scripts/x.mjs", "export {};\n"],
      ["tests/http/x.test.ts", "import 'node:test';\n"],
    ]),
  );
  assert.deepEqual(
    problems.map(({ file, message }) => `${file} ${message}`),
    [
      "src/http/long.ts has 401 lines, 400 is the most",
      'src/http/retryAfter.ts is not named in snake_case: "retryAfter.ts"',
      'dsl/mod.ts starts with "export {};"',
      "scripts/x.mjs does not say what it is for",
    ],
  );
  assert.match(problems[1].fix, /src\/http\/retry_after\.ts/);
});
