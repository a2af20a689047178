import assert from "node:assert/strict";
import test from "node:test";
import { SignatureError } from "@tutti/sdk/http";
import {
  signWebhook,
  verifyWebhook,
  verifyWebhookSignature,
} from "@tutti/sdk/openwop";
import type { WebhookFamily } from "@tutti/sdk/openwop";
import { deliveryVectors, observedVectors } from "../support/vectors.ts";
import {
  body,
  clock,
  companion,
  now,
  requestOf,
  secret,
  WEBHOOK_ID,
} from "../support/webhooks.ts";

/** A signed request whose headers were changed afterwards; `undefined` takes one away. */
async function changed(
  headers: Readonly<Record<string, string | undefined>>,
  families: readonly WebhookFamily[] = ["v2"],
): Promise<Request> {
  const request = await signWebhook(body, secret, { families, clock });
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) request.headers.delete(name);
    else request.headers.set(name, value);
  }
  return request;
}

test("verifyWebhook() accepts every delivery vector that is valid, and reads its event", async () => {
  const valid = deliveryVectors.filter(({ expect }) => expect === "valid");
  assert.equal(valid.length, 8);
  for (const vector of valid) {
    const options = {
      clock: { now: () => vector.verifyAtUnixSeconds * 1_000 },
      toleranceMs: vector.freshnessWindowSeconds * 1_000,
      // The one spelling among them that is older than the text.
      legacy: vector.name === "v1-legacy-sdk-family",
    };
    const headers = new Headers(vector.headers);
    const bytes = new TextEncoder().encode(vector.bodyUtf8);
    for (const content of [vector.bodyUtf8, bytes]) {
      const { timestampMs } = await verifyWebhookSignature(
        headers,
        content,
        vector.secret,
        options,
      );
      assert.equal(timestampMs, vector.timestamp * 1_000, vector.name);
    }
    const reading = verifyWebhook(
      requestOf(vector.headers, bytes),
      vector.secret,
      options,
    );
    if (vector.name === "v1-empty-object-body") {
      // Well signed, and no event: the signature was not what failed.
      await assert.rejects(reading, {
        name: "WebhookError",
        problem: "malformed",
      });
      continue;
    }
    const delivery = await reading;
    const content = JSON.parse(vector.bodyUtf8);
    assert.equal(delivery.runId, content.runId, vector.name);
    assert.equal(delivery.workspaceId, content.workspaceId);
    assert.equal(delivery.event.sequence, content.event.sequence);
    assert.equal(delivery.event.runId, content.runId);
    assert.equal(
      delivery.webhookId,
      vector.headers["OpenWOP-Webhook-Id"] ??
        vector.headers["X-openwop-Webhook-Id"],
    );
  }
});

test("verifyWebhook() refuses every delivery vector that is not valid, and says which check it failed", async () => {
  const checks: Record<string, readonly [string, string]> = {
    signature_mismatch: ["mismatch", "x-openwop-signature"],
    timestamp_expired: ["expired", "x-openwop-timestamp"],
    timestamp_too_far_in_future: ["early", "x-openwop-timestamp"],
    malformed_signature_header: ["malformed", "x-openwop-signature"],
    malformed_timestamp_header: ["malformed", "x-openwop-timestamp"],
    missing_signature_header: ["missing", "x-openwop-signature"],
    unsupported_algorithm: ["unsupported", "x-openwop-signature-algorithm"],
  };
  const invalid = deliveryVectors.filter(({ expect }) => expect === "invalid");
  assert.equal(invalid.length, 10);
  for (const vector of invalid) {
    const [check, header] = checks[vector.reason ?? ""] ?? [];
    for (const legacy of [false, true]) {
      await assert.rejects(
        verifyWebhook(
          requestOf(vector.headers, vector.bodyUtf8),
          vector.secret,
          {
            clock: { now: () => vector.verifyAtUnixSeconds * 1_000 },
            toleranceMs: vector.freshnessWindowSeconds * 1_000,
            legacy,
          },
        ),
        { name: "SignatureError", code: "signature-invalid", check, header },
        vector.name,
      );
    }
  }
});

test("verifyWebhook() reads the deliveries of the reference hosts, and only with legacy", async () => {
  const families = ["reference-hosts", "reference-app"];
  assert.equal(observedVectors.length, families.length);
  for (const [index, vector] of observedVectors.entries()) {
    const request = () => requestOf(vector.headers, vector.bodyUtf8);
    const delivery = await verifyWebhook(request(), vector.secret, {
      clock,
      legacy: true,
    });
    assert.equal(delivery.family, families[index]);
    assert.equal(delivery.webhookId, "wh_000001");
    assert.equal(delivery.event.type, "run.completed");
    assert.equal(delivery.timestampMs, now);
    await assert.rejects(
      verifyWebhook(request(), vector.secret, { clock }),
      (error) =>
        SignatureError.is(error) && error.check === "missing" &&
        /legacy: true/.test(error.hint ?? ""),
    );
    await assert.rejects(
      verifyWebhook(request(), "another", { clock, legacy: true }),
      { check: "mismatch" },
    );
    await assert.rejects(
      verifyWebhook(request(), vector.secret, {
        clock: { now: () => now + 301_000 },
        legacy: true,
      }),
      { check: "expired" },
    );
  }
});

test("verifyWebhook() names the header of the reference app, whatever was wrong in it", async () => {
  const families = ["reference-app"] as const;
  for (
    const [value, check] of [
      ["t=1767225600,v1=xyz", "malformed"],
      ["t=1767225600", "malformed"],
      ["t=1,v1=00", "expired"],
      ["t=1767225600,v1=00", "mismatch"],
    ] as const
  ) {
    const request = await changed({ "openwop-signature": value }, families);
    await assert.rejects(
      verifyWebhook(request, secret, { clock, legacy: true }),
      { check, header: "openwop-signature" },
    );
  }
});

test("verifyWebhook() accepts mixed spellings of name and value with legacy only", async () => {
  for (const prefix of ["v1=", ""]) {
    const signed = await signWebhook(body, secret, { families: ["v1"], clock });
    const value = signed.headers.get("x-openwop-signature")!
      .replace("sha256=", prefix);
    const request = () => changed({ "x-openwop-signature": value }, ["v1"]);
    const options = { clock, legacy: true };
    const { family } = await verifyWebhook(await request(), secret, options);
    assert.equal(family, "v1");
    await assert.rejects(verifyWebhook(await request(), secret, { clock }), {
      check: "malformed",
      header: "x-openwop-signature",
    });
  }
});

test("verifyWebhook() prefers the headers of version 2 where a host sends both", async () => {
  const request = await signWebhook(body, secret, {
    families: ["v1", "v2"],
    clock,
  });
  assert.equal((await verifyWebhook(request, secret, { clock })).family, "v2");
  const forged = await changed({
    "openwop-signature": `sha256=${"0".repeat(64)}`,
  }, ["v1", "v2"]);
  await assert.rejects(verifyWebhook(forged, secret, { clock }), {
    check: "mismatch",
    header: "openwop-signature",
  });
});

test("verifyWebhook() says which header is missing", async () => {
  for (
    const [headers, missing] of [
      [{ "openwop-signature": undefined }, "openwop-signature"],
      [{ "openwop-timestamp": undefined }, "openwop-timestamp"],
      [{
        "openwop-signature": undefined,
        "openwop-timestamp": undefined,
      }, "openwop-signature"],
    ] as const
  ) {
    await assert.rejects(
      verifyWebhook(await changed(headers), secret, { clock }),
      { check: "missing", header: missing },
    );
  }
});

test("verifyWebhook() refuses an algorithm that it does not know, also one in another spelling", async () => {
  for (const algorithm of ["v2", "V1", "none", "", "standard-webhooks-1"]) {
    const request = await changed({ "openwop-signature-algorithm": algorithm });
    await assert.rejects(verifyWebhook(request, secret, { clock }), {
      check: "unsupported",
      header: "openwop-signature-algorithm",
    });
    assert.equal(request.bodyUsed, false);
  }
});

test("verifyWebhook() keeps the window on both ends, to the second", async () => {
  const at = async (seconds: number, toleranceMs?: number): Promise<string> => {
    const request = await signWebhook(body, secret, { clock });
    const options = { clock: { now: () => now + seconds * 1_000 } };
    try {
      await verifyWebhook(request, secret, { ...options, toleranceMs });
      return "accepted";
    } catch (error) {
      return SignatureError.is(error) ? error.check : "thrown";
    }
  };
  assert.equal(await at(300), "accepted");
  assert.equal(await at(-300), "accepted");
  assert.equal(await at(301), "expired");
  assert.equal(await at(-301), "early");
  assert.equal(await at(10, 10_000), "accepted");
  assert.equal(await at(11, 10_000), "expired");
});

test("verifyWebhook() accepts each of several secrets, so that they can rotate", async () => {
  for (const current of ["newest", "oldest"]) {
    const request = await signWebhook(body, current, { clock });
    await verifyWebhook(request, ["newest", "oldest"], { clock });
  }
  await assert.rejects(
    verifyWebhook(
      await signWebhook(body, "retired", { clock }),
      ["newest", "oldest"],
      { clock },
    ),
    { check: "mismatch" },
  );
});

test("verifyWebhook() asks a function for the secret of the subscription, which binds the id", async () => {
  const secrets = new Map([["wh-1", ["a"]], ["wh-2", ["b", "c"]]]);
  const lookUp = (id: string | undefined) =>
    Promise.resolve(secrets.get(id ?? ""));
  const signed = (webhookId: string, key: string) =>
    signWebhook(body, key, { clock, webhookId });
  await verifyWebhook(await signed("wh-1", "a"), lookUp, { clock });
  await verifyWebhook(await signed("wh-2", "c"), lookUp, { clock });
  for (const [id, key] of [["wh-2", "a"], ["wh-1", "b"], ["wh-3", "a"]]) {
    await assert.rejects(
      verifyWebhook(await signed(id!, key!), lookUp, { clock }),
      { check: "mismatch" },
    );
  }
});

test("verifyWebhook() takes the companion scheme where it is all there is", async () => {
  const families = ["standard-webhooks"] as const;
  const signed = () =>
    signWebhook(body, companion, { families, clock, webhookId: WEBHOOK_ID });
  const delivery = await verifyWebhook(await signed(), companion, { clock });
  assert.equal(delivery.family, "standard-webhooks");
  assert.equal(delivery.webhookId, WEBHOOK_ID);
  assert.equal(delivery.timestampMs, now);

  await verifyWebhook(await signed(), [secret, companion], { clock });
  await assert.rejects(verifyWebhook(await signed(), secret, { clock }), {
    check: "mismatch",
    header: "webhook-signature",
  });
  const another = await signed();
  another.headers.set("webhook-id", "msg_2");
  await assert.rejects(verifyWebhook(another, companion, { clock }), {
    check: "mismatch",
  });
  await assert.rejects(
    verifyWebhook(await signed(), companion, {
      clock: { now: () => now + 301_000 },
    }),
    { check: "expired", header: "webhook-timestamp" },
  );
});

test("verifyWebhook() prefers the scheme of the protocol beside its companion, under the secret as text", async () => {
  const request = await signWebhook(body, companion, {
    families: ["v2", "standard-webhooks"],
    clock,
  });
  const { family } = await verifyWebhook(request, companion, { clock });
  assert.equal(family, "v2");
});

test("verifyWebhook() refuses secrets and windows that cannot be right", async () => {
  const request = await signWebhook(body, secret, { clock });
  for (const wrong of ["", [], ["a", ""], undefined, null, 7, {}]) {
    await assert.rejects(
      verifyWebhook(request.clone(), wrong as string, { clock }),
      { code: "invalid-argument", path: "secret" },
    );
  }
  await assert.rejects(
    verifyWebhook(request.clone(), () => "", { clock }),
    { code: "invalid-argument", path: "secret" },
  );
  for (const toleranceMs of [0, -1, NaN]) {
    await assert.rejects(
      verifyWebhook(request.clone(), secret, { clock, toleranceMs }),
      { code: "invalid-argument", path: "toleranceMs" },
    );
  }
});

test("verifyWebhook() shows no secret, signature or body in its errors", async () => {
  const hidden = [secret, companion, "s3cret-body", "d".repeat(64)];
  const requests = [
    await signWebhook("s3cret-body", secret, { clock }),
    await signWebhook("s3cret-body", "another", { clock }),
    await changed({ "openwop-signature": `md5=${"d".repeat(64)}` }),
    await changed({ "openwop-signature": `sha256=${"d".repeat(64)}` }),
  ];
  for (const request of requests) {
    const error: unknown = await verifyWebhook(request, [secret, companion], {
      clock,
    }).catch((error) => error);
    assert.ok(error instanceof Error);
    const shown = [error.message, error.stack, JSON.stringify(error)].join();
    for (const text of hidden) assert.equal(shown.includes(text), false);
  }
});

test("signWebhook() refuses families that it cannot put beside each other", async () => {
  for (
    const families of [
      [],
      ["v2", "reference-app"],
      ["v1", "reference-hosts"],
    ] as readonly WebhookFamily[][]
  ) {
    await assert.rejects(signWebhook(body, secret, { families, clock }), {
      code: "invalid-argument",
      path: "families",
    });
  }
});
