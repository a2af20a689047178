// Web standards only.
import { discard } from "./body.ts";
import type { Clock } from "./clock.ts";
import { DecodeError } from "./failures.ts";
import { reach } from "./network.ts";
import { onAbort } from "./on_abort.ts";
import type { Scope } from "./scope.ts";
import { createSseParser } from "./sse_parse.ts";
import type { SseFrame } from "./sse_parse.ts";

/** The frames of one piece, and whether they are what the end of the stream cut off: whole or part. */
export type FrameBatch = readonly [frames: readonly SseFrame[], cut?: boolean];

/**
 * Opens one connection. What it gives reads on when it is called, and only then, so that a slow consumer slows the
 * server down; it gives the next frames, and `undefined` at the end. Silence is counted only while it reads.
 *
 * The connection is given back when the scope aborts, which the caller sees to.
 *
 * @param action What is streamed, for messages.
 * @param clock For the silence.
 * @param scope Everything that can end the connection.
 * @param idleTimeoutMs Longest silence.
 * @param maxFrameLength Longest event.
 * @param open Sends the request.
 * @param onRetry Told what the server wishes to be waited before a reconnect.
 */
export async function connect(
  action: string,
  clock: Clock,
  scope: Scope,
  idleTimeoutMs: number,
  maxFrameLength: number,
  open: () => Promise<Response>,
  onRetry: (ms: number) => void,
): Promise<() => Promise<FrameBatch | undefined>> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const response = await scope.guard(
    reach(action, open).then((response) => {
      reader = response.body?.getReader();
      // A cancelled reader answers at once; to race each read against the signal would cost more than the read.
      onAbort(scope.signal, () => discard(reader));
      return response;
    }),
  );
  const type = response.headers.get("content-type");
  if (!/^text\/event-stream\s*(;|$)/i.test(type!)) {
    throw new DecodeError(
      action,
      `an event stream is wanted, the content type is ${JSON.stringify(type)}`,
    );
  }
  let frames: SseFrame[] = [];
  const parser = createSseParser({
    onFrame: (frame) => frames.push(frame),
    onRetry,
  }, { maxFrameLength });
  // Only while it reads.
  let since: number | undefined;
  scope.budget("idle", idleTimeoutMs, () => since ?? clock.now());

  return async () => {
    frames = [];
    try {
      while (reader) {
        since = clock.now();
        const { value } = await reader.read();
        since = undefined;
        scope.signal.throwIfAborted();
        if (!value) break;
        parser.push(value);
        if (frames.length > 0) return [frames];
      }
      const rest = parser.end();
      return rest && [[rest], true];
    } catch (error) {
      scope.signal.throwIfAborted();
      return reach(action, () => {
        throw error instanceof RangeError
          ? new DecodeError(action, error.message)
          : error;
      });
    }
  };
}
