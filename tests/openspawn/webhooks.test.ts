import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { answerHook, verifyWebhook } from "@tutti/sdk/openspawn";
import { bodyVectors } from "../support/vectors.ts";

const now = Date.parse("2026-01-02T03:04:05.678Z");
const clock = { now: (): number => now };
const secret = "whsec_example";

/** A delivery as the server makes it. */
function deliver(
  body: unknown,
  more: Record<string, string> = {},
  family = "x-openspawn-",
): Request {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const digest = createHmac("sha256", secret).update(text).digest("hex");
  return new Request("https://receiver.test/hook", {
    method: "POST",
    headers: {
      [`${family}signature`]: `sha256=${digest}`,
      [`${family}delivery`]: "d-1",
      ...more,
    },
    body: text,
  });
}

const timestamp = "2026-01-02T03:04:05.000Z";

test("verifyWebhook() believes the vector, under both families of headers", async () => {
  for (const { secretText, body, headerValue } of bodyVectors) {
    for (const family of ["X-OpenSpawn-", "X-BikiniBottom-"]) {
      const delivery = await verifyWebhook(
        new Request("https://receiver.test", {
          method: "POST",
          headers: { [`${family}Signature`]: headerValue },
          body,
        }),
        secretText,
        { clock },
      );
      assert.equal(delivery.kind, "test");
      assert.deepEqual(delivery.data, { message: "hello ✓" });
    }
  }
});

test("verifyWebhook() tells events from hooks, and knows the delivery", async () => {
  const event = await verifyWebhook(
    deliver({
      event: "task.created",
      timestamp,
      data: { id: "e", entityType: "task", data: { title: "T" } },
    }),
    secret,
    { clock },
  );
  assert.ok(event.kind === "event");
  assert.equal(event.data.entityType, "task");
  assert.equal(event.deliveryId, "d-1");
  const hook = await verifyWebhook(
    deliver(
      {
        event: "task.transition",
        timestamp,
        data: { taskId: "t", fromStatus: "review", toStatus: "done" },
      },
      { "x-bikinibottom-hook-type": "pre" },
      "x-bikinibottom-",
    ),
    ["another", secret],
    { clock },
  );
  assert.ok(hook.kind === "hook");
  assert.equal(hook.data.toStatus, "done");
});

test("verifyWebhook() refuses what is not signed so, changed, or of another time", async () => {
  const body = { event: "test", timestamp, data: {} };
  const signature = deliver(body).headers.get("x-openspawn-signature")!;
  const malformed = {
    name: "WebhookError",
    code: "webhook-invalid",
    problem: "malformed",
  };
  const cases: readonly [Request, object][] = [
    [new Request("https://r.test", { method: "POST", body: "{}" }), {
      code: "signature-invalid",
      check: "missing",
      header: "x-openspawn-signature",
    }],
    [deliver(body, { "x-openspawn-signature": signature.slice(7) }), {
      check: "malformed",
    }],
    [deliver(body, { "x-openspawn-signature": `sha256=${"0".repeat(64)}` }), {
      check: "mismatch",
    }],
    // The newer family counts where both are there.
    [deliver(body, { "x-bikinibottom-signature": "sha256=00" }), {
      check: "mismatch",
    }],
    [deliver({ ...body, timestamp: "2026-01-02T02:00:00Z" }), malformed],
    [deliver({ ...body, timestamp: "no" }), malformed],
    [deliver({ event: "test" }), malformed],
    [deliver("[]"), malformed],
    [deliver("no JSON"), malformed],
  ];
  for (const [request, wanted] of cases) {
    await assert.rejects(verifyWebhook(request, secret, { clock }), wanted);
  }
  await assert.rejects(verifyWebhook(deliver(body), "guess", { clock }), {
    check: "mismatch",
  });
  await assert.rejects(verifyWebhook(deliver(body), "", { clock }), {
    code: "invalid-argument",
  });
});

test("verifyWebhook() takes an unread body of a bounded size", async () => {
  const body = { event: "test", timestamp, data: { text: "x".repeat(99) } };
  await assert.rejects(
    verifyWebhook(deliver(body), secret, { clock, maxBodyBytes: 50 }),
    { code: "webhook-invalid", name: "WebhookError", problem: "too-large" },
  );
  for (const maxBodyBytes of [0, -1, NaN]) {
    await assert.rejects(
      verifyWebhook(deliver(body), secret, { clock, maxBodyBytes }),
      { code: "invalid-argument", path: "maxBodyBytes" },
    );
  }
  const cut = new Request("https://receiver.test/", {
    method: "POST",
    headers: { "x-openspawn-signature": "sha256=00" },
    body: new ReadableStream({
      pull: (controller) => controller.error(new TypeError("cut")),
    }),
    duplex: "half",
  } as RequestInit);
  await assert.rejects(verifyWebhook(cut, secret, { clock }), {
    name: "WebhookError",
    problem: "unreadable",
    retryable: true,
  });
  const read = deliver(body);
  await read.text();
  await assert.rejects(verifyWebhook(read, secret, { clock }), {
    code: "invalid-argument",
    path: "request",
  });
  const any = { clock: { now: () => 0 }, toleranceMs: Infinity };
  assert.equal((await verifyWebhook(deliver(body), secret, any)).event, "test");
});

test("verifyWebhook() keeps keys that would change a prototype out", async () => {
  const text =
    `{"event":"x","timestamp":"${timestamp}","data":{"__proto__":{"admin":true}}}`;
  const { data } = await verifyWebhook(deliver(text), secret, { clock });
  assert.deepEqual(Object.keys(data as object), []);
});

test("answerHook() writes what the server reads", async () => {
  assert.deepEqual(await answerHook(true).json(), { allow: true });
  assert.deepEqual(await answerHook(false, "no").json(), {
    allow: false,
    reason: "no",
  });
});
