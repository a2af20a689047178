// Web standards only.
/**
 * The OpenWOP client: runs, events, interrupts and forks on any OpenWOP host.
 *
 * @module
 */
export type { CallOptions } from "../http/mod.ts";
export type { OpenwopApi, OpenwopClientOptions } from "./api.ts";
export { OpenwopClient } from "./client.ts";
export type { Codec } from "./codec.ts";
export { DiscoveryResource } from "./discovery.ts";
export type { DiscoveryDocument } from "./discovery.ts";
export { toIdempotencyKey } from "./idempotency.ts";
export { InterruptsResource } from "./interrupts.ts";
export { OpenwopError, ProtocolMismatchError } from "./openwop_error.ts";
export * from "./protocol/mod.ts";
export * from "./run_errors.ts";
export type { PollOptions } from "./run_events.ts";
export * from "./run_handle.ts";
export { RunsResource } from "./runs.ts";
export { WorkflowsResource } from "./workflows.ts";
