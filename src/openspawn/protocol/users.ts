// Web standards only.
import type { ApiKeyScope, UserRole, WebhookHookType } from "./enums.ts";

/** A subscription: where the server tells what happened, or asks before it does. */
export interface Webhook {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** For people. */
  readonly name: string;
  /** Where to. */
  readonly url: string;
  /** What deliveries are signed with. */
  readonly secret: string | null;
  /** What it wants; empty or `*` is everything. */
  readonly events: readonly string[];
  /** Ten failures one after the other turn it off. */
  readonly enabled: boolean;
  /** When it is called. */
  readonly hookType: WebhookHookType;
  /** Whether its answer can stop what is asked about. */
  readonly canBlock: boolean;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How many failed, one after the other. */
  readonly failureCount: number;
  /** ISO 8601. */
  readonly lastTriggeredAt: string | null;
  /** In words. */
  readonly lastError: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** A new subscription. */
export interface CreateWebhook {
  /** For people. */
  readonly name: string;
  /** Where to; the server refuses private and loopback addresses. */
  readonly url: string;
  /** What it wants; empty or `*` is everything. */
  readonly events: readonly string[];
  /** What deliveries are to be signed with. @default none: they are not signed */
  readonly secret?: string | undefined;
  /** When it is called. @default "post" */
  readonly hookType?: WebhookHookType | undefined;
  /** Whether its answer can stop what is asked about. @default false */
  readonly canBlock?: boolean | undefined;
  /** From 1,000 to 30,000 milliseconds. @default 5_000 */
  readonly timeoutMs?: number | undefined;
}

/** What to change about a subscription. */
export interface UpdateWebhook extends Partial<CreateWebhook> {
  /** Whether it is called at all. */
  readonly enabled?: boolean | undefined;
}

/** How a test delivery went. */
export interface WebhookTest {
  /** Whether it was taken. */
  readonly success: boolean;
  /** Why not. */
  readonly error?: string;
}

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

/** Who wants in. */
export interface LoginRequest {
  /** Of the user. */
  readonly email: string;
  /** Of the user. */
  readonly password: string;
  /** UUID of the organisation, where the user has several. */
  readonly orgId?: string | undefined;
  /** The second factor. */
  readonly totpCode?: string | undefined;
}

/** Tokens of a user. */
export interface UserTokens {
  /** For `accessToken` of the client; good for `expiresIn`. */
  readonly accessToken: string;
  /** For `auth.refresh()`; good for seven days. */
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** A user. */
export interface User {
  /** UUID. */
  readonly id: string;
  /** Of the user. */
  readonly email: string;
  /** For people. */
  readonly name: string;
  /** What the user may do. */
  readonly role: UserRole;
}

/** What a login gives: tokens, or the wish for a second factor. */
export type LoginResult =
  | UserTokens & {
    readonly user: User;
    readonly requiresTwoFactor?: undefined;
  }
  | {
    readonly requiresTwoFactor: true;
    readonly message: string;
    readonly accessToken?: undefined;
  };
