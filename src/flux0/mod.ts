// Web standards only.
/**
 * The flux0 client: agents, sessions, and answers that put themselves together.
 *
 * @module
 */
export { InvalidArgumentError } from "../http/mod.ts";
export type { CallOptions, OnceCallOptions } from "../http/mod.ts";
export type {
  Flux0CallOptions,
  Flux0ClientOptions,
  Flux0RetryOptions,
} from "./api.ts";
export type { AgentsResource } from "./agents.ts";
export { Flux0Client } from "./client.ts";
export type { DiscoveryResource, ServerDescription } from "./discovery.ts";
export type { StreamOptions } from "./event_stream.ts";
export { Flux0Error } from "./flux0_error.ts";
export type { FollowOptions, ListEventsOptions } from "./history.ts";
export * from "./protocol/mod.ts";
export type { SessionsResource } from "./sessions.ts";
export type {
  DraftPart,
  SendOptions,
  StatusPart,
  Turn,
  TurnHistory,
  TurnOutcome,
  TurnPart,
  TurnResult,
  WarningPart,
} from "./turn.ts";
export { AgentFailedError, SessionBusyError } from "./turn_errors.ts";
