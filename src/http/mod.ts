// Web standards only.
/**
 * The ground floor: everything that a client of any platform needs to talk HTTP well.
 *
 * @module
 */
export * from "./clock.ts";
export { asyncDispose, disposable } from "./dispose.ts";
export type { AsyncCloseable } from "./dispose.ts";
export * from "./errors.ts";
export * from "./event_stream.ts";
export * from "./failures.ts";
export type { HeaderRecord } from "./headers.ts";
export * from "./http_error.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export * from "./operation.ts";
export type {
  CallOptions,
  OnceCallOptions,
  TimeBudgets,
  TraceContext,
} from "./options.ts";
export { parseJson } from "./parse_json.ts";
export { path, pathTag } from "./path.ts";
export type { PathTag } from "./path.ts";
export type { RetryContract, RetryOptions } from "./retry.ts";
export { parseRetryAfter } from "./retry_after.ts";
export { createSseParser } from "./sse_parse.ts";
export type {
  SseFrame,
  SseHandlers,
  SseParser,
  SseParserOptions,
} from "./sse_parse.ts";
export * from "./standard_schema.ts";
export { createTransport } from "./transport.ts";
export type {
  IdempotencyOptions,
  Transport,
  TransportOptions,
} from "./transport.ts";
export { within } from "./within.ts";
export type { WithinOptions } from "./within.ts";
