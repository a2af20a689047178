import assert from "node:assert/strict";
import test from "node:test";
import {
  OPERATIONS,
  readOperation,
  UnsupportedError,
} from "@tutti/sdk/openwop";
import type { OperationName } from "@tutti/sdk/openwop";
import { callOperation, operationsOf } from "../support/operation_answer.ts";
import { operationCalls } from "../support/operation_calls.ts";
import { broken } from "../support/scripted_fetch.ts";

const names = Object.keys(operationCalls) as OperationName[];

test("OPERATIONS has the 55 operations of version 2 and what version 1 has beside them", () => {
  assert.deepEqual(Object.keys(OPERATIONS).sort(), [...names].sort());
  assert.equal([...operationsOf(2)].length, 55);
  for (const name of names) {
    const { v1, v2 } = operationCalls[name];
    const majors = [...(v1 ? [1] : []), ...(v2 ? [2] : [])];
    for (const major of [1, 2] as const) {
      assert.deepEqual(readOperation(name, major).majors, majors, name);
    }
  }
});

for (const major of [1, 2] as const) {
  test(`every operation sends what the references say when the host speaks version ${major}`, async () => {
    let count = 0;
    for (const { name, row, line } of operationsOf(major)) {
      const { requests, error } = await callOperation(row, major);
      assert.equal(error, undefined, name);
      const [request] = requests;
      assert.ok(request, name);
      assert.equal(`${request.method} ${request.path}`, line, name);
      const { headers } = request;
      assert.deepEqual(
        request.text ? JSON.parse(request.text) : undefined,
        row.body,
        name,
      );
      assert.equal(
        headers.get("content-type"),
        row.body === undefined ? null : "application/json",
        name,
      );
      assert.equal(
        headers.get("authorization"),
        row.auth === false ? null : "Bearer key-1",
        name,
      );
      assert.equal(
        headers.get("openwop-version"),
        major === 2 ? "2.0" : null,
        name,
      );
      const isKeyed = request.method !== "GET" && row.contract !== "never";
      assert.equal(headers.has("idempotency-key"), isKeyed, name);
      count++;
    }
    assert.equal(count, major === 2 ? 55 : 56);
  });

  test(`every operation is repeated as its contract allows when a version ${major} answer is lost`, async () => {
    for (const { name, row } of operationsOf(major)) {
      // Streams make a policy of their own.
      if (name === "runs.stream" || name === "host.events") continue;
      const { requests, error } = await callOperation(row, major, [broken]);
      const keys = requests.map(({ headers }) =>
        headers.get("idempotency-key")
      );
      if (row.contract === "never") {
        assert.equal((error as { code?: string }).code, "network", name);
        assert.equal(requests.length, 1, name);
      } else {
        assert.equal(error, undefined, name);
        assert.equal(requests.length, 2, name);
        assert.equal(keys[0], keys[1], name);
      }
    }
  });

  test(`an operation that version ${major} does not have is unsupported, and nothing is sent`, async () => {
    let count = 0;
    for (const name of names) {
      const row = operationCalls[name];
      if ((major === 2 ? row.v2 : row.v1) !== undefined) continue;
      const { requests, error } = await callOperation(row, major);
      assert.ok(UnsupportedError.is(error), name);
      assert.equal(error.code, "unsupported");
      assert.equal(error.operation, name);
      assert.equal(error.major, major);
      assert.equal(error.retryable, false);
      assert.equal(requests.length, 0, name);
      count++;
    }
    assert.equal(count, major === 2 ? 8 : 7);
  });
}

test("readOperation() knows the capability of each operation in each major", () => {
  for (const name of names) {
    const { gate = [] } = operationCalls[name];
    const [v2, v1 = gate.length > 1 ? undefined : v2] = gate;
    assert.equal(readOperation(name, 2).capability, v2, name);
    if (name === "runs.list") continue;
    assert.equal(readOperation(name, 1).capability, v1, name);
  }
});
