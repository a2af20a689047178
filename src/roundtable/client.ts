// Web standards only.
import { createResources, createTransport, ringOf } from "../http/mod.ts";
import type { ClientOptions, Transport } from "../http/mod.ts";
import type { AuthResource } from "./auth.ts";
import type { CollaborationsResource } from "./collaborations.ts";
import type { Credentials } from "./credentials.ts";
import type { MessagesResource } from "./messages.ts";
import { describe } from "./describe.ts";
import { OPERATIONS } from "./protocol/mod.ts";
import { RoundTableError } from "./roundtable_error.ts";
import type { SandboxesResource } from "./sandboxes.ts";
import { createSession } from "./session.ts";
import type { AuthMethods } from "./session.ts";
import type { SystemResource } from "./system.ts";
import type { WorkspacesResource } from "./workspaces.ts";

/** Where a server is, who you are there, and how to talk to it. Only `baseUrl` is required. */
export interface RoundTableClientOptions extends ClientOptions, Credentials {
  /** With or without `/api/v1` at its end, for example `http://localhost:8000/api/v1`. */
  readonly baseUrl: string;
}

/**
 * A client of a Round Table server.
 *
 * It logs in when the first call needs it, renews its token before it ends and when the server refuses it, and asks
 * once for however many calls wait; a renewal under way is finished even when those calls are aborted. A call or a client
 * with an `authorization` header of its own is sent as it is.
 *
 * It holds no connection and needs no closing. Reads, replacements, deletions, start and stop are retried; what creates
 * something is sent once, because the server knows no idempotency keys.
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
  declare readonly workspaces: WorkspacesResource;
  /** The agents of a workspace. */
  declare readonly sandboxes: SandboxesResource;
  /** Messages between sandboxes. */
  declare readonly messages: MessagesResource;
  /** Sandboxes that work on one task. */
  declare readonly collaborations: CollaborationsResource;
  /** The server itself. */
  declare readonly system: SystemResource;
  /** Who you are. */
  declare readonly auth: AuthResource;
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
    // Of no options it is the base URL that lacks first.
    const { baseUrl, aroundCall } = options ?? {};
    const transport = this.transport = createTransport({
      ...options,
      baseUrl: String(baseUrl).replace(/(\/api\/v1)?\/*$/, ""),
      classify: (failure) => new RoundTableError(failure.action, failure),
      // The session makes calls of its own, so it comes after what carries them.
      aroundCall: ringOf(
        "aroundCall",
        aroundCall,
        (...step) => session.around(...step),
      ),
    });
    const resources = createResources<Resources>(
      OPERATIONS,
      transport,
      describe,
    );
    const session = createSession(options, transport.clock, resources.auth);
    Object.assign(this, resources, { auth: session.auth });
  }
}

/** What the table makes. */
interface Resources {
  readonly auth: AuthMethods;
}
