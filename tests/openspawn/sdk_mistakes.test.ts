import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import test from "node:test";
import vectors from "../vectors/openspawn_hmac.json" with { type: "json" };
import { withOpenSpawn } from "../support/openspawn.ts";
import type { OpenSpawnKit } from "../support/openspawn.ts";
import { OpenSpawnServer } from "../support/openspawn_server.ts";

// What the official SDKs and documents do, against the server that the client is tested with: if these passed, the
// server would be too kind.

interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly signedPath?: string;
  readonly body?: string;
  readonly signedBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: (hex: string) => string | Uint8Array;
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));

/** Sends as a stranger would, right in everything that is not said. */
async function send(
  { server, url }: OpenSpawnKit,
  {
    method = "POST",
    path = "/api/v1/tasks",
    signedPath = path.replace(/\?.*/, ""),
    body = '{"title":"T"}',
    signedBody = method === "GET" ? "" : body,
    headers = {},
    key = bytesOf,
  }: Sending,
): Promise<number> {
  const { agentId, secret } = server.identity("lead");
  const time = headers["x-timestamp"] ?? `${Math.floor(Date.now() / 1_000)}`;
  const nonce = headers["x-nonce"] ?? randomUUID();
  const signature = createHmac("sha256", key(secret))
    .update(method + signedPath + time + nonce + signedBody).digest("hex");
  const response = await fetch(url + path, {
    method,
    headers: {
      "content-type": "application/json",
      "x-agent-id": agentId,
      "x-timestamp": time,
      "x-nonce": nonce,
      "x-signature": signature,
      ...headers,
    },
    ...(method !== "GET" && { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

test("the server accepts a stranger who signs as it wants", async () => {
  await withOpenSpawn(async (kit) => {
    assert.equal(await send(kit, {}), 201);
    assert.equal(await send(kit, { method: "GET" }), 200);
  });
});

test("the server refuses what the Python SDK sends", async () => {
  await withOpenSpawn(async (kit) => {
    const { server } = kit;
    // No prefix.
    assert.equal(await send(kit, { method: "GET", path: "/tasks" }), 404);
    // The prefix in its base URL, so not in the signed path.
    assert.equal(await send(kit, { signedPath: "/tasks" }), 401);
    // Python's own JSON: with spaces, and escaped.
    assert.equal(
      await send(kit, {
        body: '{"title": "T"}',
      }),
      401,
    );
    assert.equal(await send(kit, { body: '{"title":"\\u00e9"}' }), 401);
    // Nothing is signed where nothing is sent.
    const revoke = `/api/v1/agents/${kit.id("worker1")}/revoke`;
    assert.equal(await send(kit, { path: revoke, body: "" }), 401);
    // A body with DELETE is signed.
    const reject = `/api/v1/agents/${kit.id("worker1")}/reject`;
    assert.equal(
      await send(kit, { method: "DELETE", path: reject, body: "{}" }),
      401,
    );
    // A second try with the same nonce.
    const headers = { "x-nonce": "once" };
    assert.equal(await send(kit, { headers }), 201);
    assert.equal(await send(kit, { headers }), 401);
    // Its idempotency header does nothing: each call makes a task.
    const before = server.state.tasks.length;
    const key = { "idempotency-key": "0".repeat(32) };
    assert.equal(await send(kit, { headers: key }), 201);
    assert.equal(await send(kit, { headers: key }), 201);
    assert.equal(server.state.tasks.length, before + 2);
  });
});

test("the server refuses the fields that the Python SDK sends", async () => {
  await withOpenSpawn(async (kit) => {
    const task = await kit.as("lead").tasks.create({ title: "T" });
    const at = (path: string, body: string): Promise<number> =>
      send(kit, { path: `/api/v1${path}`, body });
    assert.equal(await at(`/tasks/${task.id}/assign`, "{}"), 400);
    assert.equal(
      await at(
        `/tasks/${task.id}/transition`,
        '{"status":"todo","notes":"x"}',
      ),
      400,
    );
    assert.equal(await at("/tasks", '{"title":"T","estimatedCredits":5}'), 400);
    assert.equal(await at("/tasks", '{"title":"T","capabilities":["a"]}'), 400);
    assert.equal(await at("/agents/spawn", '{"name":"Kid"}'), 500);
    const pending = await kit.as("lead").agents.spawn({ name: "Kid" });
    const reject = `/api/v1/agents/${pending.agent.id}/reject`;
    assert.equal(
      await send(kit, {
        method: "DELETE",
        path: reject,
        body: "",
        signedBody: "",
      }),
      500,
    );
  });
});

test("the server refuses what the TypeScript SDK and the documents say", async () => {
  await withOpenSpawn(async (kit) => {
    // The secret as text.
    assert.equal(await send(kit, { key: (hex) => hex }), 401);
    // The query in the path.
    assert.equal(
      await send(kit, {
        method: "GET",
        path: "/api/v1/tasks?status=todo",
        signedPath: "/api/v1/tasks?status=todo",
      }),
      401,
    );
    // ISO time, milliseconds, the UUID of the agent, capitals.
    const wrong: readonly Record<string, string>[] = [
      { "x-timestamp": new Date().toISOString() },
      { "x-timestamp": `${Date.now()}` },
      { "x-timestamp": `${Math.floor(Date.now() / 1_000) - 310}` },
      { "x-agent-id": kit.id("lead") },
      { "x-signature": "A".repeat(64) },
    ];
    for (const headers of wrong) {
      assert.equal(await send(kit, { headers }), 401);
    }
    // A nonce that is too long, and a key that is no UUID.
    assert.equal(
      await send(kit, { headers: { "x-nonce": "n".repeat(65) } }),
      500,
    );
    assert.equal(
      await send(kit, { headers: { "x-idempotency-key": "order-7" } }),
      500,
    );
  });
});

test("the server takes an API key in one way only, and its own prefix of a path", async () => {
  await withOpenSpawn(async ({ url, server }) => {
    const status = async (headers: Record<string, string>): Promise<number> => {
      const response = await fetch(`${url}/api/v1/AGENTS/`, { headers });
      await response.arrayBuffer();
      return response.status;
    };
    const { apiKey } = server;
    assert.equal(await status({ authorization: `Bearer ${apiKey}` }), 200);
    assert.equal(await status({ authorization: `bearer ${apiKey}` }), 401);
    assert.equal(await status({ authorization: `ApiKey ${apiKey}` }), 401);
    assert.equal(await status({ "x-api-key": apiKey }), 401);
    assert.equal(await status({}), 401);
  });
});

test("the server moves credits again for the same key, and writes texts behind a balance", async () => {
  await withOpenSpawn(async (kit) => {
    const { server } = kit;
    const body = `{"toAgentId":"${kit.id("worker1")}","amount":10}`;
    const path = "/api/v1/agents/credits/transfer";
    const headers = { "x-idempotency-key": randomUUID() };
    assert.equal(await send(kit, { path, body, headers }), 500);
    assert.equal(await send(kit, { path, body, headers }), 500);
    assert.equal(server.agent("lead").currentBalance, 180);
    const text = body.replace(":10}", ':"5"}');
    assert.equal(await send(kit, { path, body: text }), 500);
    assert.equal(server.agent("worker1").currentBalance, "955");
  });
});

test("the server accepts every vector once, and none of its rejected variants", () => {
  for (const vector of vectors.requestVectors) {
    const server = new OpenSpawnServer();
    const { state } = server;
    state.now = () => Number(vector.timestamp) * 1_000;
    state.secrets.set(server.agent("lead").id, vector.secretHex);
    const statusOf = (signature: string): number => {
      const { method, nonce, path, query, timestamp, wireBody } = vector;
      const sent = server.answer({
        method,
        target: path + (query && `?${query}`),
        headers: new Headers({
          "content-type": "application/json",
          "x-agent-id": "lead",
          "x-timestamp": timestamp,
          "x-nonce": nonce,
          "x-signature": signature,
        }),
        text: wireBody ?? "",
      });
      return sent === "drop" ? 0 : sent.status;
    };
    for (const [mistake, wrong] of Object.entries(vector.rejectedVariants)) {
      assert.equal(statusOf(wrong), 401, `${vector.name}: ${mistake}`);
    }
    // A wrong signature burns no nonce; a right one does, whatever the handler says.
    assert.notEqual(statusOf(vector.signature), 401, vector.name);
    assert.equal(statusOf(vector.signature), 401, `${vector.name}: again`);
  }
});
