// Web standards only.
import type { JsonValue } from "./json.ts";

/** What is known about an answer beside its content. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Headers;
  /** The body as it came, before it was decoded; `undefined` where there is none, and for a stream. */
  readonly body: JsonValue | undefined;
  /** How many tries it took, at least 1. */
  readonly attempts: number;
  /** Id that the server gave the request. */
  readonly requestId: string | undefined;
  /** W3C trace id, 32 hex digits. */
  readonly traceId: string | undefined;
  /** The key that the call was made under, to make it again later. */
  readonly idempotencyKey: string | undefined;
}

/** An answer with its content. */
export interface Reply<T> extends Answer {
  /** The content, decoded. */
  readonly data: T;
}
