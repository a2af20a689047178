import assert from "node:assert/strict";
import test from "node:test";
import { FakeClock, settle } from "../support/fake_clock.ts";
import {
  arrived,
  openWithReceiver,
  quiet,
  Receiver,
  register,
  SECRET,
  URL_OF_ADA,
} from "../support/webhook_receiver.ts";

test("registrations that cannot be right are refused with the place of the fault", async () => {
  const { wire } = openWithReceiver();
  const good = { url: URL_OF_ADA, events: ["run.completed"], secret: SECRET };
  const odd: [object, string][] = [
    [{ events: [] }, "/events"],
    [{ events: "run.completed" }, "/events"],
    [{ events: ["run.completed", "nonsense"] }, "/events/1"],
    [{ events: ["run.completed", "acme.Thing"] }, "/events/1"],
    [{ events: [`acme.${"x".repeat(260)}`] }, "/events/0"],
    [
      { events: Array.from({ length: 257 }, (_, n) => `acme.thing-${n}`) },
      "/events",
    ],
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
  const { wire } = openWithReceiver();
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
  const { wire } = openWithReceiver({
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
  const { wire } = openWithReceiver({
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
