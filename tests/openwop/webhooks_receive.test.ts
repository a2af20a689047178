import assert from "node:assert/strict";
import test from "node:test";
import { createWebhookSeen } from "@tutti/sdk/openwop";
import { cryptoDone } from "../support/crypto_work.ts";
import { settle } from "../support/fake_clock.ts";
import {
  bare,
  delivery,
  now,
  receiver,
  RUN_ID,
  WEBHOOK_ID,
} from "../support/webhooks.ts";

/** A gate that handlers wait at. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => open = resolve);
  return { passed, open };
}

test("receiveWebhook() acknowledges once the event was handled, and not before", async () => {
  const { passed, open } = gate();
  const order: string[] = [];
  const { receive } = receiver({
    async onEvent({ event }) {
      order.push(`begun ${event.sequence}`);
      await passed;
      order.push("handled");
    },
  });
  const answer = receive(await delivery()).then((response) => {
    order.push("acknowledged");
    return response;
  });
  // Until the handler has been reached and everything that follows from it has run.
  while (order.length === 0) await settle();
  await settle();
  assert.deepEqual(order, ["begun 7"]);
  open();
  assert.equal(await bare(answer), 204);
  assert.deepEqual(order, ["begun 7", "handled", "acknowledged"]);
});

test("receiveWebhook() hands typed events of either family on", async () => {
  const { receive, handled } = receiver();
  assert.equal(await bare(receive(await delivery(1))), 204);
  const families = ["v1"] as const;
  assert.equal(await bare(receive(await delivery(2, { families }))), 204);
  assert.deepEqual(
    handled.map(({ family, runId, webhookId, event }) => [
      family,
      runId,
      webhookId,
      event.type,
      event.sequence,
    ]),
    [
      ["v2", RUN_ID, WEBHOOK_ID, "run.completed", 1],
      ["v1", RUN_ID, WEBHOOK_ID, "run.completed", 2],
    ],
  );
});

test("receiveWebhook() handles an event once, however often it is delivered", async () => {
  const { receive, handled } = receiver();
  for (const seconds of [0, 30, 90]) {
    // A host signs each attempt anew.
    const attempt = { clock: { now: () => now + seconds * 1_000 } };
    assert.equal(await bare(receive(await delivery(7, attempt))), 204);
  }
  assert.equal(handled.length, 1);
  await receive(await delivery(8));
  await receive(await delivery(8, { webhookId: "acme/another-subscription" }));
  assert.equal(handled.length, 3);
});

test("receiveWebhook() handles an event once when it is delivered several times at once", async () => {
  const { passed, open } = gate();
  let calls = 0;
  const { receive } = receiver({
    async onEvent() {
      calls++;
      await passed;
    },
  });
  const requests = await Promise.all(
    Array.from({ length: 10 }, () => delivery()),
  );
  const answers = requests.map((request) => bare(receive(request)));
  await cryptoDone();
  open();
  assert.deepEqual(await Promise.all(answers), new Array(10).fill(204));
  assert.equal(calls, 1);
  assert.equal(await bare(receive(await delivery())), 204);
  assert.equal(calls, 1);
});

test("receiveWebhook() asks for the event again when the handler fails, and handles it then", async () => {
  const failures = [
    () => {
      throw new Error("no database");
    },
    () => Promise.reject(new Error("no queue")),
  ];
  let calls = 0;
  const { receive, errors } = receiver({
    onEvent: () => failures[calls++]?.(),
  });
  assert.equal(await bare(receive(await delivery())), 500);
  assert.equal(await bare(receive(await delivery())), 500);
  assert.equal(await bare(receive(await delivery())), 204);
  assert.equal(await bare(receive(await delivery())), 204);
  assert.equal(calls, 3);
  assert.deepEqual(errors.map(String), [
    "Error: no database",
    "Error: no queue",
  ]);
});

test("receiveWebhook() gives all that came at once the failure of the one that ran", async () => {
  let calls = 0;
  const { receive } = receiver({
    onEvent: async () => {
      calls++;
      await cryptoDone();
      throw new Error("no database");
    },
  });
  const requests = await Promise.all([delivery(), delivery()]);
  const answers = requests.map((request) => bare(receive(request)));
  assert.deepEqual(await Promise.all(answers), [500, 500]);
  assert.equal(calls, 1);
});

test("receiveWebhook() uses the memory that it is given, after the event was handled", async () => {
  const log: string[] = [];
  const kept = new Set<string>();
  const seen = {
    has: (key: string) => Promise.resolve(kept.has(key)),
    add(key: string) {
      log.push("remembered");
      return Promise.resolve(kept.add(key));
    },
  };
  const onEvent = () => void log.push("handled");
  const first = receiver({ seen, onEvent });
  assert.equal(await bare(first.receive(await delivery())), 204);
  // Another process with the same memory.
  const second = receiver({ seen, onEvent });
  assert.equal(await bare(second.receive(await delivery())), 204);
  assert.deepEqual(log, ["handled", "remembered"]);
  assert.deepEqual([...kept], [JSON.stringify([WEBHOOK_ID, RUN_ID, 7])]);

  const plain = receiver({ seen: new Set<string>() });
  await plain.receive(await delivery());
  await plain.receive(await delivery());
  assert.equal(plain.handled.length, 1);
});

test("receiveWebhook() handles nothing when the memory cannot be read, and acknowledges when it cannot be written", async () => {
  const unreadable = receiver({
    seen: {
      has: () => Promise.reject(new Error("down")),
      add: () => {},
    },
  });
  assert.equal(await bare(unreadable.receive(await delivery())), 500);
  assert.equal(unreadable.handled.length, 0);
  assert.equal(unreadable.errors.length, 1);

  const unwritable = receiver({
    seen: {
      has: () => false,
      add: () => Promise.reject(new Error("down")),
    },
  });
  assert.equal(await bare(unwritable.receive(await delivery())), 204);
  assert.equal(unwritable.handled.length, 1);
  assert.equal(unwritable.errors.length, 1);
});

test("createWebhookSeen() forgets the ones seen longest ago, and no more", () => {
  const seen = createWebhookSeen(3);
  for (const key of ["a", "b", "c"]) seen.add(key);
  assert.equal(seen.has("a"), true);
  seen.add("d");
  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => seen.has(key)),
    [true, false, true, true],
  );
  for (let i = 0; i < 1_000; i++) seen.add(`${i}`);
  assert.equal(seen.has("996"), false);
  assert.equal(seen.has("997"), true);
  for (const limit of [0, -1, NaN]) {
    assert.throws(() => createWebhookSeen(limit), {
      code: "invalid-argument",
      path: "limit",
    });
  }
});
