// Web standards only.
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { Feed } from "./feed.ts";
import type { FeedOptions, FeedParts } from "./feed.ts";
import type { Openings } from "./openings.ts";
import type { Reply } from "./refusal.ts";
import { PAGE } from "./run_log.ts";
import type { RunView } from "./run_view.ts";

/** What every stream begins with: Bun sends the headers only with the first piece of the body. */
const OPENING = ": ok\n\n";

/** What a stream is made of. */
export interface StreamParts extends FeedParts {
  /** Ends it when the host closes. */
  readonly openings: Openings;
  /** Failures while reading. */
  readonly onError: (error: unknown, runId: string) => void;
}

/**
 * The events of a run as `text/event-stream`. It does work only while somebody reads: a stream that is left unread holds
 * no timer and reads nothing ahead. What is left of a run that is over is sent in one piece, unless it is long.
 *
 * @param caller Its abort makes the body fail with the same reason, as that of any fetched body does.
 */
export async function streamReply(
  parts: StreamParts,
  { record, state }: RunView,
  options: FeedOptions,
  caller: AbortSignal | undefined,
): Promise<Reply> {
  const feed = new Feed(parts, record, options);
  const isAtHand = isTerminalStatus(state.status) &&
    state.lastSequence - options.after <= PAGE;
  return {
    status: 200,
    stream: isAtHand
      ? OPENING + await feed.rest()
      : pulled(parts, record.runId, feed, caller),
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      // Asks proxies not to hold frames back.
      "x-accel-buffering": "no",
    },
  };
}

/** A stream at the pace of its reader. */
function pulled(
  parts: StreamParts,
  runId: string,
  feed: Feed,
  caller: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const opening = parts.openings.open(caller);
  const { signal } = opening;
  let ended = false;
  let onAbort: () => void;

  const end = (): void => {
    ended = true;
    signal.removeEventListener("abort", onAbort);
    opening.close();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort = () => {
        if (ended) return;
        end();
        if (caller?.aborted) controller.error(caller.reason);
        else controller.close();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      controller.enqueue(encoder.encode(OPENING));
      if (signal.aborted) onAbort();
    },
    async pull(controller) {
      try {
        const bytes = await feed.next(signal);
        if (ended) return;
        if (bytes !== undefined) return controller.enqueue(bytes);
        end();
        controller.close();
      } catch (error) {
        parts.onError(error, runId);
        if (ended) return;
        end();
        controller.error(new Error("Cannot continue the stream: it failed"));
      }
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
