import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { createTransport, HttpError, path, TuttiError } from "@tutti/sdk/http";
import {
  contentHash,
  createRouteRegistry,
  createSeededRegistry,
  DefinitionError,
  OpenwopClient,
  OpenwopV1Client,
  RegistrationError,
} from "@tutti/sdk/openwop";
import type {
  RegistryHost,
  RegistryRoutes,
  WorkflowDefinition,
  WorkflowRegistry,
} from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";

const definition: WorkflowDefinition = {
  id: "greeting",
  name: "Greeting",
  version: "1.0.0",
  nodes: [{
    id: "hello",
    typeId: "core.noop",
    name: "hello",
    position: { x: 0, y: 0 },
    config: {},
    inputs: {},
  }],
  edges: [],
  triggers: [],
  variables: [],
  metadata: {},
  settings: { timeout: 0, maxRetries: 0, logLevel: "info" },
};
const changed: WorkflowDefinition = { ...definition, version: "1.1.0" };
const other: WorkflowDefinition = { ...definition, id: "other" };

/** What a reference host was seen to answer to the read of a workflow; none of them takes one. */
interface SeenHost {
  readonly name: string;
  /** Whether the read has a route. */
  readonly shows: boolean;
  /** The error code of a 404. */
  readonly code: string;
}

// Source: the record of five hosts, sections 1, 4 and 12.
const seenHosts: readonly SeenHost[] = [
  { name: "mem", shows: false, code: "not_found" },
  { name: "sqlite", shows: true, code: "workflow_not_found" },
  { name: "pg", shows: true, code: "workflow_not_found" },
  { name: "python", shows: true, code: "workflow_not_found" },
  { name: "app", shows: true, code: "workflow_not_found" },
];

function refusal(status: number, code: string): Response {
  return Response.json({ error: code, message: code }, { status });
}

/** A reference host that was given `definition` before it started. */
function seen({ shows, code }: SeenHost): {
  readonly host: RegistryHost;
  readonly requests: string[];
} {
  const requests: string[] = [];
  const host = new OpenwopV1Client({
    baseUrl: "https://wop.test",
    fetch(request) {
      const { pathname } = new URL(request.url);
      requests.push(`${request.method} ${pathname}`);
      return shows && request.method === "GET" &&
          pathname === "/v1/workflows/greeting"
        ? Response.json(definition)
        : refusal(404, code);
    },
  });
  return { host, requests };
}

async function failure(promise: Promise<unknown>): Promise<RegistrationError> {
  const error: unknown = await promise.then(
    () => undefined,
    (error) => error,
  );
  assert.ok(RegistrationError.is(error), String(error));
  assert.equal(error.code, "registration-unsupported");
  assert.equal(error.retryable, false);
  return error;
}

test("createSeededRegistry() finds on each reference host what it was given, and changes nothing there", async () => {
  for (const one of seenHosts) {
    const { host, requests } = seen(one);
    const registry = createSeededRegistry(host);
    if (one.shows) {
      assert.deepEqual(await registry.register(definition), {
        workflowId: "greeting",
        contentHash: await contentHash(definition),
        outcome: "unchanged",
      }, one.name);
      assert.deepEqual(await registry.get("greeting"), definition);
    } else {
      // It has the workflow and does not show it: that cannot be told from not having it.
      const error = await failure(registry.register(definition));
      assert.equal(error.foundHash, undefined);
      assert.equal(await registry.get("greeting"), undefined);
    }
    assert.ok(requests.every((request) => request.startsWith("GET ")));
    assert.equal(registry.list, undefined);
    assert.equal(registry.remove, undefined);
  }
});

test("createSeededRegistry() throws for what a reference host lacks, or has in another version", async () => {
  for (const one of seenHosts) {
    const registry = createSeededRegistry(seen(one).host);
    const absent = await failure(registry.register(other));
    assert.equal(absent.workflowId, "other");
    assert.equal(absent.contentHash, await contentHash(other));
    assert.equal(absent.foundHash, undefined);
    assert.match(absent.message, /shows no such workflow/);

    const replaced = await failure(registry.register(changed));
    assert.equal(
      replaced.foundHash,
      one.shows ? await contentHash(definition) : undefined,
    );
    if (one.shows) assert.match(replaced.message, /another definition/);
  }
});

test("createSeededRegistry() works against the embedded host, through the client", async () => {
  const host = createHost({ workflows: [{ definition, nodes: [] }] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const registry: WorkflowRegistry = createSeededRegistry(client);
  const { outcome } = await registry.register(
    // The order of members is no change.
    Object.fromEntries(
      Object.entries(definition).reverse(),
    ) as unknown as WorkflowDefinition,
  );
  assert.equal(outcome, "unchanged");
  await failure(registry.register(changed));
  await failure(registry.register(other));
  assert.equal(await registry.get("other"), undefined);
  await host.close();
});

test("createSeededRegistry() takes an operation that the client knows to be missing for an absent workflow", async () => {
  const unsupported = new TuttiError("unsupported", "Cannot call it: no route");
  const registry = createSeededRegistry({
    workflows: { get: () => Promise.reject(unsupported) },
  });
  await failure(registry.register(definition));
});

test("registries pass on what is no 404", async () => {
  const transport = createTransport({
    baseUrl: "https://wop.test/v1",
    fetch: () => refusal(401, "unauthenticated"),
  });
  const get = (): Promise<WorkflowDefinition> =>
    transport.call({
      method: "GET",
      path: "/workflows/greeting",
      contract: "safe",
      decode: () => definition,
    }).then(({ data }) => data);
  const registry = createSeededRegistry({ workflows: { get } });
  const is401 = (error: unknown): boolean =>
    HttpError.is(error) && error.status === 401;
  await assert.rejects(registry.register(definition), is401);
  await assert.rejects(registry.get("greeting"), is401);
});

test("registries refuse a definition that cannot run, and send nothing", async () => {
  let asked = 0;
  const host = {
    workflows: {
      get: () => {
        asked++;
        return Promise.resolve(definition);
      },
    },
    transport: createTransport({
      baseUrl: "https://wop.test",
      fetch: () => {
        asked++;
        return new Response("{}");
      },
    }),
  };
  const broken = { ...definition, nodes: [] };
  const routes = { register: () => ({ method: "PUT", path: "/x" }) };
  for (
    const registry of [
      createSeededRegistry(host),
      createRouteRegistry(host, routes),
    ]
  ) {
    for (const wrong of [broken, undefined, null, 7]) {
      await assert.rejects(
        registry.register(wrong as WorkflowDefinition),
        (error) => DefinitionError.is(error),
      );
    }
  }
  assert.equal(asked, 0);
});

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
