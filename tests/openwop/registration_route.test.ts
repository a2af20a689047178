import assert from "node:assert/strict";
import test from "node:test";
import { createTransport, HttpError, path } from "@tutti/sdk/http";
import {
  contentHash,
  createRouteRegistry,
  OpenwopClient,
} from "@tutti/sdk/openwop";
import type {
  RegistryRoutes,
  WorkflowDefinition,
  WorkflowRegistry,
} from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import {
  changed,
  definition,
  failure,
  other,
  refusal,
} from "../support/registration.ts";

/** A host with a route of its own, as one that keeps to the text would have it. */
class VendorHost {
  readonly stored = new Map<string, WorkflowDefinition>();
  readonly requests: string[] = [];
  /** Answers before the host does; each is used once. */
  readonly first: Response[] = [];
  readonly clock = new FakeClock();
  readonly registry: WorkflowRegistry;

  constructor(routes: Partial<RegistryRoutes> = {}) {
    const fetch = (request: Request) => this.#answer(request);
    const baseUrl = "https://wop.test";
    const { clock } = this;
    const { workflows } = new OpenwopClient({
      baseUrl,
      fetch,
      clock,
      major: 2,
    });
    const transport = createTransport({ baseUrl, fetch, clock });
    this.registry = createRouteRegistry({ workflows, transport }, {
      register: (definition) => ({
        method: "PUT",
        path: path`/host/acme/workflows/${definition.id}`,
        json: definition,
        contract: "safe",
      }),
      list: {
        route: { method: "GET", path: "/host/acme/workflows" },
        ids: (body) => (body as { readonly ids: string[] }).ids,
      },
      remove: (workflowId) => ({
        method: "DELETE",
        path: path`/host/acme/workflows/${workflowId}`,
        contract: "safe",
      }),
      ...routes,
    });
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}`);
    const headers = { "OpenWOP-Version": "2.0" };
    if (pathname.startsWith("/workflows/")) {
      const found = this.stored.get(pathname.slice("/workflows/".length));
      return found
        ? Response.json(found, { headers })
        : Response.json({ error: "not_found", message: "none" }, {
          status: 404,
          headers,
        });
    }
    const instead = this.first.shift();
    if (instead) return instead;
    const id = pathname.split("/").at(-1)!;
    if (request.method === "GET") {
      return Response.json({ ids: [...this.stored.keys()] });
    }
    if (request.method === "DELETE") {
      return this.stored.delete(id)
        ? new Response(null, { status: 204 })
        : refusal(404, "not_found");
    }
    const posted = await request.json() as WorkflowDefinition;
    this.stored.set(posted.id, posted);
    return new Response(null, { status: 204 });
  }

  /** The requests that could change something. */
  get changes(): string[] {
    return this.requests.filter((request) => !request.startsWith("GET "));
  }
}

test("createRouteRegistry() sends a definition once, and again only when it has changed", async () => {
  const { registry, stored, ...host } = new VendorHost();
  const outcomes: string[] = [];
  for (const one of [definition, definition, changed, changed, definition]) {
    const { outcome, contentHash: hash } = await registry.register(one);
    outcomes.push(outcome);
    assert.equal(hash, await contentHash(one));
    assert.deepEqual(stored.get("greeting"), one);
  }
  assert.deepEqual(outcomes, [
    "created",
    "unchanged",
    "replaced",
    "unchanged",
    "replaced",
  ]);
  assert.deepEqual(
    host.requests.filter((request) => request.startsWith("PUT")),
    new Array(3).fill("PUT /host/acme/workflows/greeting"),
  );
});

test("createRouteRegistry() lists, gets and removes where the host has routes for it", async () => {
  const { registry } = new VendorHost();
  await registry.register(definition);
  await registry.register(other);
  assert.deepEqual(await registry.list?.(), ["greeting", "other"]);
  assert.deepEqual(await registry.get("other"), other);
  await registry.remove?.("other");
  assert.equal(await registry.get("other"), undefined);
  await registry.remove?.("other");
  assert.deepEqual(await registry.list?.(), ["greeting"]);

  const bare = new VendorHost({ list: undefined, remove: undefined });
  assert.equal(bare.registry.list, undefined);
  assert.equal(bare.registry.remove, undefined);
});

test("createRouteRegistry() repeats a registration only where the route says that it may", async () => {
  const busy = (): Response => refusal(503, "runner_unavailable");
  const replaces = new VendorHost();
  replaces.first.push(busy());
  const { outcome } = await replaces.clock.run(
    replaces.registry.register(definition),
  );
  assert.equal(outcome, "created");
  assert.equal(replaces.changes.length, 2);

  const appends = new VendorHost({
    register: (definition) => ({
      method: "POST",
      path: "/host/acme/workflows",
      json: definition,
    }),
  });
  appends.first.push(busy());
  await assert.rejects(
    appends.clock.run(appends.registry.register(definition)),
    (error) => HttpError.is(error) && error.status === 503,
  );
  assert.equal(appends.changes.length, 1);
});

test("createRouteRegistry() passes on why a host refuses a definition", async () => {
  const host = new VendorHost();
  host.first.push(refusal(422, "capability_required"));
  await assert.rejects(
    host.registry.register(definition),
    (error) => HttpError.is(error) && error.status === 422,
  );
  assert.equal(host.stored.size, 0);
});

test("createRouteRegistry() says that a host takes no workflows when it has no such route", async () => {
  const html = (status: number): Response =>
    new Response("<!DOCTYPE html>", { status });
  // The five hosts have no route for it; the Python one knows no PUT at all.
  for (
    const answer of [
      () => refusal(404, "not_found"),
      () => html(405),
      () => html(501),
    ]
  ) {
    const host = new VendorHost();
    // Tried again where its status says that this may help.
    host.first.push(answer(), answer(), answer());
    const registering = host.registry.register(definition);
    const error = await failure(host.clock.run(registering));
    assert.equal(error.foundHash, undefined);
    assert.ok(HttpError.is(error.cause));
  }
});

test("createRouteRegistry() does not take a missing route for a workflow that was taken away", async () => {
  for (const status of [404, 405]) {
    const host = new VendorHost();
    await host.registry.register(definition);
    host.first.push(refusal(status, "not_found"));
    await assert.rejects(
      host.registry.remove!("greeting"),
      (error) => HttpError.is(error) && error.status === status,
    );
  }
});

test("createRouteRegistry() stops where the caller's signal says so", async () => {
  const host = new VendorHost();
  await assert.rejects(
    host.registry.register(definition, { signal: AbortSignal.abort("enough") }),
    { code: "aborted" },
  );
  assert.deepEqual(host.changes, []);
});
