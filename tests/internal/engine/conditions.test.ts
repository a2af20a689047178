import assert from "node:assert/strict";
import { test } from "node:test";
import { compileCondition } from "../../../src/engine/conditions.ts";
import type {
  EdgeCondition,
  JsonObject,
} from "../../../src/openwop/protocol/mod.ts";

const outputs: JsonObject = {
  action: "accept",
  count: 0,
  none: null,
  flag: true,
  tags: ["a", { k: [1] }],
  nested: { deep: { x: 1, y: [true, { z: "last" }] } },
  "dotted.key": "own",
  dotted: { key: "path" },
  empty: "",
};

const table: readonly [string, EdgeCondition, boolean][] = [
  [
    "equals on a text",
    { type: "equals", left: "action", right: "accept" },
    true,
  ],
  [
    "equals on another text",
    { type: "equals", left: "action", right: "no" },
    false,
  ],
  ["equals on an object in other key order", {
    type: "equals",
    left: "nested.deep",
    right: { y: [true, { z: "last" }], x: 1 },
  }, true],
  [
    "equals on a longer list",
    { type: "equals", left: "tags", right: ["a"] },
    false,
  ],
  ["equals on an object with fewer keys", {
    type: "equals",
    left: "dotted",
    right: { key: "path", more: 1 },
  }, false],
  [
    "equals on an absent value",
    { type: "equals", left: "absent", right: null },
    false,
  ],
  ["equals on null", { type: "equals", left: "none", right: null }, true],
  ["notEquals on an absent value", {
    type: "notEquals",
    left: "absent",
    right: 1,
  }, true],
  ["notEquals on an equal value", {
    type: "notEquals",
    left: "count",
    right: 0,
  }, false],
  [
    "contains on a text",
    { type: "contains", left: "action", right: "cept" },
    true,
  ],
  ["contains with a number as text", {
    type: "contains",
    left: "action",
    right: 1,
  }, false],
  ["contains on a list with an object", {
    type: "contains",
    left: "tags",
    right: { k: [1] },
  }, true],
  ["contains on a list without it", {
    type: "contains",
    left: "tags",
    right: "b",
  }, false],
  [
    "contains on a number",
    { type: "contains", left: "count", right: 0 },
    false,
  ],
  ["contains without right", { type: "contains", left: "action" }, false],
  [
    "regex that matches",
    { type: "regex", left: "action", right: "^acc" },
    true,
  ],
  [
    "regex that does not",
    { type: "regex", left: "action", right: "^x" },
    false,
  ],
  ["regex on a number", { type: "regex", left: "count", right: "0" }, false],
  ["a broken regex", { type: "regex", left: "action", right: "(" }, false],
  [
    "a regex that is no text",
    { type: "regex", left: "action", right: 1 },
    false,
  ],
  ["truthy on true", { type: "truthy", left: "flag" }, true],
  ["truthy on an empty text", { type: "truthy", left: "empty" }, false],
  ["falsy on zero", { type: "falsy", left: "count" }, true],
  ["falsy on an absent value", { type: "falsy", left: "a.b.c" }, true],
  ["no type with right", { left: "action", right: "accept" }, true],
  ["no type without right", { left: "action" }, true],
  ["no type without right on null", { left: "none" }, false],
  ["nothing at all", {}, true],
  ["a path through a list", { left: "nested.deep.y.1.z", right: "last" }, true],
  ["a path to the length of a list", { left: "tags.length", right: 2 }, false],
  ["an own key with a dot", { left: "dotted.key", right: "own" }, true],
  ["an inherited key", { type: "truthy", left: "constructor" }, false],
  [
    "an inherited path",
    { type: "truthy", left: "nested.__proto__.toString" },
    false,
  ],
  ["an expression", { type: "expression", expression: "true" }, false],
];

for (const [name, condition, wanted] of table) {
  test(`compileCondition() gives ${wanted} when asked for ${name}`, () => {
    assert.equal(compileCondition(condition)(outputs), wanted);
  });
}

test("compileCondition() gives false for a regex when the text is longer than 10,000 characters", () => {
  const condition = compileCondition({
    type: "regex",
    left: "text",
    right: "a",
  });
  assert.equal(condition({ text: "a".repeat(10_000) }), true);
  assert.equal(condition({ text: "a".repeat(10_001) }), false);
});

test("compileCondition() compares values of any depth without exhausting the stack", () => {
  const deep = JSON.parse("[".repeat(4000) + "]".repeat(4000));
  let left = deep;
  for (let i = 0; i < 100_000; i++) left = [left];
  let right = deep;
  for (let i = 0; i < 100_000; i++) right = [right];
  const condition = compileCondition({ type: "equals", left: "v", right });
  assert.equal(condition({ v: left }), true);
  assert.equal(condition({ v: [left] }), false);
});
