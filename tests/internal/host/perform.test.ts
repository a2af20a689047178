import assert from "node:assert/strict";
import test from "node:test";
import {
  findJsonProblem,
  isIdempotencyKey,
  MAX_DEPTH,
} from "@tutti/sdk/openwop";
import { executionIdOf } from "../../../src/host/ids.ts";
import { isTooDeep } from "../../../src/host/json_value.ts";
import { definitionOf } from "../../support/wire.ts";

test("executionIdOf() names one execution and fits Idempotency-Key, whatever the ids", () => {
  const definition = definitionOf("d", [
    { id: "x".repeat(500), typeId: "core.noop" },
    { id: "__proto__ 🎻", typeId: "core.noop" },
  ]);
  const keys = new Set<string>();
  for (const opaque of ["r".repeat(16), "s".repeat(90)]) {
    for (const { id } of definition.nodes) {
      for (const visit of [1, 999_999_999]) {
        const key = executionIdOf(`acme/${opaque}`, definition, id, visit);
        assert.ok(isIdempotencyKey(key), key);
        keys.add(key);
      }
    }
  }
  assert.equal(keys.size, 8);
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
