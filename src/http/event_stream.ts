// Web standards only.
import { sleep } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { disposable } from "./dispose.ts";
import type { AsyncCloseable } from "./dispose.ts";
import { StreamInterruptedError, TimeoutError } from "./failures.ts";
import { checkDuration } from "./options.ts";
import { askedDelay, fillRetry, isPassing, retryDelay } from "./retry.ts";
import type { RetryOptions } from "./retry.ts";
import { Scope } from "./scope.ts";
import { readConnection } from "./sse_connection.ts";
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
  /** Whether sequences rise by one, so that a missing one is asked for once more. @default false */
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
  const { clock, random } = options;
  const { action } = source;
  const idleTimeoutMs = checkDuration(
    "idleTimeoutMs",
    options.idleTimeoutMs ?? 60_000,
  );
  const policy = fillRetry(
    { retries: 10, initialDelayMs: 250, maxDelayMs: 10_000 },
    options.retry,
  );
  let cursor: StreamCursor = {
    lastEventId: options.cursor?.lastEventId,
    lastSequence: options.cursor?.lastSequence,
  };
  const whole = new Scope(clock, action);
  let closed = false;
  let ended = false;
  let progress = false;
  let over = false;
  let garbled = false;
  let dense = true;
  let gapAt: number | undefined;
  let serverDelayMs: number | undefined;

  /** Lets new items through and moves the cursor; stops at the terminal item and before a gap. */
  function* admit(
    items: readonly Item[],
    id?: string,
  ): Generator<Item, boolean, undefined> {
    for (const [index, item] of items.entries()) {
      const sequence = source.sequenceOf(item);
      const last = cursor.lastSequence;
      if (sequence !== undefined && last !== undefined) {
        if (sequence <= last) continue;
        if (dense && source.dense && sequence > last + 1) {
          // Missing a second time, it is missing in the log itself, and others will be.
          dense = gapAt !== last;
          gapAt = last;
          if (dense) return false;
        }
      }
      cursor = {
        lastSequence: sequence ?? last,
        // A frame counts as delivered with its last item: whoever resumes inside one gets it again.
        lastEventId: index === items.length - 1 && id !== undefined
          ? id
          : cursor.lastEventId,
      };
      progress = true;
      over = source.isTerminal(item);
      yield item;
      if (over) return false;
    }
    if (id !== undefined) cursor = { ...cursor, lastEventId: id };
    return true;
  }

  async function* connection(): AsyncGenerator<Item, void, undefined> {
    const scope = new Scope(clock, action, whole);
    const batches = readConnection({
      action,
      scope,
      idleTimeoutMs,
      open: () => source.open(cursor, scope.signal),
      maxFrameLength: options.maxFrameLength,
      onRetry: (ms) => serverDelayMs = ms,
    });
    try {
      for await (const { frames, unterminated } of batches) {
        for (const frame of frames) {
          const items = decode(frame, unterminated);
          if (!(yield* admit(items, unterminated ? undefined : frame.id))) {
            return;
          }
        }
      }
    } finally {
      scope.abort(undefined);
      scope.close();
    }
  }

  function decode(frame: SseFrame, unterminated?: boolean): readonly Item[] {
    try {
      return source.decode(frame);
    } catch (error) {
      // Half a frame at the end of a stream is nothing to complain about.
      if (unterminated) return [];
      garbled = true;
      throw error;
    }
  }

  /** One poll; `false` when it brought nothing. */
  async function* page(): AsyncGenerator<Item, boolean, undefined> {
    const before = clock.now();
    const { items, isOver } = await whole.guard(
      source.poll!(cursor, whole.signal),
    );
    yield* admit(items);
    if (items.length > 0) return true;
    over ||= isOver;
    const rest = (options.pollIntervalMs ?? 1_000) - (clock.now() - before);
    if (!over && rest > 0) await sleep(clock, rest, whole.signal);
    return false;
  }

  async function* follow(): AsyncGenerator<Item, void, undefined> {
    whole.obey(options.signal);
    let polling = options.pollOnly === true && source.poll !== undefined;
    let failures = 0;
    try {
      for (;;) {
        whole.signal.throwIfAborted();
        progress = false;
        garbled = false;
        const gapBefore = gapAt;
        let alive = false;
        let cause: unknown;
        try {
          if (polling) yield* page();
          else {
            yield* connection();
            if (!over && !progress && gapAt === gapBefore && source.poll) {
              yield* page();
              alive = true;
            }
          }
          if (over) return;
          if (polling || gapAt !== gapBefore) {
            failures = 0;
            continue;
          }
        } catch (error) {
          if (whole.signal.aborted) throw whole.signal.reason;
          if (
            !polling && !garbled && source.poll && source.isUnavailable?.(error)
          ) {
            polling = true;
            continue;
          }
          if (!isPassing(error) && !garbled) throw error;
          cause = error;
          alive = TimeoutError.is(error) && error.budget === "idle";
        }
        // Work may rest for days, and not every server says that it is still there: silence alone is no failure.
        failures = progress || alive ? 1 : failures + 1;
        const wait = failures > policy.retries ? undefined : retryDelay(
          { ...policy, initialDelayMs: serverDelayMs ?? policy.initialDelayMs },
          failures,
          random,
          askedDelay(cause),
        );
        if (wait === undefined) {
          throw new StreamInterruptedError(action, cursor.lastEventId, {
            ...(cause === undefined ? {} : { cause }),
          });
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
  const stream: EventStream<Item> = disposable({
    get cursor(): StreamCursor {
      return cursor;
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

  async function close(): Promise<void> {
    closed = true;
    // A generator that waits does not hear return(); this wakes it.
    whole.abort(undefined);
    await items.return();
  }
}
