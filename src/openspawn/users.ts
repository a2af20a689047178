// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForUsers } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Subscriptions to what happens; for users only. `receiveWebhook`'s side of it is {@linkcode verifyWebhook}. */
export interface WebhookMethods {
  /** Makes a subscription. Throws an `OpenSpawnError` with 400 for a private, loopback or unknown address. */
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

/** API keys; for users only. */
export interface ApiKeyMethods {
  /** Makes an API key. The reference server refuses every field of it with 400: keys must be made in another way there. */
  create(
    key: Wire.CreateApiKey,
    options?: CallOptions,
  ): Promise<Wire.CreatedApiKey>;
  /** Gets all API keys, without the keys. */
  list(options?: CallOptions): Promise<readonly Wire.ApiKeyInfo[]>;
  /** Gets an API key, without the key. */
  get(id: string, options?: CallOptions): Promise<Wire.ApiKeyInfo>;
  /** Ends an API key. */
  revoke(id: string, options?: CallOptions): Promise<unknown>;
}

/** {@linkcode ApiKeyMethods}, for whoever the client stands for. */
export type ApiKeysResource<Who extends Wire.Credential> = ForUsers<
  Who,
  ApiKeyMethods
>;

/** Tokens of users. Neither `login()` nor `refresh()` sends a credential. */
export interface AuthMethods {
  /** Gets tokens for a user, or the wish for a second factor. Throws an `OpenSpawnError`: 401, 400 without an organisation. */
  login(
    login: Wire.LoginRequest,
    options?: CallOptions,
  ): Promise<Wire.LoginResult>;
  /** Gets new tokens. */
  refresh(
    token: { readonly refreshToken: string },
    options?: CallOptions,
  ): Promise<Wire.UserTokens>;
  /** Gets the user. There is no such thing for agents. */
  me(options?: CallOptions): Promise<Wire.User>;
}

/** {@linkcode AuthMethods}, for whoever the client stands for. */
export type AuthResource<Who extends Wire.Credential> =
  & Pick<AuthMethods, "login" | "refresh">
  & ForUsers<Who, Pick<AuthMethods, "me">>;
