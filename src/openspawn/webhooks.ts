// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForUsers } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Subscriptions to what happens; for users only. `receiveWebhook`'s side of it is {@linkcode verifyWebhook}. */
export interface WebhookMethods {
  /**
   * Makes a subscription.
   *
   * @throws {OpenSpawnError} 400 for a private, loopback or unknown address.
   */
  create(
    webhook: Wire.CreateWebhook,
    options?: CallOptions,
  ): Promise<Wire.Webhook>;
  /** Gets all subscriptions. */
  list(options?: CallOptions): Promise<readonly Wire.Webhook[]>;
  /** Gets a subscription. */
  get(id: string, options?: CallOptions): Promise<Wire.Webhook>;
  /** Changes a subscription. */
  update(
    id: string,
    change: Wire.UpdateWebhook,
    options?: CallOptions,
  ): Promise<Wire.Webhook>;
  /** Ends a subscription. */
  delete(
    id: string,
    options?: CallOptions,
  ): Promise<{ readonly success: boolean }>;
  /** Sends a test delivery. */
  test(id: string, options?: CallOptions): Promise<Wire.WebhookTest>;
}

/** {@linkcode WebhookMethods}, for whoever the client stands for. */
export type WebhooksResource<Who extends Wire.Credential> = ForUsers<
  Who,
  WebhookMethods
>;
