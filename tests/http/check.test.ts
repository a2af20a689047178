import assert from "node:assert/strict";
import test from "node:test";
import {
  checkObject,
  checkWhole,
  isJsonObject,
  own,
  readIssues,
} from "@tutti/sdk/http";

test("checkObject() gives objects back and refuses what is none", () => {
  const given = { a: 1 };
  assert.equal(checkObject("input", given), given);
  for (const odd of [undefined, null, [], "a", 7, () => ({})]) {
    assert.equal(isJsonObject(odd), false);
    assert.throws(() => checkObject("input", odd), {
      code: "invalid-argument",
      path: "input",
    });
  }
});

test("checkWhole() takes whole numbers within its bounds, both included", () => {
  for (const good of [1, 2, 5]) checkWhole("limit", good, 1, 5);
  checkWhole("offset", 2 ** 40, 0, Infinity);
  for (const odd of [0, 6, 1.5, NaN, Infinity, "3", null, undefined, [3]]) {
    assert.throws(() => checkWhole("limit", odd, 1, 5), {
      code: "invalid-argument",
      path: "limit",
      message: /a whole number from 1 to 5 is wanted/,
    });
  }
});

test("own() gives members of objects and lists, and nothing that is inherited", () => {
  assert.equal(own({ a: 1 }, "a"), 1);
  assert.equal(own({ a: null }, "a"), null);
  assert.equal(own(["x"], "0"), "x");
  assert.equal(own(JSON.parse('{"__proto__":7}'), "__proto__"), 7);
  for (const name of ["b", "toString", "__proto__", "constructor"]) {
    assert.equal(own({ a: 1 }, name), undefined);
  }
  for (const odd of [undefined, null, "text", 7, true]) {
    assert.equal(own(odd, "length"), undefined);
  }
});

test("readIssues() leaves out what is no issue, and the value that was sent", () => {
  const issue = { type: "missing", loc: ["body", "tags", 3], msg: "none" };
  assert.deepEqual(
    readIssues([
      { ...issue, input: "hunter2", ctx: {} },
      null,
      7,
      { ...issue, loc: "body" },
      { ...issue, msg: 7 },
      { ...issue, type: undefined },
    ]),
    [{ type: "missing", field: "body.tags.3", message: "none" }],
  );
  for (const odd of [undefined, null, "words", { length: 1 }]) {
    assert.deepEqual(readIssues(odd), []);
  }
});
