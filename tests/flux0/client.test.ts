import assert from "node:assert/strict";
import test from "node:test";
import { createSessionId, Flux0Client, Flux0Error } from "@tutti/sdk/flux0";
import {
  asyncDispose,
  debugLog,
  fromEnv,
  InvalidArgumentError,
} from "@tutti/sdk/http";
import { createScriptedFetch, jsonReply } from "@tutti/sdk/testing";
import { flux0Bench } from "../support/flux0.ts";

async function refusalOf(promise: Promise<unknown>): Promise<Flux0Error> {
  const error = await promise.then(() => undefined, (thrown) => thrown);
  assert.ok(Flux0Error.is(error), String(error));
  return error;
}

test("agents: create(), get() and list() speak as the server does", async () => {
  const { client, server } = flux0Bench();
  const made = await client.agents.create({ name: "Meteo", type: "echo" });
  assert.equal(made.name, "Meteo");
  assert.equal(made.description, undefined);
  const read = await client.agents.get(made.id);
  assert.deepEqual(read, { ...made, description: null });
  await client.agents.create({ name: "B", type: "x", description: "Bee" });
  const all = await client.agents.list();
  assert.deepEqual(all.map(({ description }) => description), [null, "Bee"]);
  assert.deepEqual(
    server.requests.map(({ method, path }) => `${method} ${path}`),
    [
      "POST /api/agents",
      `GET /api/agents/${made.id}`,
      "POST /api/agents",
      "GET /api/agents",
    ],
  );
  assert.deepEqual(server.requests[0]?.body, { name: "Meteo", type: "echo" });
});

test("sessions: create(), get() and list() speak as the server does", async () => {
  const { client, server } = flux0Bench({ userSub: "alice" });
  const agent = await client.agents.create({ name: "A", type: "echo" });
  const id = createSessionId();
  const made = await client.sessions.create({
    agent_id: agent.id,
    id,
    title: "Weekend",
    allow_greeting: false,
  });
  assert.equal(made.id, id);
  assert.equal(made.title, "Weekend");
  const bare = await client.sessions.create({ agent_id: agent.id });
  assert.equal("title" in bare, false);
  assert.equal("mode" in bare, false);
  const posts = server.requests.slice(1);
  assert.equal(posts[0]?.path, "/api/sessions?allow_greeting=false");
  assert.deepEqual(posts[0]?.body, {
    agent_id: agent.id,
    id,
    title: "Weekend",
  });
  assert.equal(posts[1]?.path, "/api/sessions");
  assert.deepEqual(await client.sessions.get(id), made);
  assert.equal((await client.sessions.list()).length, 2);
  assert.equal((await client.sessions.list({ agent_id: "" })).length, 0);
  assert.equal(
    (await client.with({ userSub: "bob" }).sessions.list()).length,
    0,
  );
  assert.equal(
    server.requests[0]?.headers.get("cookie"),
    "flux0_user_sub=alice",
  );
  // Whoever knows the id may read.
  await client.with({ userSub: undefined }).sessions.get(id);
  assert.equal(server.requests.at(-1)?.headers.get("cookie"), null);
});

test("createSessionId() makes ids that are all different", () => {
  const ids = new Set(Array.from({ length: 1_000 }, createSessionId));
  assert.equal(ids.size, 1_000);
  for (const id of ids) {
    assert.match(id, /^[A-Za-z\d][A-Za-z\d-]{8}[A-Za-z\d]$/);
  }
});

test("discovery.get() tells the revisions apart", async () => {
  const older = flux0Bench();
  assert.deepEqual(await older.client.discovery.get(), {
    version: "0.1.0",
    hasModes: false,
  });
  const newer = flux0Bench({}, { hasModes: true });
  assert.deepEqual(await newer.client.discovery.get(), {
    version: "0.2.0",
    hasModes: true,
  });
  const { fetch } = createScriptedFetch({ replies: [jsonReply([])] });
  await assert.rejects(new Flux0Client({ fetch }).discovery.get(), {
    code: "decode",
  });
});

test("sessions.create() sends mode and metadata to a server of the later revision", async () => {
  const { client, server } = flux0Bench({}, { hasModes: true });
  const agent = await client.agents.create({ name: "R", type: "replay" });
  const metadata = { replay: { recording_id: "rec-1", pacing: 0 } };
  const made = await client.sessions.create({
    agent_id: agent.id,
    mode: "replay",
    metadata,
  });
  assert.equal(made.mode, "replay");
  assert.deepEqual(made.metadata, metadata);
  const plain = await client.sessions.create({ agent_id: agent.id });
  assert.equal(plain.mode, "auto");
  assert.deepEqual(server.requests.at(-1)?.body, { agent_id: agent.id });
});

test("Flux0Error says that a server is older than modes", async () => {
  const { client } = flux0Bench();
  const agent = await client.agents.create({ name: "R", type: "replay" });
  const error = await refusalOf(
    client.sessions.create({ agent_id: agent.id, mode: "record" }),
  );
  assert.equal(error.status, 422);
  assert.match(error.hint ?? "", /older/);
  assert.deepEqual(error.issues.map(({ field, type }) => [field, type]), [
    ["body.mode", "extra_forbidden"],
  ]);
});

test("Flux0Error has the fields that a server does not like, and shows them to nobody else", async () => {
  const { client } = flux0Bench();
  const error = await refusalOf(client.agents.get("short"));
  assert.equal(error.code, "http-error");
  assert.equal(error.status, 422);
  assert.equal(error.isNotFound, false);
  assert.deepEqual(error.issues, [{
    type: "string_too_short",
    field: "path.agent_id",
    message: "words about string_too_short",
  }]);
  assert.equal(error.platformMessage, undefined);
  assert.equal((error.body as { detail: unknown }).detail, error.details);
  assert.doesNotMatch(JSON.stringify(error) + error.message, /words|input/);
});

test("Flux0Error says that something does not exist, whatever its status", async () => {
  const { client } = flux0Bench();
  const calls = [
    [404, () => client.agents.get("unknown-00")],
    [404, () => client.sessions.get("unknown-00")],
    [400, () => client.sessions.create({ agent_id: "unknown-00" })],
    [400, () => client.sessions.listEvents("unknown-00")],
    [400, () => client.sessions.send("unknown-00", "Hi").text()],
  ] as const;
  for (const [status, call] of calls) {
    const error = await refusalOf(call());
    assert.equal(error.status, status);
    assert.equal(error.isNotFound, true);
    assert.match(error.platformMessage ?? "", /unknown-00/);
    assert.deepEqual(error.issues, []);
  }
});

test("Flux0Error keeps bodies that are none of the platform", async () => {
  const bodies = [
    new Response("<p>", { status: 422 }),
    new Response(null, { status: 422 }),
    Response.json({ detail: [{ loc: "x" }, 7] }, { status: 422 }),
    Response.json(null, { status: 400 }),
  ];
  const client = new Flux0Client({ fetch: () => bodies.shift()! });
  for (const body of ["<p>", undefined, { detail: [{ loc: "x" }, 7] }, null]) {
    const error = await refusalOf(client.agents.list());
    assert.deepEqual(error.body, body);
    assert.deepEqual(error.issues, []);
    assert.equal(error.isNotFound, false);
  }
});

test("a client refuses what is no record", async () => {
  for (const body of [null, [], { data: {} }, { data: [null] }, { id: 7 }]) {
    const client = new Flux0Client({ fetch: () => Response.json(body) });
    const wanted = { code: "decode" };
    await assert.rejects(client.agents.list(), wanted);
    await assert.rejects(client.agents.get("a"), wanted);
    await assert.rejects(client.sessions.listEvents("a"), wanted);
  }
});

test("a client refuses what cannot be right before anything is sent", async () => {
  const { client, server } = flux0Bench();
  const bad: [() => unknown, string][] = [
    [() => client.agents.create({ name: "", type: "x" }), "name"],
    [() => client.agents.create(undefined as never), "agent"],
    [() => client.sessions.create(null as never), "session"],
    [
      () => client.agents.create({ name: "x", type: "x".repeat(101) }),
      "type",
    ],
    [() => client.sessions.create({ agent_id: "" }), "agent_id"],
    [
      () => client.sessions.create({ agent_id: "a", id: "a/b?c#d%e!" }),
      "id",
    ],
    [
      () => client.sessions.create({ agent_id: "a", id: "short" }),
      "id",
    ],
    [() => client.agents.get(".."), "agentId"],
    [() => client.sessions.get(""), "sessionId"],
    [() => client.sessions.send("talk-00001", ""), "content"],
    [() => client.sessions.send("", "Hi"), "sessionId"],
    [
      () => client.sessions.follow("talk-00001", {}, { pollIntervalMs: -1 }),
      "pollIntervalMs",
    ],
    [
      () => client.sessions.send("talk-00001", "Hi", { maxTurnSize: 0 }),
      "maxTurnSize",
    ],
    [() => new Flux0Client({ userSub: "a;b" }), "userSub"],
    [() => new Flux0Client({ baseUrl: "ftp://x" }), "baseUrl"],
    [() => new Flux0Client({ baseUrl: "http://{host}" }), "urlParams.host"],
    [() => new Flux0Client({ retry: { factor: 0 } }), "retry.factor"],
  ];
  for (const [act, path] of bad) {
    const error = await (async () => await act())()
      .then(() => undefined, (thrown) => thrown);
    assert.ok(InvalidArgumentError.is(error), path);
    assert.equal(error.path, path);
  }
  assert.equal(server.requests.length, 0);
});

test("a client goes to the server that it is told", async () => {
  const urls: string[] = [];
  const fetch = ({ url }: Request) => {
    urls.push(url);
    return Response.json({ data: [] });
  };
  const client = new Flux0Client({ fetch });
  await client.agents.list();
  await client.with({ baseUrl: "https://b.example/flux/" }).agents.list();
  // What is no part of a host name stays out of it.
  assert.throws(
    () =>
      client.with({
        baseUrl: "https://{region}.example",
        urlParams: { region: "evil.test/" },
      }),
    { code: "invalid-argument" },
  );
  await client.with({
    baseUrl: "https://{region}.example",
    urlParams: { region: "eu" },
  }).agents.list();
  assert.deepEqual(urls, [
    "http://127.0.0.1:8080/api/agents",
    "https://b.example/flux/api/agents",
    "https://eu.example/api/agents",
  ]);
});

test("ids go into paths and nowhere else", async () => {
  const { client, server } = flux0Bench();
  await client.sessions.get("../a?b#c%d").catch(() => {});
  assert.equal(server.requests[0]?.path, "/api/sessions/..%2Fa%3Fb%23c%25d");
});

test("fromEnv() reads FLUX0_BASE_URL and FLUX0_DEBUG, and the log has no secrets", async () => {
  const { server } = flux0Bench();
  const lines: string[] = [];
  const read = (env: Record<string, string>) =>
    fromEnv(env, {
      prefix: "FLUX0",
      observe: debugLog({ write: (line) => lines.push(line) }),
    });
  const quiet = read({ FLUX0_BASE_URL: "http://flux0.test", FLUX0_DEBUG: "" });
  assert.deepEqual(quiet, { baseUrl: "http://flux0.test" });
  const loud = read({ FLUX0_BASE_URL: "http://flux0.test", FLUX0_DEBUG: "1" });
  const client = new Flux0Client({
    ...loud,
    fetch: server.fetch,
    userSub: "secret-user",
    headers: { authorization: "Bearer secret-key" },
  });
  await client.sessions.send(server.session("echo"), "secret-words").text();
  assert.match(lines.join("\n"), /POST \/api\/sessions\/\w+\/events\/stream/);
  assert.match(lines.join("\n"), /"cookie":"\[redacted\]"/);
  assert.doesNotMatch(lines.join("\n"), /secret/);
});

test("a client can be used with `await using`", async () => {
  const { client } = flux0Bench();
  const dispose = (client as unknown as Record<symbol, () => Promise<void>>)[
    asyncDispose
  ];
  await dispose?.call(client);
  assert.equal(typeof dispose, "function");
});

test("transport makes calls of its own, as the same user", async () => {
  const { client, server } = flux0Bench({ userSub: "alice" });
  const call = {
    method: "GET",
    path: "/api/agents",
    contract: "safe",
    decode: (body: unknown) => body,
  } as const;
  const { data } = await client.transport.call(call);
  assert.deepEqual(data, { data: [] });
  assert.equal(
    server.requests[0]?.headers.get("cookie"),
    "flux0_user_sub=alice",
  );
  await assert.rejects(
    client.transport.call({ ...call, path: "/api/nowhere" }),
    { name: "Flux0Error", status: 404 },
  );
});
