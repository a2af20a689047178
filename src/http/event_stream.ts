// Web standards only.
import { closeable } from "./dispose.ts";
import { TuttiError } from "./errors.ts";
import { refuse, StreamInterruptedError } from "./failures.ts";
import type { HttpError } from "./http_error.ts";
import type { TimeoutError } from "./failures.ts";
import { fill } from "./fill.ts";
import type { Rules } from "./fill.ts";
import { fillRetry, retryDelay } from "./retry.ts";
import type { StreamNote, StreamStep } from "./observe.ts";
import { createScope } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { connect } from "./sse_connection.ts";
import type { SseFrame } from "./sse_parse.ts";
import type { StreamCursor } from "./stream_cursor.ts";
import type {
  EventStream,
  EventStreamOptions,
  StreamSource,
} from "./stream_source.ts";

const limits: Rules<
  { idleTimeoutMs: number; pollIntervalMs: number; maxFrameLength: number }
> = {
  idleTimeoutMs: [60_000, 1],
  pollIntervalMs: [1_000, 0],
  maxFrameLength: [4_194_304, 1],
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
  const { clock, random } = options;
  const { action } = source;
  const { idleTimeoutMs, pollIntervalMs, maxFrameLength } = fill("", limits, [
    options,
  ]);
  const policy = fillRetry(
    { retries: 10, initialDelayMs: 250, maxDelayMs: 10_000 },
    options.retry,
  );
  const whole = createScope(clock, action);
  const context = { action, attempt: 0, clock };
  let { lastEventId, lastSequence } = options.cursor ?? {};
  // A database gives null for none, and that compares as 0.
  lastSequence ??= undefined;
  // Of a text or a number both would be missing, and the stream would begin anew.
  fill("cursor.", { lastSequence: [0, -Infinity] }, [options.cursor]);
  if (typeof (lastEventId ?? "") !== "string") {
    refuse("cursor.lastEventId", "a text is wanted");
  }
  let polling: unknown = options.pollOnly && source.poll;
  let closed = false;
  let over = false;
  let dense = true;
  let gapAt: number | undefined;
  let serverDelayMs = 0;
  let failures = 0;
  // The connection at hand: it missed something, it brought something or was there.
  let connection: Scope | undefined;
  let read: (() => Promise<Batch<Item> | undefined>) | undefined;
  let gap = false;
  let alive = false;
  // Why the batch at hand cannot be read.
  let fault: readonly [unknown] | undefined;
  let batch: Iterator<Item, void> = [].values();
  // How many callers wait, and the last of them.
  let waiting = 0;
  let last: Promise<IteratorResult<Item>> | undefined;

  const cursor = (): StreamCursor => ({ lastEventId, lastSequence });

  const tell = (step: StreamStep, more?: Partial<StreamNote>): void => {
    const now = cursor();
    options.observe?.(step, context, {
      lastSequence,
      cursor: () => now,
      ...more,
    });
  };

  /** One poll. */
  async function poll(): Promise<Batch<Item> | undefined> {
    const next = clock.now() + pollIntervalMs;
    const page = await whole.guard(
      source.poll!(cursor(), connection!.signal),
    );
    if (page.items.length > 0) return [[page.items]];
    over = page.isOver;
    const rest = next - clock.now();
    if (!over && rest > 0) await whole.sleep(rest);
  }

  /** The items of a batch that are new; each counts as delivered when it is taken. */
  function* deliver([pieces, cut]: Batch<Item>): Generator<Item, void> {
    try {
      for (const piece of pieces) {
        const items = "data" in piece ? source.decode(piece) : piece;
        // Those of a poll have none.
        const id = cut ? undefined : (piece as Partial<SseFrame>).id;
        let left = items.length;
        for (const item of items) {
          left--;
          const sequence = source.sequenceOf(item);
          if (sequence != null) {
            // Before the first one nothing is known, and each comparison is false.
            if (sequence <= lastSequence!) continue;
            const missing = sequence - lastSequence! - 1;
            // Read each time: which log is followed may show only with the first connection.
            if (dense && source.dense && missing > 0) {
              // Missing a second time, it is missing in the log itself, and others will be.
              gap = dense = gapAt !== lastSequence;
              gapAt = lastSequence;
              tell("stream-gap", { missing });
              if (gap) return;
            }
            lastSequence = sequence;
          }
          // A frame counts as delivered with its last item: whoever resumes inside one gets it again.
          if (left === 0) lastEventId = id ?? lastEventId;
          alive = true;
          over = source.isTerminal(item);
          yield item;
          if (over) return;
        }
        lastEventId = id ?? lastEventId;
      }
    } catch (error) {
      // Half a frame at the end of a stream is nothing to complain about.
      if (!cut) fault = [error];
    }
  }

  function disconnect(): void {
    connection?.abort(null);
    connection = undefined;
    gap = alive = false;
  }

  function finish(error?: unknown): void {
    closed = true;
    batch = [].values();
    disconnect();
    whole.close();
    tell("stream-close", { error });
  }

  /** The next item, over as many connections as it takes. */
  async function pull(): Promise<IteratorResult<Item>> {
    try {
      if (!last) whole.obey(options.signal);
      for (;;) {
        const one = batch.next();
        if (!one.done) return one;
        if (over && !closed) finish();
        if (closed) break;
        if (!fault) {
          try {
            if (gap) failures = 0;
            if (polling || gap) disconnect();
            if (!connection) {
              whole.signal.throwIfAborted();
              const scope = connection = createScope(clock, action, whole);
              context.attempt++;
              read = polling ? poll : await connect(
                action,
                clock,
                scope,
                idleTimeoutMs,
                maxFrameLength,
                () => source.open(cursor(), scope.signal),
                (ms) => serverDelayMs = ms,
              );
              if (!polling) tell("stream-open");
            }
            let found: Batch<Item> | undefined = await read!();
            if (polling) failures = 0;
            else if (!found && source.poll && !alive) {
              // It closed before anything came: a poll can tell whether anything will.
              alive = true;
              found = await poll();
            }
            if (found) batch = deliver(found);
            if (found || polling || over) continue;
          } catch (error) {
            whole.signal.throwIfAborted();
            if (!polling && source.poll && source.isUnavailable?.(error)) {
              polling = true;
              tell("stream-poll", { error });
              continue;
            }
            if (!TuttiError.is(error) || !error.retryable) throw error;
            if ((error as Partial<TimeoutError>).budget === "idle") {
              alive = true;
              tell("stream-silence", { waitMs: idleTimeoutMs });
            }
            fault = [error];
          }
        }
        const cause = fault?.[0];
        fault = undefined;
        // Work may rest for days, and not every server says that it is still there: silence alone is no failure.
        failures = alive ? 1 : failures + 1;
        disconnect();
        const waitMs = retryDelay(
          policy,
          failures,
          random,
          Math.max(
            serverDelayMs,
            (cause as Partial<HttpError> | undefined)?.retryAfterMs ?? 0,
          ),
        );
        if (waitMs == null) {
          throw new StreamInterruptedError(action, lastEventId, { cause });
        }
        tell("stream-reconnect", { waitMs, error: cause });
        await whole.sleep(waitMs);
      }
    } catch (error) {
      if (!closed) {
        finish(error);
        throw error;
      }
    } finally {
      waiting--;
    }
    return { done: true, value: undefined };
  }

  const close = async (): Promise<void> => {
    if (!closed) finish();
    // What still waits is told so, and is over before this is.
    whole.abort(null);
    await last?.catch(() => {});
  };
  return closeable({
    get cursor(): StreamCursor {
      return cursor();
    },
    get closed(): boolean {
      return closed;
    },
    next: () => {
      if (waiting === 0) {
        const one = batch.next();
        if (!one.done) return Promise.resolve(one);
      }
      // Whoever asks while another one waits gets what comes after that.
      return last = waiting++ > 0 ? last!.then(pull, pull) : pull();
    },
  }, close);
}

/** What comes at once: frames, or the items of a poll; and whether they are what the end of the stream cut off. */
type Batch<Item> = readonly [
  pieces: readonly (SseFrame | readonly Item[])[],
  cut?: boolean,
];
