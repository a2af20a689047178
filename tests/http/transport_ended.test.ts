import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import { json, silent } from "../support/scripted_fetch.ts";
import { bench, read } from "../support/transport.ts";

/** A promise and what ends it, in place of a hook that takes its time. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => open = resolve);
  return { passed, open };
}

test("call() sends nothing when it ended while it was signed", async () => {
  const controller = new AbortController();
  const signed = gate();
  let sent = 0;
  const { transport } = bench([], {
    sign: async (request) => {
      await signed.passed;
      return request;
    },
    // Unlike a real one, it does not look at the signal.
    fetch: () => {
      sent++;
      return Response.json(1);
    },
  });
  const call = transport.call(read, { signal: controller.signal });
  await settle();
  controller.abort();
  await assert.rejects(call, AbortedError);
  signed.open();
  await settle();
  assert.equal(sent, 0);
});

test("call() begins no try when it ended in the ring around it", async () => {
  const controller = new AbortController();
  const ready = gate();
  const steps: string[] = [];
  const { transport, clock, server } = bench([json(1)], {
    observe: (step) => steps.push(step),
    aroundCall: [async (request, next) => {
      await ready.passed;
      return await next(request);
    }],
    aroundAttempt: [(request, next) => {
      steps.push("middleware");
      return next(request);
    }],
  });
  const call = transport.call(read, { signal: controller.signal });
  await settle();
  controller.abort();
  await assert.rejects(call, AbortedError);
  ready.open();
  await settle();
  assert.deepEqual(steps, ["start", "end"]);
  assert.equal(server.requests.length, 0);
  assert.equal(clock.pending, 0);
});

test("call() plans no other try when it was aborted, even where every failure is worth one", async () => {
  const controller = new AbortController();
  const steps: string[] = [];
  const { transport, clock, server } = bench([silent, json(1)], {
    observe: (step) => steps.push(step),
  });
  const call = transport.call({ ...read, isRetryable: () => true }, {
    signal: controller.signal,
  });
  await settle();
  controller.abort();
  await assert.rejects(call, AbortedError);
  await settle();
  assert.equal(steps.includes("retry"), false);
  assert.equal(clock.pending, 0);
  assert.equal(server.requests.length, 1);
});
