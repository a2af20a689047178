import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Host } from "@tutti/sdk/host";
import { createTransport, path } from "@tutti/sdk/http";
import { createRouteRegistry, OpenwopClient } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { definitionOf, gate, noop, Wire, workflowOf } from "../support/wire.ts";

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
  const removed = await wire.send("DELETE", `${at}/gated`, undefined, {
    "x-tenant": "beta",
  });
  assert.equal(removed.status, 404);
  const kept = `${at}/conformance-noop`;
  assert.equal((await wire.send("DELETE", kept)).status, 409);
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

for (const where of ["in memory", "on SQLite"]) {
  test(`what was put on a host is there after a restart, with its owner, ${where}`, async () => {
    if (where === "on SQLite" && !hasSqlite()) {
      return assert.equal(hasSqlite(), false);
    }
    const file = where === "on SQLite" ? new StoreFile() : undefined;
    const memory = memoryStore();
    const open = (nodes = [echo]) =>
      createHost({
        workflows: [noop],
        store: file?.open() ?? memory,
        registration: { nodes },
        access: (request) => ({
          tenant: request.headers.get("x-tenant") ?? "acme",
          subject: "ada",
        }),
      });
    try {
      const first = open();
      await new Wire(first).send("PUT", `${at}/echoing`, echoing);
      await first.close();
      const second = open();
      const wire = new Wire(second);
      const { body } = await wire.get("/workflows/echoing");
      assert.deepEqual(body, echoing);
      assert.deepEqual((await wire.get(at)).body.workflowIds, ["echoing"]);
      await wire.reach(await wire.start("echoing"), "completed");
      // The rules about whose it is are those from before.
      const beta = { "x-tenant": "beta" };
      const path = `${at}/echoing`;
      const removed = await wire.send("DELETE", path, undefined, beta);
      assert.equal(removed.status, 404);
      assert.equal((await wire.get("/workflows/echoing", beta)).status, 404);
      assert.deepEqual((await wire.get(at, beta)).body.workflowIds, []);
      const newer = { ...echoing, version: "2.0.0" };
      assert.equal((await wire.send("PUT", path, newer)).status, 200);
      await second.close();
      // A host without its code says so, and starts nothing.
      const third = open([]);
      const poor = new Wire(third);
      const refused = await poor.post("/runs", { workflowId: "echoing" });
      assert.equal(refused.status, 422);
      assert.equal(refused.body.error, "capability_required");
      assert.match(refused.body.message, /local\.test\.echo/);
      assert.equal((await poor.send("DELETE", path)).status, 204);
      assert.equal((await poor.get("/workflows/echoing")).status, 404);
      await third.close();
    } finally {
      file?.delete();
    }
  });
}

test("what one host takes the other on its file serves at once, also as a child", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  const parent = workflowOf("parent", [{
    id: "child",
    typeId: "core.subWorkflow",
    config: { workflowId: "echoing", waitForCompletion: true },
  }]);
  const open = () =>
    new Wire(createHost({
      workflows: [parent],
      store: file.open(),
      registration: { nodes: [echo] },
    }));
  const [one, two] = [open(), open()];
  try {
    assert.equal((await two.get("/workflows/echoing")).status, 404);
    assert.equal(
      (await one.send("PUT", `${at}/echoing`, echoing)).status,
      201,
    );
    await two.reach(await two.start("echoing"), "completed");
    await two.reach(await two.start("parent"), "completed");
    const newer = { ...echoing, version: "2.0.0" };
    assert.equal((await two.send("PUT", `${at}/echoing`, newer)).status, 200);
    assert.equal((await one.get("/workflows/echoing")).body.version, "2.0.0");
    await one.send("DELETE", `${at}/echoing`);
    const gone = await two.post("/runs", { workflowId: "echoing" });
    assert.equal(gone.status, 404);
    const orphan = await two.start("parent");
    const { error } = await two.reach(orphan, "failed");
    assert.match(JSON.stringify(error), /unknown_child_workflow/);
  } finally {
    for (const { host } of [one, two]) await (host as Host).close();
    file.delete();
  }
});

test("a workflow of the program hides what came under its id, until it is gone", async () => {
  const store = memoryStore();
  const registration = { nodes: [echo] };
  const first = createHost({ workflows: [], store, registration });
  await new Wire(first).send("PUT", `${at}/gated`, gate().definition);
  await first.close();
  const own = workflowOf("gated", [{ id: "noop", typeId: "core.noop" }]);
  const second = createHost({ workflows: [own], store, registration });
  const wire = new Wire(second);
  await wire.reach(await wire.start("gated"), "completed");
  const path = `${at}/gated`;
  for (const method of ["PUT", "DELETE"]) {
    const body = method === "PUT" ? gate().definition : undefined;
    assert.equal((await wire.send(method, path, body)).status, 409, method);
  }
  await second.close();
  const third = createHost({ workflows: [], store, registration });
  const { body } = await new Wire(third).get("/workflows/gated");
  assert.deepEqual(body, gate().definition);
  await third.close();
  // Where none are taken, none are served.
  const fourth = createHost({ workflows: [], store });
  assert.equal((await new Wire(fourth).get("/workflows/gated")).status, 404);
  await fourth.close();
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

test("a run keeps to the code of its own definition when the program has another of its id", async () => {
  const store = memoryStore();
  const asking = definitionOf("echoing", [
    { id: "gate", typeId: "core.approvalGate", config: { title: "Go?" } },
    { id: "echo", typeId: "local.test.echo", after: ["gate"] },
  ]);
  const registration = { nodes: [echo] };
  const first = createHost({ workflows: [], store, registration });
  const wire = new Wire(first);
  await wire.send("PUT", `${at}/echoing`, asking);
  const run = await wire.start("echoing");
  await wire.reach(run, "waiting-approval");
  await first.close();
  const own = workflowOf("echoing", [{ id: "noop", typeId: "core.noop" }]);
  const second = createHost({ workflows: [own], store, registration });
  const other = new Wire(second);
  assert.equal((await other.accept(run)).status, 200);
  await other.reach(run, "completed");
  await second.close();
});
