// The import check names every way to break a direction.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkImports } from "../../scripts/lib/import_rules.mjs";

const entries = { ".": "./mod.ts", "./http": "./src/http/mod.ts" };
const name = "@tutti/sdk";

/** A house in order, with these files changed or added. */
function house(product = {}, others = {}) {
  return checkImports({
    product: new Map(Object.entries({
      "mod.ts": `export * from "./src/http/mod.ts";`,
      "src/http/mod.ts": `export * from "./retry.ts";`,
      "src/http/retry.ts": `export const retry = 1;`,
      "src/openwop/protocol/mod.ts": `export const one = 1;`,
      "src/openwop/mod.ts":
        `export type * from "./protocol/mod.ts"; import "../http/mod.ts";`,
      "src/engine/mod.ts": `import "../openwop/protocol/mod.ts";`,
      "src/engine/_inner.ts": `export const inner = 1;`,
      "src/host/mod.ts": `import "../engine/mod.ts"; import "../http/mod.ts";`,
      "dsl/mod.ts": `import { x } from "../src/openwop/protocol/mod.ts";`,
      ...product,
    })),
    others: new Map(Object.entries(others)),
    entries,
    name,
  });
}

/** Asserts that exactly one thing is wrong, and where. */
function only(problems, file, line, pattern) {
  assert.equal(problems.length, 1, JSON.stringify(problems, null, 2));
  const [problem] = problems;
  assert.equal(problem.file, file);
  assert.equal(problem.line, line);
  assert.match(problem.message, pattern);
  assert.ok(problem.fix.length > 0);
}

test("checkImports() says nothing when every direction is kept", () => {
  assert.deepEqual(house(), []);
});

test("checkImports() refuses a room that must not be known", () => {
  only(
    house({ "src/http/retry.ts": `\nimport "../engine/mod.ts";` }),
    "src/http/retry.ts",
    2,
    /imports src\/engine\/mod\.ts, but src\/http may know no other room$/,
  );
});

test("checkImports() refuses a type-only import against the direction", () => {
  only(
    house({ "dsl/x.ts": `import type { H } from "../src/host/mod.ts";` }),
    "dsl/x.ts",
    1,
    /dsl may know only src\/openwop, src\/openwop\/protocol$/,
  );
});

test("checkImports() refuses an import inside of a type", () => {
  only(
    house({
      "dsl/x.ts":
        `export type X = import("../src/engine/mod.ts").State | string;`,
    }),
    "dsl/x.ts",
    1,
    /imports src\/engine\/mod\.ts/,
  );
});

test("checkImports() refuses a dynamic import against the direction", () => {
  only(
    house({
      "src/engine/x.ts": `export const x = () => import("../host/mod.ts");`,
    }),
    "src/engine/x.ts",
    1,
    /src\/engine may know only src\/openwop\/protocol$/,
  );
});

test("checkImports() refuses a re-export against the direction", () => {
  only(
    house({ "src/host/x.ts": `export * from "../openwop/mod.ts";` }),
    "src/host/x.ts",
    1,
    /imports src\/openwop\/mod\.ts, but src\/host may know/,
  );
});

test("checkImports() refuses another room past its door", () => {
  only(
    house({ "src/host/x.ts": `import "../http/retry.ts";` }),
    "src/host/x.ts",
    1,
    /past the door of src\/http/,
  );
});

test("checkImports() treats the protocol as a room of its own", () => {
  only(
    house({
      "src/openwop/protocol/x.ts": `import "../client.ts";`,
      "src/openwop/client.ts": `export const client = 1;`,
    }),
    "src/openwop/protocol/x.ts",
    1,
    /src\/openwop\/protocol may know only src\/http$/,
  );
});

test("checkImports() refuses the front door", () => {
  only(
    house({ "dsl/x.ts": `export * from "../mod.ts";` }),
    "dsl/x.ts",
    1,
    /imports the front door/,
  );
});

test("checkImports() refuses a private file of another folder", () => {
  only(
    house({ "src/engine/deep/x.ts": `import "../_inner.ts";` }),
    "src/engine/deep/x.ts",
    1,
    /private to its folder/,
  );
});

test("checkImports() refuses a file for one runtime", () => {
  only(
    house({
      "src/host/x.ts": `import "./node.ts";`,
      "src/host/node.ts": `export const node = 1;`,
    }),
    "src/host/x.ts",
    1,
    /for one runtime only/,
  );
});

test("checkImports() refuses an experiment in a mod.ts", () => {
  only(
    house({
      "src/engine/mod.ts": `export * from "./unstable_loops.ts";`,
      "src/engine/unstable_loops.ts": `export const loop = 1;`,
    }),
    "src/engine/mod.ts",
    1,
    /an experiment/,
  );
});

test("checkImports() refuses a dependency and the package's own name", () => {
  only(
    house({ "dsl/x.ts": `import "zod";` }),
    "dsl/x.ts",
    1,
    /no dependencies/,
  );
  only(
    house({ "dsl/x.ts": `import "@tutti/sdk/http";` }),
    "dsl/x.ts",
    1,
    /no dependencies/,
  );
});

test("checkImports() refuses a computed import, require and a missing file", () => {
  const wrong = [
    ["export const f = (p: string) => import(p);", /not a plain string/],
    [`require("./y.ts");`, /no TypeScript file|uses require/],
    [`import "./y.ts";`, /no TypeScript file of the product/],
    [`import "./mod";`, /no TypeScript file of the product/],
    [`/// <reference path="./mod.ts" />\n`, /uses reference/],
  ];
  for (const [source, pattern] of wrong) {
    only(house({ "src/http/x.ts": source }), "src/http/x.ts", 1, pattern);
  }
});

test("checkImports() refuses a file that is in no known room", () => {
  only(
    house({ "src/cli/x.ts": `import "../http/mod.ts";` }),
    "src/cli/x.ts",
    1,
    /in no room/,
  );
});

test("checkImports() is not fooled by comments and strings", () => {
  const source = `// import "../host/mod.ts";
/** import x from "../engine/mod.ts" */
export const text = 'import "../host/mod.ts"';`;
  assert.deepEqual(house({ "src/http/x.ts": source }), []);
});

test("checkImports() draws the circle when files import each other", () => {
  const problems = house({
    "src/http/a.ts": `import type { B } from "./b.ts";`,
    "src/http/b.ts": `import { c } from "./c.ts";`,
    "src/http/c.ts": `export type { A } from "./a.ts";`,
  });
  only(problems, problems[0].file, undefined, /in a circle/);
  assert.match(problems[0].message, /(\S+\.ts) -> .* -> .* -> \1$/);
});

test("checkImports() makes tests and examples use the package's name", () => {
  only(
    house({}, { "tests/http/x.test.ts": `import "../../src/http/mod.ts";` }),
    "tests/http/x.test.ts",
    1,
    /by its path/,
  );
  only(
    house({}, { "examples/x.ts": `import "../mod.ts";` }),
    "examples/x.ts",
    1,
    /by its path/,
  );
  only(
    house({}, { "tests/http/x.test.ts": `import "@tutti/sdk/engine";` }),
    "tests/http/x.test.ts",
    1,
    /no entry point/,
  );
  only(
    house({}, { "examples/x.ts": `import "zod";` }),
    "examples/x.ts",
    1,
    /imports "zod"/,
  );
});

test("checkImports() lets tests of internals reach in", () => {
  const others = {
    "tests/internal/http/x.test.ts": `import "../../../src/http/retry.ts";`,
    "tests/http/x.test.ts": `import fc from "fast-check"; import "@tutti/sdk";`,
  };
  assert.deepEqual(house({}, others), []);
});
