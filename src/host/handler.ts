// Web standards only.
import { checkDuration, disposable, systemClock } from "../http/mod.ts";
import type { AsyncCloseable, Clock, Fetch } from "../http/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type {
  Major,
  NodeImplementation,
  RunnableWorkflow,
} from "../openwop/protocol/mod.ts";
import type { Access } from "./access.ts";
import { Again } from "./again.ts";
import { checkHostOptions } from "./check_options.ts";
import { checkOrigins } from "./cors.ts";
import type { CorsOrigins } from "./cors.ts";
import { discoveryDocument, discoveryDocumentV1 } from "./discovery.ts";
import { answer, closedResponse } from "./edge.ts";
import { errorSink } from "./error_sink.ts";
import type { HostErrorContext } from "./error_sink.ts";
import { documentEtag } from "./etag.ts";
import { askedBy, orAbort } from "./fetch_call.ts";
import { randomId } from "./ids.ts";
import { openApiOf } from "./openapi.ts";
import { fillLimits } from "./limits.ts";
import type { HostLimits } from "./limits.ts";
import { floorOf, majorsOf } from "./majors.ts";
import { InFlight } from "./in_flight.ts";
import { Openings } from "./openings.ts";
import type { HostParts } from "./parts.ts";
import { Pieces } from "./pieces.ts";
import { doorOf } from "./principal.ts";
import { Quota } from "./quota.ts";
import { Shelf } from "./registry.ts";
import { isOwn, ROUTES } from "./router.ts";
import { Runs } from "./runs.ts";
import { Scheduler } from "./scheduler.ts";
import { Signals } from "./signals.ts";
import type { Store } from "./store.ts";
import { Tokens } from "./tokens.ts";
import type { InterruptKey } from "./tokens.ts";
import { Takeover } from "./takeover.ts";
import { resolveBySystem } from "./webhooks/egress.ts";
import { Outbox } from "./webhooks/outbox.ts";
import { pinnedFetch } from "./webhooks/pinned.ts";
import { memoryStore } from "./stores/memory.ts";

/** How a host delivers to webhooks. */
export interface WebhookDelivery {
  /**
   * Lets webhooks lead to private addresses and to `http:`. Everybody who may register one can then reach into the network
   * of the host: for tests, and for networks where that is wanted. @default false
   */
  readonly allowPrivate?: boolean;
  /**
   * What sends; must not follow redirects, and looks names up by itself.
   *
   * @default a client that connects to the addresses that `resolve` gave and nowhere else, and with `allowPrivate` the
   * global `fetch`. A runtime without `node:https`, such as a browser, has no such client: there a webhook whose URL names
   * an address is delivered to, and one with a host name is refused, since the name could lead elsewhere by the time of
   * the connection. Hand in `(request) => fetch(request)` to allow that.
   */
  readonly fetch?: Fetch;
  /** Gives the addresses of a name, to see that none is private. @default the name service of the runtime */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** For one attempt, in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
}

/** What a host is made of. */
export interface HostOptions {
  /** What it can run. Ids must differ. */
  readonly workflows: readonly RunnableWorkflow[];
  /**
   * Where runs are kept, for example `sqliteStore("runs.db")`; for this host alone. What is under way there goes on as
   * soon as the host is made, each run with the definition that it started with. A run whose steps this host has no code
   * for stays as it is, and `onError` is told. @default in memory
   */
  readonly store?: Store;
  /** Whose runs it has: the first part of every run id, 1 to 128 characters of `A-Z a-z 0-9 . _ -`. @default "local" */
  readonly tenant?: string;
  /**
   * Names the subject behind a request, who then counts as the approver of what it accepts. It only gives a name: whoever
   * can call `fetch` can be anybody. Without it everybody is the same subject, so that no quorum above one is ever met.
   *
   * @default () => "local"
   */
  readonly subject?: (request: Request) => string;
  /**
   * Finds out who makes a request, in place of `tenant` and `subject`, for example `apiKeys([...])`: whoever it does not
   * know is refused with 401. @default everybody is let in
   */
  readonly access?: Access;
  /** How webhooks are delivered. */
  readonly webhooks?: WebhookDelivery;
  /**
   * Origins whose pages may call the host from a browser, such as `https://app.example.com`, or `"*"` for everybody's.
   *
   * @default none
   */
  readonly cors?: CorsOrigins;
  /**
   * The majors of the protocol that it speaks: `[2]`, or `[1, 2]` for clients of version 1 as well, which find their
   * operations below `/v1`. Discovery then prefers version 1, as the protocol wants it.
   *
   * @default [2]
   */
  readonly majors?: readonly Major[];
  /**
   * The oldest release of the protocol, such as `"2.42"`, that clients may be built against. Discovery says so, and a client
   * that names an older one in `OpenWOP-Client-Version` is refused with 426. One that names none is not.
   *
   * @default any
   */
  readonly minClientVersion?: string;
  /**
   * Lets callers put workflows on the host while it runs: `PUT` and `DELETE /host/tutti/workflows/{workflowId}`, and `GET`
   * for the list. `nodes` is code that such workflows may use beside that of `workflows`; a definition with any other
   * type of node is refused. Each belongs to the tenant that gave it, and is there for nobody else; under the id of one of
   * `workflows`, which are for all, none is taken. They are kept in the store: after a restart they are there again, and
   * so they are at every other host on the same store that takes workflows and has code for their nodes. Where it has not,
   * a run is refused. One of `workflows` hides what came under its id before.
   *
   * @default the host takes none
   */
  readonly registration?: { readonly nodes?: readonly NodeImplementation[] };
  /** How much it takes, and how much it lets a run do. */
  readonly limits?: HostLimits;
  /**
   * The keys of the tokens by which questions are answered without a credential, at `/interrupts/{token}`: the first one
   * signs, all of them are believed, so that keys can be changed while tokens are about. Whoever reads a run gets tokens
   * for its open questions in `nodeStates`, as `interruptToken`, and answers with them as itself.
   *
   * @default one that is made up, so that tokens end with the host
   */
  readonly interruptKeys?: readonly InterruptKey[];
  /** Where time comes from. @default systemClock */
  readonly clock?: Clock;
  /**
   * Gives the opaque part of each new run id: 16 to 90 characters of `A-Z a-z 0-9 . _ -`, never the same twice.
   *
   * @default 128 random bits
   */
  readonly ids?: () => string;
  /**
   * Is told what the wire does not tell: what the code of a node threw, with its stack, and failures of the host itself.
   * What it throws is ignored.
   *
   * @default writes failures of the host to `console.error`
   */
  readonly onError?: (error: unknown, context: HostErrorContext) => void;
}

/** A running OpenWOP host. */
export interface Host extends AsyncCloseable {
  /** An address for clients that want one. Nothing listens there: hand in {@linkcode Host.fetch} with it. */
  readonly url: string;
  /**
   * Answers requests, in place of the global `fetch`. Needs no `this`.
   *
   * Rejects only as `fetch` does: with a `TypeError` for a request that cannot be, and with the reason of the signal once
   * that aborts. Everything else is a response.
   *
   * @param input Address or request; only its path and query matter.
   * @param init As for the global `fetch`.
   */
  readonly fetch: (
    input: string | URL | Request,
    init?: RequestInit,
  ) => Promise<Response>;
  /**
   * How many things wait for a store that failed, to be tried again: 0 while all is well, requests not included.
   */
  retrying(): number;
  /**
   * Stops the host: the signals of all running steps abort, timers are dropped, streams end, waiting polls return. Later
   * requests are answered `503 service_unavailable`. Calling it again does nothing.
   *
   * Nothing is recorded about it: a host that is made on the same store later goes on. Steps that ignore their signal go on, but nobody
   * listens any more.
   *
   * @returns when everything is kept that was being written.
   */
  close(): Promise<void>;
}

/**
 * Makes an OpenWOP 2 host that lives in this process, without a socket: in memory, or on a store that lasts.
 *
 * Hand `host.fetch` to an `OpenwopClient`. Or let {@linkcode serve} answer on a socket. Behind a server of
 * your own, leave the signal of the request out where the runtime aborts it after every answer:
 * `Deno.serve((request) => host.fetch(request, { signal: null }))`. The host keeps its own copy of
 * each definition, and a run ends with the one that it started with. Any number of calls may be made at once; what is
 * written to one run is written in order. Without `access`, everyone who can call `fetch` is trusted.
 *
 * An idle host holds no timer. All runs that wait for a delay or a deadline share one, that of the earliest, which keeps
 * Node, Deno and Bun alive until it fires; each stream that somebody reads has one. `close()` lets go of all of them. A
 * run that waits leaves memory, and is read from the store again when something happens to it.
 *
 * @param options Workflows, and for tests the sources of time and ids.
 * @throws {DefinitionError} `definition-invalid`, naming every problem of every workflow: an invalid definition, a node
 * type that nothing here performs, a duplicate id.
 * @throws {InvalidArgumentError} `invalid-argument` for an option that cannot be, such as a tenant that cannot be part of
 * an id; nothing has begun then.
 *
 * @example
 * ```ts
 * import { createHost } from "@tutti/sdk/host";
 * import assert from "node:assert/strict";
 *
 * const host = createHost({
 *   workflows: [{
 *     definition: {
 *       id: "greeting",
 *       name: "Greeting",
 *       version: "1.0.0",
 *       nodes: [{
 *         id: "greet",
 *         typeId: "local.example.greet",
 *         name: "Greet",
 *         position: { x: 0, y: 0 },
 *         config: {},
 *         inputs: { name: { type: "variable", variableName: "name" } },
 *       }],
 *       edges: [],
 *       triggers: [{ id: "manual", type: "manual" }],
 *       variables: [{ name: "name", type: "string", required: true }],
 *       metadata: {},
 *       settings: {},
 *     },
 *     nodes: [{
 *       typeId: "local.example.greet",
 *       run: ({ name }: { name: string }) => ({ text: `Hello, ${name}` }),
 *     }],
 *   }],
 * });
 *
 * const created = await host.fetch(`${host.url}/runs`, {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ workflowId: "greeting", inputs: { name: "Ada" } }),
 * });
 * assert.equal(created.status, 201);
 *
 * const { eventsUrl } = await created.json();
 * const stream = await host.fetch(host.url + eventsUrl);
 * assert.match(await stream.text(), /event: run\.completed\ndata: .*"text":"Hello, Ada"/);
 * await host.close();
 * ```
 */
export function createHost(options: HostOptions): Host {
  const parts = assemble(options);
  let closing: Promise<void> | undefined;
  const { store, runs, signals, onError, scheduler, outbox, quota, again } =
    parts;
  const takeover = new Takeover({
    store,
    runs,
    signals,
    onError,
    again,
    onChange: () => (outbox.poke(), scheduler.look()),
    resume: (run) => {
      const { record: { caller, runId }, state: { status } } = run;
      if (isTerminalStatus(status)) quota.remove(runId);
      else if (caller === undefined) quota.add(runId);
      scheduler.resume(run);
    },
  });
  const stop = async (): Promise<void> => {
    await parts.inFlight.close();
    again.close();
    await takeover.close();
    await scheduler.close();
    await outbox.close();
    await store.release();
  };

  const close = (): Promise<void> => {
    // First, since requests that wait for what is open are waited for.
    parts.openings.closeAll();
    closing ??= stop();
    return closing;
  };
  return disposable<Pick<Host, "url" | "fetch" | "retrying" | "close">>({
    url: "http://tutti.localhost",
    retrying: () => again.size,
    close,
    fetch: async (input, init) => {
      const asked = askedBy(input, init);
      const response = closing
        ? Promise.resolve(closedResponse(parts, asked.request))
        : answer(parts, asked);
      return await orAbort(response, asked.signal);
    },
  }, close);
}

function assemble(options: HostOptions): HostParts {
  const inMemory = memoryStore();
  checkHostOptions(options, inMemory);
  const { clock = systemClock, webhooks = {}, store = inMemory } = options;
  const door = doorOf(options);
  const cors = checkOrigins(options.cors);
  const limits = fillLimits(options.limits);
  const tokens = new Tokens(options.interruptKeys, clock);
  const onError = errorSink(options.onError);
  const { registration } = options;
  const shelf = new Shelf(
    options.workflows,
    registration?.nodes,
    registration && store,
  );
  const registry = shelf.own;
  const signals = new Signals(clock);
  const runs = new Runs(store, registry, onError, shelf.nodes);
  const majors = majorsOf(options.majors);
  const minClientVersion = floorOf(options.minClientVersion);
  const said = { registry, nodes: shelf.nodes, majors, minClientVersion };
  const document = discoveryDocument(said);
  const { allowPrivate = false, ...how } = webhooks;
  const sender = {
    fetch: how.fetch,
    pinned: pinnedFetch(),
    resolve: how.resolve ?? resolveBySystem,
    timeoutMs: checkDuration(
      "options.webhooks.timeoutMs",
      how.timeoutMs ?? 10_000,
    ),
    allowPrivate,
    clock,
    withV1: majors.includes(1),
  };
  const again = new Again(clock, onError);
  const outbox = new Outbox({ store, sender, clock, onError, again });
  const takesWorkflows = registration !== undefined;
  const routes = takesWorkflows
    ? ROUTES
    : ROUTES.filter(({ path }) => !isOwn(path));
  const documentV1 = discoveryDocumentV1(
    said,
    limits.bodyBytes,
  );
  const scheduler = new Scheduler({
    onCommit: () => outbox.onCommit(),
    onGone: (runId) => quota.remove(runId),
    store,
    runs,
    shelf,
    signals,
    clock,
    again,
    onError,
    limits,
  });
  const quota = new Quota(limits.openRuns, (runId) => scheduler.view(runId));
  return {
    door,
    registry,
    store,
    runs,
    signals,
    clock,
    again,
    claims: new Map(),
    onError,
    outbox,
    sender,
    scheduler,
    shelf,
    takesWorkflows,
    quota,
    limits,
    cors,
    openApi: openApiOf(routes),
    inFlight: new InFlight(),
    openings: new Openings(),
    pieces: new Pieces(),
    tokens,
    ids: options.ids ?? randomId,
    majors,
    minClientVersion,
    discovery: {
      1: { document: documentV1, etag: documentEtag(documentV1) },
      2: { document, etag: documentEtag(document) },
    },
  };
}
