import assert from "node:assert/strict";
import test from "node:test";
import { apiKeys, createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { FakeClock } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { gate, noop, Wire } from "../support/wire.ts";

const enforce = { "openwop-dedup": "enforce" };
const order = { workflowId: "gated", scopeId: "order 7" };

async function standsAlone(store: Store, other = store): Promise<void> {
  const clock = new FakeClock();
  const host = createHost({ workflows: [gate()], store, clock });
  const wire = new Wire(host);
  const run = await wire.start("gated", { scopeId: "order 7" });
  await wire.reach(run, "waiting-approval");
  const second = other === store
    ? host
    : createHost({ workflows: [gate()], store: other, clock });
  const two = new Wire(second);
  const refused = await two.post("/runs", order, enforce);
  assert.equal(refused.status, 409);
  assert.equal(refused.body.error, "run_already_active");
  assert.equal(refused.headers.get("retry-after"), "30");
  const { runId } = (await wire.get(run)).body;
  assert.deepEqual(refused.body.details, {
    activeRunId: runId,
    activeHost: "cloud",
  });
  // Without the header, and in another scope, there may be as many as one likes.
  assert.equal((await wire.post("/runs", order)).status, 201);
  const another = { ...order, scopeId: "order 8" };
  assert.equal((await two.post("/runs", another, enforce)).status, 201);
  await wire.post(`${run}/cancel`, {});
  const still = await two.post("/runs", order, enforce);
  assert.equal(still.status, 409);
  await wire.post(
    `/runs/${encodeURIComponent(still.body.details.activeRunId)}/cancel`,
    {},
  );
  const burst = await Promise.all(
    [wire, two, wire, two].map((one) => one.post("/runs", order, enforce)),
  );
  assert.deepEqual(
    burst.map(({ status }) => status).sort(),
    [201, 409, 409, 409],
  );
  if (second !== host) await second.close();
  await host.close();
}

test("of the runs of one scope that want to be alone one is active, in memory", async () => {
  await standsAlone(memoryStore());
});

test("of the runs of one scope that want to be alone one is active, in two processes", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    await standsAlone(file.open(), file.open());
  } finally {
    file.delete();
  }
});

test("a refusal of a duplicate is not kept for its key", async () => {
  const host = createHost({ workflows: [gate()] });
  const wire = new Wire(host);
  const run = await wire.start("gated", { scopeId: "order 7" });
  const headers = { ...enforce, "idempotency-key": "k".repeat(22) };
  assert.equal((await wire.post("/runs", order, headers)).status, 409);
  await wire.post(`${run}/cancel`, {});
  const created = await wire.post("/runs", order, headers);
  assert.equal(created.status, 201);
  const again = await wire.post("/runs", order, headers);
  assert.deepEqual(again.body, created.body);
  await host.close();
});

test("a wish to be alone that cannot be kept is refused", async () => {
  const host = createHost({ workflows: [gate()] });
  const wire = new Wire(host);
  const bare = await wire.post("/runs", { workflowId: "gated" }, enforce);
  assert.equal(bare.status, 400);
  assert.equal(bare.body.details.pointer, "/scopeId");
  const odd = await wire.post("/runs", order, { "openwop-dedup": "perhaps" });
  assert.equal(odd.status, 400);
  assert.equal(odd.body.details.pointer, "/OpenWOP-Dedup");
  await host.close();
});

test("version 1 names the duplicate by its bare id, with the hint in the body", async () => {
  const host = createHost({ workflows: [gate()], majors: [1, 2] });
  const send = async (headers: Record<string, string> = {}) => {
    const response = await host.fetch(`${host.url}/v1/runs`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(order),
    });
    return { status: response.status, body: await response.json() };
  };
  const { body: { runId } } = await send();
  const { status, body } = await send({ "x-dedup": "enforce" });
  assert.equal(status, 409);
  assert.deepEqual(body.details, {
    activeRunId: runId,
    activeHost: "cloud",
    retryAfter: 30,
  });
  await host.close();
});

test("only a caller for tests may name the version of the engine, and only the one that is here", async () => {
  const keys = ["sk_live_0123456789", "sk_test_0123456789"] as const;
  const host = createHost({
    workflows: [noop],
    access: apiKeys([
      { key: keys[0], tenant: "acme", subject: "live" },
      { key: keys[1], tenant: "acme", subject: "test", isTest: true },
    ]),
  });
  const wire = new Wire(host);
  const create = (key: string, version: string) =>
    wire.post("/runs", { workflowId: "conformance-noop" }, {
      authorization: `Bearer ${key}`,
      "openwop-force-engine-version": version,
    });
  const live = await create(keys[0], "1");
  assert.equal(live.status, 403);
  assert.equal(live.body.error, "force_engine_version_forbidden");
  assert.equal((await create(keys[1], "1")).status, 201);
  const odd = [[keys[0], "one"], [keys[1], "-1"], [keys[1], "2"]] as const;
  for (const [key, version] of odd) {
    const { status, body } = await create(key, version);
    assert.equal(status, 400, version);
    assert.equal(body.details.pointer, "/OpenWOP-Force-Engine-Version");
  }
  await host.close();
});

test("a run that is wanted elsewhere, or for something else, is refused by name", async () => {
  const host = createHost({ workflows: [noop] });
  const wire = new Wire(host);
  const workflowId = "conformance-noop";
  const own = await wire.post("/runs", { workflowId, tenantId: "local" });
  assert.equal(own.status, 201);
  const cases = [
    [{ tenantId: "beta" }, 403, "id_tenant_mismatch"],
    [{ residency: "eu" }, 422, "residency_unavailable"],
    [{ mode: "eval" }, 422, "capability_required"],
    [{ callbackUrl: "https://a.example/" }, 422, "capability_required"],
    [
      { configurable: { version: 1, ai: { mockProvider: { id: "x" } } } },
      403,
      "mock_provider_forbidden",
    ],
  ] as const;
  for (const [more, status, code] of cases) {
    const refused = await wire.post("/runs", { workflowId, ...more });
    assert.equal(refused.status, status, JSON.stringify(more));
    assert.equal(refused.body.error, code);
  }
  await host.close();
});
