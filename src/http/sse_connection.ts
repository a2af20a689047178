// Web standards only.
import { discard } from "./body.ts";
import { DecodeError } from "./failures.ts";
import type { Scope } from "./scope.ts";
import { createSseParser } from "./sse_parse.ts";
import type { SseFrame } from "./sse_parse.ts";

/** What an event stream wants of each of its connections. */
export interface ConnectionSettings {
  /** Longest silence, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Longest event. */
  readonly maxFrameLength: number | undefined;
}

/**
 * Reads one connection to its end and gives the frames of each piece. Reads only when asked for more, so that a slow
 * consumer slows the server down, and counts silence only while it reads.
 *
 * @param action What is streamed, for messages.
 * @param scope Everything that can end the connection.
 * @param settings Its bounds.
 * @param open Sends the request.
 * @param onRetry Told what the server wishes to be waited before a reconnect.
 * @returns the frames of each piece, in order, and `true` beside what the end of the stream cut off: it may be whole
 * or part.
 */
export async function* readConnection(
  action: string,
  scope: Scope,
  { idleTimeoutMs, maxFrameLength }: ConnectionSettings,
  open: () => Promise<Response>,
  onRetry: (ms: number) => void,
): AsyncGenerator<
  readonly [frames: readonly SseFrame[], cut?: boolean],
  void,
  undefined
> {
  const response = await scope.reach(open, discard);
  const reader = response.body?.getReader();
  let frames: SseFrame[] = [];
  const parser = createSseParser({
    onFrame: (frame) => frames.push(frame),
    onRetry,
  }, { maxFrameLength });
  try {
    const type = response.headers.get("content-type");
    if (!/^text\/event-stream\s*(;|$)/i.test(type ?? "")) {
      throw new RangeError(
        `an event stream is wanted, the content type is ${
          JSON.stringify(type ?? "none")
        }`,
      );
    }
    while (reader) {
      const stop = scope.budget("idle", idleTimeoutMs);
      const { done, value } = await scope.reach(() => reader.read()).finally(
        stop,
      );
      if (done) break;
      parser.push(value);
      if (frames.length > 0) yield [frames];
      frames = [];
    }
    const rest = parser.end();
    if (frames.length > 0) yield [frames];
    if (rest) yield [[rest], true];
  } catch (error) {
    throw error instanceof RangeError
      ? new DecodeError(action, error.message)
      : error;
  } finally {
    // After a full read this does nothing; after any other end it gives the connection back.
    reader?.cancel().catch(() => {});
  }
}
