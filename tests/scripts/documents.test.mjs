// The checks of documents, exports and the tarball see what is broken.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  docstringBlocks,
  markdownBlocks,
} from "../../scripts/lib/doc_blocks.mjs";
import { checkExports } from "../../scripts/lib/export_rules.mjs";
import { checkTarball } from "../../scripts/lib/tarball.mjs";

test("markdownBlocks() finds the blocks that run, with their lines", () => {
  const text = [
    "# Title",
    "```ts",
    "first();",
    "```",
    "```sh",
    "npm test",
    "```",
    "```ts ignore",
    "never();",
    "```",
    "- in a list:",
    "  ```typescript",
    "  second();",
    "  ```",
    "````md",
    "```ts",
    "shown();",
    "```",
    "````",
  ].join("\n");
  assert.deepEqual(markdownBlocks(text), [
    { line: 3, code: "first();\n" },
    { line: 13, code: "second();\n" },
  ]);
});

test("docstringBlocks() finds blocks of members too, and no others", () => {
  const source = `// Web standards only.
/**
 * Module.
 *
 * @example
 * \`\`\`ts
 * one();
 *   indented();
 * \`\`\`
 */
/* \`\`\`ts
no();
\`\`\` */
export interface A {
  /**
   * \`\`\`ts
   * two();
   * \`\`\`
   */
  b: string;
}
const text = "/** \`\`\`ts";
`;
  assert.deepEqual(docstringBlocks("x.ts", source), [
    { line: 7, code: "one();\n  indented();\n" },
    { line: 17, code: "two();\n" },
  ]);
});

const agreeing = () => ({
  deno: {
    name: "@tutti/sdk",
    version: "1.0.0",
    license: "MIT",
    exports: { ".": "./mod.ts" },
    imports: { zod: "npm:zod@4.6.7" },
  },
  npm: {
    name: "@tutti/sdk",
    version: "1.0.0",
    license: "MIT",
    exports: { ".": "./mod.ts" },
  },
  tools: { devDependencies: { deno: "2.9.5", zod: "4.6.7" } },
  documents: new Map([
    ["README.md", "npx -y deno@2.9.5 task demo"],
    ["CHANGELOG.md", "## 1.0.0\n"],
  ]),
  exists: () => true,
});

test("checkExports() says nothing when all agrees", () => {
  assert.deepEqual(checkExports(agreeing()), []);
});

const disagreements = {
  "a version": [
    (all) => all.npm.version = "1.0.1",
    "package.json",
    /version is "1\.0\.1", deno\.json says "1\.0\.0"/,
  ],
  "an entry point that one file lacks": [
    (all) => all.npm.exports["./dsl"] = "./dsl/mod.ts",
    "deno.json",
    /"\.\/dsl" is \.\/dsl\/mod\.ts in package\.json, missing in deno\.json/,
  ],
  "an entry point without a file": [
    (all) => all.exists = () => false,
    "deno.json",
    /no such file/,
  ],
  "a dependency": [
    (all) => all.npm.dependencies = { left: "1.0.0" },
    "package.json",
    /has dependencies/,
  ],
  "the version of a test library": [
    (all) => all.deno.imports.zod = "npm:zod@4.6.6",
    "deno.json",
    /zod@4\.6\.6/,
  ],
  "the Deno of the README": [
    (all) => all.documents.set("README.md", "npx -y deno@2.9.6 task demo"),
    "README.md",
    /deno@2\.9\.6/,
  ],
  "a file that is named": [
    (all) => {
      all.documents.set("docs/a.md", "`tests/b.test.ts`, [c](../src/c.ts)");
      all.exists = (path) => path === "./mod.ts";
    },
    "docs/a.md",
    /^names tests\/b\.test\.ts: no such file$/,
  ],
  "the changes": [
    (all) => all.documents.set("CHANGELOG.md", "## 0.9.0\n"),
    "CHANGELOG.md",
    /no section for 1\.0\.0/,
  ],
};

for (const [what, [change, file, pattern]] of Object.entries(disagreements)) {
  test(`checkExports() names what disagrees about ${what}`, () => {
    const all = agreeing();
    change(all);
    const problems = checkExports(all).filter((found) => found.file === file);
    assert.ok(
      problems.some(({ message }) => pattern.test(message)),
      JSON.stringify(checkExports(all)),
    );
  });
}

const packed = () => ({
  files: ["mod.d.ts", "mod.js", "package.json"],
  expected: ["mod.d.ts", "mod.js", "package.json"],
  listFile: "scripts/tarball_files.txt",
  npm: {
    version: "1.0.0",
    license: "MIT",
    engines: { node: ">=20" },
    sideEffects: false,
    exports: { ".": "./mod.ts" },
  },
  manifest: {
    version: "1.0.0",
    license: "MIT",
    engines: { node: ">=20" },
    sideEffects: false,
    exports: { ".": {}, "./package.json": "./package.json" },
  },
});

test("checkTarball() says nothing when the package is as listed", () => {
  assert.deepEqual(checkTarball(packed()), []);
});

const surprises = {
  "a file that is not listed": [
    (all) => all.files.push("secret.env"),
    /holds secret\.env, which is not in the list/,
  ],
  "a file that is missing": [
    (all) => all.files.pop(),
    /does not hold package\.json/,
  ],
  "a source that no entry point reaches": [
    (all) => {
      all.files.push("src/dead.ts");
      all.expected.push("src/dead.ts");
    },
    /src\/dead\.ts as it is: no entry point reaches it/,
  ],
  "dependencies": [
    (all) => all.manifest.dependencies = { zod: "4" },
    /has dependencies: zod/,
  ],
  "peer dependencies": [
    (all) => all.manifest.peerDependencies = { zod: "4" },
    /has peerDependencies: zod/,
  ],
  "scripts": [(all) => all.manifest.scripts = {}, /has scripts/],
  "a lost sideEffects": [
    (all) => delete all.manifest.sideEffects,
    /sideEffects is undefined/,
  ],
  "a lost entry point": [
    (all) => delete all.manifest.exports["."],
    /does not export \./,
  ],
};

for (const [what, [change, pattern]] of Object.entries(surprises)) {
  test(`checkTarball() names ${what}`, () => {
    const all = packed();
    change(all);
    const problems = checkTarball(all);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.match(problems[0].message, pattern);
    assert.ok(problems[0].fix);
  });
}
