import assert from "node:assert/strict";
import test from "node:test";
import {
  listDirectMessages,
  listEvents,
  listMessages,
  listTransactions,
  OpenSpawnClient,
} from "@tutti/sdk/openspawn";
import { withOpenSpawn } from "../support/openspawn.ts";

test("credits.balance(), credits.getBalance(), credits.spend() and credits.history() keep an account", async () => {
  await withOpenSpawn(async ({ as, id }) => {
    const { credits } = as("worker1");
    assert.equal(await credits.balance(), 75);
    const spent = await credits.spend({
      amount: 10,
      reason: "llm",
      triggerType: "llm_call",
      sourceAgentId: id("lead"),
    });
    assert.equal(spent.type, "debit");
    assert.equal(spent.balanceAfter, 65);
    await credits.spend({ amount: 5, reason: "disk" });
    assert.deepEqual(await credits.getBalance(), {
      balance: 60,
      budgetPeriodSpent: 15,
      budgetPeriodLimit: null,
    });
    const page = await credits.history({ limit: 1, offset: 1 });
    assert.deepEqual(page.meta, { total: 2, limit: 1, offset: 1 });
    assert.equal(page.data[0]?.reason, "llm");
    assert.equal(page.data[0]?.agent?.name, "Worker One");
    assert.ok(!JSON.stringify(page).includes("hmacSecretEnc"));
    const all = listTransactions(as("worker1"), { limit: 1 });
    const reasons = (await all.toArray()).map(({ reason }) => reason);
    assert.deepEqual(reasons, ["disk", "llm"]);
    assert.equal(all.total, 2);
  });
});

test("credits.adjust() gives by decree, for the right role", async () => {
  await withOpenSpawn(async ({ as, id }) => {
    const adjusted = await as("hr").credits.adjust({
      agentId: id("worker1"),
      amount: 25,
      type: "credit",
      reason: "bonus",
    });
    assert.equal(adjusted.reason, "[Admin] bonus");
    assert.equal(adjusted.balanceAfter, 100);
    await assert.rejects(
      as("worker1").credits.adjust({
        agentId: id("worker1"),
        amount: 25,
        type: "credit",
        reason: "mine",
      }),
      { status: 403 },
    );
  });
});

test("credits.getStats(), credits.listTrends(), credits.listAgents(), credits.listTriggers(), credits.listAlerts() and credits.listTopSpenders() read figures", async () => {
  await withOpenSpawn(async ({ byKey, id }) => {
    const { credits } = byKey();
    assert.equal((await credits.getStats()).totalAgents, 4);
    const [trend] = await credits.listTrends({ days: 7, agentId: id("lead") });
    assert.equal(trend?.net, 0);
    assert.equal((await credits.listAgents()).length, 4);
    const [trigger] = await credits.listTriggers({ type: "debit", days: 3 });
    assert.equal(trigger?.count, 3);
    const [alert] = await credits.listAlerts();
    assert.equal(alert?.alertType, "low_balance");
    assert.equal((await credits.listTopSpenders({ limit: 2 })).length, 2);
  });
});

test("channels.create(), channels.list() and channels.get() keep channels", async () => {
  await withOpenSpawn(async ({ as, byKey }) => {
    const { channels } = as("lead");
    const made = await channels.create({ name: "#general", type: "general" });
    await assert.rejects(
      channels.create({ name: "#general", type: "general" }),
      { status: 409, platformMessage: 'Channel "#general" already exists' },
    );
    assert.deepEqual(await byKey().channels.list(), [made]);
    assert.deepEqual(await byKey().channels.get(made.id), made);
  });
});

test("messages.send(), messages.list(), messages.get() and messages.getThread() talk in a channel", async () => {
  await withOpenSpawn(async ({ as, byKey }) => {
    const lead = as("lead");
    const channel = await lead.channels.create({ name: "c", type: "general" });
    const first = await lead.messages.send({
      channelId: channel.id,
      body: "m0",
    });
    assert.equal(first.type, "text");
    for (const n of [1, 2, 3, 4]) {
      await as("worker1").messages.send({
        channelId: channel.id,
        type: "status_update",
        body: `m${n}`,
        parentMessageId: first.id,
        metadata: { n },
      });
    }
    const reading = byKey();
    const page = await reading.messages.list({
      channelId: channel.id,
      limit: 2,
    });
    assert.deepEqual(page.map(({ body }) => body), ["m3", "m4"]);
    const older = await reading.messages.list({
      channelId: channel.id,
      limit: 2,
      before: page[0]!.id,
    });
    assert.deepEqual(older.map(({ body }) => body), ["m1", "m2"]);
    assert.deepEqual(await reading.messages.get(first.id), first);
    assert.equal((await reading.messages.getThread(first.id)).length, 4);
    const all = await listMessages(reading, channel.id, { limit: 2 }).toArray();
    assert.deepEqual(all.map(({ body }) => body), [
      "m4",
      "m3",
      "m2",
      "m1",
      "m0",
    ]);
  });
});

test("directMessages.send(), directMessages.list(), directMessages.listConversations(), directMessages.countUnread() and directMessages.markRead() talk to one agent", async () => {
  await withOpenSpawn(async ({ as, id }) => {
    const lead = as("lead").directMessages;
    const worker = as("worker1").directMessages;
    for (const body of ["one", "two", "three"]) {
      await lead.send({ toAgentId: id("worker1"), body });
    }
    assert.deepEqual(await worker.countUnread(), { count: 3 });
    const [talk] = await worker.listConversations();
    assert.equal(talk?.otherAgentName, "Lead");
    assert.equal(talk?.lastMessage, "three");
    const page = await worker.list(id("lead"), { limit: 2 });
    assert.deepEqual(page.map(({ body }) => body), ["two", "three"]);
    const all = await listDirectMessages(as("worker1"), id("lead"), {
      limit: 2,
    }).toArray();
    assert.deepEqual(all.map(({ body }) => body), ["three", "two", "one"]);
    assert.equal((await worker.markRead(id("lead"))).markedRead, 3);
    assert.deepEqual(await worker.countUnread(), { count: 0 });
    await assert.rejects(
      lead.send({
        toAgentId: "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f",
        body: "?",
      }),
      { status: 404 },
    );
  });
});

test("events.list() gives numbers in its meta and takes dates; events.get() knows what is missing", async () => {
  await withOpenSpawn(async ({ as, byKey, id }) => {
    for (const title of ["A", "B", "C"]) {
      await as("lead").tasks.create({ title });
    }
    const { events } = byKey();
    const page = await events.list({
      type: "task.created",
      actorId: id("lead"),
      entityType: "task",
      severity: "info",
      startDate: new Date(0),
      endDate: "2999-01-01T00:00:00+01:00",
      page: 2,
      limit: 2,
    });
    assert.deepEqual(page.meta, { total: 3, page: 2, limit: 2 });
    assert.equal(page.data.length, 1);
    const [event] = page.data;
    assert.deepEqual(await events.get(event!.id), event);
    await assert.rejects(events.get(id("lead")), {
      status: 404,
      name: "OpenSpawnError",
    });
    await assert.rejects(events.list({ severity: "critical" }), {
      status: 400,
      details: [
        "severity must be one of the following values: info, warning, error",
      ],
    });
  });
});

test("listEvents() goes through all pages, and goes on from a stored cursor", async () => {
  await withOpenSpawn(async ({ as, byKey }) => {
    for (let n = 0; n < 5; n++) {
      await as("lead").tasks.create({ title: `${n}` });
    }
    const client = byKey();
    const some = listEvents(client, { type: "task.created" }, { limit: 2 });
    const first = [];
    for await (const event of some) {
      first.push(event.id);
      if (first.length === 3) break;
    }
    const rest = await listEvents(client, { type: "task.created" }, {
      limit: 2,
      cursor: some.cursor,
    }).toArray();
    const ids = new Set([...first, ...rest.map(({ id }) => id)]);
    assert.equal(ids.size, 5);
    assert.equal(some.total, 5);
  });
});

test("webhooks.create(), webhooks.list(), webhooks.get(), webhooks.update(), webhooks.test() and webhooks.delete() are for users", async () => {
  await withOpenSpawn(async ({ byUser }) => {
    const { webhooks } = byUser();
    const made = await webhooks.create({
      name: "CI",
      url: "https://ci.example.com/hook",
      events: ["task.created"],
      secret: "whsec_example",
    });
    assert.equal(made.timeoutMs, 5_000);
    assert.deepEqual(await webhooks.list(), [made]);
    assert.deepEqual(await webhooks.get(made.id), made);
    const off = await webhooks.update(made.id, { enabled: false });
    assert.equal(off.enabled, false);
    assert.equal((await webhooks.test(made.id)).success, false);
    assert.deepEqual(await webhooks.delete(made.id), { success: true });
    await assert.rejects(
      webhooks.create({ name: "x", url: "http://127.0.0.1", events: [] }),
      { status: 400 },
    );
  });
});

test("apiKeys.create(), apiKeys.list(), apiKeys.get() and apiKeys.revoke() are for users; the server refuses every new key", async () => {
  await withOpenSpawn(async ({ byUser, server }) => {
    const { apiKeys } = byUser();
    const [known] = await apiKeys.list();
    assert.equal(known?.name, "ci");
    assert.equal((await apiKeys.get(known.id)).id, known.id);
    await apiKeys.revoke(known.id);
    assert.ok(server.state.apiKeys[0].revokedAt);
    await assert.rejects(apiKeys.create({ name: "new" }), {
      status: 400,
      details: ["property name should not exist"],
    });
  });
});

test("auth.login() and auth.refresh() send no credential; auth.me() and system.health() tell what they are asked", async () => {
  await withOpenSpawn(async ({ as, url, server }) => {
    const { auth } = as("lead");
    const login = await auth.login({
      email: "sandy@example.com",
      password: "correct horse",
    });
    assert.ok(login.accessToken !== undefined);
    assert.equal(login.user.name, "Sandy");
    const fresh = await auth.refresh({ refreshToken: login.refreshToken });
    const user = new OpenSpawnClient({
      baseUrl: url,
      accessToken: () => fresh.accessToken,
    });
    assert.equal((await user.auth.me()).role, "admin");
    assert.equal((await as("lead").system.health()).status, "ok");
    for (const { headers, target } of server.received) {
      const signed = headers.has("x-signature") || headers.has("authorization");
      assert.equal(signed, target === "/api/v1/auth/me", target);
    }
    await assert.rejects(
      auth.login({ email: "s@x", password: "wrong" }),
      { status: 401 },
    );
  });
});

test("transport makes a signed call of its own", async () => {
  await withOpenSpawn(async ({ as }) => {
    const { data } = await as("lead").transport.call({
      method: "GET",
      path: "/api/v1/credits/balance",
      contract: "safe",
      decode: (body) => body,
    });
    assert.deepEqual(data, {
      data: { balance: 200, budgetPeriodSpent: 0, budgetPeriodLimit: null },
    });
  });
});
