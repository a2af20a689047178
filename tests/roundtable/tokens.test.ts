import assert from "node:assert/strict";
import test from "node:test";
import { RoundTableClient, RoundTableError } from "@tutti/sdk/roundtable";
import { inPage } from "../support/browser.ts";
import { ADA, roundTableBench } from "../support/roundtable.ts";
import { servingRoundTable } from "../support/roundtable_serving.ts";

test("RoundTableClient logs in when the first call needs a token, once for many", async () => {
  const { server, client } = roundTableBench();
  assert.equal(server.requests.length, 0);
  await client.system.health();
  assert.equal(server.to(/auth/).length, 0);
  await Promise.all(
    Array.from({ length: 20 }, () => client.auth.me()),
  );
  assert.equal(server.to(/auth\/login/).length, 1);
  assert.deepEqual(server.to(/auth\/login/)[0]?.body, ADA);
});

test("100 concurrent calls whose token ends in the middle cost one refresh and no failure", async () => {
  const { server, client } = roundTableBench();
  await client.auth.me();
  // The first half is let in, then the server forgets the token.
  let seen = 0;
  server.first.push(...Array.from({ length: 100 }, () => () => {
    if (++seen === 50) server.forgetAccessTokens();
    return undefined;
  }));
  const users = await Promise.all(
    Array.from({ length: 100 }, () => client.auth.me()),
  );
  assert.equal(users.length, 100);
  assert.ok(users.every(({ email }) => email === ADA.email));
  assert.equal(server.to(/auth\/refresh/).length, 1);
  assert.equal(server.to(/auth\/login/).length, 1);
  // Those that were refused, once more.
  assert.equal(server.to(/auth\/me/).length, 1 + 100 + 51);
});

test("100 concurrent calls over a socket renew a token that ends in the middle once", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    const client = new RoundTableClient({ baseUrl });
    await client.auth.register(ADA);
    let seen = 0;
    server.first.push(...Array.from({ length: 100 }, () => () => {
      if (++seen === 50) server.forgetAccessTokens();
      return undefined;
    }));
    await Promise.all(Array.from({ length: 100 }, () => client.auth.me()));
    assert.equal(server.to(/auth\/refresh/).length, 1);
  });
});

test("RoundTableClient renews a token a minute before its own end, whatever the server configured", async () => {
  const { server, client, clock } = roundTableBench({}, {
    accessLifeMs: 1_200_000,
  });
  await client.auth.me();
  await clock.advance(1_139_000);
  await client.auth.me();
  assert.equal(server.to(/auth\/refresh/).length, 0);
  await clock.advance(2_000);
  await Promise.all([client.auth.me(), client.auth.me()]);
  assert.equal(server.to(/auth\/refresh/).length, 1);
  // Before its end, so that no call was refused.
  assert.equal(server.to(/auth\/me/).length, 4);
});

test("RoundTableClient trusts the length of a fresh token and not the clock of the server", async () => {
  const skews = [-86_400_000, 86_400_000];
  for (const skew of skews) {
    const bench = roundTableBench();
    const { clock } = bench;
    const { server, client } = roundTableBench({ clock }, {
      now: () => clock.now() + skew,
    });
    for (let call = 0; call < 5; call++) await client.auth.me();
    assert.equal(server.to(/auth\/(login|refresh)/).length, 1);
    await clock.advance(1_750_000);
    await client.auth.me();
    assert.equal(server.to(/auth\/refresh/).length, 1);
  }
});

test("RoundTableClient goes on with a session that another one kept", async () => {
  const { server, client, clock } = roundTableBench();
  await client.auth.me();
  const other = new RoundTableClient({
    baseUrl: "https://table.test",
    fetch: server.fetch,
    clock,
    ...client.auth.session,
  });
  await other.auth.me();
  assert.equal(server.to(/auth\/login/).length, 1);
  await clock.advance(1_741_000);
  await other.auth.me();
  assert.equal(server.to(/auth\/refresh/).length, 1);
  await clock.advance(8 * 86_400_000);
  // Nothing is left to go on with, and the error says so.
  await assert.rejects(other.auth.me(), (error: unknown) => {
    assert.ok(RoundTableError.is(error));
    assert.equal(error.kind, "authentication");
    assert.equal(error.platformMessage, "Invalid refresh token");
    assert.match(error.hint ?? "", /log in/);
    return true;
  });
  // With a password there is.
  await client.auth.me();
  assert.equal(server.to(/auth\/login/).length, 2);
});

test("RoundTableClient takes 401 and 403 for a missing token as the same thing", async () => {
  for (const missingToken of [401, 403] as const) {
    const { server, clock } = roundTableBench({}, { missingToken });
    const settings = {
      baseUrl: "https://table.test",
      fetch: server.fetch,
      clock,
    };
    await assert.rejects(new RoundTableClient(settings).workspaces.get("a"), {
      status: missingToken,
      kind: "authentication",
      platformMessage: "Not authenticated",
    });
    // Something on the way takes the header of the first try off.
    let tries = 0;
    const client = new RoundTableClient({
      ...settings,
      ...ADA,
      aroundAttempt: [(request, next) => {
        if (/me$/.test(request.url) && tries++ === 0) {
          request.headers.delete("authorization");
        }
        return next(request);
      }],
    });
    assert.equal((await client.auth.me()).email, ADA.email);
    assert.equal(tries, 2);
  }
});

test("RoundTableClient does not renew for a 403 that means something else", async () => {
  const { server, client } = roundTableBench();
  await client.auth.me();
  server.users[0]!.is_active = false;
  await assert.rejects(client.auth.me(), {
    status: 403,
    kind: "forbidden",
    platformMessage: "Inactive user",
  });
  assert.equal(server.to(/auth\/refresh/).length, 0);
});

test("RoundTableClient logs in again when its refresh token is not good any more", async () => {
  const { server, client } = roundTableBench();
  await client.auth.me();
  server.tokens.clear();
  await client.auth.me();
  assert.equal(server.to(/auth\/refresh/).length, 1);
  assert.equal(server.to(/auth\/login/).length, 2);
});

test("RoundTableClient says what is wrong with a password, each time once", async () => {
  const { server, client } = roundTableBench({ password: "wrong-horse-9" });
  for (let call = 1; call <= 2; call++) {
    await assert.rejects(client.auth.me(), {
      status: 401,
      kind: "authentication",
      platformMessage: "Incorrect email or password",
    });
    assert.equal(server.to(/auth\/login/).length, call);
  }
  assert.equal(server.to(/auth\/me/).length, 0);
});

test("RoundTableClient uses a token that is still good when it cannot be renewed early", async () => {
  const { server, client, clock } = roundTableBench({ retry: false });
  await client.auth.me();
  await clock.advance(1_745_000);
  server.first.push(() => {
    throw new TypeError("the network is down for a moment");
  });
  assert.equal((await client.auth.me()).email, ADA.email);
  await client.auth.me();
  assert.equal(server.to(/auth\/refresh/).length, 2);
});

test("apiKey as a function is asked for each call, and once more after a refusal", async () => {
  const { server, client } = roundTableBench();
  await client.auth.me();
  const good = client.auth.session.apiKey!;
  const keys = [good, "a.b.c", good, "a.b.c", "a.b.c"];
  const other = new RoundTableClient({
    baseUrl: "https://table.test",
    fetch: server.fetch,
    apiKey: () => Promise.resolve(keys.shift()!),
  });
  await other.auth.me();
  await other.auth.me();
  assert.equal(keys.length, 2);
  await assert.rejects(other.auth.me(), { kind: "authentication" });
  assert.equal(keys.length, 0);
});

test("logout() forgets the tokens, which the server does not", async () => {
  const { server, client, clock } = roundTableBench();
  await client.auth.me();
  const { session } = client.auth;
  await client.auth.logout();
  assert.deepEqual(client.auth.session, {
    apiKey: undefined,
    refreshToken: undefined,
  });
  const other = new RoundTableClient({
    baseUrl: "https://table.test",
    fetch: server.fetch,
    clock,
    ...session,
  });
  assert.equal((await other.auth.me()).email, ADA.email);
});

test("RoundTableClient refuses credentials that cannot be right, and says nothing of them", () => {
  const make = (options: object): RoundTableClient =>
    new RoundTableClient({ baseUrl: "https://table.test", ...options });
  for (
    const [options, path] of [
      [{ apiKey: "two words" }, "apiKey"],
      [{ apiKey: "" }, "apiKey"],
      [{ refreshToken: "new\nline" }, "refreshToken"],
      [{ email: "ada@example.com" }, "password"],
      [{ password: "secret-horse" }, "password"],
      [{ baseUrl: "ftp://table.test" }, "baseUrl"],
    ] as const
  ) {
    assert.throws(() => make(options), (error: unknown) => {
      const { code, path: at, message } = error as Record<string, string>;
      assert.equal(code, "invalid-argument");
      assert.equal(at, path);
      assert.doesNotMatch(message!, /two words|new\nline|secret-horse/);
      return true;
    });
  }
});

test("RoundTableClient lets a token of any other form be what it is", async () => {
  const tokens: (string | null)[] = [];
  for (const apiKey of ["opaque", "a.%%%.c", "a.bnVsbA.c", "a.e30.c"]) {
    const client = new RoundTableClient({
      baseUrl: "https://table.test",
      apiKey,
      fetch: ({ headers }) => {
        tokens.push(headers.get("authorization"));
        return Response.json({ user_id: "usr_1" });
      },
    });
    await client.auth.me();
    assert.equal(tokens.at(-1), `Bearer ${apiKey}`);
  }
});

test("a token that the server makes up cannot smuggle in a header", async () => {
  const client = new RoundTableClient({
    baseUrl: "https://table.test",
    ...ADA,
    fetch: () =>
      Response.json({ access_token: "a\r\nx-evil: 1", token_type: "bearer" }),
  });
  await assert.rejects(client.auth.me(), { code: "invalid-argument" });
});

test("RoundTableClient sends a call with an authorization header of its own as it is", async () => {
  const { server, client } = roundTableBench();
  await assert.rejects(
    client.auth.me({ headers: { Authorization: "Basic YTpi" } }),
    {
      status: 403,
      kind: "authentication",
      platformMessage: "Invalid authentication credentials",
    },
  );
  assert.equal(server.requests.length, 1);
});

test("RoundTableClient refuses a password in a browser, and takes what a person types in", async () => {
  const { server } = roundTableBench();
  const settings = { baseUrl: "https://table.test", fetch: server.fetch };
  const make = (options: object): RoundTableClient =>
    inPage(() => new RoundTableClient({ ...settings, ...options }));
  assert.throws(() => make(ADA), {
    code: "invalid-argument",
    path: "password",
  });
  assert.ok(
    make({ ...ADA, allowSecretsInBrowser: true }) instanceof RoundTableClient,
  );
  const client = make({});
  await client.auth.login(ADA);
  assert.equal((await client.auth.me()).email, ADA.email);
});

test("a token that cannot be renewed is refused once, and not sent again", async () => {
  const { server, client } = roundTableBench({ apiKey: "a.b.c" });
  await assert.rejects(client.auth.me(), {
    status: 401,
    kind: "authentication",
    platformMessage: "Could not validate credentials",
  });
  assert.equal(server.requests.length, 1);
});

test("a call that middleware makes again gets the token of that time", async () => {
  const { server, client } = roundTableBench({
    aroundCall: [async (request, next) => {
      const first = await next(request);
      if (!/me$/.test(request.url)) return first;
      server.forgetAccessTokens();
      return await next(request);
    }],
  });
  assert.equal((await client.auth.me()).email, ADA.email);
  assert.equal(server.to(/auth\/refresh/).length, 1);
});

test("RoundTableClient refuses what is no base URL, and nothing as well", () => {
  for (const baseUrl of [undefined, null, 7, "", "table.test"]) {
    assert.throws(
      () => new RoundTableClient({ baseUrl: baseUrl as never }),
      { code: "invalid-argument", path: "baseUrl" },
    );
  }
});
