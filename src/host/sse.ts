// Web standards only.
import { Feed } from "./feed.ts";
import type { FeedOptions, FeedParts } from "./feed.ts";
import type { Openings } from "./openings.ts";
import type { Reply } from "./refusal.ts";
import type { RunRecord } from "./store.ts";

/** What a stream is made of. */
export interface StreamParts extends FeedParts {
  /** Ends it when the host closes. */
  readonly openings: Openings;
  /** Failures while reading. */
  readonly onError: (error: unknown, runId: string) => void;
}

/**
 * The events of a run as `text/event-stream`. It does work only while somebody reads: a stream that is left unread holds
 * no timer and reads nothing ahead.
 *
 * @param caller Its abort makes the body fail with the same reason, as that of any fetched body does.
 */
export function streamReply(
  parts: StreamParts,
  record: RunRecord,
  options: FeedOptions,
  caller: AbortSignal | undefined,
): Reply {
  const encoder = new TextEncoder();
  const feed = new Feed(parts, record, options);
  const opening = parts.openings.open(caller);
  const { signal } = opening;
  let ended = false;
  let onAbort: () => void;

  const end = (): void => {
    ended = true;
    signal.removeEventListener("abort", onAbort);
    opening.close();
  };
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort = () => {
        if (ended) return;
        end();
        if (caller?.aborted) controller.error(caller.reason);
        else controller.close();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      // Bun sends the headers only with the first piece of the body.
      controller.enqueue(encoder.encode(": ok\n\n"));
      if (signal.aborted) onAbort();
    },
    async pull(controller) {
      try {
        const text = await feed.next(signal);
        if (ended) return;
        if (text !== undefined) return controller.enqueue(encoder.encode(text));
        end();
        controller.close();
      } catch (error) {
        parts.onError(error, record.runId);
        if (ended) return;
        end();
        controller.error(new Error("Cannot continue the stream: it failed"));
      }
    },
    cancel: end,
  }, { highWaterMark: 0 });
  return {
    status: 200,
    stream,
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      // Asks proxies not to hold frames back.
      "x-accel-buffering": "no",
    },
  };
}
