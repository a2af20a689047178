// Web standards only.
import { discard } from "./body.ts";
import { TuttiError } from "./errors.ts";
import { DecodeError, NetworkError } from "./failures.ts";
import type { Scope } from "./scope.ts";
import { createSseParser } from "./sse_parse.ts";
import type { SseFrame } from "./sse_parse.ts";

/** One connection of an event stream, as the stream above it wants it. */
export interface ConnectionOptions {
  /** What is streamed, for messages. */
  readonly action: string;
  /** Sends the request. */
  readonly open: () => Promise<Response>;
  /** Everything that can end the connection. */
  readonly scope: Scope;
  /** Longest silence. */
  readonly idleTimeoutMs: number;
  /** Longest event. */
  readonly maxFrameLength: number | undefined;
  /** Told what the server wishes to be waited before a reconnect. */
  readonly onRetry: (ms: number) => void;
}

/** The frames that one read brought, and whether the last of them lacked its end. */
export interface FrameBatch {
  /** In order. */
  readonly frames: readonly SseFrame[];
  /** True for what the end of the stream cut off; it may be whole or part. */
  readonly unterminated?: true;
}

/**
 * Reads one connection to its end. Reads only when asked for more, so that a slow consumer slows the server down, and
 * counts silence only while it reads.
 */
export async function* readConnection(
  options: ConnectionOptions,
): AsyncGenerator<FrameBatch, void, undefined> {
  const { action, scope } = options;
  const response = await scope.guard(options.open(), discard);
  const type = response.headers.get("content-type") ?? "none";
  if (!/^text\/event-stream\s*(;|$)/i.test(type)) {
    discard(response);
    throw new DecodeError(
      action,
      `an event stream is wanted, the content type is ${JSON.stringify(type)}`,
    );
  }
  const reader = response.body?.getReader();
  if (!reader) return;
  let frames: SseFrame[] = [];
  const parser = createSseParser({
    onFrame: (frame) => frames.push(frame),
    onRetry: options.onRetry,
  }, { maxFrameLength: options.maxFrameLength });
  try {
    for (;;) {
      const stop = scope.budget("idle", options.idleTimeoutMs);
      const { done, value } = await scope.guard(reader.read()).finally(stop);
      if (done) break;
      parser.push(value);
      if (frames.length === 0) continue;
      yield { frames };
      frames = [];
    }
    const rest = parser.end();
    if (frames.length > 0) yield { frames };
    if (rest) yield { frames: [rest], unterminated: true };
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    if (error instanceof RangeError) {
      throw new DecodeError(action, error.message);
    }
    throw TuttiError.is(error) ? error : new NetworkError(action, error);
  } finally {
    reader.cancel().catch(() => {});
  }
}
