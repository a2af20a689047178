import assert from "node:assert/strict";
import test from "node:test";
import { apiKeys, createHost } from "../../../src/host/mod.ts";
import { ROUTES } from "../../../src/host/router.ts";
import { gate, noop } from "../../support/wire.ts";

const KEYS = { acme: "sk_acme_0123456789", beta: "sk_beta_0123456789" };
const never = "acme/ffffffffffffffffffff";

/** A host with something of one tenant, and a way to ask as another. */
async function open() {
  const host = createHost({
    workflows: [noop, gate()],
    majors: [1, 2],
    registration: {},
    access: apiKeys([
      { key: KEYS.acme, tenant: "acme", subject: "ada" },
      { key: KEYS.beta, tenant: "beta", subject: "bob" },
    ]),
    webhooks: { fetch: () => Promise.resolve(new Response()) },
  });
  const ask = async (
    who: keyof typeof KEYS | undefined,
    method: string,
    path: string,
    body?: unknown,
  ) => {
    const response = await host.fetch(host.url + path, {
      method,
      headers: {
        ...(who && { authorization: `Bearer ${KEYS[who]}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text };
  };
  const created = JSON.parse(
    (await ask("acme", "POST", "/runs", { workflowId: "gated" })).text,
  );
  const hook = JSON.parse(
    (await ask("acme", "POST", "/webhooks", {
      url: "https://hooks.example.com/",
      events: ["run.completed"],
    })).text,
  );
  return { host, ask, runId: created.runId, webhookId: hook.webhookId };
}

const bodies: Readonly<Record<string, unknown>> = {
  "runs.fork": { mode: "branch", fromSeq: 0 },
  "interrupts.resolve": { resumeValue: { action: "accept" } },
  "webhooks.rotateSecret": { secret: "s".repeat(32) },
};

test("no operation tells a tenant anything about runs and webhooks of another, not even whether they are", async () => {
  const { host, ask, runId, webhookId } = await open();
  let count = 0;
  for (const { name, path, method, major } of ROUTES) {
    if (!/\{(runId|webhookId)\}/.test(path)) continue;
    const at = (id: string): string =>
      path.replace(/\{(runId|webhookId)\}/, encodeURIComponent(id))
        .replace("{nodeId}", "gate");
    const body = method === "POST" ? bodies[name] ?? {} : undefined;
    const id = path.includes("{runId}") ? runId : webhookId;
    for (const base of major === 2 ? [""] : ["", "/v1"]) {
      const there = await ask("beta", method, base + at(id), body);
      const not = await ask("beta", method, base + at(never), body);
      assert.equal(there.status, 403, `${name} ${base}`);
      assert.deepEqual(there, not, name);
      // Without its tenant an id is one of the caller's own.
      const bare = at(id.split("/")[1]);
      const own = await ask("beta", method, base + bare, body);
      assert.ok([400, 404].includes(own.status), `${name} ${own.status}`);
      assert.equal(
        (await ask(undefined, method, base + at(id), body)).status,
        401,
        name,
      );
      count++;
    }
  }
  assert.ok(count > 20);
  // Nothing of it had an effect.
  const run = await ask("acme", "GET", `/runs/${encodeURIComponent(runId)}`);
  assert.equal(JSON.parse(run.text).status, "waiting-approval");
  const letters = `/webhooks/${encodeURIComponent(webhookId)}/dead-letters`;
  assert.equal((await ask("acme", "GET", letters)).status, 200);
  await host.close();
});

test("ids in queries and bodies are held to their tenant as well", async () => {
  const { host, ask, runId } = await open();
  const mine = JSON.parse(
    (await ask("beta", "POST", "/runs", { workflowId: "conformance-noop" }))
      .text,
  ).runId;
  const at = `/runs/${encodeURIComponent(mine)}:diff?against=`;
  for (const other of [runId, never]) {
    const diff = await ask("beta", "GET", at + encodeURIComponent(other));
    assert.equal(diff.status, 403);
    const bulk = await ask("beta", "POST", "/runs:bulk-cancel", {
      runIds: [other],
    });
    const [entry] = JSON.parse(bulk.text).results;
    assert.equal(entry.ok, false);
    assert.equal(entry.error.error, "id_tenant_mismatch");
  }
  await host.close();
});
