// Web standards only.
import type { Clock } from "./clock.ts";
import { closeable } from "./dispose.ts";
import type { AsyncCloseable } from "./dispose.ts";
import type { TimeoutError } from "./failures.ts";
import { fill } from "./fill.ts";
import type { Rules } from "./fill.ts";
import type { Observe, TellStream } from "./observe.ts";
import { createScope } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { connect } from "./sse_connection.ts";
import type { FrameBatch } from "./sse_connection.ts";

/** A stream that you can close. Iterate it once; leaving the loop closes it. */
export interface PulledStream<Item>
  extends AsyncIterableIterator<Item>, AsyncCloseable {
  /** Whether it has ended, in whatever way. */
  readonly closed: boolean;
  /** Ends it and gives back what it holds; a pending `next()` says that it is done. */
  close(): Promise<void>;
}

/** Gives the next items, lazily if that matters, and `undefined` at the end. */
export type Pull<Item> = () => Promise<Iterable<Item> | undefined>;

/** Settings of {@linkcode createPulledStream}. */
export interface PulledStreamOptions {
  /** What is streamed, for messages. */
  readonly action: string;
  /** Whose time to use. */
  readonly clock: Clock;
  /**
   * Watches the stream; hand in what watches the calls, `transport.observe`. Hears of its end, and of what `start` tells:
   * of a connection and its silence, where `pullFrames` is given that to tell. @default nothing
   */
  readonly observe?: Observe | undefined;
  /** Ends the stream with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Told once when it has ended, in whatever way, if it ever began. */
  readonly onEnd?: (() => void) | undefined;
}

/**
 * Makes a stream out of batches that are pulled one after the other, for what cannot be resumed and has no pages: the
 * answer to a single request, a list that is polled.
 *
 * Nothing is started before the first item is asked for, and nothing is pulled ahead. What `start` and `pull` throw is
 * thrown from the loop, unless the signal or `close()` ended it.
 *
 * @param options What it is and who may end it.
 * @param start Called once; must hand the signal on to everything that waits. May tell what happens to the stream.
 * @throws {AbortedError} `aborted`, from the loop: the caller's signal.
 *
 * @example
 * ```ts
 * import { createPulledStream, systemClock } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const batches = [[1, 2], [3]];
 * const stream = createPulledStream(
 *   { action: "GET /numbers", clock: systemClock },
 *   () => () => Promise.resolve(batches.shift()),
 * );
 * const seen: number[] = [];
 * for await (const item of stream) seen.push(item);
 * assert.deepEqual(seen, [1, 2, 3]);
 * assert.equal(stream.closed, true);
 * ```
 */
export function createPulledStream<Item>(
  options: PulledStreamOptions,
  start: (signal: AbortSignal, tell: TellStream) => Pull<Item>,
): PulledStream<Item> {
  const { action, clock, observe } = options;
  const scope = createScope(clock, action);
  const { signal } = scope;
  const context = { action, attempt: 0, clock };
  let closed = false;

  const tell: TellStream = (step, more = {}) => {
    if (step === "stream-open") context.attempt++;
    observe?.(step, context, more);
  };

  async function* follow(): AsyncGenerator<Item, void, undefined> {
    let failure: unknown;
    try {
      scope.obey(options.signal);
      signal.throwIfAborted();
      const pull = start(signal, tell);
      for (let batch; (batch = await pull());) {
        for (const item of batch) {
          yield item;
          signal.throwIfAborted();
        }
      }
    } catch (error) {
      if (!closed) throw failure = signal.aborted ? signal.reason : error;
    } finally {
      closed = true;
      // Whatever still hangs on the signal is nobody's any more.
      scope.abort(null);
      options.onEnd?.();
      tell("stream-close", { error: failure });
    }
  }

  const items = follow();
  const close = async (): Promise<void> => {
    closed = true;
    // A generator that waits does not hear return(); this wakes it.
    scope.abort(null);
    await items.return();
  };
  return closeable({
    get closed(): boolean {
      return closed;
    },
    next: () => items.next(),
  }, close);
}

/** Settings of {@linkcode pullFrames}. */
export interface FrameOptions {
  /** What is streamed, for messages. */
  readonly action: string;
  /** Whose time to use. */
  readonly clock: Clock;
  /**
   * The longest silence, comments counting as sound, in milliseconds, at most a day: without it, a server that forgets
   * the end would be waited for for ever. @default 60_000
   */
  readonly idleTimeoutMs?: number | undefined;
  /** The longest line and the longest data of one frame, in bytes. @default 4 MiB */
  readonly maxFrameLength?: number | undefined;
  /** Told that the connection opens, and that it was silent for too long. @default nobody */
  readonly tell?: TellStream | undefined;
}

const limits: Rules<{ idleTimeoutMs: number; maxFrameLength: number }> = {
  idleTimeoutMs: [60_000, 1, 86_400_000],
  maxFrameLength: [4_194_304, 1],
};

/**
 * Reads the event stream of ONE answer, for servers that cannot resume; what resumes is `createEventStream`.
 *
 * Gives whole frames only, as they come; at the end of the body, what was cut off comes as a batch whose second element
 * is `true`. The connection is given back when the signal aborts, so the signal has to end with the stream.
 *
 * @param options Bounds. Those that cannot be right are refused at once.
 * @param signal Ends the connection.
 * @param open Sends the request.
 * @throws {TimeoutError} `timeout`, budget `idle`: nothing came.
 * @throws {NetworkError} `network`, the connection broke.
 * @throws {DecodeError} `decode`, no event stream, or a frame that is too long.
 * @throws {InvalidArgumentError} `invalid-argument`.
 *
 * @example
 * ```ts
 * import { createPulledStream, pullFrames, systemClock } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const talk = { action: "POST /talk", clock: systemClock, idleTimeoutMs: 5_000 };
 * const open = () =>
 *   Promise.resolve(
 *     new Response("data: Good\n\ndata: day\n\n", {
 *       headers: { "content-type": "text/event-stream" },
 *     }),
 *   );
 * const words = createPulledStream(talk, (signal) => {
 *   const pull = pullFrames(talk, signal, open);
 *   return async () => (await pull())?.[0].map(({ data }) => data);
 * });
 * const seen: string[] = [];
 * for await (const word of words) seen.push(word);
 * assert.deepEqual(seen, ["Good", "day"]);
 * ```
 */
export function pullFrames(
  options: FrameOptions,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<Response>,
): () => Promise<FrameBatch | undefined> {
  const { action, clock, tell } = options;
  const { idleTimeoutMs, maxFrameLength } = fill("", limits, [options]);
  const scope: Scope = createScope(clock, action, { signal });
  let read: (() => Promise<FrameBatch | undefined>) | undefined;
  return async () => {
    if (!read) {
      read = await connect(
        action,
        clock,
        scope,
        idleTimeoutMs,
        maxFrameLength,
        () => open(scope.signal),
        () => {},
      );
      tell?.("stream-open");
    }
    try {
      return await read();
    } catch (error) {
      if ((error as Partial<TimeoutError>).budget === "idle") {
        tell?.("stream-silence", { waitMs: idleTimeoutMs });
      }
      throw error;
    }
  };
}
