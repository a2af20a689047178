import assert from "node:assert/strict";
import test from "node:test";
import { patchConfig, RoundTableClient } from "@tutti/sdk/roundtable";
import { ADA } from "../support/roundtable.ts";
import { servingRoundTable } from "../support/roundtable_serving.ts";
import type { ServedRoundTable } from "../support/roundtable_serving.ts";

interface Ground extends ServedRoundTable {
  readonly client: RoundTableClient;
  readonly workspaceId: string;
  readonly sandboxId: string;
  /** Sends what an official SDK sends. */
  bare(method: string, path: string, body?: unknown): Promise<Response>;
}

/** A server with a workspace and a sandbox, and the bare requests of the SDKs. */
async function onGround(use: (ground: Ground) => Promise<void>): Promise<void> {
  await servingRoundTable(async (served) => {
    const { baseUrl } = served;
    const client = new RoundTableClient({ baseUrl });
    const { access_token } = await client.auth.register(ADA);
    const { workspace_id } = await client.workspaces.create({ name: "Lab" });
    const { sandbox_id } = await client.sandboxes.create(workspace_id, {
      name: "scout",
      agent_config: { primary_agent: "a" },
    });
    await use({
      ...served,
      client,
      workspaceId: workspace_id,
      sandboxId: sandbox_id,
      bare: (method, path, body) =>
        fetch(baseUrl + path, {
          method,
          headers: {
            authorization: `Bearer ${access_token}`,
            "content-type": "application/json",
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
    });
  });
}

test("the paths of the TypeScript SDK and of all guides are not there; ours are", async () => {
  await onGround(async ({ client, workspaceId, sandboxId, bare }) => {
    const content = { content: {}, to_sandbox_id: sandboxId };
    for (
      const [method, path, body] of [
        ["GET", `/workspaces/${workspaceId}/sandboxes`],
        ["POST", `/workspaces/${workspaceId}/sandboxes`, { name: "a" }],
        ["POST", `/sandboxes/${sandboxId}/messages`, content],
        ["GET", `/sandboxes/${sandboxId}/messages`],
        ["GET", "/messages/msg_1"],
        ["POST", `/workspaces/${workspaceId}/broadcast`, content],
      ] as const
    ) {
      const response = await bare(method, path, body);
      assert.equal(response.status, 404);
      assert.deepEqual(await response.json(), { detail: "Not Found" });
    }
    const update = await bare("PUT", `/sandboxes/${sandboxId}`, {});
    assert.equal(update.status, 405);
    await update.text();
    assert.equal(
      (await client.sandboxes.list(workspaceId)).length,
      1,
    );
    await client.messages.send(sandboxId, content);
    const [message] = await client.messages.list(sandboxId);
    await client.messages.get(message!.message_id);
    await client.messages.broadcast(workspaceId, { content: {} });
  });
});

test("the nulls of the Python SDK are refused; ours are left out", async () => {
  await onGround(async ({ client, workspaceId, sandboxId, bare }) => {
    const agent = {
      primary_agent: "a",
      model: "gpt-4",
      max_tokens: null,
      temperature: null,
    };
    const create = await bare("POST", `/sandboxes/${workspaceId}/sandboxes`, {
      name: "a",
      agent_config: agent,
      description: null,
    });
    assert.equal(create.status, 422);
    await create.text();
    const orchestrate = await bare(
      "POST",
      `/collaborations/workspaces/${workspaceId}/collaboration/orchestrate`,
      { task: "t", participants: [sandboxId], config: null },
    );
    assert.equal(orchestrate.status, 422);
    await orchestrate.text();
    const made = await client.sandboxes.create(workspaceId, {
      name: "a",
      agent_config: agent,
      description: null,
    });
    assert.equal(made.agent_config.max_tokens, 4096);
    const task = await client.collaborations.orchestrate(workspaceId, {
      task: "t",
      participants: [sandboxId],
      config: null,
    });
    assert.equal(task.progress.percentage, 10);
  });
});

test("a third mode that the guides name is refused; the server's own is taken", async () => {
  await onGround(async ({ client, workspaceId, sandboxId, bare }) => {
    const response = await bare(
      "POST",
      `/collaborations/workspaces/${workspaceId}/collaboration/orchestrate`,
      { task: "t", participants: [sandboxId], mode: "broadcast" },
    );
    assert.equal(response.status, 422);
    await response.text();
    const { mode } = await client.collaborations.orchestrate(workspaceId, {
      task: "t",
      participants: [sandboxId],
      mode: "swarm",
    });
    assert.equal(mode, "swarm");
  });
});

test("a deletion answers with nothing, which the Python SDK cannot read; ours can", async () => {
  await onGround(async ({ client, sandboxId, workspaceId, bare }) => {
    const response = await bare("DELETE", `/sandboxes/${sandboxId}`);
    assert.equal(response.status, 204);
    await assert.rejects(response.json());
    await client.workspaces.delete(workspaceId);
  });
});

test("an error of the server has no message and no status in its body, where the SDKs look", async () => {
  await onGround(async ({ client, bare }) => {
    const body = await (await bare("GET", "/workspaces/ws_none")).json();
    assert.deepEqual(Object.keys(body), ["detail"]);
    await assert.rejects(client.workspaces.get("ws_none"), {
      kind: "not-found",
      platformMessage: "Workspace ws_none not found",
    });
  });
});

test("a config out of bounds is a 500 in text; ours is refused before it is sent", async () => {
  await onGround(async ({ client, workspaceId, server, bare }) => {
    const wrong = { max_sandboxes: 0 };
    const response = await bare(
      "PUT",
      `/workspaces/${workspaceId}/config`,
      wrong,
    );
    assert.equal(response.status, 500);
    assert.equal(await response.text(), "Internal Server Error");
    server.requests.length = 0;
    await assert.rejects(
      patchConfig(client, workspaceId, wrong),
      { code: "invalid-argument" },
    );
    assert.deepEqual(server.to(/config/).map(({ method }) => method), ["GET"]);
  });
});

test("a session of the SDKs ends with its token; ours goes on", async () => {
  let ahead = 0;
  await servingRoundTable(async ({ server, baseUrl }) => {
    const client = new RoundTableClient({ baseUrl });
    const { access_token, expires_in } = await client.auth.register(ADA);
    ahead = 1_800_001;
    const response = await fetch(`${baseUrl}/auth/me`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    assert.equal(response.status, 401);
    await response.text();
    // What it says is not what it is.
    assert.equal(expires_in, 1800);
    assert.equal((await client.auth.me()).email, ADA.email);
    assert.equal(server.to(/refresh/).length, 1);
  }, { now: () => Date.now() + ahead });
});

test("the second page of messages is empty for the SDKs; ours is not", async () => {
  await onGround(async ({ client, sandboxId, bare }) => {
    for (let n = 0; n < 4; n++) {
      await client.messages.send(sandboxId, {
        to_sandbox_id: sandboxId,
        content: { n },
      });
    }
    const path = `/messages/sandboxes/${sandboxId}/messages`;
    const page = await (await bare("GET", `${path}?offset=2&limit=2`))
      .json();
    assert.deepEqual(page.data.messages, []);
    const rest = await client.messages.list(sandboxId, { offset: 2, limit: 2 });
    assert.deepEqual(rest.map(({ content }) => content.n), [1, 0]);
  });
});
