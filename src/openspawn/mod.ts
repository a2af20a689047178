// Web standards only.
/**
 * The OpenSpawn client, for servers that are also called BikiniBottom: agents, tasks, credits, messages and events,
 * signed as the server wants it.
 *
 * @module
 */
export { InvalidArgumentError } from "../http/mod.ts";
export type { CallOptions, OnceCallOptions } from "../http/mod.ts";
export type { AgentMethods, AgentsResource } from "./agents.ts";
export type { ApiKeyMethods, ApiKeysResource } from "./api_keys.ts";
export type {
  AgentOptions,
  ApiKeyOptions,
  OpenSpawnClientOptions,
  OpenSpawnConnection,
  UserOptions,
} from "./api.ts";
export type { AuthMethods, AuthResource } from "./auth.ts";
export type { ChannelMethods, ChannelsResource } from "./channels.ts";
export {
  OpenSpawnClient,
  OpenSpawnClient as BikiniBottomClient,
} from "./client.ts";
export type { OpenSpawnClientConstructor } from "./client.ts";
export type { ConsensusMethods, ConsensusResource } from "./consensus.ts";
export type {
  ForCredential,
  ForUsers,
  NeedsAgent,
  NeedsUser,
  UncertainPromise,
  WithoutResult,
} from "./credentials.ts";
export type { CreditMethods, CreditsResource } from "./credits.ts";
export type {
  DirectMessageMethods,
  DirectMessagesResource,
} from "./direct_messages.ts";
export type { EventsResource } from "./events.ts";
export type { MessageMethods, MessagesResource } from "./messages.ts";
export { OpenSpawnError } from "./openspawn_error.ts";
export type { OpenSpawnErrorInit } from "./openspawn_error.ts";
export * from "./pages.ts";
export * from "./protocol/mod.ts";
export { reconcileTransfer } from "./reconcile.ts";
export type { TransferOutcome } from "./reconcile.ts";
export { createRequestSigner } from "./signing.ts";
export type {
  AgentIdentity,
  RequestSigner,
  SignableRequest,
  SigningVariant,
} from "./signing.ts";
export { signingVariants } from "./signing_variants.ts";
export type { SystemResource } from "./system.ts";
export type { StepsOptions, TaskMethods, TasksResource } from "./tasks.ts";
export type { TemplateMethods, TemplatesResource } from "./templates.ts";
export { TransferError } from "./transfer_error.ts";
export type { BeforeTransfer } from "./transfer_error.ts";
export type { WebhookMethods, WebhooksResource } from "./webhooks.ts";
export { answerHook, verifyWebhook } from "./webhooks_verify.ts";
export type { WebhookOptions } from "./webhooks_verify.ts";
