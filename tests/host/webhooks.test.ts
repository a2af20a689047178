import assert from "node:assert/strict";
import test from "node:test";
import { apiKeys, createHost, memoryStore } from "@tutti/sdk/host";
import type { HostOptions, Store, WebhookDelivery } from "@tutti/sdk/host";
import { OpenwopClient, verifyWebhook } from "@tutti/sdk/openwop";
import { until } from "@tutti/sdk/testing";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { countingIds, gate, noop, Wire } from "../support/wire.ts";

const SECRET = "a-secret-of-the-test";
const URL_OF_ADA = "https://hooks.example.com/ada";

/** A receiver that answers as it is told to, and what came to it. */
class Receiver {
  readonly came: Request[] = [];
  readonly at: number[] = [];
  answer: (request: Request, count: number) => Response | Promise<Response> =
    () => new Response();
  clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  options(more: WebhookDelivery = {}): WebhookDelivery {
    return {
      resolve: () => Promise.resolve(["93.184.216.34"]),
      fetch: async (request) => {
        this.came.push(request.clone());
        this.at.push(this.clock.now());
        const signal = request.signal;
        const answer = this.answer(request, this.came.length);
        return await new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          Promise.resolve(answer).then(resolve, reject);
        });
      },
      ...more,
    };
  }

  async types(): Promise<string[]> {
    const bodies = await Promise.all(
      this.came.map((one) => one.clone().json()),
    );
    return bodies.map(({ event }) => `${event.sequence} ${event.type}`);
  }
}

function open(more: Partial<HostOptions> = {}) {
  const clock = new FakeClock();
  const receiver = new Receiver(clock);
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [noop, gate()],
    clock,
    ids: countingIds(),
    webhooks: receiver.options(),
    onError: (error) => errors.push(error),
    ...more,
  });
  return { clock, receiver, errors, host, wire: new Wire(host) };
}

async function register(wire: Wire, more: object = {}) {
  const { status, body } = await wire.post("/webhooks", {
    url: URL_OF_ADA,
    events: ["run.started", "run.completed"],
    secret: SECRET,
    ...more,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** Lets Web Crypto finish, which no turn of the loop waits for. */
async function arrived(receiver: Receiver, count: number): Promise<void> {
  for (let turn = 0; turn < 20_000 && receiver.came.length < count; turn++) {
    await settle(1);
  }
  assert.equal(receiver.came.length, count);
}

async function quiet(): Promise<void> {
  await settle(300);
}

test("a webhook hears of the events that it asked for, signed", async () => {
  const { wire, receiver, clock } = open();
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
  const { wire, receiver, clock } = open();
  const { secret } = await register(wire, { secret: undefined });
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await wire.start("conformance-noop");
  await arrived(receiver, 2);
  await verifyWebhook(receiver.came[0]!, secret, { clock });
});

test("a delivery is repeated with growing gaps until the receiver takes it", async () => {
  const { wire, receiver, clock } = open();
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
  const { wire, receiver, clock } = open();
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
  const more = await wire.get(
    `${path}/dead-letters?cursor=${deliveryId.split(".").at(-1)}`,
  );
  assert.deepEqual(more.body, { deliveries: [] });
});

test("a webhook that was unregistered hears of nothing more", async () => {
  const { wire, receiver, clock } = open();
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
  const { wire, receiver } = open();
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
  const { wire, receiver, clock } = open();
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
  const { wire, receiver, clock } = open();
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
  const { wire, receiver } = open({ access });
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
  const { wire, receiver } = open();
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

test("registrations that cannot be right are refused with the place of the fault", async () => {
  const { wire } = open();
  const good = { url: URL_OF_ADA, events: ["run.completed"], secret: SECRET };
  const odd: [object, string][] = [
    [{ events: [] }, "/events"],
    [{ events: "run.completed" }, "/events"],
    [{ events: ["run.completed", "nonsense"] }, "/events/1"],
    [{ secret: "short" }, "/secret"],
    [{ secret: 7 }, "/secret"],
    [{ signatureAlgorithms: ["v2"] }, "/signatureAlgorithms"],
    [{ tags: "a" }, "/tags"],
    [{ more: 1 }, "/more"],
  ];
  for (const [change, pointer] of odd) {
    const { status, body } = await wire.post("/webhooks", {
      ...good,
      ...change,
    });
    assert.equal(status, 400, pointer);
    assert.equal(body.error, "validation_error");
    assert.equal(body.details.pointer, pointer);
  }
});

const INSIDE = [
  "http://hooks.example.com/",
  "https://localhost/",
  "https://a.localhost/",
  "https://printer.local/",
  "https://db.internal/",
  "https://intranet/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f.0.0.1/",
  "https://10.1.2.3/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.1.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://100.64.0.1/",
  "https://0.0.0.0/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://[::1]/",
  "https://[::]/",
  "https://[fd00::1]/",
  "https://[fe80::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[64:ff9b::a00:1]/",
  "https://[2002:a00:1::]/",
  "https://[ff02::1]/",
  "https://user:pass@hooks.example.com/",
  "ftp://hooks.example.com/",
  "javascript:alert(1)",
  "",
];

test("webhooks do not lead into the network of the host", async () => {
  const { wire } = open();
  for (const url of INSIDE) {
    const { status, body } = await wire.post("/webhooks", {
      url,
      events: ["run.completed"],
    });
    assert.equal(status, 400, url);
    assert.equal(body.error, "webhook_url_rejected");
  }
  const outside = [
    "https://hooks.example.com:8443/a?b=c",
    "https://93.184.216.34/",
    "https://172.32.0.1/",
    "https://[2606:2800:220:1:248:1893:25c8:1946]/",
    "https://subscriber.invalid/hook",
  ];
  for (const url of outside) await register(wire, { url });
});

test("a name that leads inside when it is delivered to gets nothing", async () => {
  const clock = new FakeClock();
  const receiver = new Receiver(clock);
  const asked: string[] = [];
  const { wire } = open({
    clock,
    webhooks: receiver.options({
      resolve: (name) => {
        asked.push(name);
        return Promise.resolve(["93.184.216.34", "10.0.0.7"]);
      },
    }),
  });
  await register(wire, { events: ["run.completed"] });
  await wire.start("conformance-noop");
  while (asked.length === 0) await settle(1);
  await quiet();
  assert.deepEqual(asked, ["hooks.example.com"]);
  assert.equal(receiver.came.length, 0);
});

test("allowPrivate lets webhooks lead anywhere, and nowhere that is no address", async () => {
  const clock = new FakeClock();
  const receiver = new Receiver(clock);
  const { wire } = open({
    clock,
    webhooks: receiver.options({ allowPrivate: true }),
  });
  await register(wire, {
    url: "http://127.0.0.1:9/hook",
    events: ["run.completed"],
  });
  const { status } = await wire.post("/webhooks", {
    url: "ftp://127.0.0.1/",
    events: ["run.completed"],
  });
  assert.equal(status, 400);
  await wire.start("conformance-noop");
  await arrived(receiver, 1);
});

test("what waits for a receiver waits through a restart", async () => {
  const file = hasSqlite() ? new StoreFile() : undefined;
  try {
    const memory = memoryStore();
    const next = (): Store => file?.open() ?? memory;
    const clock = new FakeClock();
    const receiver = new Receiver(clock);
    const first = open({ store: next(), clock, webhooks: receiver.options() });
    await register(first.wire);
    receiver.answer = () => new Promise(() => {});
    const run = await first.wire.start("conformance-noop");
    await first.wire.reach(run, "completed");
    await arrived(receiver, 1);
    await first.host.close();

    receiver.answer = () => new Response();
    const second = open({ store: next(), clock, webhooks: receiver.options() });
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

test("OpenwopClient registers and unregisters webhooks, once for each key", async () => {
  const { host, receiver } = open();
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
