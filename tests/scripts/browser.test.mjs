// The stand-ins for a browser, and what is said where there is none.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import stand, { isSame } from "../../scripts/lib/browser/assert.mjs";
import { isNotRun } from "../../scripts/lib/verdict.mjs";

const values = [
  1,
  0,
  -0,
  NaN,
  "1",
  null,
  undefined,
  [],
  {},
  [1, 2],
  [2, 1],
  [1, , 2],
  { a: 1 },
  { a: undefined },
  { a: 1, b: { c: [1] } },
  { a: 1, b: { c: [2] } },
  new Map([[1, { a: 1 }]]),
  new Map([[1, { a: 2 }]]),
  new Set([1]),
  new Set([2]),
  new Date(1),
  new Date(2),
  /a/,
  /b/,
  new Error("a"),
  new TypeError("a"),
  new Error("b"),
  new Uint8Array([1, 2]),
  new Uint8Array([1, 3]),
  Object.create(null),
];

test("isSame() agrees with node:assert when it compares every value with every other", () => {
  for (const a of values) {
    for (const b of values.map((value) => structuredCloneOf(value))) {
      let wanted = true;
      try {
        assert.deepEqual(a, b);
      } catch {
        wanted = false;
      }
      assert.equal(isSame(a, b), wanted, `${inspect(a)} ${inspect(b)}`);
    }
  }
});

/** A copy where one can be made that keeps its prototype. */
function structuredCloneOf(value) {
  return value instanceof Error || Object(value) !== value ||
      Object.getPrototypeOf(value) === null
    ? value
    : structuredClone(value);
}

test("the assertions for browsers fail when those of Node do", async () => {
  const wrong = [
    () => stand(0),
    () => stand.ok(""),
    () => stand.fail("x"),
    () => stand.equal(1, "1"),
    () => stand.notEqual(NaN, NaN),
    () => stand.deepEqual([1], [2]),
    () => stand.match("a", /b/),
    () => stand.doesNotMatch("a", /a/),
    () => stand.throws(() => {}),
    () =>
      stand.throws(() => {
        throw new Error("a");
      }, TypeError),
    () => stand.throws(() => JSON.parse("{"), { name: "TypeError" }),
    () => stand.throws(() => JSON.parse("{"), () => false),
  ];
  for (const one of wrong) assert.throws(one, Error, String(one));
  await assert.rejects(stand.rejects(Promise.resolve()));
  await assert.rejects(stand.rejects(Promise.reject(new Error("a")), /b/));
  await assert.rejects(stand.rejects(Promise.reject(1), new Error("a")));
  stand.throws(() => JSON.parse("{"), SyntaxError);
  await stand.rejects(Promise.reject(new Error("a")), { message: /a/ });
});

test("run_browser.mjs says that it did not run, and passes nothing, when there is no browser", () => {
  const file = fileURLToPath(
    new URL("../../scripts/run_browser.mjs", import.meta.url),
  );
  const said = execFileSync(process.execPath, [file], {
    env: { PATH: "/nowhere" },
    encoding: "utf8",
  });
  assert.match(said, /^No browser was found/);
  assert.match(said, /\n0 passed, 0 failed, 1 skipped\n$/);
  assert.equal(isNotRun({ passed: 0, failed: 0, skipped: 1 }), true);
  assert.equal(isNotRun({ passed: 1, failed: 0, skipped: 1 }), false);
  assert.equal(isNotRun({ passed: 0, failed: 1, skipped: 0 }), false);
});
