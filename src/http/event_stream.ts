// Web standards only.
import { sleep } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { disposable } from "./dispose.ts";
import type { AsyncCloseable } from "./dispose.ts";
import { StreamInterruptedError } from "./failures.ts";
import type { TimeoutError } from "./failures.ts";
import { fill } from "./fill.ts";
import type { Rules } from "./fill.ts";
import { askedDelay, fillRetry, isPassing, retryDelay } from "./retry.ts";
import type { RetryOptions } from "./retry.ts";
import { createScope } from "./scope.ts";
import { connect } from "./sse_connection.ts";
import type { SseFrame } from "./sse_parse.ts";

/** How far a stream has been delivered. */
export interface StreamCursor {
  /** The `id` of the last event stream frame that was delivered whole. */
  readonly lastEventId: string | undefined;
  /** The sequence of the last item, where items have one. */
  readonly lastSequence: number | undefined;
}

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
  /** The longest frame, in UTF-16 code units. @default 4 Mi */
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

const limits: Rules<{ idleTimeoutMs: number; pollIntervalMs: number }> = {
  idleTimeoutMs: [60_000, 1],
  pollIntervalMs: [1_000, 0],
};

/**
 * Makes one stream out of as many connections as it takes. Every item is delivered once and in order, whatever the
 * network does; a `for await` never sees the seams.
 *
 * It reconnects from the last delivered item after a cut, a long silence, an answer that may pass, a frame that cannot
 * be read, and a clean close before the terminal item; with full jitter, and not faster than the server's `retry`
 * and `Retry-After` ask. It ends after the terminal item. Nothing is opened before the first item is asked for, and
 * nothing is read ahead beyond one chunk.
 *
 * @param source The platform's side.
 * @param options Where to begin and how to be patient.
 * @throws {StreamInterruptedError} `stream-interrupted`, from the loop: too many reconnects in a row failed.
 * @throws {AbortedError} `aborted`, from the loop: the caller's signal.
 * @throws {HttpError} from the loop: an answer that will not pass, for example 401 or 404.
 *
 * @example
 * ```ts
 * import { createEventStream, systemClock } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const bodies = ["id: 0\ndata: 0\n\nid: 1\nda", "id: 1\ndata: 1\n\n"];
 * const stream = createEventStream<number>({
 *   action: "GET /numbers",
 *   open: () =>
 *     Promise.resolve(
 *       new Response(bodies.shift(), {
 *         headers: { "content-type": "text/event-stream" },
 *       }),
 *     ),
 *   decode: (frame) => [Number(frame.data)],
 *   sequenceOf: (item) => item,
 *   isTerminal: (item) => item === 1,
 * }, { clock: systemClock, random: () => 0 });
 * const seen: number[] = [];
 * for await (const item of stream) seen.push(item);
 * assert.deepEqual(seen, [0, 1]);
 * ```
 */
export function createEventStream<Item>(
  source: StreamSource<Item>,
  options: EventStreamOptions,
): EventStream<Item> {
  const { clock, random, maxFrameLength } = options;
  const { action } = source;
  const { idleTimeoutMs, pollIntervalMs } = fill("", limits, [options]);
  const policy = fillRetry(
    { retries: 10, initialDelayMs: 250, maxDelayMs: 10_000 },
    options.retry,
  );
  const whole = createScope(clock, action);
  let { lastEventId, lastSequence } = options.cursor ?? {};
  let polling = options.pollOnly && source.poll;
  let closed = false;
  let ended = false;
  let over = false;
  let dense = true;
  let gapAt: number | undefined;
  let serverDelayMs = 0;
  // Of the connection at hand: it brought something, it missed something, it was there, it could not be read.
  let progress = false;
  let gap = false;
  let alive = false;
  let garbled = false;

  const cursor = (): StreamCursor => ({ lastEventId, lastSequence });

  /** One poll. */
  async function poll(
    signal: AbortSignal,
  ): Promise<readonly [readonly [readonly Item[]]] | undefined> {
    const before = clock.now();
    const page = await whole.guard(source.poll!(cursor(), signal));
    if (page.items.length > 0) return [[page.items]];
    over = page.isOver;
    const rest = pollIntervalMs - (clock.now() - before);
    if (!over && rest > 0) await sleep(clock, rest, whole.signal);
  }

  function decode(frame: SseFrame, cut?: boolean): readonly Item[] {
    try {
      return source.decode(frame);
    } catch (error) {
      // Half a frame at the end of a stream is nothing to complain about.
      if (cut) return [];
      garbled = true;
      throw error;
    }
  }

  async function* follow(): AsyncGenerator<Item, void, undefined> {
    let failures = 0;
    whole.obey(options.signal);
    try {
      for (;;) {
        whole.signal.throwIfAborted();
        progress =
          gap =
          alive =
          garbled =
            false;
        let cause: unknown;
        const scope = createScope(clock, action, whole);
        const { signal } = scope;
        try {
          let read = polling ? undefined : await connect(
            action,
            clock,
            scope,
            idleTimeoutMs,
            maxFrameLength,
            () => source.open(cursor(), signal),
            (ms) => serverDelayMs = ms,
          );
          receiving: for (;;) {
            const batch = await (read ? read() : poll(signal));
            if (!batch) {
              if (!read || progress || gap || !source.poll) break;
              // It closed before anything came: a poll can tell whether anything will.
              alive = true;
              read = undefined;
              continue;
            }
            const [pieces, cut] = batch;
            for (const piece of pieces) {
              const items = "data" in piece ? decode(piece, cut) : piece;
              const id = "data" in piece && !cut ? piece.id : undefined;
              let left = items.length;
              for (const item of items) {
                left--;
                const sequence = source.sequenceOf(item);
                if (sequence !== undefined) {
                  if (lastSequence !== undefined) {
                    if (sequence <= lastSequence) continue;
                    if (dense && source.dense && sequence > lastSequence + 1) {
                      // Missing a second time, it is missing in the log itself, and others will be.
                      dense = gapAt !== lastSequence;
                      gapAt = lastSequence;
                      gap = dense;
                      if (gap) break receiving;
                    }
                  }
                  lastSequence = sequence;
                }
                // A frame counts as delivered with its last item: whoever resumes inside one gets it again.
                if (left === 0) lastEventId = id ?? lastEventId;
                progress = true;
                over = source.isTerminal(item);
                yield item;
                if (over) return;
              }
              lastEventId = id ?? lastEventId;
            }
            if (!read) break;
          }
          if (over) return;
          if (polling || gap) {
            failures = 0;
            continue;
          }
        } catch (error) {
          if (whole.signal.aborted) throw whole.signal.reason;
          if (
            !polling && !garbled && source.poll && source.isUnavailable?.(error)
          ) {
            polling = source.poll;
            continue;
          }
          if (!isPassing(error) && !garbled) throw error;
          cause = error;
          alive = (error as Partial<TimeoutError>).budget === "idle";
        } finally {
          scope.abort(undefined);
          scope.close();
        }
        // Work may rest for days, and not every server says that it is still there: silence alone is no failure.
        failures = progress || alive ? 1 : failures + 1;
        const wait = failures > policy.retries ? undefined : retryDelay(
          policy,
          failures,
          random,
          Math.max(serverDelayMs, askedDelay(cause)),
        );
        if (wait === undefined) {
          throw new StreamInterruptedError(
            action,
            lastEventId,
            cause === undefined ? {} : { cause },
          );
        }
        await sleep(clock, wait, whole.signal);
      }
    } catch (error) {
      if (!closed) throw error;
    } finally {
      ended = true;
      whole.close();
    }
  }

  const items = follow();
  const close = async (): Promise<void> => {
    closed = true;
    // A generator that waits does not hear return(); this wakes it.
    whole.abort(undefined);
    await items.return();
  };
  const stream: EventStream<Item> = disposable({
    get cursor(): StreamCursor {
      return cursor();
    },
    get closed(): boolean {
      return closed || ended;
    },
    next: () => items.next(),
    return: async (): Promise<IteratorResult<Item>> => {
      await close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
    close,
  }, close);
  return stream;
}
