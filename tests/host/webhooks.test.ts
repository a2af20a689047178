import assert from "node:assert/strict";
import test from "node:test";
import { apiKeys, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { OpenwopClient, verifyWebhook } from "@tutti/sdk/openwop";
import { FakeClock, until } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import {
  arrived,
  openWithReceiver,
  quiet,
  Receiver,
  register,
  repeated,
  SECRET,
  URL_OF_ADA,
} from "../support/webhook_receiver.ts";

test("a webhook hears of the events that it asked for, signed", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  const { webhookId, ...rest } = await register(wire);
  assert.deepEqual(rest, { signatureAlgorithms: ["v1"] });
  assert.match(webhookId, /^local\//);
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  await arrived(receiver, 2);
  const log = await wire.log(run);
  for (const [index, request] of receiver.came.entries()) {
    assert.equal(request.url, URL_OF_ADA);
    const delivery = await verifyWebhook(request, SECRET, { clock });
    assert.equal(delivery.event.type, ["run.started", "run.completed"][index]);
    assert.equal(delivery.webhookId, webhookId);
    assert.deepEqual(delivery.event, log.at(index && -1));
  }
  await quiet();
  assert.equal(receiver.came.length, 2);
  assert.equal(clock.pending, 0);
});

test("a webhook without a secret gets one, and sees it once", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  const { secret } = await register(wire, { secret: undefined });
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await wire.start("conformance-noop");
  await arrived(receiver, 2);
  await verifyWebhook(receiver.came[0]!, secret, { clock });
});

test("a delivery is repeated with growing gaps until the receiver takes it", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  await register(wire, { events: ["run.completed"] });
  receiver.answer = (_, count) =>
    new Response(null, { status: [500, 302, 204][count - 1]! });
  await wire.start("conformance-noop");
  await arrived(receiver, 1);
  for (const [count, ms] of [[2, 500], [3, 1_000]] as const) {
    await quiet();
    assert.equal(clock.pending, 1);
    await clock.advance(ms - 1);
    await quiet();
    assert.equal(receiver.came.length, count - 1);
    await clock.advance(1);
    await arrived(receiver, count);
  }
  await until(() => clock.pending === 0);
  const bodies = await Promise.all(receiver.came.map((one) => one.text()));
  assert.equal(new Set(bodies).size, 1);
});

test("a delivery that is never taken is given up, and can be read without its content", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  const { webhookId } = await register(wire, { events: ["run.completed"] });
  receiver.answer = () => Promise.reject(new TypeError("refused"));
  const run = await wire.start("conformance-noop");
  for (let count = 1; count <= 6; count++) {
    await arrived(receiver, count);
    await quiet();
    if (count < 6) await clock.advance(500 * 2 ** (count - 1));
  }
  assert.equal(clock.pending, 0);
  const path = `/webhooks/${encodeURIComponent(webhookId)}`;
  const { body } = await wire.get(`${path}/dead-letters`);
  const { body: { runId } } = await wire.get(run);
  assert.equal(body.deliveries.length, 1);
  const { deliveryId, deadLetteredAt, sequence, ...rest } = body.deliveries[0];
  assert.deepEqual(rest, { runId, attempts: 6 });
  assert.ok(deliveryId.startsWith(webhookId));
  assert.equal(Date.parse(deadLetteredAt), clock.now());
  assert.equal(sequence, (await wire.log(run)).at(-1).sequence);
  const [, opaque] = webhookId.split("/");
  const page = (query: string) => wire.get(`${path}/dead-letters?${query}`);
  const cursor = `${opaque}.${deliveryId.split(".").at(-1)}`;
  assert.deepEqual((await page(`cursor=${cursor}`)).body, { deliveries: [] });
  // More than the most in one page is the most; a cursor of another webhook is none.
  assert.equal((await page("limit=5000")).body.deliveries.length, 1);
  for (const odd of ["other.1", "7", "", `${opaque}.`, `${opaque}.1.5`]) {
    const refused = await page(`cursor=${odd}`);
    assert.equal(refused.status, 400, odd);
    assert.equal(refused.body.details.pointer, "/cursor");
  }
  assert.equal((await page("limit=0")).status, 400);
});

test("a webhook that was unregistered hears of nothing more", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  const { webhookId } = await register(wire, { events: ["run.completed"] });
  receiver.answer = () => new Response(null, { status: 500 });
  await wire.start("conformance-noop");
  await arrived(receiver, 1);
  await quiet();
  const path = `/webhooks/${encodeURIComponent(webhookId)}`;
  assert.equal((await wire.send("DELETE", path)).status, 204);
  await clock.advance(60_000);
  await wire.start("conformance-noop");
  await quiet();
  assert.equal(receiver.came.length, 1);
  for (
    const [method, at] of [["DELETE", path], ["GET", `${path}/dead-letters`]]
  ) {
    assert.equal((await wire.send(method!, at!)).status, 404);
  }
});

test("a slow receiver delays nobody else, and gets one delivery at a time", async () => {
  const { wire, receiver } = openWithReceiver();
  await register(wire, { url: "https://slow.example.com/" });
  await register(wire, { url: "https://fast.example.com/" });
  let go = (): void => {};
  const held = new Promise<Response>((resolve) =>
    go = () => resolve(new Response())
  );
  receiver.answer = ({ url }) => url.includes("slow") ? held : new Response();
  for (let n = 0; n < 3; n++) await wire.start("conformance-noop");
  const to = (name: string) =>
    receiver.came.filter(({ url }) => url.includes(name)).length;
  await arrived(receiver, 7);
  assert.deepEqual([to("fast"), to("slow")], [6, 1]);
  go();
  await arrived(receiver, 12);
});

test("a receiver that only fails is left alone for a while", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  await register(wire);
  receiver.answer = () => new Response(null, { status: 500 });
  for (let n = 0; n < 10; n++) await wire.start("conformance-noop");
  await arrived(receiver, 8);
  await quiet();
  assert.equal(receiver.came.length, 8);
  await clock.advance(29_999);
  await quiet();
  assert.equal(receiver.came.length, 8);
  receiver.answer = () => new Response();
  await clock.advance(1);
  await arrived(receiver, 8 + 20);
});

test("an attempt that takes too long has failed", async () => {
  const { wire, receiver, clock } = openWithReceiver();
  await register(wire, { events: ["run.completed"] });
  receiver.answer = (_, count) =>
    count === 1 ? new Promise(() => {}) : new Response();
  await wire.start("conformance-noop");
  await arrived(receiver, 1);
  await quiet();
  await clock.advance(10_000);
  await quiet();
  await clock.advance(500);
  await arrived(receiver, 2);
});

test("only runs that share a tag are told of, and only to their own tenant", async () => {
  const access = apiKeys([
    { key: "key-of-ada-0123456789", tenant: "acme", subject: "ada" },
    { key: "key-of-eve-0123456789", tenant: "evil", subject: "eve" },
  ]);
  const { wire, receiver } = openWithReceiver({ access });
  const as = (name: string) => ({
    authorization: `Bearer key-of-${name}-0123456789`,
  });
  const hook = {
    url: URL_OF_ADA,
    events: ["run.completed"],
    secret: SECRET,
    tags: ["a", "b"],
  };
  const { body } = await wire.post("/webhooks", hook, as("ada"));
  for (
    const [name, tags] of [["ada", ["b", "c"]], ["ada", ["c"]], [
      "ada",
      undefined,
    ], ["eve", ["a"]]] as const
  ) {
    await wire.post("/runs", {
      workflowId: "conformance-noop",
      ...(tags && { tags }),
    }, as(name));
  }
  await arrived(receiver, 1);
  await quiet();
  assert.equal(receiver.came.length, 1);
  const path = `/webhooks/${encodeURIComponent(body.webhookId)}`;
  const foreign = await wire.send("DELETE", path, undefined, as("eve"));
  assert.equal(foreign.body.error, "id_tenant_mismatch");
});

test("what a fork inherits and what a replay repeats is no news", async () => {
  const { wire, receiver } = openWithReceiver();
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  await register(wire, {
    events: ["run.started", "node.completed", "run.completed"],
  });
  await wire.post(`${run}:fork`, { mode: "replay" });
  await quiet();
  assert.equal(receiver.came.length, 0);
  await wire.post(`${run}:fork`, { mode: "branch", fromSeq: 1 });
  await arrived(receiver, 2);
  assert.deepEqual(
    (await receiver.types()).map((type) => type.split(" ")[1]),
    ["node.completed", "run.completed"],
  );
});

test("what waits for a receiver waits through a restart", async () => {
  const file = hasSqlite() ? new StoreFile() : undefined;
  try {
    const memory = memoryStore();
    const next = (): Store => file?.open() ?? memory;
    const clock = new FakeClock();
    const receiver = new Receiver(clock);
    const first = openWithReceiver({
      store: next(),
      clock,
      webhooks: receiver.options(),
    });
    await register(first.wire);
    receiver.answer = () => new Promise(() => {});
    const run = await first.wire.start("conformance-noop");
    await first.wire.reach(run, "completed");
    await arrived(receiver, 1);
    await first.host.close();

    receiver.answer = () => new Response();
    const second = openWithReceiver({
      store: next(),
      clock,
      webhooks: receiver.options(),
    });
    await arrived(receiver, 3);
    assert.deepEqual(
      (await receiver.types()).map((type) => type.split(" ")[1]),
      ["run.started", "run.started", "run.completed"],
    );
    await second.wire.start("conformance-noop");
    await arrived(receiver, 5);
    assert.deepEqual([...first.errors, ...second.errors], []);
    await second.host.close();
    assert.equal(clock.pending, 0);
  } finally {
    file?.delete();
  }
});

test("a registration whose process died before the answer is the same one, with the same secret", async () => {
  const store = memoryStore();
  // The process dies between the two.
  const dying = { ...store, settleKey: () => new Promise<void>(() => {}) };
  const first = openWithReceiver({ store: dying });
  const headers = { "idempotency-key": "a".repeat(22) };
  const hook = { url: URL_OF_ADA, events: ["run.completed"] };
  void first.wire.post("/webhooks", hook, headers);
  while (!await store.hasSubscriptions()) await quiet();
  await store.release();
  const second = openWithReceiver({ store });
  const { status, body } = await second.wire.post("/webhooks", hook, headers);
  assert.equal(status, 201);
  const kept = await store.loadSubscription(body.webhookId);
  assert.equal(kept?.secret, body.secret);
  await second.wire.start("conformance-noop");
  await arrived(second.receiver, 1);
});

test("a store that fails to settle a delivery is asked again, and its receiver told once of each event", async () => {
  const store = memoryStore();
  let failures = 2;
  const failing = {
    ...store,
    settleDelivery: (...given: Parameters<Store["settleDelivery"]>) =>
      failures-- > 0
        ? Promise.reject(new Error("disk full"))
        : store.settleDelivery(...given),
  };
  const { clock, host, wire, receiver, errors } = openWithReceiver({
    store: failing,
  });
  await register(wire, { events: ["run.completed"] });
  await wire.start("conformance-noop");
  await wire.start("conformance-noop");
  for (const ms of [100, 200]) {
    await until(() => clock.pending === 1);
    assert.equal(receiver.came.length, 1);
    await clock.advance(ms);
  }
  await arrived(receiver, 2);
  await quiet();
  assert.deepEqual(errors.map(String), new Array(2).fill("Error: disk full"));
  assert.equal(await store.nextDelivery([]), undefined);
  await host.close();
  assert.deepEqual(await store.takeDeliveries(Infinity, [], 9), []);
  assert.equal(clock.pending, 0);
});

test("a store that fails to find deliveries, or to read what is to be delivered, is asked again", async () => {
  const store = memoryStore();
  const failing = ["takeDeliveries", "loadSubscription", "nextDelivery"];
  const faulty = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        const at = isBad ? failing.indexOf(String(name)) : -1;
        if (at < 0) return value.apply(target, given);
        failing.splice(at, 1);
        return Promise.reject(new Error(String(name)));
      };
    },
  });
  let isBad = false;
  const { clock, host, wire, receiver, errors } = openWithReceiver({
    store: faulty,
  });
  await register(wire, { events: ["run.completed"] });
  await quiet();
  isBad = true;
  await wire.start("conformance-noop");
  await repeated(clock, () => receiver.came.length > 0);
  await arrived(receiver, 1);
  await quiet();
  assert.deepEqual(failing, []);
  assert.equal(errors.length, 3);
  await host.close();
  assert.equal(clock.pending, 0);
});

test("OpenwopClient registers and unregisters webhooks, once for each key", async () => {
  const { host, receiver } = openWithReceiver();
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    major: 2,
  });
  const hook = { url: URL_OF_ADA, events: ["run.completed"], secret: SECRET };
  const options = { idempotencyKey: "a".repeat(22) };
  const one = await client.webhooks.register(hook, options);
  const two = await client.webhooks.register(hook, options);
  assert.equal(two.webhookId, one.webhookId);
  await client.runs.start({ workflowId: "conformance-noop" });
  await arrived(receiver, 1);
  await client.webhooks.unregister(one.webhookId);
  await assert.rejects(client.webhooks.unregister(one.webhookId), {
    platformCode: "not_found",
  });
});
