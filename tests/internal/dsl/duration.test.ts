import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../../dsl/duration.ts";

test("parseDuration() reads numbers with units, one or several", () => {
  assert.equal(parseDuration("48h"), 172_800_000);
  assert.equal(parseDuration("1h 30m"), 5_400_000);
  assert.equal(parseDuration("1.5s"), 1500);
  assert.equal(parseDuration("250ms"), 250);
  assert.equal(parseDuration("2d"), 172_800_000);
  assert.equal(parseDuration(42), 42);
});

test("parseDuration() gives undefined for what is not a length of time", () => {
  for (const text of ["", "soon", "5", "5 parsecs", "h", "1h x", "-1s", "0s"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
  for (const number of [0, -1, NaN, Infinity]) {
    assert.equal(parseDuration(number), undefined, String(number));
  }
});
