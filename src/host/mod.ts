// Web standards only.
/**
 * An OpenWOP host in this process: one fetch handler that runs workflows, keeps their logs, asks people and forks, for
 * clients of version 2 and, where it is told so, of version 1.
 *
 * @module
 */
export { createHost } from "./handler.ts";
export type { Host, HostOptions, WebhookDelivery } from "./handler.ts";
export type { HostErrorContext } from "./error_sink.ts";
export type {
  DeadDelivery,
  Delivery,
  DeliveryEnd,
  Subscription,
} from "./webhooks/subscription.ts";
export { apiKeys } from "./access.ts";
export type { Access, ApiKey, Caller } from "./access.ts";
export { serve } from "./serve/serve.ts";
export type { HostServer, ServeOptions } from "./serve/serve.ts";
export type { CorsOrigins } from "./cors.ts";
export type { HostLimits } from "./limits.ts";
export type { InterruptKey } from "./tokens.ts";
export { memoryStore } from "./stores/memory.ts";
export { sqliteStore } from "./stores/sqlite.ts";
export type { SqliteStore, SqliteStoreOptions } from "./stores/sqlite.ts";
export type {
  Appended,
  KeyClaim,
  KeyEffect,
  KeyState,
  ReplayScope,
  RunCaller,
  RunRecord,
  Store,
  StoredReply,
  StoredWorkflow,
} from "./store.ts";
export type { RunLimits } from "../engine/mod.ts";
export type { Clock } from "../http/mod.ts";
