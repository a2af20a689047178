import assert from "node:assert/strict";
import test from "node:test";
import { parseDate } from "@tutti/sdk/openspawn";
import { openSpawnKit } from "../support/openspawn.ts";

const uuid = "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f";

test("what the server would answer with 500 or misread is refused before anything is sent, by its name", async () => {
  const kit = openSpawnKit();
  const {
    agents,
    credits,
    directMessages,
    events,
    messages,
    tasks,
    templates,
  } = kit.as("lead");
  const odd = (value: unknown): never => value as never;
  const wrong: readonly [string, () => Promise<unknown>][] = [
    ["id", () => agents.get("worker1")],
    ["id", () => tasks.get("TASK-2")],
    ["id", () => tasks.get("../agents")],
    ["id", () => tasks.get(odd(undefined))],
    ["dependsOnId", () => tasks.removeDependency(uuid, "x")],
    ["agentId", () => directMessages.list("x")],
    ["templateId", () => templates.get("a/b")],
    ["templateId", () => templates.get("")],
    ["assigneeId", () => tasks.list({ assigneeId: "abc" })],
    ["assigneeId", () => tasks.assign(uuid, { assigneeId: "worker1" })],
    [
      "excludeAgentIds",
      () => tasks.autoAssign(uuid, { excludeAgentIds: [uuid, "x"] }),
    ],
    ["before", () => messages.list({ channelId: uuid, before: "x" })],
    ["entityId", () => events.list({ entityId: "TASK-2" })],
    ["limit", () => events.list({ limit: 0 })],
    ["limit", () => credits.history({ limit: -1 })],
    ["limit", () => credits.history({ limit: odd("5") })],
    ["page", () => events.list({ page: 1.5 })],
    ["offset", () => credits.history({ offset: -1 })],
    ["depth", () => agents.getHierarchy(uuid, { depth: NaN })],
    ["amount", () => credits.spend({ amount: odd("5"), reason: "r" })],
    ["amount", () => credits.spend({ amount: 2_147_483_648, reason: "r" })],
    ["startDate", () => events.list({ startDate: "2026-01-01T00:00:00" })],
    ["endDate", () => events.list({ endDate: "soon" })],
    ["endDate", () => events.list({ endDate: new Date(NaN) })],
    ["dueAt", () => tasks.create({ title: "T", dueAt: odd(7) })],
    ["reason", () => credits.spend({ amount: 1, reason: "r".repeat(501) })],
    ["agentId", () => agents.create({ agentId: "a b", name: "A" })],
    ["agentId", () => agents.spawn({ agentId: "", name: "A" })],
    ["input", () => tasks.create({ title: "nul \0" })],
    ["input", () => tasks.create({ title: "é".repeat(51_200) })],
    ["input", () => tasks.assign(uuid, odd([]))],
    ["input", () => tasks.assign(uuid, odd("x"))],
  ];
  for (const [path, call] of wrong) {
    await assert.rejects(call(), { code: "invalid-argument", path }, path);
  }
  assert.equal(kit.server.received.length, 0);
});

test("a tag that stands twice is sent once: the server would fail", async () => {
  const { as } = openSpawnKit();
  const { tags } = await as("lead").tasks.create({
    title: "T",
    tags: ["a", "b", "a"],
  });
  assert.deepEqual(tags.map(({ tag }) => tag), ["a", "b"]);
});

test("dates go out in UTC, and what is left out is not sent", async () => {
  const { as, server } = openSpawnKit();
  await as("lead").events.list({
    startDate: "2026-01-01",
    endDate: "2026-01-01T02:00:00+02:00",
    type: undefined,
  });
  assert.equal(
    server.received.at(-1)?.target,
    "/api/v1/events?startDate=2026-01-01T00%3A00%3A00.000Z&endDate=2026-01-01T00%3A00%3A00.000Z",
  );
  await as("lead").tasks.list({ status: null as never, creatorId: undefined });
  assert.equal(server.received.at(-1)?.target, "/api/v1/tasks");
  await as("lead").tasks.create({
    title: "T",
    description: undefined,
    dueAt: new Date(0),
  });
  assert.equal(
    server.received.at(-1)?.text,
    '{"title":"T","dueAt":"1970-01-01T00:00:00.000Z"}',
  );
});

test("null is left out where the server would fail on it, and lifts a limit", async () => {
  const { as, server, id } = openSpawnKit();
  const task = { title: "T", priority: null, metadata: { kept: null } };
  await as("lead").tasks.create(task as never);
  assert.equal(
    server.received.at(-1)?.text,
    '{"title":"T","metadata":{"kept":null}}',
  );
  await as("lead").agents.setBudget(id("worker1"), { budgetPeriodLimit: null });
  assert.equal(server.received.at(-1)?.text, '{"budgetPeriodLimit":null}');
  const before = server.received.length;
  const transfer = { toAgentId: null, amount: 1 } as never;
  await assert.rejects(as("lead").credits.transfer(transfer), {
    code: "invalid-argument",
    path: "toAgentId",
  });
  assert.equal(server.received.length, before);
});

test("integer-like keys, escapes and line separators are signed as they are sent", async () => {
  const { as, server } = openSpawnKit();
  const metadata = { "10": "a", "2": "b", "a\u2028": '\ud83d\ude00\t"' };
  await as("lead").tasks.create({ title: "T", metadata });
  assert.deepEqual(server.state.tasks[0].metadata, metadata);
});

test("parseDate() reads the dates of the server and nothing else", () => {
  assert.equal(parseDate("2026-11-21T00:06:50.877Z")?.getTime(), 1795219610877);
  assert.equal(
    parseDate("2026-11-21T02:06:50+02:00")?.toISOString(),
    "2026-11-21T00:06:50.000Z",
  );
  for (
    const none of [
      null,
      undefined,
      "",
      "soon",
      "2026",
      "2026-13-40T99:00Z",
      "2026-11-21T00:06:50",
    ]
  ) {
    assert.equal(parseDate(none), undefined, `${none}`);
  }
});

test("a NUL is refused wherever it stands, and what only looks like one is not", async () => {
  const { as, server } = openSpawnKit();
  const { events, tasks } = as("lead");
  for (const title of ["\0", "a\\\0", '"\0', "\\\\\0"]) {
    await assert.rejects(tasks.create({ title }), {
      code: "invalid-argument",
      path: "input",
    });
  }
  await assert.rejects(events.list({ type: "a\0" as never }), {
    code: "invalid-argument",
    path: "input",
  });
  assert.equal(server.received.length, 0);
  for (const title of ["\\u0000", "\\\\u0000", "100%00"]) {
    assert.equal((await tasks.create({ title })).title, title);
  }
});

test("what JSON cannot hold is refused before anything is sent", async () => {
  const { as, server } = openSpawnKit();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const value of [circle, 1n]) {
    await assert.rejects(
      as("lead").tasks.create({
        title: "T",
        metadata: { value: value as never },
      }),
      { code: "invalid-argument" },
    );
  }
  assert.equal(server.received.length, 0);
});
