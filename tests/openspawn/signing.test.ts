import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { inspect } from "node:util";
import {
  BikiniBottomClient,
  createRequestSigner,
  OpenSpawnClient,
  signingVariants,
} from "@tutti/sdk/openspawn";
import type { AgentOptions } from "@tutti/sdk/openspawn";
import { FakeClock } from "../support/fake_clock.ts";
import { openSpawnKit, withOpenSpawn } from "../support/openspawn.ts";
import { OpenSpawnServer } from "../support/openspawn_server.ts";

const agentId = "worker1";
const secret =
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const url = "https://api.test/api/v1/agents";

test("OpenSpawnClient and BikiniBottomClient are one and refuse credentials that cannot be right", () => {
  assert.equal(BikiniBottomClient, OpenSpawnClient);
  const baseUrl = "https://api.test";
  const wrong: readonly [object, string][] = [
    [{}, "options"],
    [{ agentId, secret: "short" }, "secret"],
    [{ agentId, secret, apiKey: "osp_x" }, "apiKey"],
    [{ apiKey: "osp_x", accessToken: "t" }, "accessToken"],
    [{ apiKey: "a b" }, "apiKey"],
    [{ apiKey: "osp_x", baseUrl: "ftp://x" }, "baseUrl"],
  ];
  for (const [options, path] of wrong) {
    assert.throws(
      () => new OpenSpawnClient({ baseUrl, ...options } as never),
      { code: "invalid-argument", path },
    );
  }
});

test("every try has a nonce, a time and a signature of its own, and the same key", async () => {
  const kit = openSpawnKit();
  const { server } = kit;
  let cuts = 3;
  server.fault = () => cuts-- > 0 ? "drop" : undefined;
  const task = await kit.as("lead", { retry: { initialDelayMs: 0 } }).tasks
    .create({ title: "Once" });
  assert.equal(task.title, "Once");
  assert.equal(server.received.length, 4);
  const all = (name: string): Set<string | null> =>
    new Set(server.received.map(({ headers }) => headers.get(name)));
  assert.equal(all("x-nonce").size, 4);
  assert.equal(all("x-signature").size, 4);
  assert.equal(all("x-idempotency-key").size, 1);
  // The reply was lost three times, and the task is there once.
  assert.equal(server.state.tasks.length, 1);
});

test("the base URL may have the prefix or not, and servers may have none", async () => {
  const { server, as } = openSpawnKit();
  for (const end of ["", "/", "/api/v1", "/api/v1/"]) {
    const baseUrl = `https://api.test${end}`;
    assert.equal(await as("lead", { baseUrl }).credits.balance(), 200);
  }
  assert.deepEqual(
    [...new Set(server.received.map(({ target }) => target))],
    ["/api/v1/credits/balance"],
  );
  const older = openSpawnKit(new OpenSpawnServer(""));
  const { credits, system } = older.as("lead", { apiPrefix: "" });
  assert.equal(await credits.balance(), 200);
  assert.equal((await system.health()).status, "ok");
});

test("signing.path tells the path as the server sees it behind a proxy", async () => {
  const kit = openSpawnKit();
  // Takes a segment away before the server sees the request.
  const fetch = async (request: Request): Promise<Response> => {
    const { method, headers } = request;
    const body = await request.text();
    return await kit.server.fetch(
      new Request(request.url.replace("/agents-api", ""), {
        method,
        headers,
        ...(body && { body }),
      }),
    );
  };
  const behind = {
    fetch,
    baseUrl: "https://proxy.test/agents-api",
    retry: false,
  } as const;
  await assert.rejects(kit.as("lead", behind).credits.balance(), {
    status: 401,
  });
  const signing = {
    path: ({ pathname }: URL) => pathname.replace("/agents-api", ""),
  };
  const client = kit.as("lead", { ...behind, signing });
  assert.equal(await client.credits.balance(), 200);
});

test("signingVariants sign as the other documents say", async () => {
  const identity = { agentId, secret };
  const request = {
    method: "DELETE",
    url: `${url}?page=2`,
    body: '{"a": 1}',
  };
  const wanted = {
    asSent: `DELETE/api/v1/agents1700000000n{"a": 1}`,
    specification:
      `worker1|DELETE|/api/v1/agents|2023-11-14T22:13:20.000Z|n|{"a": 1}`,
    typescriptSdk: `DELETE/api/v1/agents?page=21700000000n{"a": 1}`,
  };
  for (const [name, text] of Object.entries(wanted)) {
    const variant = signingVariants[name as keyof typeof wanted];
    const key = variant.secret === "text"
      ? secret
      : Uint8Array.from(secret.match(/../g)!, (pair) => parseInt(pair, 16));
    const signed = await createRequestSigner(identity, variant)(
      request,
      1_700_000_000_000,
      "n",
    );
    assert.equal(
      signed["x-signature"],
      createHmac("sha256", key).update(text).digest("hex"),
      name,
    );
  }
});

test("clockSkewMs tells how far the server is ahead, and the hint of a 401 names it", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const clock = new FakeClock();
    server.state.now = () => clock.now() + 600_000;
    const client = as("lead", { clock });
    assert.equal(client.clockSkewMs, undefined);
    await assert.rejects(client.credits.balance(), (error) => {
      const { status, hint, attempts } = error as Record<string, unknown>;
      assert.deepEqual([status, attempts], [401, 1]);
      assert.match(`${hint}`, /the clock here is off by 600 s/);
      return true;
    });
    assert.equal(client.clockSkewMs, 600_000);
  });
});

test("correctClock signs with the server's time once it has refused ours", async () => {
  const { as, server } = openSpawnKit();
  server.state.now = () => Date.now() - 3_600_000;
  const client = as("lead", { correctClock: true });
  assert.equal(await client.credits.balance(), 200);
  assert.equal(server.received.length, 2);
  assert.equal(await client.credits.balance(), 200);
  assert.equal(server.received.length, 3);
  // A 401 for another reason is not tried again.
  server.agent("lead").status = "suspended";
  await assert.rejects(client.credits.balance(), { status: 401 });
  assert.equal(server.received.length, 4);
});

test("correctClock corrects each of the calls that the server refuses at once", async () => {
  const { as, server } = openSpawnKit();
  server.state.now = () => Date.now() - 3_600_000;
  const { credits } = as("lead", { correctClock: true });
  assert.deepEqual(
    await Promise.all([credits.balance(), credits.balance()]),
    [200, 200],
  );
  assert.equal(server.received.length, 4);
});

test("a credential function is asked for every try, and what it gives is checked", async () => {
  const { server } = openSpawnKit();
  const keys = [server.apiKey, "with space"];
  const client = new OpenSpawnClient({
    baseUrl: "https://api.test",
    fetch: server.fetch,
    apiKey: () => Promise.resolve(keys.shift()!),
  });
  assert.equal((await client.agents.list()).length, 4);
  await assert.rejects(client.agents.list(), { path: "apiKey" });
  assert.equal(server.received.length, 1);
});

test("a client is an instance of its class, can be extended, and shows no secret", async () => {
  const { server } = openSpawnKit();
  // TypeScript wants to know which of its types is extended.
  const OfAgent: new (options: AgentOptions) => OpenSpawnClient<"agent"> =
    OpenSpawnClient;
  class Mine extends OfAgent {
    names(): Promise<string[]> {
      return this.agents.list().then((all) => all.map(({ name }) => name));
    }
  }
  const identity = server.identity("lead");
  const client = new Mine({
    baseUrl: "https://api.test",
    fetch: server.fetch,
    ...identity,
  });
  assert.ok(client instanceof OpenSpawnClient);
  assert.ok((await client.names()).includes("Lead"));
  assert.ok(!inspect(client, { depth: 9 }).includes(identity.secret));
  assert.ok(!JSON.stringify(client).includes(identity.secret));
});
