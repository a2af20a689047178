// Web standards only.
import { createApi } from "./api.ts";
import type { OpenwopClientOptions } from "./api.ts";
import { negotiate } from "./negotiate.ts";
import { codecV1, codecV2 } from "./protocol/mod.ts";
import { OpenwopResources } from "./resources.ts";

/**
 * A client of an OpenWOP host, remote or in this process, of either major.
 *
 * Which major the host speaks is asked once, before the first call; `major` fixes it and saves that request. Where it is
 * known for good, {@linkcode OpenwopV2Client} is smaller. Source: v2 §2.5.
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
 *   major: 2,
 *   fetch,
 * });
 * const run = await client.runs.start({ workflowId: "code-review" });
 * assert.equal(run.id, "acme/3f9c1c52b8d04f52");
 * ```
 */
export class OpenwopClient extends OpenwopResources {
  /**
   * Makes a client; nothing is sent.
   *
   * @param options Where the host is and how to talk to it.
   * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, API key, budget or retry that cannot be right.
   */
  constructor(options: OpenwopClientOptions) {
    super(createApi(options, [codecV2, codecV1], negotiate));
  }
}
