import assert from "node:assert/strict";
import test from "node:test";
import { byOffset, createList } from "@tutti/sdk/http";
import type { CallOptions } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";

test("createList() makes each page a call with the options of the list", async () => {
  const calls: CallOptions[] = [];
  const list = createList<number, number>(
    "the numbers",
    { retry: false, headers: { "x-a": "b" }, cursor: { page: 1, skip: 1 } },
    byOffset((offset, call: CallOptions) => {
      calls.push(call);
      return Promise.resolve({ items: [offset, offset + 1], total: 5 });
    }),
  );
  assert.deepEqual(await list.toArray(), [2, 3, 4]);
  assert.equal(calls.length, 2);
  for (const { retry, headers, signal } of calls) {
    assert.equal(retry, false);
    assert.deepEqual(headers, { "x-a": "b" });
    assert.ok(signal instanceof AbortSignal);
  }
});

test("createList() ends the call under way when it is closed, and is named in errors as it should be", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const never = (_: unknown, { signal }: CallOptions): Promise<never> => {
    signals.push(signal);
    return new Promise(() => {});
  };
  const list = createList<number, number>("the numbers", {}, never);
  const next = list.next();
  await settle();
  await list.close();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.equal(signals[0]?.aborted, true);

  const signal = AbortSignal.abort("enough");
  await assert.rejects(
    createList<number, number>("the numbers", { signal }, never).next(),
    { code: "aborted", message: /the numbers/ },
  );
  const options = { signal, action: "my numbers" };
  await assert.rejects(
    createList<number, number>("the numbers", options, never).next(),
    { message: /my numbers/ },
  );
});
