import assert from "node:assert/strict";
import test from "node:test";
import { RoundTableClient } from "@tutti/sdk/roundtable";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { ADA, roundTableBench } from "../support/roundtable.ts";

test("login() makes the session another one, also while the old one is being renewed", async () => {
  const { server, client } = roundTableBench({
    email: undefined,
    password: undefined,
  });
  await client.auth.register({
    email: "Bob@Workshop.EXAMPLE.com",
    password: "battery-staple",
  });
  assert.equal((await client.auth.me()).email, "Bob@workshop.example.com");
  // The answer to the refresh comes after the login.
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const slow = new RoundTableClient({
    baseUrl: "https://table.test",
    ...client.auth.session,
    fetch: async (request) => {
      const response = await server.fetch(request);
      if (/refresh$/.test(request.url)) await gate;
      return response;
    },
  });
  const refreshing = slow.auth.refresh();
  await settle();
  await slow.auth.login(ADA);
  release();
  await refreshing;
  assert.equal((await slow.auth.me()).email, ADA.email);
});

test("a call that is aborted while it waits for a token leaves the others alone", async () => {
  const { server, client } = roundTableBench({}, {});
  await client.auth.me();
  server.forgetAccessTokens();
  const controller = new AbortController();
  const aborted = client.auth.me({ signal: controller.signal });
  const other = client.auth.me();
  controller.abort(new Error("enough"));
  await assert.rejects(aborted, { code: "aborted" });
  assert.equal((await other).email, ADA.email);
});

test("a call that is refused late, after others have renewed the token, does not renew it again", async () => {
  const { server, client, clock } = roundTableBench();
  await client.auth.me();
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const slow = new RoundTableClient({
    baseUrl: "https://table.test",
    clock,
    ...client.auth.session,
    fetch: async (request) => {
      const response = await server.fetch(request);
      if (request.headers.has("x-slow") && response.status === 401) await gate;
      return response;
    },
  });
  server.forgetAccessTokens();
  const late = slow.auth.me({ headers: { "x-slow": "1" } });
  await settle();
  await slow.auth.me();
  release();
  assert.equal((await late).email, ADA.email);
  assert.equal(server.to(/refresh/).length, 1);
});

test("a refresh that is refused late takes no token away from whoever logged in meanwhile", async () => {
  const { server } = roundTableBench();
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const client = new RoundTableClient({
    baseUrl: "https://table.test",
    apiKey: "outdated",
    refreshToken: "outdated",
    fetch: async (request) => {
      const response = await server.fetch(request);
      if (/refresh$/.test(request.url)) await gate;
      return response;
    },
  });
  const refreshing = client.auth.refresh().catch((error) => error.kind);
  await settle();
  const { refresh_token } = await client.auth.login(ADA);
  release();
  assert.equal(await refreshing, "authentication");
  assert.equal(client.auth.session.refreshToken, refresh_token);
  assert.equal((await client.auth.me()).email, ADA.email);
});

test("a refresh token outlives a refresh that fails for another reason than itself", async () => {
  const { server, client } = roundTableBench({ retry: false });
  await client.auth.me();
  const { refreshToken } = client.auth.session;
  for (const status of [429, 408, 500, 503]) {
    server.first.push(() => Response.json({ detail: "later" }, { status }));
    await assert.rejects(client.auth.refresh(), { status });
    assert.equal(client.auth.session.refreshToken, refreshToken);
  }
  await client.auth.refresh();
  assert.equal(server.to(/login/).length, 1);
});

test("logout() has the last word over a renewal that is under way", async () => {
  const { server, client } = roundTableBench();
  await client.auth.me();
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const slow = new RoundTableClient({
    baseUrl: "https://table.test",
    ...client.auth.session,
    clock: new FakeClock(),
    fetch: async (request) => {
      const response = await server.fetch(request);
      if (/refresh$/.test(request.url)) await gate;
      return response;
    },
  });
  const refreshing = slow.auth.refresh();
  await settle();
  await slow.auth.logout();
  release();
  await refreshing;
  assert.deepEqual(slow.auth.session, {
    apiKey: undefined,
    refreshToken: undefined,
  });
});

test("a server that refuses to refresh in whatever way is logged in to again", async () => {
  for (const status of [400, 401, 403, 404, 422]) {
    const { server, client } = roundTableBench();
    await client.auth.me();
    server.forgetAccessTokens();
    server.first.push(
      () => undefined,
      () => Response.json({ detail: "no" }, { status }),
    );
    assert.equal((await client.auth.me()).email, ADA.email);
    assert.equal(server.to(/refresh/).length, 1);
    assert.equal(server.to(/login/).length, 2);
  }
});
