import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { SignatureError } from "@tutti/sdk/http";
import { signWebhook, verifyWebhookSignature } from "@tutti/sdk/openwop";
import type { WebhookFamily } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";

const families: readonly WebhookFamily[] = [
  "v2",
  "v1",
  "sdk-1.8",
  "reference-hosts",
  "reference-app",
];

const anySecret = fc.string({ minLength: 1, maxLength: 80, unit: "binary" });
const anyBody = fc.uint8Array({ maxLength: 200 });
const anyFamily = fc.constantFrom(...families);
const anySeconds = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 });

function at(seconds: number): { readonly now: () => number } {
  return { now: () => seconds * 1_000 };
}

async function isRefused(
  headers: Headers,
  body: Uint8Array,
  secret: string,
  seconds: number,
): Promise<boolean> {
  try {
    await verifyWebhookSignature(headers, body, secret, {
      clock: at(seconds),
      legacy: true,
    });
    return false;
  } catch (error) {
    assert.ok(SignatureError.is(error), String(error));
    return true;
  }
}

/** Headers with one of them changed. */
function withHeader(headers: Headers, name: string, value: string): Headers {
  const changed = new Headers(headers);
  changed.set(name, value);
  return changed;
}

test("verifyWebhookSignature() accepts what signWebhook() makes of any body and secret, in every family", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyBody,
      anySecret,
      anyFamily,
      anySeconds,
      fc.integer({ min: -300, max: 300 }),
      async (body, secret, family, seconds, drift) => {
        const clock = at(seconds);
        const signed = await signWebhook(body, secret, {
          families: [family],
          clock,
        });
        const arrived = new Uint8Array(await signed.arrayBuffer());
        assert.deepEqual(arrived, body);
        const verified = await verifyWebhookSignature(
          signed.headers,
          arrived,
          secret,
          { clock: at(seconds + drift), legacy: true },
        );
        assert.equal(verified.family, family);
        assert.equal(verified.timestampMs, seconds * 1_000);
      },
    ),
    { numRuns: 150 },
  );
});

test("signWebhook() agrees with an independent HMAC", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyBody,
      // An independent implementation would see other bytes for a lone surrogate.
      fc.string({ minLength: 1, maxLength: 80 }),
      anySeconds,
      async (body, secret, seconds) => {
        const clock = at(seconds);
        const { headers } = await signWebhook(body, secret, { clock });
        const wanted = createHmac("sha256", secret)
          .update(`${seconds}.`).update(body).digest("hex");
        assert.equal(headers.get("openwop-signature"), `sha256=${wanted}`);
      },
    ),
    { numRuns: 50 },
  );
});

test("verifyWebhookSignature() refuses every change of one byte of the body", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      anySecret,
      anyFamily,
      fc.integer({ min: 1, max: 255 }),
      async (body, secret, family, flip) => {
        const seconds = 1_767_225_600;
        const { headers } = await signWebhook(body, secret, {
          families: [family],
          clock: at(seconds),
        });
        for (let i = 0; i < body.length; i++) {
          const changed = body.slice();
          changed[i]! ^= flip;
          assert.ok(await isRefused(headers, changed, secret, seconds));
        }
        for (const other of [body.slice(1), new Uint8Array([...body, flip])]) {
          assert.ok(await isRefused(headers, other, secret, seconds));
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("verifyWebhookSignature() refuses every change of one byte of signature and timestamp", async () => {
  const seconds = 1_767_225_600;
  const secret = "0123456789abcdef";
  const body = new TextEncoder().encode('{"a":1}');
  const names: Readonly<Record<string, readonly string[]>> = {
    "v2": ["openwop-signature", "openwop-timestamp"],
    "v1": ["x-openwop-signature", "x-openwop-timestamp"],
    "sdk-1.8": ["openwop-webhook-signature", "openwop-webhook-timestamp"],
    "reference-hosts": ["x-openwop-signature", "x-openwop-signature-timestamp"],
    "reference-app": ["openwop-signature"],
  };
  for (const family of families) {
    const { headers } = await signWebhook(body, secret, {
      families: [family],
      clock: at(seconds),
    });
    assert.equal(await isRefused(headers, body, secret, seconds), false);
    for (const name of names[family]!) {
      const value = headers.get(name)!;
      for (let i = 0; i < value.length; i++) {
        for (const character of "0189afAFgz=, .-~\t") {
          // Hex is read without regard to case.
          if (character.toLowerCase() === value[i]?.toLowerCase()) continue;
          const changed = value.slice(0, i) + character + value.slice(i + 1);
          assert.ok(
            await isRefused(
              withHeader(headers, name, changed),
              body,
              secret,
              seconds,
            ),
            `${family}: ${name}: ${changed}`,
          );
        }
        const without = value.slice(0, i) + value.slice(i + 1);
        assert.ok(
          await isRefused(
            withHeader(headers, name, without),
            body,
            secret,
            seconds,
          ),
          `${family}: ${name}: ${without}`,
        );
      }
    }
  }
});

test("verifyWebhookSignature() refuses every change of one bit in the companion scheme", async () => {
  const seconds = 1_767_225_600;
  const secret = `whsec_${btoa("s".repeat(24))}`;
  const body = new TextEncoder().encode('{"a":1}');
  const { headers } = await signWebhook(body, secret, {
    families: ["standard-webhooks"],
    clock: at(seconds),
  });
  assert.equal(await isRefused(headers, body, secret, seconds), false);
  const name = "webhook-signature";
  const digest = Uint8Array.from(
    atob(headers.get(name)!.slice("v1,".length)),
    (character) => character.charCodeAt(0),
  );
  for (let bit = 0; bit < digest.length * 8; bit++) {
    const changed = digest.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const value = `v1,${btoa(String.fromCharCode(...changed))}`;
    assert.ok(
      await isRefused(withHeader(headers, name, value), body, secret, seconds),
    );
  }
  for (let i = 0; i < body.length; i++) {
    const changed = body.slice();
    changed[i]! ^= 1;
    assert.ok(await isRefused(headers, changed, secret, seconds));
  }
  for (
    const [name, value] of [
      ["webhook-id", "msg_2"],
      ["webhook-timestamp", String(seconds + 1)],
    ]
  ) {
    assert.ok(
      await isRefused(
        withHeader(headers, name!, value!),
        body,
        secret,
        seconds,
      ),
    );
  }
});

test("verifyWebhookSignature() refuses what another secret signed", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyBody,
      anySecret,
      anySecret,
      anyFamily,
      async (body, secret, other, family) => {
        const bytes = (text: string): string =>
          new TextEncoder().encode(text).join();
        fc.pre(bytes(secret) !== bytes(other));
        const seconds = 1_767_225_600;
        const { headers } = await signWebhook(body, other, {
          families: [family],
          clock: at(seconds),
        });
        // HMAC pads its key with zero bytes, so some pairs of keys are one.
        fc.pre(!/\0$/.test(secret) && !/\0$/.test(other));
        assert.ok(await isRefused(headers, body, secret, seconds));
      },
    ),
    { numRuns: 100 },
  );
});
