// Web standards only.
import type {
  HttpFailure,
  JsonObject,
  JsonValue,
  Operation,
  RetryContract,
} from "../../http/mod.ts";
import type { RunEvent } from "./events.ts";
import type { RunSnapshot } from "./runs.ts";

/** A major of the protocol. */
export type Major = 1 | 2;

/**
 * A call in the words of version 2: path (ids by {@linkcode projectId}), query, headers and body. A codec spells it for
 * its major.
 */
export interface WopOperation<
  T = unknown,
  Contract extends RetryContract = RetryContract,
> extends Operation<T, Contract> {
  /** Which operation it is, `runs.create`: the majors differ in some of the bodies. */
  readonly name?: string | undefined;
}

/** A call as it goes over the wire. */
export interface WireOperation<
  T = unknown,
  Contract extends RetryContract = RetryContract,
> extends Operation<T, Contract> {
  /** Who spelled it, and reads the answers. */
  readonly codec: Codec;
}

/** What a refusal says, in the words of version 2. */
export interface WireError {
  /** In the spelling of version 2; `undefined` where the answer has none. */
  readonly code: string | undefined;
  /** As it came. */
  readonly rawCode: string | undefined;
  /** For people. */
  readonly message: string | undefined;
  /** Whatever belongs to the code. */
  readonly details: JsonObject | undefined;
  /** How long the host asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether an OpenWOP host wrote it, and not something in front of it. */
  readonly fromHost: boolean;
}

/**
 * One major, as a client speaks it. Paths, headers, ids, event names and errors of a call all come from one codec;
 * nothing else in the client knows which major it speaks. Source: v2 §2.5 rule 5.
 */
export interface Codec {
  /** Which major. */
  readonly major: Major;
  /** What an idempotency key must look like. */
  readonly keyGrammar: RegExp;
  /** Whether an answer with this version header speaks the same major. */
  matches(version: string | null): boolean;
  /**
   * Spells a call, and reads its answer back into the words of version 2.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for what the major has no words for.
   */
  write<T, Contract extends RetryContract>(
    operation: WopOperation<T, Contract>,
  ): WireOperation<T, Contract>;
  /** Reads an event; `undefined` for what is none. */
  readEvent(value: JsonValue | undefined): RunEvent | undefined;
  /** The question that a snapshot shows, where the log does not tell what it is. */
  readonly shownInterrupt?: (run: RunSnapshot) => JsonObject | undefined;
  /** Reads a refusal. */
  readError(failure: HttpFailure): WireError;
}

/** One major, as a host speaks it: the other direction of a {@linkcode Codec}. */
export interface HostCodec {
  /** Which major. */
  readonly major: Major;
  /** What goes into the header `OpenWOP-Version` of every answer. */
  readonly version: string;
  /** Names of the five headers of a webhook delivery: id, type, timestamp, signature, algorithm. */
  readonly webhookHeaders: readonly [
    id: string,
    type: string,
    timestamp: string,
    signature: string,
    algorithm: string,
  ];
  /** Reads a raw path; `undefined` for one that is not of this major. */
  readPath(path: string): string | undefined;
  /** Reads a query. */
  readQuery(query: URLSearchParams): URLSearchParams;
  /** Reads a header by its version 2 name. */
  readHeader(headers: Headers, name: string): string | null;
  /** Reads the body of a request. */
  readBody(name: string, body: JsonObject): JsonObject;
  /** Writes the body of an answer. */
  writeBody(name: string, body: JsonObject): JsonObject;
  /** Writes an event, for streams, polls and webhooks. */
  writeEvent(event: RunEvent): JsonObject;
}
