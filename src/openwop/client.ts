// Web standards only.
import { createApi } from "./api.ts";
import type { OpenwopClientOptions } from "./api.ts";
import { DiscoveryResource } from "./discovery.ts";
import { InterruptsResource } from "./interrupts.ts";
import { RunsResource } from "./runs.ts";
import { WorkflowsResource } from "./workflows.ts";

/**
 * A client of an OpenWOP 2 host, remote or in this process.
 *
 * It holds no connection and needs no closing. Reads are retried; so is every call that changes something, under an
 * `Idempotency-Key` that it makes once per call. Streams resume by themselves.
 *
 * @example
 * ```ts
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a host; leave `fetch` out to talk to a real one.
 * const fetch = (request: Request) =>
 *   Response.json({
 *     runId: "acme/3f9c1c52b8d04f52",
 *     status: "running",
 *     eventsUrl: "/runs/acme~2F3f9c1c52b8d04f52/events",
 *     key: request.headers.get("idempotency-key"),
 *   }, { status: 201, headers: { "OpenWOP-Version": "2.0" } });
 *
 * const client = new OpenwopClient({
 *   baseUrl: "https://wop.example.com",
 *   apiKey: "secret",
 *   fetch,
 * });
 * const run = await client.runs.start({ workflowId: "code-review" });
 * assert.equal(run.id, "acme/3f9c1c52b8d04f52");
 * ```
 */
export class OpenwopClient {
  /** What the host offers. */
  readonly discovery: DiscoveryResource;
  /** The workflows that the host has. */
  readonly workflows: WorkflowsResource;
  /** Runs: start, follow, cancel, fork. */
  readonly runs: RunsResource;
  /** Questions that runs ask. */
  readonly interrupts: InterruptsResource;

  /**
   * Makes a client; nothing is sent.
   *
   * @param options Where the host is and how to talk to it.
   * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, API key, budget or retry that cannot be right.
   */
  constructor(options: OpenwopClientOptions) {
    const api = createApi(options);
    this.discovery = new DiscoveryResource(api);
    this.workflows = new WorkflowsResource(api);
    this.interrupts = new InterruptsResource(api);
    this.runs = new RunsResource(api, this.interrupts);
  }
}
