// Web standards only.
import type { WebhookHookType } from "./enums.ts";

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
