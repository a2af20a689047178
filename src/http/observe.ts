// Web standards only.
import type { CallContext } from "./operation.ts";
import type { StreamCursor } from "./stream_cursor.ts";

/**
 * What happens to a stream: a connection opens, is silent for too long, misses something, is to be made again after a
 * wait, gives way to polls, and the stream ends.
 */
export type StreamStep =
  | "stream-open"
  | "stream-silence"
  | "stream-gap"
  | "stream-reconnect"
  | "stream-poll"
  | "stream-close";

/** What happens to a call: it starts, is tried, is answered or not, waits for another try, and ends; or to a stream. */
export type CallStep =
  | "start"
  | "attempt"
  | "answer"
  | "retry"
  | "end"
  | StreamStep;

/** What is known at a {@linkcode StreamStep}. */
export interface StreamNote {
  /** The sequence of the last item that was delivered, where items have one. */
  readonly lastSequence?: number | undefined;
  /** How far it was delivered, where it can be resumed. A function, because the id comes from the server. */
  readonly cursor?: () => StreamCursor;
  /** `stream-reconnect`: how long until then; `stream-silence`: how long it was; in milliseconds. */
  readonly waitMs?: number;
  /** `stream-gap`: how many sequences. */
  readonly missing?: number;
  /** `stream-reconnect`, `stream-poll`, `stream-close`: what was thrown, `undefined` where nothing was. */
  readonly error?: unknown;
}

/** Tells what happens to a stream whoever watches it. */
export type TellStream = (step: StreamStep, more?: StreamNote) => void;

/** What is known about a call or a stream at every step of it. */
export type ObservedContext =
  & Pick<CallContext, "action" | "attempt" | "clock">
  & Partial<Pick<CallContext, "idempotencyKey">>;

/**
 * The seam of the pipeline for whoever watches it. Make one with {@linkcode observer}, which keeps secrets back and
 * lets no failure of the watcher through; transport and streams call it as it is.
 *
 * @param step What happens.
 * @param context The call or the stream, the same object at every step of it; `attempt` is the number of the try or of
 * the connection.
 * @param detail `attempt`: the request, before it is signed. `answer`, `end`: the reply or what was thrown. `retry`:
 * the wait in milliseconds. Of a stream: a {@linkcode StreamNote}.
 */
export type Observe = (
  step: CallStep,
  context: ObservedContext,
  detail?: unknown,
) => void;
