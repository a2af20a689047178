// Web standards only.
/**
 * The ground floor: everything that a client of any platform needs to talk HTTP well.
 *
 * @module
 */
export {
  parseBase64,
  parseHex,
  toBase64,
  toBase64Url,
  toHex,
} from "./binary_text.ts";
export * from "./answer.ts";
export * from "./bearer.ts";
export { readBytes } from "./body.ts";
export { refuseSecretInBrowser } from "./browser_secrets.ts";
export * from "./check.ts";
export * from "./clock.ts";
export { debugLog } from "./debug_log.ts";
export type { DebugLogOptions } from "./debug_log.ts";
export { asyncDispose, closeable, disposable } from "./dispose.ts";
export type { AsyncCloseable, Closing } from "./dispose.ts";
export * from "./errors.ts";
export * from "./event_stream.ts";
export * from "./failures.ts";
export { fromEnv } from "./from_env.ts";
export type { EnvSettings, FromEnvOptions } from "./from_env.ts";
export { createHeaderSignature } from "./header_signature.ts";
export type {
  HeaderSignature,
  HeaderSignatureScheme,
} from "./header_signature.ts";
export type { HeaderRecord } from "./headers.ts";
export { signHmac, verifyHmac } from "./hmac.ts";
export * from "./http_error.ts";
export { idempotencyKeys } from "./idempotency_keys.ts";
export type { IdempotencyKeyRules } from "./idempotency_keys.ts";
export { pointerPart } from "./json.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export { createList } from "./list.ts";
export type { ListCallOptions } from "./list.ts";
export type {
  CallStep,
  Observe,
  ObservedContext,
  StreamNote,
  StreamStep,
  TellStream,
} from "./observe.ts";
export { observer } from "./observer.ts";
export type { CallEvent } from "./observer.ts";
export * from "./operation.ts";
export * from "./operation_table.ts";
export { checkDuration } from "./options.ts";
export type {
  CallOptions,
  OnceCallOptions,
  RetriedCallOptions,
  TimeBudgets,
  TraceContext,
} from "./options.ts";
export { byOffset, byPageNumber } from "./page_styles.ts";
export type {
  CountedOptions,
  CountedPage,
  NumberedOptions,
} from "./page_styles.ts";
export { createPages } from "./pages.ts";
export type {
  FetchPage,
  Page,
  PageCursor,
  PageKey,
  Pages,
  PagesOptions,
} from "./pages.ts";
export { parseJson } from "./parse_json.ts";
export { encodeId, fillPath, path, pathTag } from "./path.ts";
export type { EncodeId, PathTag } from "./path.ts";
export * from "./redact.ts";
export { createPulledStream, pullFrames } from "./pulled_stream.ts";
export type {
  FrameOptions,
  Pull,
  PulledStream,
  PulledStreamOptions,
} from "./pulled_stream.ts";
export { writeQuery } from "./query.ts";
export { randomHex } from "./random_hex.ts";
export { fillRetry, retryDelay } from "./retry.ts";
export type { RetryContract, RetryOptions, RetryPolicy } from "./retry.ts";
export { parseRetryAfter } from "./retry_after.ts";
export { ringOf } from "./ring.ts";
export { parseSecret } from "./secret.ts";
export type { WrittenSecret } from "./secret.ts";
export { createSeen } from "./seen.ts";
export type { Seen } from "./seen.ts";
export { SignatureError } from "./signature_error.ts";
export type { SignatureCheck } from "./signature_error.ts";
export type { SignatureOptions } from "./signed_headers.ts";
export type { FrameBatch } from "./sse_connection.ts";
export { createSseParser } from "./sse_parse.ts";
export type {
  SseFrame,
  SseHandlers,
  SseParser,
  SseParserOptions,
} from "./sse_parse.ts";
export * from "./standard_schema.ts";
export type { StreamCursor } from "./stream_cursor.ts";
export type {
  EventStream,
  EventStreamOptions,
  StreamPage,
  StreamSource,
} from "./stream_source.ts";
export { createStandardWebhooks } from "./standard_webhooks.ts";
export type {
  StandardWebhookHeaders,
  StandardWebhooks,
  VerifiedWebhook,
} from "./standard_webhooks.ts";
export { timingSafeEqual } from "./timing_safe.ts";
export { checkToken } from "./token.ts";
export * from "./trace.ts";
export { createTransport } from "./transport.ts";
export type { Transport } from "./transport.ts";
export type {
  ClientOptions,
  IdempotencyOptions,
  TransportOptions,
} from "./transport_options.ts";
export * from "./validation_issues.ts";
export * from "./webhook_body.ts";
export * from "./webhook_error.ts";
export { withAnswer } from "./with_answer.ts";
export type { Answered } from "./with_answer.ts";
export { within } from "./within.ts";
export type { WithinOptions } from "./within.ts";
