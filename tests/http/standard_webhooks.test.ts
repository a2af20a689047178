import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { createStandardWebhooks, InvalidArgumentError } from "@tutti/sdk/http";
import type { SignatureOptions, StandardWebhooks } from "@tutti/sdk/http";
import { atTime } from "../support/fake_clock.ts";
import fc from "../support/properties.ts";

const key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const secret = `whsec_${key}`;
const now = 1_614_265_330_000;
// The example that the reference libraries test themselves with.
const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const body = '{"test": 2432232314}';
const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

function at(
  ms: number,
  secrets: string | readonly string[] = secret,
  options: SignatureOptions = {},
): StandardWebhooks {
  return createStandardWebhooks(secrets, {
    clock: { now: () => ms },
    ...options,
  });
}

function delivery(change: Record<string, string> = {}): Headers {
  return new Headers({
    "webhook-id": id,
    "webhook-timestamp": String(now / 1_000),
    "webhook-signature": signature,
    ...change,
  });
}

function secretOf(bytes: number, fill = 7): string {
  return `whsec_${btoa(String.fromCharCode(...new Array(bytes).fill(fill)))}`;
}

test("createStandardWebhooks() makes and accepts the signature of the reference example", async () => {
  assert.deepEqual(await at(now).sign(id, body), {
    "webhook-id": id,
    "webhook-timestamp": "1614265330",
    "webhook-signature": signature,
  });
  assert.deepEqual(await at(now).verify(delivery(), body), {
    id,
    timestampMs: now,
  });
});

test("createStandardWebhooks() agrees with an independent implementation, whatever is sent", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 24, maxLength: 64 }),
      fc.stringMatching(/^[!-\-/-~]{1,40}$/),
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 0, max: 9_999_999_999 }),
      async (bytes, name, content, seconds) => {
        const webhooks = at(
          seconds * 1_000,
          `whsec_${btoa(String.fromCharCode(...bytes))}`,
        );
        const digest = createHmac("sha256", bytes)
          .update(`${name}.${seconds}.`).update(content).digest("base64");
        const headers = await webhooks.sign(name, content);
        assert.equal(headers["webhook-signature"], `v1,${digest}`);
        const verified = await webhooks.verify(
          new Headers({ ...headers }),
          content,
        );
        assert.deepEqual(verified, { id: name, timestampMs: seconds * 1_000 });
      },
    ),
    { numRuns: 40 },
  );
});

test("createStandardWebhooks() accepts one fitting signature among others, and passes over other versions", async () => {
  const wrong = `v1,${btoa("x".repeat(32))}`;
  const fitting = [
    `${wrong} ${signature}`,
    `${signature} ${wrong}`,
    `v1a,AAAA v2,BBBB ${signature}`,
    `v1,*** ${signature}`,
    `  ${signature}  `,
  ];
  for (const value of fitting) {
    await at(now).verify(delivery({ "webhook-signature": value }), body);
  }
  await assert.rejects(
    at(now).verify(
      delivery({ "webhook-signature": `${wrong} ${wrong}` }),
      body,
    ),
    { check: "mismatch", header: "webhook-signature" },
  );
});

test("createStandardWebhooks() refuses a header without any entry that it can read", async () => {
  const digest = signature.slice(3);
  for (
    const value of [
      digest,
      `v2,${digest}`,
      `v1a,${digest}`,
      `V1,${digest}`,
      `v1=${digest}`,
      "v1,***",
      "v1",
    ]
  ) {
    await assert.rejects(
      at(now).verify(delivery({ "webhook-signature": value }), body),
      { check: "malformed", header: "webhook-signature" },
      value,
    );
  }
});

test("createStandardWebhooks() signs with every secret and accepts any while they rotate", async () => {
  const old = secretOf(32, 1);
  const fresh = secretOf(32, 2);
  const both = at(now, [fresh, old]);
  const headers = await both.sign("msg_1", body);
  const entries = headers["webhook-signature"].split(" ");
  assert.equal(entries.length, 2);
  assert.equal(
    entries[0],
    (await at(now, fresh).sign("msg_1", body))["webhook-signature"],
  );
  for (const receiver of [at(now, old), at(now, fresh), both]) {
    await receiver.verify(new Headers({ ...headers }), body);
  }
  for (const sender of [at(now, old), at(now, fresh)]) {
    const sent = new Headers({ ...await sender.sign("msg_1", body) });
    await both.verify(sent, body);
  }
  await assert.rejects(both.verify(delivery(), body), { check: "mismatch" });
});

test("createStandardWebhooks() refuses a changed body, id or timestamp", async () => {
  await assert.rejects(at(now).verify(delivery(), `${body}\n`), {
    check: "mismatch",
  });
  await assert.rejects(
    at(now).verify(delivery({ "webhook-id": "msg_2" }), body),
    { check: "mismatch" },
  );
  await assert.rejects(
    at(now).verify(delivery({ "webhook-timestamp": "1614265331" }), body),
    { check: "mismatch" },
  );
});

test("createStandardWebhooks() names the header that is missing or cannot be read", async () => {
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
    const headers = delivery();
    headers.delete(name);
    await assert.rejects(at(now).verify(headers, body), {
      code: "signature-invalid",
      check: "missing",
      header: name,
    });
  }
  for (const text of ["soon", "1614265330.5", "+1614265330", "0x60", "²"]) {
    await assert.rejects(
      at(now).verify(
        delivery({ "webhook-timestamp": text.replace("²", "\xb2") }),
        body,
      ),
      { check: "malformed", header: "webhook-timestamp" },
    );
  }
});

test("createStandardWebhooks() accepts 300 s in both directions and not a second more when nothing is said", async () => {
  await at(now + 300_000).verify(delivery(), body);
  await at(now - 300_000).verify(delivery(), body);
  await assert.rejects(at(now + 301_000).verify(delivery(), body), {
    check: "expired",
    header: "webhook-timestamp",
  });
  await assert.rejects(at(now - 301_000).verify(delivery(), body), {
    check: "early",
  });
  await at(now + 9_000, secret, { toleranceMs: 9_000 }).verify(
    delivery(),
    body,
  );
  await assert.rejects(
    at(now + 10_000, secret, { toleranceMs: 9_000 }).verify(delivery(), body),
    { check: "expired" },
  );
});

test("createStandardWebhooks() uses the time of the runtime when no clock is given", async () => {
  const webhooks = createStandardWebhooks(secret);
  await atTime(now + 999, async () => {
    const headers = new Headers({ ...await webhooks.sign("msg_1", body) });
    const { timestampMs } = await webhooks.verify(headers, body);
    assert.equal(timestampMs, now);
  });
});

test("createStandardWebhooks() does not let the start of one body pass for an id and a timestamp", async () => {
  // Signed honestly: message "a", whose body is text that an attacker may choose.
  const sent = await at(now).sign("a", "1614265331.evil");
  const forged = new Headers({
    "webhook-id": "a.1614265330",
    "webhook-timestamp": "1614265331",
    "webhook-signature": sent["webhook-signature"],
  });
  await assert.rejects(at(now).verify(forged, "evil"), {
    check: "malformed",
    header: "webhook-id",
  });
  // Full stops as such are fine.
  const dotted = await at(now).sign("evt.7.created", body);
  await at(now).verify(new Headers({ ...dotted }), body);
});

test("createStandardWebhooks() refuses to sign under an id that no header can carry or that is ambiguous", async () => {
  for (
    const wrong of [
      "",
      "a b",
      "a\r\nx: y",
      "é",
      "a.1614265330",
      "a.1614265330.b",
    ]
  ) {
    await assert.rejects(at(now).sign(wrong, body), {
      code: "invalid-argument",
      path: "id",
    });
  }
});

test("createStandardWebhooks() takes secrets of 24 to 64 bytes and no others, without repeating them", () => {
  for (const good of [secretOf(24), secretOf(64), secretOf(25)]) at(now, good);
  const wrong: unknown[] = [
    secretOf(23),
    secretOf(65),
    key,
    `WHSEC_${key}`,
    "whsec_",
    "whsec_*canary*",
    "",
    undefined,
    null,
    7,
  ];
  for (const value of wrong) {
    assert.throws(() => at(now, [secret, value as string]), (error) => {
      assert.ok(InvalidArgumentError.is(error));
      assert.equal(error.path, "secrets[1]");
      assert.doesNotMatch(String(error), /canary/);
      return true;
    });
  }
  assert.throws(() => at(now, []), { code: "invalid-argument" });
  assert.throws(() => createStandardWebhooks(undefined as never), {
    code: "invalid-argument",
  });
  assert.throws(() => at(now, secret, { toleranceMs: -1 }), {
    code: "invalid-argument",
    path: "toleranceMs",
  });
});
