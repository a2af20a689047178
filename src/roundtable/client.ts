// Web standards only.
import type { Transport } from "../http/mod.ts";
import { createApi } from "./api.ts";
import type { RoundTableClientOptions } from "./api.ts";
import { createAuth } from "./auth.ts";
import type { AuthResource } from "./auth.ts";
import type { CollaborationsResource } from "./collaborations.ts";
import type { MessagesResource } from "./messages.ts";
import { createResource } from "./resource.ts";
import type { SandboxesResource } from "./sandboxes.ts";
import type { SystemResource } from "./system.ts";
import { createWorkspaces } from "./workspaces.ts";
import type { WorkspacesResource } from "./workspaces.ts";

/**
 * A client of a Round Table server.
 *
 * It logs in when the first call needs it, renews its token before it ends and when the server refuses it, and asks
 * once for however many calls wait; a renewal under way is finished even when those calls are aborted. A call or a client
 * with an `authorization` header of its own is sent as it is. It holds no connection and needs no closing. Reads, replacements, deletions, start
 * and stop are retried; what creates something is sent once, because the server knows no idempotency keys.
 *
 * Live messages are apart, so that a program without them does not carry them: `createLiveMessages()`,
 * `watchMessages()`, `waitForCollaboration()`.
 *
 * @example
 * ```ts
 * import { RoundTableClient } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a server; leave `fetch` out to talk to a real one.
 * const fetch = (request: Request) =>
 *   Response.json({
 *     success: true,
 *     data: request.url.endsWith("/auth/login")
 *       ? { access_token: "a.b.c", refresh_token: "r", token_type: "bearer", expires_in: 1800 }
 *       : { sandbox_id: "sb_9f8e7d6c5b", status: "running" },
 *     meta: null,
 *   });
 *
 * const client = new RoundTableClient({
 *   baseUrl: "http://localhost:8000/api/v1",
 *   email: "ada@workshop.example.com",
 *   password: "correct-horse-9",
 *   fetch,
 * });
 * const sandbox = await client.sandboxes.start("sb_9f8e7d6c5b");
 * assert.equal(sandbox.status, "running");
 * ```
 */
export class RoundTableClient {
  /** Where sandboxes live. */
  readonly workspaces: WorkspacesResource;
  /** The agents of a workspace. */
  readonly sandboxes: SandboxesResource;
  /** Messages between sandboxes. */
  readonly messages: MessagesResource;
  /** Sandboxes that work on one task. */
  readonly collaborations: CollaborationsResource;
  /** The server itself. */
  readonly system: SystemResource;
  /** Who you are. */
  readonly auth: AuthResource;
  /** What carries the calls, tokens included: for operations that this client does not have. */
  readonly transport: Transport;

  /**
   * Makes a client; nothing is sent.
   *
   * @param options Where the server is, who you are, and how to talk to it.
   * @throws {InvalidArgumentError} `invalid-argument`, for a base URL, token, budget or retry that cannot be right, an
   * email without a password, and a password in a browser.
   */
  constructor(options: RoundTableClientOptions) {
    const api = createApi(options);
    this.transport = api.transport;
    this.sandboxes = createResource(api, "sandboxes");
    this.workspaces = createWorkspaces(api, this.sandboxes);
    this.messages = createResource(api, "messages");
    this.collaborations = createResource(api, "collaborations");
    this.system = createResource(api, "system");
    this.auth = createAuth(api);
  }
}
