import assert from "node:assert/strict";
import test from "node:test";
import { childTrace, createTrace, parseTraceparent } from "@tutti/sdk/http";
import { json } from "../support/scripted_fetch.ts";
import { bench, read } from "../support/transport.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

test("parseTraceparent() reads what is right, and nothing else", () => {
  const sampled = { traceId, spanId, sampled: true };
  const good = [
    [`00-${traceId}-${spanId}-01`, sampled],
    [`00-${traceId}-${spanId}-00`, { ...sampled, sampled: false }],
    [`00-${traceId}-${spanId}-03`, sampled],
    [`cc-${traceId}-${spanId}-01-what-the-future-holds`, sampled],
  ] as const;
  for (const [text, parts] of good) {
    assert.deepEqual(parseTraceparent(text), parts);
  }
  const bad = [
    null,
    undefined,
    "",
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    ` 00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-1`,
    `cc-${traceId}-${spanId}-01.`,
  ];
  for (const text of bad) assert.equal(parseTraceparent(text), undefined);
});

test("createTrace() begins a trace of its own each time, sampled unless told otherwise", () => {
  const traces = Array.from({ length: 50 }, () => createTrace());
  const ids = traces.map(({ traceparent }) => parseTraceparent(traceparent));
  assert.equal(new Set(ids.map((id) => id?.traceId)).size, 50);
  assert.ok(ids.every((id) => id?.sampled));
  assert.equal(
    parseTraceparent(createTrace(false).traceparent)?.sampled,
    false,
  );
});

test("childTrace() keeps the trace, its state and its sampling, and changes the span", () => {
  const parent = {
    traceparent: `00-${traceId}-${spanId}-00`,
    tracestate: "v=1",
  };
  const child = childTrace(parent);
  const parts = parseTraceparent(child.traceparent);
  assert.equal(parts?.traceId, traceId);
  assert.notEqual(parts?.spanId, spanId);
  assert.equal(parts?.sampled, false);
  assert.equal(child.tracestate, "v=1");
});

test("childTrace() begins a new trace when its parent is none, and drops the state", () => {
  const trace = childTrace({ traceparent: "00-1-2-3", tracestate: "v=1" });
  assert.ok(parseTraceparent(trace.traceparent));
  assert.equal(trace.tracestate, undefined);
});

test("a trace that came in with a request goes out with the calls it causes, and comes back on their answers", async () => {
  const incoming = { traceparent: `00-${traceId}-${spanId}-01` };
  const { transport, clock, server } = bench([
    (request) =>
      Response.json(1, {
        headers: { traceparent: request.headers.get("traceparent")! },
      }),
    json(1, { headers: { traceparent: "garbage" } }),
  ], { trace: () => childTrace(incoming) });
  const reply = await clock.run(transport.call(read));
  assert.equal(reply.traceId, traceId);
  assert.notEqual(
    server.requests[0]?.headers.get("traceparent"),
    incoming.traceparent,
  );
  assert.equal((await clock.run(transport.call(read))).traceId, undefined);
});

test("traceId is read from traceparent, or from trace-id where a server sends that", async () => {
  const cases = [
    [{ traceparent: `00-${traceId}-${spanId}-01` }, traceId],
    [{ "trace-id": traceId }, traceId],
    [{ traceparent: `00-${traceId}-${spanId}-01`, "trace-id": "x" }, traceId],
    [{ "trace-id": `${traceId}0` }, undefined],
    [{ "trace-id": "7" }, undefined],
    [{}, undefined],
  ] as const;
  for (const [headers, expected] of cases) {
    for (const status of [200, 400]) {
      const { transport, clock } = bench([json(1, { status, headers })]);
      const told = await clock.run(
        transport.call(read).then(
          (reply) => reply.traceId,
          (error) => error.traceId,
        ),
      );
      assert.equal(told, expected, JSON.stringify(headers));
    }
  }
});
