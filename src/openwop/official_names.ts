// Web standards only.
import type {
  CallOptions,
  EventStream,
  JsonObject,
  JsonValue,
} from "../http/mod.ts";
import type { DiscoveryDocument, DiscoveryResource } from "./discovery.ts";
import type { InspectedInterrupt, InterruptsResource } from "./interrupts.ts";
import type {
  CancelResponse,
  CreateRunRequest,
  CreateRunResponse,
  ForkRequest,
  ForkResponse,
  PollResponse,
  ResolveResponse,
  RunSnapshot,
  WorkflowDefinition,
} from "./protocol/mod.ts";
import type { OpenwopResources } from "./resources.ts";
import type { RunOperations } from "./run_operations.ts";
import type {
  RunEventsOptions,
  StreamItem,
  StreamModes,
} from "./run_stream.ts";
import type { RunsResource } from "./runs.ts";

/** What answers a question, as the official clients wrap it. */
export interface OfficialResolveRequest {
  /** The answer, shaped by the question. */
  readonly resumeValue: JsonValue;
}

/** A page of events, with the word that version 1 has for its end. */
export interface OfficialPollResponse extends PollResponse {
  /** The same as `isTerminal`: the run is over, not the list. */
  readonly isComplete: boolean;
}

/** The resources of the official TypeScript clients, with their names for what is called something else here. */
export interface OfficialNames {
  /** What the host offers. */
  readonly discovery: {
    /** `client.discovery.get()`. */
    capabilities(options?: CallOptions): Promise<DiscoveryDocument>;
    /** The same. */
    readonly openapi: DiscoveryResource["openapi"];
  };
  /** Runs. */
  readonly runs: RunOperations & {
    /** The same. */
    readonly create: RunsResource["create"];
    /** The same. */
    readonly list: RunsResource["list"];
    /** The same. */
    readonly diff: RunsResource["diff"];
    /** `client.runs.stream()`; `lastEventId` is `afterSequence` there. */
    events<const Modes extends StreamModes = "debug">(
      runId: string,
      options?: RunEventsOptions<Modes> & {
        readonly lastEventId?: string | number | undefined;
      },
    ): EventStream<StreamItem<Modes>>;
    /** `client.runs.poll()`, with the timeout in seconds and 30 by default. */
    pollEvents(
      runId: string,
      params?: {
        readonly afterSequence?: number | undefined;
        readonly lastSequence?: number | undefined;
        readonly timeout?: number | undefined;
      },
      options?: CallOptions,
    ): Promise<OfficialPollResponse>;
  };
  /** Questions that runs ask. */
  readonly interrupts: {
    /** The same. */
    readonly inspectByToken: InterruptsResource["inspectByToken"];
    /** `client.interrupts.resolve()`. */
    resolveByRun(
      runId: string,
      nodeId: string,
      body: OfficialResolveRequest,
      options?: CallOptions,
    ): Promise<ResolveResponse>;
    /** `client.interrupts.resolveByToken()`, with the value in a body. */
    resolveByToken(
      token: string,
      body: OfficialResolveRequest,
      options?: CallOptions,
    ): Promise<Partial<ResolveResponse>>;
  };
  /** The same. */
  readonly workflows: OpenwopResources["workflows"];
  /** The same. */
  readonly webhooks: OpenwopResources["webhooks"];
  /** The same. */
  readonly host: OpenwopResources["host"];
  /** The same. */
  readonly agents: OpenwopResources["agents"];
  /** The same. */
  readonly tools: OpenwopResources["tools"];
  /** The same. */
  readonly prompts: OpenwopResources["prompts"];
  /** The same. */
  readonly content: OpenwopResources["content"];
  /** The same. */
  readonly triggerSubscriptions: OpenwopResources["triggerSubscriptions"];
  /** The same. */
  readonly audit: OpenwopResources["audit"];
  /** The same. */
  readonly workspace: OpenwopResources["workspace"];
  /** The same. */
  readonly packs: OpenwopResources["packs"];
}

/** The methods of the official Python client 1.1; what is a keyword argument there is a field of the last argument. */
export interface OfficialPythonNames {
  /** `client.discovery.get()`. */
  discovery_capabilities(): Promise<DiscoveryDocument>;
  /** `client.discovery.openapi()`. */
  discovery_openapi(): Promise<JsonObject>;
  /** `client.workflows.get()`. */
  workflows_get(workflow_id: string): Promise<WorkflowDefinition>;
  /** `client.runs.create()`. */
  runs_create(
    body: CreateRunRequest,
    keywords?: OfficialKeywords & { readonly dedup?: "enforce" | undefined },
  ): Promise<CreateRunResponse>;
  /** `client.runs.get()`. */
  runs_get(run_id: string): Promise<RunSnapshot>;
  /** `client.runs.stream()`. */
  runs_events<const Modes extends StreamModes = "debug">(
    run_id: string,
    keywords?: {
      readonly stream_mode?: Modes | undefined;
      readonly last_event_id?: string | number | undefined;
    },
  ): EventStream<StreamItem<Modes>>;
  /** `client.runs.poll()`. */
  runs_poll_events(
    run_id: string,
    keywords?: {
      readonly last_sequence?: number | undefined;
      readonly timeout_seconds?: number | undefined;
    },
  ): Promise<OfficialPollResponse>;
  /** `client.runs.cancel()`. */
  runs_cancel(
    run_id: string,
    body?: { readonly reason?: string | undefined },
    keywords?: OfficialKeywords,
  ): Promise<CancelResponse>;
  /** `client.runs.fork()`. */
  runs_fork(
    run_id: string,
    body: ForkRequest,
    keywords?: OfficialKeywords,
  ): Promise<ForkResponse>;
  /** `client.interrupts.resolve()`. */
  interrupts_resolve_by_run(
    run_id: string,
    node_id: string,
    body: OfficialResolveRequest,
  ): Promise<ResolveResponse>;
  /** `client.interrupts.inspectByToken()`. */
  interrupts_inspect_by_token(token: string): Promise<InspectedInterrupt>;
  /** `client.interrupts.resolveByToken()`. */
  interrupts_resolve_by_token(
    token: string,
    body: OfficialResolveRequest,
  ): Promise<Partial<ResolveResponse>>;
}

/** Keyword arguments of every change. */
export interface OfficialKeywords {
  /** `idempotencyKey` elsewhere. */
  readonly idempotency_key?: string | undefined;
}

/**
 * Gives a client the names that the official clients have for its methods, so that a program can move over line by line:
 * those of the TypeScript clients in their groups, those of the Python client 1.1 beside them. Everything else of the
 * client stays there under its own names. Sends nothing, and changes nothing about what the methods do: they retry, make
 * keys, and throw as they do under their own names; nothing becomes `null`.
 *
 * @param client Of any major.
 * @returns the names of both, over the same client.
 *
 * @example
 * ```ts
 * import { officialNames, OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a host; leave `fetch` out to talk to a real one.
 * const fetch = (request: Request) =>
 *   Response.json({
 *     runId: "acme/3f9c1c52b8d04f52",
 *     nodeId: new URL(request.url).pathname.split("/").at(-1),
 *     status: "running",
 *   }, { headers: { "OpenWOP-Version": "2.0" } });
 *
 * const wop = officialNames(
 *   new OpenwopClient({ baseUrl: "https://wop.example.com", major: 2, fetch }),
 * );
 * const { nodeId } = await wop.interrupts.resolveByRun(
 *   "acme/3f9c1c52b8d04f52",
 *   "gate",
 *   { resumeValue: { action: "accept" } },
 * );
 * assert.equal(nodeId, "gate");
 * ```
 */
export function officialNames(
  client: OpenwopResources,
): OfficialNames & OfficialPythonNames {
  const names: OfficialNames = {
    ...client,
    discovery: {
      capabilities: (options) => client.discovery.get(options),
      openapi: (options) => client.discovery.openapi(options),
    },
    runs: {
      ...client.runs,
      events: (id, { lastEventId, ...options } = {}) =>
        client.runs.stream(id, {
          ...options,
          afterSequence: options.afterSequence ??
            (lastEventId === undefined ? undefined : Number(lastEventId)),
        }),
      pollEvents: async (id, params = {}, options) => {
        const { afterSequence, lastSequence, timeout = 30 } = params;
        const page = await client.runs.poll(id, {
          ...options,
          afterSequence: afterSequence ?? lastSequence,
          waitMs: timeout * 1_000,
        });
        return { ...page, isComplete: page.isTerminal };
      },
    },
    interrupts: {
      resolveByRun: (id, nodeId, { resumeValue }, options) =>
        client.interrupts.resolve(id, nodeId, resumeValue, options),
      inspectByToken: (token, options) =>
        client.interrupts.inspectByToken(token, options),
      resolveByToken: (token, { resumeValue }, options) =>
        client.interrupts.resolveByToken(token, resumeValue, options),
    },
  };
  return { ...names, ...pythonNames(names) };
}

function pythonNames(
  { discovery, workflows, runs, interrupts }: OfficialNames,
): OfficialPythonNames {
  const keyOf = ({ idempotency_key }: OfficialKeywords = {}): CallOptions => ({
    idempotencyKey: idempotency_key,
  });
  return {
    discovery_capabilities: () => discovery.capabilities(),
    discovery_openapi: () => discovery.openapi(),
    workflows_get: (id) => workflows.get(id),
    runs_create: (body, keywords) =>
      runs.create(body, { ...keyOf(keywords), dedup: keywords?.dedup }),
    runs_get: (id) => runs.get(id),
    runs_events: (id, { stream_mode, last_event_id } = {}) =>
      runs.events(id, { streamMode: stream_mode, lastEventId: last_event_id }),
    runs_poll_events: (id, { last_sequence, timeout_seconds } = {}) =>
      runs.pollEvents(id, {
        lastSequence: last_sequence,
        timeout: timeout_seconds,
      }),
    runs_cancel: (id, body, keywords) => runs.cancel(id, body, keyOf(keywords)),
    runs_fork: (id, body, keywords) => runs.fork(id, body, keyOf(keywords)),
    interrupts_resolve_by_run: (id, nodeId, body) =>
      interrupts.resolveByRun(id, nodeId, body),
    interrupts_inspect_by_token: (token) => interrupts.inspectByToken(token),
    interrupts_resolve_by_token: (token, body) =>
      interrupts.resolveByToken(token, body),
  };
}
