import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import { createTransport, path } from "@tutti/sdk/http";
import { createRouteRegistry, OpenwopClient } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { definitionOf, gate, noop, Wire } from "../support/wire.ts";

const echo = {
  typeId: "local.test.echo",
  run: () => ({ said: "echo" }),
};
const at = "/host/tutti/workflows";
const echoing = definitionOf("echoing", [{
  id: "echo",
  typeId: "local.test.echo",
}]);

test("a workflow that is put on a host runs there, with the code that the host has", async () => {
  const host = createHost({
    workflows: [noop],
    registration: { nodes: [echo] },
  });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    major: 2,
  });
  const registry = createRouteRegistry({
    workflows: client.workflows,
    transport: createTransport({
      baseUrl: host.url,
      fetch: (request) => host.fetch(request),
    }),
  }, {
    register: (definition) => ({
      method: "PUT",
      path: path`/host/tutti/workflows/${definition.id}`,
      json: definition,
      contract: "safe",
    }),
    list: {
      route: { method: "GET", path: at },
      ids: (body) =>
        (body as { readonly workflowIds: readonly string[] }).workflowIds,
    },
    remove: (workflowId) => ({
      method: "DELETE",
      path: path`/host/tutti/workflows/${workflowId}`,
    }),
  });
  assert.equal((await registry.register(echoing)).outcome, "created");
  assert.equal((await registry.register(echoing)).outcome, "unchanged");
  const next = { ...echoing, version: "1.0.1" };
  assert.equal((await registry.register(next)).outcome, "replaced");
  assert.deepEqual(await registry.list!(), ["echoing"]);
  const run = await client.runs.start({ workflowId: "echoing" });
  const { nodeStates } = (await run.result(), await run.snapshot());
  assert.match(JSON.stringify(nodeStates), /"said":"echo"/);
  await registry.remove!("echoing");
  await registry.remove!("echoing");
  assert.equal(await registry.get("echoing"), undefined);
  await host.close();
});

test("a host refuses what it cannot run, what is none, and what is not the caller's", async () => {
  const host = createHost({
    workflows: [noop],
    registration: {},
    access: (request) => ({
      tenant: request.headers.get("x-tenant") ?? "acme",
      subject: "ada",
    }),
  });
  const wire = new Wire(host);
  const put = (id: string, body: unknown, tenant = "acme") =>
    wire.send("PUT", `${at}/${id}`, body, { "x-tenant": tenant });
  const lacking = await put("echoing", echoing);
  assert.equal(lacking.status, 422);
  assert.equal(lacking.body.error, "capability_required");
  assert.match(lacking.body.message, /local\.test\.echo/);
  const none = await put("echoing", { id: "echoing" });
  assert.equal(none.status, 400);
  assert.ok(none.body.details.issues.length > 0);
  const other = await put("another", gate().definition);
  assert.equal(other.body.details.pointer, "/id");
  const own = await put("conformance-noop", noop.definition);
  assert.equal(own.status, 409);
  assert.equal((await put("gated", gate().definition)).status, 201);
  assert.equal((await put("gated", gate().definition)).status, 200);
  assert.equal((await put("gated", gate().definition, "beta")).status, 409);
  const removed = await wire.send("DELETE", `${at}/gated`, undefined, {
    "x-tenant": "beta",
  });
  assert.equal(removed.status, 409);
  const list = await wire.get(at, { "x-tenant": "beta" });
  assert.deepEqual(list.body.workflowIds, []);
  await host.close();
});

test("a run goes on after its workflow was taken away, and after a restart without it", async () => {
  const clock = new FakeClock();
  const store = memoryStore();
  const asking = definitionOf("asking", [
    { id: "gate", typeId: "core.approvalGate", config: { title: "Go?" } },
    { id: "echo", typeId: "local.test.echo", after: ["gate"] },
  ]);
  const options = {
    workflows: [],
    store,
    clock,
    registration: { nodes: [echo] },
  };
  const first = createHost(options);
  const wire = new Wire(first);
  await wire.send("PUT", `${at}/asking`, asking);
  const run = await wire.start("asking");
  await wire.reach(run, "waiting-approval");
  assert.equal((await wire.send("DELETE", `${at}/asking`)).status, 204);
  await first.close();
  const second = createHost(options);
  const again = new Wire(second);
  assert.equal((await again.accept(run)).status, 200);
  await again.reach(run, "completed");
  await second.close();
});

test("a host that was not told to takes no workflows, and does not say that it could", async () => {
  const host = createHost({ workflows: [noop] });
  const wire = new Wire(host);
  const { status } = await wire.send("PUT", `${at}/echoing`, echoing);
  assert.equal(status, 404);
  assert.equal((await wire.get(at)).status, 404);
  const { body } = await wire.get("/openapi.json");
  assert.doesNotMatch(JSON.stringify(body), /host\/tutti/);
  await host.close();
});
