import assert from "node:assert/strict";
import test from "node:test";
import {
  deleteWorkspace,
  listLogs,
  listMessages,
  listSandboxes,
  listWorkspaces,
  patchConfig,
} from "@tutti/sdk/roundtable";
import { ADA, roundTableBench } from "../support/roundtable.ts";
import type { RoundTableBench } from "../support/roundtable.ts";

/** A bench with one workspace and so many sandboxes. */
async function withSandboxes(
  count: number,
): Promise<RoundTableBench & { readonly workspaceId: string; ids: string[] }> {
  const bench = roundTableBench();
  const { workspace_id } = await bench.client.workspaces.create({
    name: "Lab",
  });
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const sandbox = await bench.client.sandboxes.create(workspace_id, {
      name: `s${n}`,
      agent_config: { primary_agent: "a" },
    });
    ids.push(sandbox.sandbox_id);
  }
  bench.server.requests.length = 0;
  return { ...bench, workspaceId: workspace_id, ids };
}

test("listMessages() gives every message that the server can show, once, in pages of any size", async () => {
  const { server, client, clock, ids } = await withSandboxes(2);
  for (let n = 0; n < 130; n++) {
    server.store({
      from_sandbox_id: ids[0],
      to_sandbox_id: ids[1],
      workspace_id: "ws_0000000001",
      content: { n },
    });
    await clock.advance(1_000);
  }
  const wanted = Array.from({ length: 100 }, (_, n) => 129 - n);
  for (const limit of [100, 99, 50, 33, 7, 1]) {
    server.requests.length = 0;
    const list = await listMessages(client, ids[1]!, { limit }).toArray();
    assert.deepEqual(list.map(({ content }) => content.n), wanted);
    // Nothing behind the reach was asked for.
    assert.equal(server.requests.length, Math.ceil(100 / limit));
  }
  assert.equal(
    server.requests.at(-1)?.path.split("?")[1],
    "offset=99&limit=100",
  );
  const some = await client.messages.list(ids[1]!, { offset: 20, limit: 20 });
  assert.deepEqual(some.map(({ content }) => content.n), wanted.slice(20, 40));
});

test("listMessages() goes on from a cursor", async () => {
  const { server, client, ids } = await withSandboxes(2);
  for (let n = 0; n < 10; n++) {
    server.store({
      from_sandbox_id: ids[0],
      to_sandbox_id: ids[1],
      workspace_id: "ws_0000000001",
      content: { n },
    });
  }
  const first = listMessages(client, ids[1]!, { limit: 4 }).take(5);
  const before = await first.toArray();
  const after = await listMessages(client, ids[1]!, {
    limit: 4,
    cursor: first.cursor,
  }).toArray();
  assert.deepEqual(
    [...before, ...after].map(({ content }) => content.n),
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  );
});

test("listSandboxes() and listWorkspaces() end where the server's reach ends", async () => {
  const { server, client, workspaceId } = await withSandboxes(120);
  for (const limit of [100, 30]) {
    server.requests.length = 0;
    const sandboxes = await listSandboxes(client, workspaceId, { limit })
      .toArray();
    assert.equal(sandboxes.length, 100);
    assert.equal(new Set(sandboxes.map((one) => one.sandbox_id)).size, 100);
    assert.equal(server.requests.length, Math.ceil(100 / limit));
  }
  server.requests.length = 0;
  assert.deepEqual(
    await listSandboxes(client, workspaceId, { offset: 100 }).toArray(),
    [],
  );
  assert.equal(server.requests.length, 0);
  assert.equal((await listWorkspaces(client).toArray()).length, 1);
  assert.equal(server.requests.length, 1);
});

test("list() refuses a limit or an offset that the server would refuse", async () => {
  const { server, client } = roundTableBench();
  for (
    const options of [{ limit: 0 }, { limit: 101 }, { limit: 1.5 }, {
      offset: -1,
    }, { offset: NaN }]
  ) {
    const refusal = {
      code: "invalid-argument",
      path: Object.keys(options)[0],
    };
    assert.throws(() => listWorkspaces(client, options), refusal);
    await assert.rejects(client.workspaces.list(options), refusal);
    await assert.rejects(client.messages.list("sb_1", options), refusal);
  }
  assert.equal(server.requests.length, 0);
});

test("listWorkspaces() sends the options of the call with each page, and ends with its signal", async () => {
  const { client, server } = await withSandboxes(3);
  const controller = new AbortController();
  const answers: number[] = [];
  const list = listWorkspaces(client, {
    limit: 1,
    signal: controller.signal,
    headers: { "x-team": "blue" },
    onAnswer: ({ status }) => answers.push(status),
  });
  await list.next();
  assert.deepEqual(answers, [200]);
  controller.abort();
  await assert.rejects(list.next(), { code: "aborted" });
  assert.equal(server.requests.length, 1);
});

test("patchConfig() changes what it is given and keeps the rest", async () => {
  const { server, client } = roundTableBench();
  const { workspace_id } = await client.workspaces.create({
    name: "Lab",
    settings: {
      max_sandboxes: 25,
      collaboration_policy: { voting: "majority", rounds: { most: 3 } },
    },
  });
  assert.deepEqual(
    await patchConfig(client, workspace_id, {
      retention_days: 7,
      collaboration_policy: { rounds: { least: 1 }, voting: null },
    }),
    {
      max_sandboxes: 25,
      auto_cleanup: true,
      retention_days: 7,
      collaboration_policy: { rounds: { most: 3, least: 1 } },
    },
  );
  // Back to the server's default.
  const { max_sandboxes } = await patchConfig(client, workspace_id, {
    max_sandboxes: null,
    auto_cleanup: undefined,
  });
  assert.equal(max_sandboxes, 10);
  server.requests.length = 0;
  await assert.rejects(
    patchConfig(client, workspace_id, { retention_days: 366 }),
    { code: "invalid-argument", path: "retention_days" },
  );
  assert.deepEqual(server.requests.map(({ method }) => method), ["GET"]);
});

test("patchConfig() loses no change when two are made at once", async () => {
  const { client } = roundTableBench();
  const { workspace_id } = await client.workspaces.create({ name: "Lab" });
  const [failed] = await Promise.allSettled([
    patchConfig(client, "ws_none", { max_sandboxes: 1 }),
    patchConfig(client, workspace_id, { max_sandboxes: 20 }),
    patchConfig(client, workspace_id, { retention_days: 9 }),
    patchConfig(client, workspace_id, {
      collaboration_policy: { a: 1 },
    }),
    patchConfig(client, workspace_id, {
      collaboration_policy: { b: 2 },
    }),
  ]);
  assert.equal(failed?.status, "rejected");
  assert.deepEqual(await client.workspaces.getConfig(workspace_id), {
    max_sandboxes: 20,
    auto_cleanup: true,
    retention_days: 9,
    collaboration_policy: { a: 1, b: 2 },
  });
});

test("workspaces refuse settings for which the server would fail, before anything is sent", async () => {
  const { server, client } = roundTableBench();
  const good = {
    max_sandboxes: 1,
    auto_cleanup: true,
    retention_days: 1,
    collaboration_policy: {},
  };
  for (
    const wrong of [
      { max_sandboxes: 0 },
      { max_sandboxes: 101 },
      { retention_days: 0 },
      { retention_days: 366 },
      { retention_days: 1.5 },
      { auto_cleanup: "maybe" },
      { collaboration_policy: ["voting"] },
    ]
  ) {
    const settings = { ...good, ...wrong } as typeof good;
    const [field] = Object.keys(wrong);
    for (
      const [path, work] of [
        [field, () => client.workspaces.updateConfig("ws_1", settings)],
        [
          `settings.${field}`,
          () => client.workspaces.update("ws_1", { settings }),
        ],
        [
          `settings.${field}`,
          () => client.workspaces.create({ name: "a", settings }),
        ],
      ] as const
    ) {
      await assert.rejects(work(), { code: "invalid-argument", path });
    }
  }
  assert.equal(server.requests.length, 0);
});

test("deleteWorkspace() leaves no sandbox behind, however many", async () => {
  const { server, client, workspaceId, ids } = await withSandboxes(230);
  // Somebody else deletes one meanwhile.
  server.first.push(
    () => undefined,
    () => {
      server.sandboxes.delete(ids[5]!);
      return undefined;
    },
  );
  await deleteWorkspace(client, workspaceId);
  assert.equal(server.sandboxes.size, 0);
  assert.equal(server.workspaces.size, 0);
});

test("workspaces.delete() without cascade orphans its sandboxes, as the server does", async () => {
  const { server, client, workspaceId, ids } = await withSandboxes(1);
  await client.workspaces.delete(workspaceId);
  assert.equal(server.sandboxes.size, 1);
  await assert.rejects(client.sandboxes.delete(ids[0]!), {
    status: 403,
    kind: "forbidden",
  });
});

test("deleteWorkspace() leaves the workspace when a sandbox cannot be deleted", async () => {
  const { server, client, workspaceId } = await withSandboxes(3);
  server.first.push(
    () => undefined,
    () => undefined,
    () => Response.json({ detail: "Access denied" }, { status: 403 }),
  );
  await assert.rejects(
    deleteWorkspace(client, workspaceId),
    { kind: "forbidden" },
  );
  assert.equal(server.workspaces.size, 1);
  assert.equal(server.sandboxes.size, 2);
  await deleteWorkspace(client, workspaceId);
  assert.equal(server.sandboxes.size, 0);
});

test("deleteWorkspace() ends when a server goes on showing what is deleted", async () => {
  const { server, client, workspaceId } = await withSandboxes(2);
  const rows = await client.sandboxes.list(workspaceId);
  let lists = 0;
  server.first.push(
    ...Array.from({ length: 9 }, () => (seen: { method: string }) => {
      if (seen.method !== "GET") return undefined;
      lists++;
      return Response.json({ success: true, data: { sandboxes: rows } });
    }),
  );
  await deleteWorkspace(client, workspaceId);
  assert.equal(lists, 2);
});

test("two clients see nothing of each other", async () => {
  const { client, server, workspaceId, ids } = await withSandboxes(1);
  server.users.push({
    ...server.users[0]!,
    user_id: "usr_2",
    email: "bob@workshop.example.com",
  });
  const other = roundTableBench({
    fetch: server.fetch,
    email: "bob@workshop.example.com",
    password: ADA.password,
  }).client;
  assert.deepEqual(await other.workspaces.list(), []);
  await assert.rejects(other.workspaces.get(workspaceId), {
    kind: "forbidden",
  });
  await assert.rejects(other.sandboxes.list(workspaceId), {
    kind: "not-found",
  });
  await assert.rejects(other.sandboxes.get(ids[0]!), { kind: "forbidden" });
  assert.equal((await client.workspaces.list()).length, 1);
});

test("listLogs() goes on after 100 lines, in pages of up to 1000", async () => {
  const lines = Array.from({ length: 2_500 }, (_, n) => `line ${n}`);
  const asked: string[] = [];
  const { client } = roundTableBench({
    apiKey: "a.b.c",
    // A server that has logs; today's has none.
    fetch: ({ url }) => {
      const { searchParams, search } = new URL(url);
      asked.push(search);
      const [offset = 0, limit = 0] = ["offset", "limit"].map((name) =>
        Number(searchParams.get(name))
      );
      const logs = lines.slice(offset, offset + limit);
      return Response.json({ success: true, data: { logs } });
    },
  });
  const logs = await listLogs(client, "sb_1", { limit: 1_000 }).toArray();
  assert.deepEqual(logs, lines);
  assert.deepEqual(asked, [
    "?offset=0&limit=1000",
    "?offset=1000&limit=1000",
    "?offset=2000&limit=1000",
  ]);
  await assert.rejects(client.sandboxes.logs("sb_1", { limit: 1_001 }), {
    code: "invalid-argument",
  });
});

test("patchConfig() that is aborted while it waits ends at once and changes nothing; the others go on", async () => {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const { server } = roundTableBench();
  const { client } = roundTableBench({
    fetch: async (request) => {
      if (request.method === "PUT") await gate;
      return await server.fetch(request);
    },
  });
  const { workspace_id } = await client.workspaces.create({ name: "Lab" });
  const controller = new AbortController();
  const first = patchConfig(client, workspace_id, { max_sandboxes: 20 });
  const second = patchConfig(client, workspace_id, { retention_days: 1 }, {
    signal: controller.signal,
  });
  const third = patchConfig(client, workspace_id, { auto_cleanup: false });
  controller.abort();
  await assert.rejects(second, { code: "aborted" });
  release();
  assert.equal((await first).max_sandboxes, 20);
  assert.deepEqual(await third, {
    max_sandboxes: 20,
    auto_cleanup: false,
    retention_days: 30,
    collaboration_policy: {},
  });
});

test("deleteWorkspace() without cascade deletes the workspace alone", async () => {
  const { server, client, workspaceId } = await withSandboxes(1);
  await deleteWorkspace(client, workspaceId, { cascade: false });
  assert.equal(server.workspaces.size, 0);
  assert.equal(server.sandboxes.size, 1);
});

test("RoundTableClient refuses a body that is no object, before anything is sent", async () => {
  const { server, client } = roundTableBench();
  for (const body of ["text", [1], 7, undefined]) {
    const given = body as never;
    await assert.rejects(client.messages.send("sb_1", given), {
      code: "invalid-argument",
      path: "request",
    });
    await assert.rejects(client.workspaces.create(given), {
      code: "invalid-argument",
      path: "request",
    });
    await assert.rejects(
      client.workspaces.create({ name: "a", settings: [body] as never }),
      { code: "invalid-argument", path: "settings" },
    );
  }
  assert.equal(server.requests.length, 0);
});
