import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import { createHost } from "@tutti/sdk/host";
import {
  gate,
  inputFrom,
  noop,
  stepOf,
  Wire,
  workflowOf,
} from "../support/wire.ts";

const errors: unknown[] = [];
const host = createHost({
  workflows: [noop, gate(), stepOf((input: { value?: unknown }) => input)],
  onError: (error, { nodeId }) => {
    if (nodeId === undefined) errors.push(error);
  },
});
const wire = new Wire(host);

test("malformed bodies are refused in the envelope", async () => {
  const cases: [string | Uint8Array, number, string][] = [
    ["{", 400, "validation_error"],
    ["{'a':1}", 400, "validation_error"],
    ["\uFEFFx", 400, "validation_error"],
    ["NaN", 400, "validation_error"],
    [
      new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
      400,
      "validation_error",
    ],
    ["[".repeat(100_000), 400, "validation_error"],
    [
      `{"workflowId":"conformance-noop","metadata":${'{"a":'.repeat(5_000)}1${
        "}".repeat(5_000)
      }}`,
      400,
      "validation_error",
    ],
    [`"${"x".repeat(1024 * 1024)}"`, 413, "payload_too_large"],
  ];
  for (const [body, status, code] of cases) {
    const response = await host.fetch(`${host.url}/runs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body as BodyInit,
    });
    assert.equal(response.status, status);
    assert.equal((await response.json()).error, code);
    assert.equal(response.headers.get("openwop-version"), "2.0");
  }
});

test("a body of another type is refused", async () => {
  const body = JSON.stringify({ workflowId: "conformance-noop" });
  for (
    const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "multipart/form-data",
    ]
  ) {
    const answer = await wire.post("/runs", body, { "content-type": type });
    assert.equal(answer.status, 415, type);
    assert.equal(answer.body.error, "unsupported_media_type");
  }
  for (const type of ["application/json; charset=utf-8", "Application/JSON"]) {
    const answer = await wire.post("/runs", body, { "content-type": type });
    assert.equal(answer.status, 201, type);
  }
});

test("a body that never ends is cut at the limit", async () => {
  let chunks = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks++;
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
    },
    cancel() {
      cancelled = true;
    },
  });
  const response = await host.fetch(`${host.url}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: endless,
    duplex: "half",
  } as RequestInit);
  assert.equal(response.status, 413);
  assert.ok(chunks < 40, `${chunks} chunks were read`);
  assert.ok(cancelled);
});

test("a body that hangs is let go of when its caller gives up", async () => {
  let cancelled = false;
  const hanging = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true;
    },
  });
  const controller = new AbortController();
  const call = host.fetch(`${host.url}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: hanging,
    duplex: "half",
    signal: controller.signal,
  } as RequestInit);
  const reason = new Error("enough");
  controller.abort(reason);
  await assert.rejects(call, reason);
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  assert.ok(cancelled);
});

test("keys that could reach a prototype are inert wherever they stand", async () => {
  const evil = '{"polluted":"yes","toString":"evil"}';
  const spellings = ["__proto__", "\\u005f_proto__", "constructor"];
  for (const key of spellings) {
    const nested = `{"${key}":${evil},"a":{"${key}":${evil}}}`;
    const bodies = [
      `{"workflowId":"one-step","inputs":${nested}}`,
      `{"workflowId":"one-step","inputs":{"value":${nested}}}`,
      `{"workflowId":"one-step","metadata":${nested}}`,
      `{"workflowId":"one-step","configurable":{"version":1,"extensions":${nested}}}`,
    ];
    for (const body of bodies) {
      const created = await wire.post("/runs", body);
      assert.equal(created.status, 201);
      const run = `/runs/${encodeURIComponent(created.body.runId)}`;
      await wire.reach(run, "completed");
      assert.equal(({} as { polluted?: string }).polluted, undefined);
      assert.equal(typeof {}.toString, "function");
      const text = JSON.stringify((await wire.get(run)).body);
      assert.doesNotMatch(text, /__proto__/);
    }
    const root = `{"workflowId":"one-step","${key}":${evil}}`;
    assert.ok([201, 400].includes((await wire.post("/runs", root)).status));
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  }
});

test("node ids that look like properties of every object are ordinary ids", async () => {
  const odd = workflowOf("odd", [
    { id: "constructor", typeId: "core.noop" },
    { id: "toString", typeId: "core.approvalGate", after: ["constructor"] },
    {
      id: "hasOwnProperty",
      typeId: "local.test.step",
      inputs: inputFrom("__proto__x"),
      after: ["toString"],
    },
  ], [{ typeId: "local.test.step", run: () => ({ constructor: 1 }) }]);
  const wire = new Wire(createHost({ workflows: [odd] }));
  const run = await wire.start("odd");
  await wire.reach(run, "waiting-approval");
  assert.equal((await wire.accept(run, "valueOf")).status, 404);
  assert.equal((await wire.accept(run, "toString")).status, 200);
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(Object.keys(nodeStates), [
    "constructor",
    "toString",
    "hasOwnProperty",
  ]);
});

test("paths that try to get out lead nowhere", async () => {
  const id = "local~2Faaaaaaaaaaaaaaaa";
  const paths = [
    "/runs/../../secret",
    "/runs/%2e%2e%2fsecret",
    "/runs/..%2f..%2fx",
    "/runs/local%2F..%2F..%2Faaaaaaaaaaaaaaaa",
    `/runs/${id}%00`,
    `/runs/${id}/events/../cancel`,
    "/runs/local%252Faaaaaaaaaaaaaaaa",
    `/runs/${"a".repeat(10_000)}`,
    "/workflows/..%2f..",
    "/workflows/__proto__",
    "/workflows/constructor",
    "//evil.example/runs",
    "/runs/%f0%9f%8e%bb",
    "/\\runs",
    "/runs/%",
    "/runs/~",
  ];
  for (const path of paths) {
    const { status } = await wire.get(path);
    assert.ok(status === 400 || status === 404, `${path} gave ${status}`);
  }
});

test("fetch() never fails, whatever is sent", async () => {
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const segment = fc.oneof(
    fc.constantFrom(
      "runs",
      run.slice("/runs/".length),
      "events",
      "poll",
      "cancel",
      "interrupts",
      "gate",
      "workflows",
      "..",
      ":fork",
      "%",
      "~2F",
    ),
    fc.webSegment(),
  );
  const request = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
    path: fc.array(segment, { maxLength: 5 }).map((all) => `/${all.join("/")}`),
    query: fc.option(fc.webQueryParameters(), { nil: "" }),
    body: fc.oneof(
      fc.json(),
      fc.string(),
      fc.json({ maxDepth: 2 }).map((value) =>
        `{"workflowId":"one-step","inputs":${value}}`
      ),
      fc.json().map((value) => `{"resumeValue":${value}}`),
      fc.json().map((value) => `{"mode":"branch","fromSeq":${value}}`),
      fc.constant("{}"),
    ),
    header: fc.constantFrom(
      "openwop-version",
      "idempotency-key",
      "last-event-id",
      "if-none-match",
      "x-nothing",
    ),
    value: fc.string({ unit: "grapheme-ascii", maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      // An open question keeps its stream open.
      if (/events$/.test(one.path)) return;
      const { method, path, query, body, header, value } = one;
      const response = await host.fetch(
        `${host.url}${path}?${query}&timeout=1`,
        {
          method,
          headers: {
            "content-type": "application/json",
            [header]: value.trim(),
          },
          ...(method !== "GET" && { body }),
        },
      );
      assert.ok(response.status < 500, String(response.status));
      assert.equal(response.headers.get("openwop-version"), "2.0");
      await response.text();
    }),
    { numRuns: 400 },
  );
  assert.deepEqual(errors, []);
  assert.equal(({} as { polluted?: string }).polluted, undefined);
});
