// Web standards only.
/**
 * The OpenWOP client: runs, events, interrupts and forks on any OpenWOP host.
 *
 * @module
 */
export { InvalidArgumentError } from "../http/mod.ts";
export type { CallOptions, OnceCallOptions } from "../http/mod.ts";
export type * from "./agents.ts";
export type {
  OneMajorOptions,
  OpenwopApi,
  OpenwopClientOptions,
} from "./api.ts";
export type * from "./audit.ts";
export { OpenwopClient } from "./client.ts";
export { OpenwopV1Client } from "./client_v1.ts";
export { OpenwopV2Client } from "./client_v2.ts";
export type * from "./content.ts";
export type { DiscoveryDocument, DiscoveryResource } from "./discovery.ts";
export type { Discovered } from "./host_document.ts";
export type * from "./host_facts.ts";
export { isReplayed, toIdempotencyKey } from "./idempotency.ts";
export type { InspectedInterrupt, InterruptsResource } from "./interrupts.ts";
export { isCode, OpenwopError } from "./openwop_error.ts";
export type { OpenwopErrorInit, OpenwopErrorOf } from "./openwop_error.ts";
export { offers } from "./offers.ts";
export * from "./official_names.ts";
export type * from "./packs.ts";
export type { ListOptions } from "./pages.ts";
export type * from "./prompts.ts";
export { ProtocolMismatchError } from "./protocol_mismatch_error.ts";
export { OpenwopResources } from "./resources.ts";
export * from "./protocol/mod.ts";
export { RegistrationError } from "./registration.ts";
export type {
  Registration,
  RegistryFacts,
  RegistryHost,
  WorkflowRegistry,
} from "./registration.ts";
export { createRouteRegistry } from "./registration_route.ts";
export type {
  RegistryRoute,
  RegistryRoutes,
  RouteRegistryHost,
} from "./registration_route.ts";
export { createEmbeddedRegistry } from "./registration_embedded.ts";
export { createSeededRegistry } from "./registration_seeded.ts";
export * from "./run_errors.ts";
export type { PollOptions } from "./run_events.ts";
export * from "./run_handle.ts";
export type * from "./run_interrupt.ts";
export type { RunOperations } from "./run_operations.ts";
export type * from "./run_stream.ts";
export type { CreateRunOptions, RunListQuery, RunsResource } from "./runs.ts";
export type * from "./tools.ts";
export type * from "./trigger_subscriptions.ts";
export * from "./unsupported_error.ts";
export type * from "./webhook_subscriptions.ts";
export type { WorkflowsResource } from "./workflows.ts";
export type { WebhookDelivery } from "./webhooks_delivery.ts";
export type { WebhookFamily } from "./webhooks_families.ts";
export { receiveWebhook } from "./webhooks_receive.ts";
export type { ReceiveWebhookOptions } from "./webhooks_receive.ts";
export { createWebhookSeen } from "./webhooks_seen.ts";
export type { WebhookSeen } from "./webhooks_seen.ts";
export { signWebhook } from "./webhooks_sign.ts";
export type { SignWebhookOptions } from "./webhooks_sign.ts";
export { verifyWebhookSignature } from "./webhooks_signature.ts";
export type {
  WebhookSecret,
  WebhookSignature,
  WebhookSignatureOptions,
} from "./webhooks_signature.ts";
export { verifyWebhook } from "./webhooks_verify.ts";
export type { WebhookOptions } from "./webhooks_verify.ts";
export type * from "./workspace.ts";
