import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { createTransport, HttpError, TuttiError } from "@tutti/sdk/http";
import {
  contentHash,
  createRouteRegistry,
  createSeededRegistry,
  DefinitionError,
  OpenwopClient,
  OpenwopV1Client,
} from "@tutti/sdk/openwop";
import type {
  RegistryHost,
  WorkflowDefinition,
  WorkflowRegistry,
} from "@tutti/sdk/openwop";
import {
  changed,
  definition,
  failure,
  other,
  refusal,
} from "../support/registration.ts";

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
