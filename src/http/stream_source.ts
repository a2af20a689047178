// Web standards only.
import type { Clock } from "./clock.ts";
import type { AsyncCloseable } from "./dispose.ts";
import type { Observe } from "./observe.ts";
import type { RetryOptions } from "./retry.ts";
import type { SseFrame } from "./sse_parse.ts";
import type { StreamCursor } from "./stream_cursor.ts";

/** What a poll brings. */
export interface StreamPage<Item> {
  /** Those after the cursor, in order. */
  readonly items: readonly Item[];
  /** Whether none will ever come after these. */
  readonly isOver: boolean;
}

/** What a platform tells an event stream about itself. */
export interface StreamSource<Item> {
  /** What is streamed, for messages: `GET /runs/r-1/events`. */
  readonly action: string;
  /** Sends the request. The signal ends with the connection. */
  open(cursor: StreamCursor, signal: AbortSignal): Promise<Response>;
  /** The items of one frame; none for one that means nothing. Throws for one that cannot be read. */
  decode(frame: SseFrame): readonly Item[];
  /** Rises from item to item; what does not rise has been delivered before. `undefined` is always delivered. */
  sequenceOf(item: Item): number | undefined;
  /** Whether nothing follows the item. */
  isTerminal(item: Item): boolean;
  /**
   * Whether sequences rise by one, so that a missing one is asked for once more. Which is the first is known only from
   * the cursor: one before it. @default false
   */
  readonly dense?: boolean | undefined;
  /**
   * Gets what comes after the cursor without a stream. Used where streaming is not available, and to ask whether it is
   * all over after a connection that brought nothing.
   */
  poll?(cursor: StreamCursor, signal: AbortSignal): Promise<StreamPage<Item>>;
  /** Whether `error` means that there is no stream to be had, so that it must be polled. */
  isUnavailable?(error: unknown): boolean;
}

/** Settings of {@linkcode createEventStream}. */
export interface EventStreamOptions {
  /** Whose time to use. */
  readonly clock: Clock;
  /** Source of jitter, from 0 to below 1. */
  readonly random: () => number;
  /** Watches the stream; hand in what watches the calls, `transport.observe`. @default nothing */
  readonly observe?: Observe | undefined;
  /** Ends the stream with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Where to begin: what lies at or before it is not delivered. @default the beginning */
  readonly cursor?: Partial<StreamCursor> | undefined;
  /** The longest silence, comments counting as sound, in milliseconds. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Reconnects in a row that fail. @default 10 retries from 250 ms to 10 s */
  readonly retry?: RetryOptions | false | undefined;
  /** Pause between polls that bring nothing and do not wait by themselves, in milliseconds. @default 1_000 */
  readonly pollIntervalMs?: number | undefined;
  /** Poll from the start and never stream. @default false */
  readonly pollOnly?: boolean | undefined;
  /** The longest line and the longest data of one frame, in bytes. @default 4 MiB */
  readonly maxFrameLength?: number | undefined;
}

/** A stream that heals. Iterate it once; leaving the loop closes it. */
export interface EventStream<Item>
  extends AsyncIterableIterator<Item>, AsyncCloseable {
  /** How far it has been delivered: what to hand in to go on from here later, elsewhere. */
  readonly cursor: StreamCursor;
  /** Whether it has ended, in whatever way. */
  readonly closed: boolean;
  /** Ends it and gives the connection back; a pending `next()` says that it is done. */
  close(): Promise<void>;
}
