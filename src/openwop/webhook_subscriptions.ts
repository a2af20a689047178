// Web standards only.
import type {
  CallOptions,
  JsonObject,
  OnceCallOptions,
  Pages,
} from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { createMethods, invoke } from "./invoke.ts";
import { listPages } from "./pages.ts";
import type { ListOptions } from "./pages.ts";

/** The body of `POST /webhooks`. Source: v2 §11.1. The object is closed. */
export interface RegisterWebhookRequest {
  /** `https:` only, and no private address. */
  readonly url: string;
  /** Event types in the names of version 2; at least one. */
  readonly events: readonly string[];
  /** Signs the deliveries; a `whsec_…` one for Standard Webhooks. @default one that the host makes and shows once */
  readonly secret?: string | undefined;
  /** Only runs that share a tag. */
  readonly tags?: readonly string[] | undefined;
  /** How to sign the deliveries. @default ["v1"] */
  readonly signatureAlgorithms?:
    | readonly ("v1" | "standard-webhooks-1")[]
    | undefined;
  /** Version 1 only, where some hosts want it; never sent in version 2. */
  readonly tenantId?: string | undefined;
  /**
   * Version 1 only: what some hosts call `events`. They ignore the right name and deliver every event then; others may
   * refuse a name that they do not know. Never sent in version 2.
   */
  readonly eventTypes?: readonly string[] | undefined;
}

/** The answer to a registration. */
export interface RegisterWebhookResponse {
  /** For `unregister()`, and the `OpenWOP-Webhook-Id` of every delivery. */
  readonly webhookId: string;
  /** Only here and only once, when the host made it. */
  readonly secret?: string;
  /** How deliveries are signed. */
  readonly signatureAlgorithms?: readonly string[];
  /** Version 1: what is delivered, from hosts that go by `eventTypes`. */
  readonly eventTypes?: readonly string[];
  /** Version 1: tells secrets apart. */
  readonly secretFingerprint?: string;
}

/** A delivery that the host has given up; without body, headers and secret. Source: v2 §6.3. */
export interface DeadLetter extends JsonObject {
  /** The run that it told of. */
  readonly runId: string;
}

/** The answer to a rotation. Source: v2 §6.2 row 30. */
export interface RotateSecretResponse {
  /** ISO 8601. */
  readonly rotatedAt: string;
  /** Until then the old secret counts too. ISO 8601. */
  readonly previousSecretExpiresAt: string;
}

/** Options of an unregistration. */
export interface UnregisterOptions extends OnceCallOptions {
  /** Version 1 only, where some hosts want it; never sent in version 2. */
  readonly tenantId?: string | undefined;
}

/** Who is told of events over webhooks. To receive them see `receiveWebhook` and `verifyWebhook`. */
export interface WebhookSubscriptionsResource {
  /**
   * Registers a receiver. Sent under an idempotency key and retried. Source: v2 §11.1.
   *
   * @param request Where to, and which events.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for an empty list of events.
   * @throws {OpenwopError} 400 `webhook_url_rejected`, 400 `webhook_endpoint_unverified`.
   * @throws {UnsupportedError} `unsupported`, capability `webhooks`.
   */
  register(
    request: RegisterWebhookRequest,
    options?: CallOptions,
  ): Promise<RegisterWebhookResponse>;

  /**
   * Unregisters a receiver; nothing is delivered afterwards. Sent once: the operation takes no key. After a lost answer
   * call it again and take 404 for done. Source: v2 §6.1, §11.3.
   *
   * @param webhookId Which one.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found`.
   */
  unregister(
    webhookId: string,
    options?: UnregisterOptions,
  ): Promise<void>;

  /**
   * Gets the receivers; an extension of some version 1 hosts. Retried.
   *
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, also in version 2, which has no such list.
   */
  list(options?: CallOptions): Promise<JsonObject>;

  /**
   * Lists what the host has given up delivering, newest first. Each page is retried. Source: v2 §6.3.
   *
   * @param webhookId Whose.
   * @param query The most per page.
   * @param options Where to begin, and options of each call.
   * @throws {UnsupportedError} `unsupported`, from the loop, capability `webhooks.deadLetter`.
   */
  deadLetters(
    webhookId: string,
    query?: { readonly limit?: number | undefined },
    options?: ListOptions,
  ): Pages<DeadLetter, string>;

  /**
   * Gives a receiver a new secret; the old one counts for a while too. Source: v2 §3.3, §6.2 row 30.
   *
   * @param webhookId Whose.
   * @param secret The new one.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `webhooks.secretRotation`.
   */
  rotateSecret(
    webhookId: string,
    secret: string,
    options?: CallOptions,
  ): Promise<RotateSecretResponse>;
}

/** Makes the resource. Sends nothing. */
export function createWebhookSubscriptions(
  api: OpenwopApi,
): WebhookSubscriptionsResource {
  return createMethods<WebhookSubscriptionsResource>(api, "webhooks", {
    unregister: (webhookId, { tenantId, ...call } = {}) =>
      invoke(api, "webhooks.unregister", [webhookId], {
        query: { tenantId },
      }, call),
    deadLetters: (webhookId, query = {}, options) =>
      listPages(
        api,
        "webhooks.deadLetters",
        [webhookId],
        query,
        "deliveries",
        options,
      ),
    rotateSecret: (webhookId, secret, options) =>
      invoke(api, "webhooks.rotateSecret", [webhookId], {
        body: { secret },
      }, options),
  });
}
