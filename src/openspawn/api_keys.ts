// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForUsers } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

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
