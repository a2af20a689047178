import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "../../../src/host/mod.ts";
import {
  OPERATIONS,
  readOperation,
} from "../../../src/openwop/protocol/mod.ts";
import type { OperationName } from "../../../src/openwop/protocol/mod.ts";
import { schemaFaults } from "../../support/json_schema.ts";
import { definitionOf, delay, gate, noop, Wire } from "../../support/wire.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: RegExp;
  readonly spec: Json;
}

function open() {
  return createHost({
    workflows: [noop, gate(), delay],
    registration: {},
    minClientVersion: "2.0",
    webhooks: { fetch: () => Promise.resolve(new Response()) },
  });
}

async function documentOf(host: ReturnType<typeof open>, path: string) {
  const response = await host.fetch(host.url + path);
  return await response.json() as Json;
}

function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, spec]) => ({
      id: spec.operationId,
      method: method.toUpperCase(),
      path: new RegExp(
        `^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/:]+")}$`,
      ),
      spec,
    }))
  );
}

/** Follows references of the document. */
function faultsOf(document: Json, schema: Json, value: unknown): string[] {
  const text = JSON.stringify({ schemas: document.components.schemas, schema })
    .replaceAll("#/components/schemas/", "#/$defs/");
  const { schemas, schema: read } = JSON.parse(text);
  return schemaFaults({ $defs: schemas }, value, read);
}

test("what goes in and out of every operation is what the OpenAPI document says", async () => {
  const host = open();
  const document = await documentOf(host, "/openapi.json");
  const operations = operationsOf(document);
  const seen = new Set<string>();
  const wire = new Wire({
    url: host.url,
    fetch: async (input, init) => {
      const { pathname, searchParams } = new URL(String(input));
      const method = init?.method ?? "GET";
      const found = operations.find((one) =>
        one.method === method && one.path.test(pathname)
      );
      assert.ok(found, `${method} ${pathname} is in the document`);
      const { id, spec } = found;
      const query = spec.parameters.filter((one: Json) => one.in === "query");
      for (const name of searchParams.keys()) {
        assert.ok(
          query.some((one: Json) => one.name === name),
          `${id} ${name}`,
        );
      }
      const response = await host.fetch(input, init);
      if (!response.ok) return response;
      seen.add(id);
      const answer = spec.responses[String(response.status)];
      assert.ok(answer, `${id} answers ${response.status}`);
      const sent = spec.requestBody?.content["application/json"].schema;
      if (sent && init?.body) {
        const body = JSON.parse(String(init.body));
        assert.deepEqual(faultsOf(document, sent, body), [], `body of ${id}`);
      }
      const schema = answer.content?.["application/json"]?.schema;
      if (schema) {
        const body = await response.clone().json();
        assert.deepEqual(faultsOf(document, schema, body), [], id);
      }
      return response;
    },
  });
  await wire.get("/.well-known/openwop");
  await wire.get("/openapi.json");
  await wire.get("/workflows/conformance-noop");
  const done = await wire.start("conformance-noop", {
    inputs: { a: 1 },
    tags: ["t"],
    metadata: {},
    scopeId: "s",
  });
  await wire.reach(done, "completed");
  await wire.get(`${done}/events/poll?timeout=1&afterSequence=-1`);
  await wire.get(`${done}/events?streamMode=debug&bufferMs=0`);
  const fork = await wire.post(`${done}:fork`, { mode: "branch", fromSeq: 1 });
  await wire.get(
    `${done}:diff?against=${encodeURIComponent(fork.body.runId)}`,
  );
  for (const part of ["ancestry", "effects", "debug-bundle?maxEvents=5"]) {
    await wire.get(`${done}/${part}`);
  }
  const waiting = await wire.start("gated");
  const { nodeStates } = await wire.reach(waiting, "waiting-approval");
  const token = nodeStates.gate.interrupt.interruptToken;
  await wire.get(`/interrupts/${token}`);
  await wire.post(`/interrupts/${token}`, {
    resumeValue: { action: "accept" },
  });
  const again = await wire.start("gated");
  await wire.reach(again, "waiting-approval");
  await wire.accept(again);
  const slow = await wire.start("conformance-cancellable");
  await wire.reach(slow, "running");
  await wire.post(`${slow}:pause`, { drainPolicy: "immediate", reason: "r" });
  await wire.post(`${slow}:resume`, {});
  await wire.post(`${slow}/cancel`, { reason: "r" });
  await wire.post("/runs:bulk-cancel", {
    runIds: [fork.body.runId, "local/0123456789abcdef"],
  });
  await wire.get("/host/effect-seams");
  const { body: hook } = await wire.post("/webhooks", {
    url: "https://hooks.example.com/",
    events: ["run.completed"],
    signatureAlgorithms: ["v1"],
  });
  const webhook = `/webhooks/${encodeURIComponent(hook.webhookId)}`;
  await wire.post(`${webhook}/rotate-secret`, { secret: "s".repeat(32) });
  await wire.get(`${webhook}/dead-letters?limit=1`);
  await wire.send("DELETE", webhook);
  const own = "/host/tutti/workflows";
  const small = definitionOf("small", [{ id: "a", typeId: "core.noop" }]);
  await wire.send("PUT", `${own}/small`, small);
  await wire.get(own);
  await wire.send("DELETE", `${own}/small`);
  assert.deepEqual(
    operations.map(({ id }) => id).filter((id) => !seen.has(id)),
    [],
  );
  await host.close();
});

test("the OpenAPI document agrees with the table of operations that clients go by", async () => {
  const host = open();
  const document = await documentOf(host, "/openapi.json");
  let compared = 0;
  for (const { id, spec } of operationsOf(document)) {
    if (!Object.hasOwn(OPERATIONS, id)) continue;
    const wanted = Object.keys(readOperation(id as OperationName, 2).answer);
    const [answer] = Object.values<Json>(spec.responses);
    const schema = answer.content?.["application/json"]?.schema ?? {};
    const { required = [] } = schema.$ref
      ? document.components.schemas[schema.$ref.split("/").at(-1)]
      : schema;
    for (const name of wanted) {
      assert.ok(required.includes(name), `${id} promises ${name}`);
      compared++;
    }
  }
  assert.ok(compared > 20);
  await host.close();
});

test("every reference leads somewhere, and every id of a path is a parameter, in both majors", async () => {
  const host = createHost({ workflows: [noop], majors: [1, 2] });
  for (const path of ["/openapi.json", "/v1/openapi.json"]) {
    const response = await host.fetch(host.url + path);
    const document = await response.json() as Json;
    const major = path.startsWith("/v1") ? "1" : "2";
    assert.equal(document.info.version[0], major);
    for (
      const [, ref] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)
    ) {
      const found = ref!.split("/").slice(1)
        .reduce((at: Json, name) => at?.[name], document);
      assert.ok(found, ref);
    }
    for (const [name, methods] of Object.entries<Json>(document.paths)) {
      assert.equal(
        name.startsWith("/v1/"),
        major === "1" && !name.startsWith("/."),
      );
      const ids = [...name.matchAll(/\{(\w+)\}/g)].map(([, id]) => id);
      for (const { parameters, responses } of Object.values<Json>(methods)) {
        assert.deepEqual(
          parameters.filter((one: Json) => one.in === "path")
            .map((one: Json) => one.name),
          ids,
        );
        for (const one of parameters) {
          assert.ok(one.schema && (one.in !== "path" || one.required));
        }
        for (const one of Object.values<Json>(responses)) {
          assert.ok(one.$ref || one.description);
        }
      }
    }
    // Version 1 has neither ledger nor manifest.
    const has = JSON.stringify(Object.keys(document.paths));
    assert.equal(/effects/.test(has), major === "2");
  }
  await host.close();
});
