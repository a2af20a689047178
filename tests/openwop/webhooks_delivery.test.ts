import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError, WebhookError } from "@tutti/sdk/http";
import { signWebhook, verifyWebhook } from "@tutti/sdk/openwop";
import {
  body,
  clock,
  now,
  requestOf,
  RUN_ID,
  secret,
  silentBody,
  WEBHOOK_ID,
} from "../support/webhooks.ts";

test("verifyWebhook() gives a delivery of version 2 in the shared model", async () => {
  const request = await signWebhook(body, secret, {
    clock,
    webhookId: WEBHOOK_ID,
  });
  const delivery = await verifyWebhook(request, secret, { clock });
  assert.deepEqual(delivery, {
    family: "v2",
    webhookId: WEBHOOK_ID,
    timestampMs: now,
    runId: RUN_ID,
    workspaceId: "ws-1",
    event: body.event,
    dedupKey: JSON.stringify([WEBHOOK_ID, RUN_ID, 7]),
  });
  // Types: the payload is narrowed by the type.
  if (delivery.event.type === "run.completed") {
    assert.equal(delivery.event.payload.outputs.ok, true);
  }
});

test("verifyWebhook() reads the bare event, the wrapper, and hosts that write seq and data", async () => {
  const bare = { type: "node.started", runId: "run-1", sequence: 3 };
  const payload = { nodeId: "a", typeId: "core.noop" };
  for (
    const content of [
      { ...bare, payload },
      { runId: "run-1", event: { type: bare.type, sequence: 3, payload } },
      { type: bare.type, runId: "run-1", seq: 3, data: payload, nodeId: null },
      { ...bare, payload, event: { ...bare, payload } },
    ]
  ) {
    const request = await signWebhook(content, secret, { clock });
    const { event, runId, webhookId, dedupKey } = await verifyWebhook(
      request,
      secret,
      { clock },
    );
    assert.equal(event.type, "node.started");
    assert.deepEqual(event.payload, payload);
    assert.equal(event.sequence, 3);
    assert.equal(event.runId, "run-1");
    assert.equal(runId, "run-1");
    assert.equal(webhookId, undefined);
    assert.equal(dedupKey, '[null,"run-1",3]');
  }
});

test("verifyWebhook() gives events of version 1 the names and payloads of version 2", async () => {
  const read = async (content: object) => {
    const request = await signWebhook(content, secret, { clock });
    return (await verifyWebhook(request, secret, { clock })).event;
  };
  const envelope = { runId: "run-1", sequence: 3 };
  const renamed = await read({
    ...envelope,
    type: "run.dead_lettered",
    payload: { runId: "run-1", reason: "tired", attempts: 3 },
  });
  assert.equal(renamed.type, "run.dead-lettered");
  assert.equal(renamed.wireType, "run.dead_lettered");
  // The node is named beside the payload.
  const node = await read({
    ...envelope,
    type: "node.completed",
    nodeId: "a",
    payload: null,
  });
  assert.equal(node.type === "node.completed" && node.payload.nodeId, "a");
  // Some hosts remove payloads.
  const completed = await read({ ...envelope, type: "run.completed" });
  assert.ok(completed.type === "run.completed");
  assert.deepEqual(completed.payload, { outputs: {} });
});

test("verifyWebhook() keeps an event that is not known, or lacks what its type promises", async () => {
  for (const type of ["run.started", "acme.thing.happened"]) {
    const content = { type, runId: "run-1", sequence: 3, payload: { a: 1 } };
    const request = await signWebhook(content, secret, { clock });
    const { event } = await verifyWebhook(request, secret, { clock });
    assert.ok(event.type === "unknown");
    assert.equal(event.wireType, type);
    assert.deepEqual(event.payload, { a: 1 });
  }
});

test("verifyWebhook() refuses a signed body that is no event", async () => {
  const event = body.event;
  for (
    const content of [
      "",
      "null",
      "[]",
      '"text"',
      "{",
      new Uint8Array([0x7b, 0xff, 0x7d]),
      "{}",
      JSON.stringify({ runId: "", event }),
      JSON.stringify({ runId: 7, event }),
      JSON.stringify({ runId: "r".repeat(513), event }),
      JSON.stringify({ runId: "r", event: { ...event, sequence: -1 } }),
      JSON.stringify({ runId: "r", event: { ...event, sequence: "7" } }),
      JSON.stringify({ runId: "r", event: { ...event, sequence: 1.5 } }),
      JSON.stringify({ runId: "r", event: { ...event, type: null } }),
      JSON.stringify({ runId: "r", event: [] }),
    ]
  ) {
    const request = await signWebhook(content, secret, { clock });
    await assert.rejects(
      verifyWebhook(request, secret, { clock }),
      (error) => WebhookError.is(error) && error.problem === "malformed",
      String(content),
    );
  }
  const request = await signWebhook(body, secret, {
    clock,
    webhookId: "w".repeat(513),
  });
  await assert.rejects(verifyWebhook(request, secret, { clock }), {
    problem: "malformed",
  });
});

test("verifyWebhook() lets no body change a prototype", async () => {
  const text = '{"runId":"r","__proto__":{"polluted":1},"event":' +
    '{"type":"x","sequence":0,"payload":{"__proto__":{"polluted":1}}}}';
  const request = await signWebhook(text, secret, { clock });
  const { event } = await verifyWebhook(request, secret, { clock });
  assert.equal("polluted" in {}, false);
  assert.equal("polluted" in (event.payload as object), false);
});

test("verifyWebhook() dedup keys of different deliveries differ, whatever the ids hold", async () => {
  const keys = new Set<string>();
  const ids = [["a", "b/c"], ["a/b", "c"], ["a", 'b","c'], ['a","b', "c"]];
  for (const [webhookId, runId] of ids) {
    const content = { runId, event: { type: "x", sequence: 1 } };
    const request = await signWebhook(content, secret, { clock, webhookId });
    keys.add((await verifyWebhook(request, secret, { clock })).dedupKey);
  }
  assert.equal(keys.size, ids.length);
});

test("verifyWebhook() reads no more than maxBodyBytes", async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const signed = await signWebhook(bytes, secret, { clock });
  const maxBodyBytes = bytes.length;
  const announced = (length: string, content: BodyInit) =>
    requestOf(
      { ...Object.fromEntries(signed.headers), "content-length": length },
      content,
    );
  await verifyWebhook(announced(`${bytes.length}`, bytes), secret, {
    clock,
    maxBodyBytes,
  });
  for (
    const request of [
      announced(`${bytes.length + 1}`, bytes),
      requestOf(Object.fromEntries(signed.headers), bytes),
    ]
  ) {
    await assert.rejects(
      verifyWebhook(request, secret, {
        clock,
        maxBodyBytes: maxBodyBytes - 1,
      }),
      { name: "WebhookError", problem: "too-large" },
    );
  }
  for (const wrong of [0, -1, NaN]) {
    await assert.rejects(
      verifyWebhook(signed.clone(), secret, { clock, maxBodyBytes: wrong }),
      { code: "invalid-argument", path: "maxBodyBytes" },
    );
  }
});

test("verifyWebhook() stops a body that does not end once it is too large", async () => {
  const { headers } = await signWebhook("{}", secret, { clock });
  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel() {
      cancelled = true;
    },
  });
  const request = requestOf(headers, endless);
  await assert.rejects(
    verifyWebhook(request, secret, { clock, maxBodyBytes: 10_000 }),
    { problem: "too-large" },
  );
  assert.ok(pulled < 20);
  assert.equal(cancelled, true);
});

test("verifyWebhook() tells when the body broke off, and when its request was aborted", async () => {
  const { headers } = await signWebhook("{}", secret, { clock });
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error("reset")),
  });
  await assert.rejects(
    verifyWebhook(requestOf(headers, broken), secret, { clock }),
    { name: "WebhookError", problem: "unreadable", retryable: true },
  );

  const { content, reading } = silentBody();
  const gone = new AbortController();
  const verifying = verifyWebhook(
    requestOf(headers, content, gone.signal),
    secret,
    { clock },
  );
  const refused = assert.rejects(verifying, { problem: "unreadable" });
  await reading;
  gone.abort(new Error("the sender went away"));
  await refused;
});

test("verifyWebhook() refuses a request whose body somebody has read", async () => {
  const request = await signWebhook(body, secret, { clock });
  await request.text();
  await assert.rejects(
    verifyWebhook(request, secret, { clock }),
    (error) => InvalidArgumentError.is(error) && error.path === "request",
  );
});
