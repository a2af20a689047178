import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { isPrivateAddress } from "../../../src/host/webhooks/egress.ts";
import { pinnedFetch } from "../../../src/host/webhooks/pinned.ts";
import { createHost } from "../../../src/host/mod.ts";
import { post, undeliverable } from "../../../src/host/webhooks/post.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { Wire } from "../../support/wire.ts";

/** A server that reads the first bytes that come, and hangs up. */
async function listening(): Promise<{
  port: number;
  heard: Promise<Uint8Array>;
  close: () => void;
}> {
  let hear = (_: Uint8Array): void => {};
  const heard = new Promise<Uint8Array>((resolve) => hear = resolve);
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => {
      hear(bytes as Uint8Array);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, heard, close: () => void server.close() };
}

test("pinnedFetch() connects to the address that it was given, in the name of the URL", async () => {
  const server = await listening();
  try {
    const url = `https://hooks.pinned.example:${server.port}/a`;
    const request = new Request(url, { method: "POST", body: "{}" });
    // The name leads nowhere, so that only the address can have led there.
    const sent = pinnedFetch()!(request, "{}", ["127.0.0.1"]);
    const hello = await server.heard;
    assert.equal(hello[0], 0x16, "a TLS handshake");
    assert.match(new TextDecoder("latin1").decode(hello), /hooks\.pinned\.exa/);
    await assert.rejects(sent);
  } finally {
    server.close();
  }
});

test("post() asks nobody but its own look-up where a name leads, and sends nothing where it leads nowhere", async () => {
  const asked: string[] = [];
  const send = (addresses: string[]) =>
    post(
      {
        fetch: undefined,
        pinned: pinnedFetch(),
        resolve: (name) => {
          asked.push(name);
          return Promise.resolve(addresses);
        },
        allowPrivate: false,
        timeoutMs: 1_000,
        clock: new FakeClock(),
      },
      {
        url: "https://hooks.pinned.example/",
        headers: new Headers(),
        body: "{}",
        timeoutMs: 1_000,
      },
      new AbortController().signal,
    );
  for (const addresses of [[], ["127.0.0.1"], ["93.184.216.34", "::1"]]) {
    assert.equal(await send(addresses), undefined);
  }
  assert.deepEqual(asked, new Array(3).fill("hooks.pinned.example"));
});

test("post() sends to addresses and to no name where connections cannot be held to what was looked at", async () => {
  const original = globalThis.fetch;
  const went: string[] = [];
  globalThis.fetch = ((request: Request) => {
    went.push(request.url);
    return Promise.resolve(new Response());
  }) as typeof fetch;
  const how = { allowPrivate: false, fetch: undefined, pinned: undefined };
  const send = (url: string, more: object = {}) =>
    post(
      {
        ...how,
        resolve: () => Promise.resolve([]),
        timeoutMs: 1_000,
        clock: new FakeClock(),
        ...more,
      },
      { url, headers: new Headers(), body: "{}", timeoutMs: 1_000 },
      new AbortController().signal,
    );
  const name = "https://hooks.example.com/";
  const addresses = ["https://93.184.216.34/a", "https://[2606:4700::1111]/"];
  try {
    assert.equal(await send(name), undefined);
    assert.equal(await send("https://1.2.3.4.example.com/"), undefined);
    assert.equal(await send("https://127.0.0.1/"), undefined);
    assert.deepEqual(went, []);
    for (const url of addresses) assert.equal(await send(url), "");
    assert.deepEqual(went, addresses);
    // Whoever allows it says so, in one of two ways.
    const own = (request: Request) => fetch(request);
    assert.equal(await send(name, { fetch: own }), "");
    assert.equal(await send(name, { allowPrivate: true }), "");
    assert.deepEqual(went.slice(2), [name, name]);
  } finally {
    globalThis.fetch = original;
  }
  assert.match(undeliverable(how, name)!, /cannot hold a connection/);
  assert.equal(undeliverable(how, addresses[0]!), undefined);
  const pinned = pinnedFetch();
  assert.equal(undeliverable({ ...how, pinned }, name), undefined);
});

test("createHost() refuses webhooks with names where connections cannot be held, and says why", async () => {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule?: unknown };
  };
  const original = process.getBuiltinModule;
  process.getBuiltinModule = undefined;
  const wire = new Wire(createHost({ workflows: [] }));
  process.getBuiltinModule = original;
  const hook = (url: string) =>
    wire.post("/webhooks", { url, events: ["run.completed"] });
  const refused = await hook("https://hooks.example.com/");
  assert.equal(refused.status, 400);
  assert.equal(refused.body.error, "webhook_url_rejected");
  assert.match(refused.body.message, /cannot hold a connection/);
  assert.equal((await hook("https://93.184.216.34/")).status, 201);
});

test("isPrivateAddress() tells what the internet routes from all else", () => {
  const inside = [
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::1",
    "2001:0:a:b::1",
    "2001:db8::1",
    "3fff:1::1",
    "100::1",
    "fec0::1",
    "5f00::1",
    "fe80::1%eth0",
    "1:2:3",
    "192.0.2.1",
    "198.18.0.1",
    "240.0.0.1",
  ];
  for (const address of inside) assert.ok(isPrivateAddress(address), address);
  const outside = [
    "93.184.216.34",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::808:808",
    "2002:808:808::1",
  ];
  for (const one of outside) assert.equal(isPrivateAddress(one), false, one);
});
