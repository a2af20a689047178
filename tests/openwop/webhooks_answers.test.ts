import assert from "node:assert/strict";
import test from "node:test";
import { SignatureError, WebhookError } from "@tutti/sdk/http";
import { receiveWebhook, signWebhook } from "@tutti/sdk/openwop";
import type { ReceiveWebhookOptions } from "@tutti/sdk/openwop";
import {
  bare,
  body,
  clock,
  companion,
  delivery,
  now,
  receiver,
  requestOf,
  secret,
  silentBody,
} from "../support/webhooks.ts";

const json = { "content-type": "application/json" };

test("receiveWebhook() answers with 401 what it cannot trust, and says no more", async () => {
  const { receive, handled, errors, refused } = receiver();
  const stripped = await delivery();
  stripped.headers.delete("openwop-signature");
  const unsigned = () => requestOf(json, JSON.stringify(body));
  const large = requestOf(json, "x".repeat(10_000));
  for (
    const request of [
      await delivery(7, {}, "another secret"),
      await delivery(7, { clock: { now: () => now - 301_000 } }),
      stripped,
      unsigned(),
      large,
      requestOf(json, ""),
    ]
  ) {
    assert.equal(await bare(receive(request)), 401);
  }
  assert.deepEqual(
    refused.map((error) => SignatureError.is(error) && error.check),
    ["mismatch", "expired", "missing", "missing", "missing", "missing"],
  );
  assert.deepEqual([handled.length, errors.length], [0, 0]);
  const strict = receiver({ answerChallenges: false });
  assert.equal(await bare(strict.receive(unsigned())), 401);
});

test("receiveWebhook() answers other methods, types, sizes and shapes with their statuses", async () => {
  const { receive, handled, refused } = receiver({ maxBodyBytes: 1_000 });
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
    const response = await receive(
      new Request("https://receiver.test/", { method }),
    );
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "POST");
  }
  for (const type of ["text/plain", "application/jsonp", undefined]) {
    const request = await delivery();
    if (type) request.headers.set("content-type", type);
    else request.headers.delete("content-type");
    assert.equal(await bare(receive(request)), 415);
  }
  const large = await signWebhook("x".repeat(1_001), secret, { clock });
  assert.equal(await bare(receive(large)), 413);
  const shapeless = await signWebhook("[]", secret, { clock });
  assert.equal(await bare(receive(shapeless)), 400);
  assert.equal(handled.length, 0);
  assert.deepEqual(
    refused.map((error) => WebhookError.is(error) && error.problem),
    ["too-large", "malformed"],
  );
  for (
    const type of ["Application/JSON; charset=utf-8", "application/a+json"]
  ) {
    const request = await delivery();
    request.headers.set("content-type", type);
    assert.equal(await bare(receive(request)), 204);
  }
});

test("receiveWebhook() ends with the request when its sender goes away", async () => {
  const { receive, handled } = receiver();
  const { headers } = await delivery();
  const { content, reading } = silentBody(new Uint8Array([0x7b]));
  const gone = new AbortController();
  const answer = receive(requestOf(headers, content, gone.signal));
  await reading;
  gone.abort();
  assert.equal(await bare(answer), 400);
  assert.equal(handled.length, 0);
});

test("receiveWebhook() echoes the challenge of a host, unsigned or well signed", async () => {
  const { receive, handled, refused } = receiver({ secret: companion });
  const challenge = { type: "openwop.webhook.verification", challenge: "a-1" };
  const text = JSON.stringify(challenge);
  const families = ["v2", "standard-webhooks"] as const;
  const signed = (key: string) =>
    signWebhook(challenge, key, { clock, families });
  for (const request of [requestOf(json, text), await signed(companion)]) {
    const response = await receive(request);
    assert.equal(response.status, 200);
    assert.match(
      response.headers.get("content-type") ?? "",
      /^application\/json/,
    );
    assert.deepEqual(await response.json(), { challenge: "a-1" });
  }
  const another = `whsec_${btoa("z".repeat(32))}`;
  assert.equal(await bare(receive(await signed(another))), 401);
  for (
    const wrong of [
      { ...challenge, challenge: 7 },
      { ...challenge, type: "openwop.webhook" },
      { ...challenge, challenge: "a".repeat(4_096) },
    ]
  ) {
    const request = requestOf(json, JSON.stringify(wrong));
    assert.equal(await bare(receive(request)), 401);
  }
  assert.equal(handled.length, 0);
  assert.equal(refused.length, 4);
});

test("receiveWebhook() echoes no challenge when it is told not to", async () => {
  const { receive } = receiver({ answerChallenges: false });
  const challenge = { type: "openwop.webhook.verification", challenge: "a-1" };
  const unsigned = requestOf(json, JSON.stringify(challenge));
  assert.equal(await bare(receive(unsigned)), 401);
  const signed = await signWebhook(challenge, secret, { clock });
  assert.equal(await bare(receive(signed)), 400);
});

test("receiveWebhook() answers also when those it tells throw", async () => {
  const fail = () => {
    throw new Error("no log");
  };
  const { receive } = receiver({
    onEvent: fail,
    onError: fail,
    onRefused: fail,
  });
  assert.equal(await bare(receive(await delivery())), 500);
  assert.equal(await bare(receive(await delivery(7, {}, "another"))), 401);
});

test("receiveWebhook() tells of its own mistakes, and asks for the event again", async () => {
  const down = receiver({
    secret: () => Promise.reject(new Error("no secrets")),
  });
  assert.equal(await bare(down.receive(await delivery())), 500);
  assert.deepEqual(down.errors.map(String), ["Error: no secrets"]);

  const { receive, errors } = receiver();
  const request = await delivery();
  await request.text();
  assert.equal(await bare(receive(request)), 500);
  assert.match(String(errors[0]), /read before/);
});

test("receiveWebhook() refuses at once what cannot be right", () => {
  const onEvent = () => {};
  const wrong: readonly Partial<ReceiveWebhookOptions>[] = [
    { secret: "" },
    { secret: [] },
    { secret: undefined as unknown as string },
    { toleranceMs: 0 },
    { maxBodyBytes: 0 },
  ];
  for (const options of wrong) {
    assert.throws(() => receiveWebhook({ secret, onEvent, ...options }), {
      code: "invalid-argument",
    });
  }
});
