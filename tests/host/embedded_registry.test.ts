import assert from "node:assert/strict";
import test from "node:test";
import { deploy, planDeploy } from "@tutti/sdk/dsl";
import { apiKeys, createHost } from "@tutti/sdk/host";
import {
  createEmbeddedRegistry,
  OpenwopError,
  RegistrationError,
} from "@tutti/sdk/openwop";
import { definitionOf, noop } from "../support/wire.ts";

const echoing = definitionOf("team-echoing", [{
  id: "echo",
  typeId: "local.test.echo",
}]);
const echo = { typeId: "local.test.echo", run: () => ({ said: "echo" }) };

test("createEmbeddedRegistry() puts workflows on a host, lists them and takes them away", async () => {
  const host = createHost({
    workflows: [noop],
    registration: { nodes: [echo] },
  });
  const registry = createEmbeddedRegistry({
    baseUrl: host.url,
    fetch: host.fetch,
  });
  assert.equal(await registry.get(echoing.id), undefined);
  assert.equal((await registry.register(echoing)).outcome, "created");
  assert.deepEqual(await registry.get(echoing.id), echoing);
  assert.deepEqual(await registry.list!(), [echoing.id]);
  const next = { ...echoing, version: "1.0.1" };
  const both = await Promise.all([
    registry.register(next),
    registry.register(next),
  ]);
  assert.deepEqual(both.map(({ outcome }) => outcome), [
    "replaced",
    "replaced",
  ]);
  assert.equal((await registry.register(next)).outcome, "unchanged");
  await registry.remove!(echoing.id);
  await registry.remove!(echoing.id);
  assert.deepEqual(await registry.list!(), []);
  await host.close();
});

test("createEmbeddedRegistry() says that a host takes no workflows, and sends its key", async () => {
  const key = "sk_0123456789abcdef";
  const host = createHost({
    workflows: [],
    access: apiKeys([{ key, tenant: "acme", subject: "ci" }]),
  });
  const at = { baseUrl: host.url, fetch: host.fetch };
  const registry = createEmbeddedRegistry({ ...at, apiKey: key });
  const error = await registry.register(echoing).catch((error: unknown) =>
    error
  );
  assert.ok(RegistrationError.is(error), String(error));
  assert.equal(error.foundHash, undefined);
  assert.ok(OpenwopError.is(error.cause));
  assert.equal(error.cause.status, 404);
  const stranger = createEmbeddedRegistry({ ...at, apiKey: `${key}0` });
  await assert.rejects(stranger.register(echoing), { status: 401 });
  await host.close();
});

test("createEmbeddedRegistry() sends a definition again when the answer is lost", async () => {
  const host = createHost({
    workflows: [],
    registration: { nodes: [echo] },
  });
  let lost = 0;
  const registry = createEmbeddedRegistry({
    baseUrl: host.url,
    retry: { initialDelayMs: 0 },
    fetch: async (request) => {
      const response = await host.fetch(request);
      if (request.method !== "PUT" || lost++ > 0) return response;
      throw new TypeError("connection reset");
    },
  });
  assert.equal((await registry.register(echoing)).outcome, "created");
  assert.equal(lost, 2);
  await host.close();
});

test("createEmbeddedRegistry() lets deploy() see what code a host has, before anything is sent", async () => {
  const sent: string[] = [];
  const host = createHost({
    workflows: [noop],
    registration: { nodes: [echo] },
  });
  const registry = createEmbeddedRegistry({
    baseUrl: host.url,
    fetch: (request) => {
      sent.push(request.method);
      return host.fetch(request);
    },
  });
  const foreign = definitionOf("foreign", [{
    id: "other",
    typeId: "local.test.other",
  }]);
  const plan = await planDeploy({ definition: foreign, nodes: [] }, {
    registry,
  });
  assert.deepEqual(plan.issues.map(({ code, source }) => [code, source]), [
    ["node-type-missing", "other"],
  ]);
  await assert.rejects(
    deploy({ definition: foreign, nodes: [] }, { registry }),
    {
      code: "definition-invalid",
    },
  );
  assert.deepEqual(new Set(sent), new Set(["GET"]));
  const fits = { definition: echoing, nodes: [] };
  assert.equal((await deploy(fits, { registry })).outcome, "created");
  assert.equal((await deploy(fits, { registry })).outcome, "unchanged");
  assert.equal(sent.filter((method) => method === "PUT").length, 1);
  await host.close();
});
