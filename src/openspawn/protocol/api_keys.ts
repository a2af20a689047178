// Web standards only.
import type { ApiKeyScope } from "./enums.ts";

/** An API key as lists show it. */
export interface ApiKeyInfo {
  /** UUID. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Its first characters. */
  readonly keyPrefix?: string;
  /** What it says it may do. */
  readonly scopes: readonly ApiKeyScope[];
  /** ISO 8601. */
  readonly expiresAt?: string | null;
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** A new API key. */
export interface CreateApiKey {
  /** For people. */
  readonly name: string;
  /** What it says it may do. @default ["read"] */
  readonly scopes?: readonly ApiKeyScope[] | undefined;
  /** Until when; a text must name its zone. */
  readonly expiresAt?: string | Date | undefined;
}

/** An API key, told this once. */
export interface CreatedApiKey extends ApiKeyInfo {
  /** `osp_` and 64 hex digits. */
  readonly key: string;
}
