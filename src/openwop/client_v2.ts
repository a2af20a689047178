// Web standards only.
import { createApi } from "./api.ts";
import type { OneMajorOptions } from "./api.ts";
import { codecV2 } from "./protocol/mod.ts";
import { OpenwopResources } from "./resources.ts";

/**
 * An {@linkcode OpenwopClient} for hosts that are known to speak OpenWOP 2: it asks nothing before the first call, and
 * a bundle with it leaves out what belongs to version 1 alone.
 *
 * @example
 * ```ts
 * import { OpenwopV2Client } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a host; leave `fetch` out to talk to a real one.
 * const fetch = (request: Request) =>
 *   Response.json({
 *     id: new URL(request.url).pathname,
 *     nodes: [],
 *     edges: [],
 *   }, { headers: { "OpenWOP-Version": "2.0" } });
 *
 * const client = new OpenwopV2Client({ baseUrl: "https://wop.example.com", fetch });
 * const workflow = await client.workflows.get("code-review");
 * assert.equal(workflow.id, "/workflows/code-review");
 * ```
 */
export class OpenwopV2Client extends OpenwopResources {
  /**
   * Makes a client; nothing is sent.
   *
   * @param options Where the host is and how to talk to it.
   * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, API key, budget or retry that cannot be right.
   */
  constructor(options: OneMajorOptions) {
    super(createApi(options, [codecV2]));
  }
}
