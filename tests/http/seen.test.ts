import assert from "node:assert/strict";
import test from "node:test";
import { createSeen, InvalidArgumentError, randomHex } from "@tutti/sdk/http";

test("createSeen() forgets what was seen longest ago when it is full", () => {
  const { add, has } = createSeen("limit", 2);
  assert.equal(add("a"), false);
  assert.equal(add("b"), false);
  // Looked at, it is the youngest.
  assert.equal(has("a"), true);
  assert.equal(add("c"), false);
  assert.deepEqual(["a", "b", "c"].map(has), [true, false, true]);
  assert.equal(add("a"), true);
  assert.equal(has("nobody"), false);
});

test("createSeen() refuses a limit when it could keep nothing, or everything for ever", () => {
  for (const limit of [0, -1, NaN, "many", undefined]) {
    assert.throws(
      () => createSeen("maxRemembered", limit as number),
      (error) =>
        InvalidArgumentError.is(error) && error.path === "maxRemembered",
    );
  }
  const { add } = createSeen("limit", Infinity);
  for (let n = 0; n < 1_000; n++) assert.equal(add(`${n}`), false);
  assert.equal(add("0"), true);
});

test("randomHex() gives two digits for each byte", () => {
  assert.match(randomHex(), /^[0-9a-f]{32}$/);
  assert.match(randomHex(8), /^[0-9a-f]{16}$/);
});
