import assert from "node:assert/strict";
import test from "node:test";
import { NetworkError } from "@tutti/sdk/http";
import {
  createLiveMessages,
  OPERATIONS,
  readOperations,
  RoundTableClient,
} from "@tutti/sdk/roundtable";
import { TestWebSocket } from "../support/node_websocket.ts";
import { ADA } from "../support/roundtable.ts";
import { servingRoundTable } from "../support/roundtable_serving.ts";

/** Calls every operation once, in an order that a server can follow; gives what each one gave. */
async function everything(
  client: RoundTableClient,
): Promise<Map<string, unknown>> {
  const gave = new Map<string, unknown>();
  const call = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const result = await work();
    gave.set(name, result);
    return result;
  };
  const { workspaces, sandboxes, messages, collaborations, system, auth } =
    client;
  await call("system.liveness", () => system.liveness());
  await call("system.root", () => system.root());
  await call("system.api", () => system.api());
  await call("system.health", () => system.health());
  await call("auth.register", () => auth.register({ ...ADA, full_name: null }));
  await call("auth.login", () => auth.login(ADA));
  await call("auth.refresh", () => auth.refresh());
  await call("auth.me", () => auth.me());
  await call("system.info", () => system.info());
  const { workspace_id } = await call(
    "workspaces.create",
    () =>
      workspaces.create({
        name: "Lab",
        description: null,
        settings: { max_sandboxes: 25 },
      }),
  );
  await call("workspaces.list", () => workspaces.list());
  await call("workspaces.get", () => workspaces.get(workspace_id));
  await call(
    "workspaces.update",
    () => workspaces.update(workspace_id, { name: "Lab 2" }),
  );
  const settings = await call(
    "workspaces.getConfig",
    () => workspaces.getConfig(workspace_id),
  );
  await call(
    "workspaces.updateConfig",
    () =>
      workspaces.updateConfig(workspace_id, { ...settings, retention_days: 7 }),
  );
  const { sandbox_id } = await call(
    "sandboxes.create",
    () =>
      sandboxes.create(workspace_id, {
        name: "scout",
        // What the official SDKs send, nulls included.
        agent_config: {
          primary_agent: "researcher",
          max_tokens: null,
          temperature: null,
          system_prompt: "Be brief",
        },
        resource_limits: null,
        description: "finds things",
      }),
  );
  const other = await sandboxes.create(workspace_id, {
    name: "editor",
    agent_config: { primary_agent: "writer", temperature: 0.2 },
  });
  await call("sandboxes.list", () => sandboxes.list(workspace_id));
  await call("sandboxes.get", () => sandboxes.get(sandbox_id));
  await call("sandboxes.start", () => sandboxes.start(sandbox_id));
  await call("sandboxes.status", () => sandboxes.status(sandbox_id));
  await call("sandboxes.logs", () => sandboxes.logs(sandbox_id));
  await call("sandboxes.metrics", () => sandboxes.metrics(sandbox_id));
  await call(
    "sandboxes.updateConfig",
    () =>
      sandboxes.updateConfig(sandbox_id, {
        verbose: null,
        settings: { a: null },
      }),
  );
  const { message_id } = await call(
    "messages.send",
    () =>
      messages.send(sandbox_id, {
        to_sandbox_id: other.sandbox_id,
        content: { ask: "summarise", doc: null },
        message_type: "request",
      }),
  );
  await call(
    "messages.list",
    () => messages.list(other.sandbox_id),
  );
  await call("messages.get", () => messages.get(message_id));
  await call(
    "messages.broadcast",
    () => messages.broadcast(workspace_id, { content: { notice: "hi" } }),
  );
  const { collaboration_id } = await call(
    "collaborations.orchestrate",
    () =>
      collaborations.orchestrate(workspace_id, {
        task: "Compare two designs",
        participants: [sandbox_id, other.sandbox_id],
        mode: "swarm",
        config: null,
      }),
  );
  await call(
    "collaborations.get",
    () => collaborations.get(collaboration_id),
  );
  await call(
    "collaborations.discoverAgents",
    () => collaborations.discoverAgents(workspace_id),
  );
  await call(
    "system.aggregateMetrics",
    () => system.aggregateMetrics(workspace_id),
  );
  const live = createLiveMessages(client, {
    agentId: "scout",
    WebSocket: TestWebSocket,
  });
  await live.next();
  await call("system.socketStats", () => system.socketStats());
  await call("system.connections", () => system.connections());
  await call(
    "system.connection",
    () => system.connection(live.connectionId!),
  );
  await live.close();
  await call("sandboxes.stop", () => sandboxes.stop(sandbox_id));
  await call("sandboxes.delete", () => sandboxes.delete(sandbox_id));
  await sandboxes.delete(other.sandbox_id);
  await call("workspaces.delete", () => workspaces.delete(workspace_id));
  await call("auth.logout", () => auth.logout());
  return gave;
}

test("RoundTableClient makes every operation of its table over a socket", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    const client = new RoundTableClient({ baseUrl, retry: false });
    const gave = await everything(client);

    const lines = Object.entries(OPERATIONS).flatMap(([resource, table]) =>
      readOperations(table).map(([name, method, path]) => ({
        name: `${resource}.${name}`,
        method,
        path,
      }))
    );
    assert.deepEqual(
      [...gave.keys()].sort(),
      lines.map(({ name }) => name).sort(),
    );
    for (const { method, path } of lines) {
      const pattern = new RegExp(
        `^${path.replace(/\{\w+\}/g, "[^/]+")}(\\?.*)?$`,
      );
      assert.ok(
        server.requests.some((seen) =>
          seen.method === method && pattern.test(seen.path)
        ),
        `${method} ${path} was never asked for`,
      );
    }
    const of = (name: string): Record<string, unknown> =>
      gave.get(name) as Record<string, unknown>;
    assert.equal(of("system.liveness").status, "healthy");
    assert.equal(of("system.root").name, "Round Table API");
    assert.equal(of("system.api").message, "Round Table API");
    assert.equal(of("system.health").message_bus, "disconnected");
    assert.equal(of("system.info").authenticated, true);
    assert.equal(of("auth.me").email, ADA.email);
    assert.deepEqual(of("workspaces.create").settings, {
      max_sandboxes: 25,
      auto_cleanup: true,
      retention_days: 30,
      collaboration_policy: {},
    });
    assert.equal(of("workspaces.update").name, "Lab 2");
    assert.equal(of("workspaces.updateConfig").retention_days, 7);
    assert.equal(of("workspaces.updateConfig").max_sandboxes, 25);
    // The defaults of the server, because no null was sent.
    assert.deepEqual(of("sandboxes.create").agent_config, {
      primary_agent: "researcher",
      model: "gpt-4",
      sub_agents: [],
      max_tokens: 4096,
      temperature: 0.7,
    });
    assert.equal(of("sandboxes.start").status, "running");
    assert.equal(of("sandboxes.stop").status, "stopped");
    assert.deepEqual(gave.get("sandboxes.logs"), []);
    assert.deepEqual(gave.get("sandboxes.updateConfig"), {
      verbose: null,
      settings: { a: null },
    });
    assert.equal(gave.get("sandboxes.delete"), undefined);
    assert.equal(gave.get("workspaces.delete"), undefined);
    // A null inside of what is free form is the caller's.
    assert.deepEqual(of("messages.get").content, {
      ask: "summarise",
      doc: null,
    });
    assert.deepEqual(of("messages.get").status, of("messages.send").status);
    assert.equal((gave.get("messages.list") as unknown[]).length, 1);
    assert.equal(of("messages.broadcast").broadcast_to, 2);
    assert.equal(of("collaborations.get").status, "running");
    assert.equal(of("collaborations.discoverAgents").count, 2);
    assert.equal(of("system.socketStats").total_connections, 1);
    assert.equal(of("system.connection").agent_id, "scout");
  });
});

test("RoundTableClient takes bodies that are not wrapped as they are", async () => {
  const workspace = { workspace_id: "ws_1", name: "Lab" };
  for (const body of [workspace, { success: true, data: workspace }]) {
    const client = new RoundTableClient({
      baseUrl: "https://table.test",
      fetch: () => Response.json(body),
    });
    assert.deepEqual(await client.workspaces.get("ws_1"), workspace);
  }
});

test("RoundTableClient refuses a success that is none of the server's", async () => {
  for (
    const body of [{}, [], "hello", null, { success: true, data: {} }, {
      success: false,
      error: { code: "NOT_FOUND" },
    }]
  ) {
    const client = new RoundTableClient({
      baseUrl: "https://table.test",
      fetch: () => Response.json(body),
    });
    await assert.rejects(client.workspaces.get("ws_1"), { code: "decode" });
    await assert.rejects(client.workspaces.list(), {
      code: "decode",
    });
  }
  const client = new RoundTableClient({
    baseUrl: "https://table.test",
    fetch: () => Response.json({ data: { workspaces: {} }, success: true }),
  });
  await assert.rejects(client.workspaces.list(), { code: "decode" });
});

test("RoundTableClient finds the API whichever way its base URL is written", async () => {
  for (
    const baseUrl of [
      "http://table.test",
      "http://table.test/",
      "http://table.test/api/v1",
      "http://table.test/api/v1//",
    ]
  ) {
    const urls: string[] = [];
    const client = new RoundTableClient({
      baseUrl,
      fetch: ({ url }) => {
        urls.push(url);
        return Response.json({ status: "healthy" });
      },
    });
    await client.system.health();
    await client.system.liveness();
    assert.deepEqual(urls, [
      "http://table.test/api/v1/system/health",
      "http://table.test/health",
    ]);
  }
});

test("RoundTableClient encodes ids, and refuses what cannot be one", async () => {
  const urls: string[] = [];
  const client = new RoundTableClient({
    baseUrl: "http://table.test",
    fetch: ({ url }) => {
      urls.push(url);
      return Response.json({ sandbox_id: "x" });
    },
  });
  await client.sandboxes.get("a/../b?c");
  assert.deepEqual(urls, [
    "http://table.test/api/v1/sandboxes/a%2F..%2Fb%3Fc",
  ]);
  for (const id of ["", "..", "\n", undefined as unknown as string]) {
    await assert.rejects(client.sandboxes.get(id), {
      code: "invalid-argument",
    });
  }
  assert.equal(urls.length, 1);
});

test("RoundTableClient sends what creates something once, and repeats the rest", async () => {
  const tries: string[] = [];
  const client = new RoundTableClient({
    baseUrl: "http://table.test",
    retry: { retries: 2, initialDelayMs: 0 },
    fetch: ({ method, url }) => {
      tries.push(`${method} ${new URL(url).pathname.split("/").at(-1)}`);
      return new Response("Internal Server Error", { status: 500 });
    },
  });
  const agent = { name: "a", agent_config: { primary_agent: "a" } };
  for (
    const [times, work] of [
      [1, () => client.workspaces.create({ name: "a" })],
      [1, () => client.sandboxes.create("ws_1", agent)],
      [1, () => client.messages.send("a", { to_sandbox_id: "b", content: {} })],
      [1, () => client.messages.broadcast("a", { content: {} })],
      [1, () =>
        client.collaborations.orchestrate("a", {
          task: "t",
          participants: ["b"],
        })],
      [1, () => client.auth.register(ADA)],
      [3, () => client.auth.login(ADA)],
      [3, () => client.sandboxes.start("a")],
      [3, () => client.sandboxes.stop("a")],
      [3, () => client.sandboxes.delete("a")],
      [3, () => client.workspaces.update("a", { name: "b" })],
      [3, () => client.sandboxes.updateConfig("a", {})],
      [3, () => client.sandboxes.get("a")],
    ] as const
  ) {
    tries.length = 0;
    await assert.rejects(work(), { status: 500, kind: "server" });
    assert.equal(tries.length, times, tries[0]);
  }
});

test("delete() is a success when the answer to an earlier try was lost", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    const client = new RoundTableClient({
      baseUrl,
      retry: { initialDelayMs: 0 },
      // The network drops the answer, the server has done its work.
      aroundAttempt: [async (request, next, { attempt }) => {
        const response = await next(request);
        if (request.method !== "DELETE" || attempt > 1) return response;
        await response.body?.cancel();
        throw new NetworkError("the delete", new TypeError("reset"));
      }],
    });
    await client.auth.register(ADA);
    const { workspace_id } = await client.workspaces.create({ name: "Lab" });
    await client.workspaces.delete(workspace_id);
    assert.equal(server.workspaces.size, 0);
    // Of one that was never there it is not.
    await assert.rejects(
      new RoundTableClient({ baseUrl, apiKey: client.auth.session.apiKey })
        .workspaces.delete(workspace_id),
      { kind: "not-found" },
    );
  });
});

test("delete() of what was never there is no success, also where the token had to be renewed", async () => {
  await servingRoundTable(async ({ server, baseUrl }) => {
    const client = new RoundTableClient({ baseUrl });
    await client.auth.register(ADA);
    server.forgetAccessTokens();
    await assert.rejects(client.sandboxes.delete("sb_none"), {
      kind: "not-found",
    });
    assert.equal(server.to(/refresh/).length, 1);
  });
});
