import assert from "node:assert/strict";
import test from "node:test";
import { isIdempotencyKey } from "@tutti/sdk/openwop";
import { activityKey } from "../../../src/host/perform.ts";
import {
  findJsonProblem,
  isTooDeep,
  MAX_DEPTH,
} from "../../../src/host/json_value.ts";

test("activityKey() gives the key of the protocol's example", async () => {
  // v1 §13.2, the vector.
  assert.equal(
    await activityKey("run_0001", "node_a", 0, "openai", "ws_1"),
    "coNHyBKdDxtzY_lG908-QYNm7V34houo8Sth4KPlBwI",
  );
});

test("activityKey() takes the tenant from the run id and fits Idempotency-Key", async () => {
  const key = await activityKey("acme/r", "n", 1, "local.x");
  assert.equal(key, await activityKey("acme/r", "n", 1, "local.x", "acme"));
  assert.ok(isIdempotencyKey(key));
  const others = await Promise.all([
    activityKey("acme/s", "n", 1, "local.x"),
    activityKey("acme/r", "m", 1, "local.x"),
    activityKey("acme/r", "n", 2, "local.x"),
    activityKey("acme/r", "n", 1, "local.y"),
  ]);
  assert.equal(new Set([key, ...others]).size, 5);
});

test("findJsonProblem() accepts every plain value and sees the same object twice", () => {
  const shared = { a: [1, "x", null, true] };
  assert.equal(findJsonProblem({ x: shared, y: [shared, shared] }), undefined);
  assert.equal(findJsonProblem(JSON.parse('{"constructor":1}')), undefined);
});

test("findJsonProblem() stops at the depth limit instead of overflowing", () => {
  let deep: unknown = 1;
  for (let level = 0; level < MAX_DEPTH; level++) deep = [deep];
  assert.equal(findJsonProblem(deep), undefined);
  assert.match(findJsonProblem([deep])!.problem, /nested deeper/);
  for (let level = 0; level < 100_000; level++) deep = [deep];
  assert.match(findJsonProblem(deep)!.problem, /nested deeper/);
});

test("isTooDeep() counts brackets, but not those in texts", () => {
  assert.equal(isTooDeep("[".repeat(MAX_DEPTH)), false);
  assert.equal(isTooDeep("[".repeat(MAX_DEPTH + 1)), true);
  assert.equal(isTooDeep(`["${"[".repeat(1_000)}\\"${"{".repeat(9)}"]`), false);
  assert.equal(isTooDeep("[]".repeat(1_000)), false);
});
