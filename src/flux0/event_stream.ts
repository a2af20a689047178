// Web standards only.
import {
  createPulledStream,
  pullFrames,
  StreamInterruptedError,
  TuttiError,
} from "../http/mod.ts";
import type {
  OnceCallOptions,
  Pull,
  PulledStream,
  PulledStreamOptions,
  TellStream,
} from "../http/mod.ts";
import type { Closeable, Flux0Api } from "./api.ts";
import { SessionBusyError } from "./turn_errors.ts";
import { operationAt, readFrame } from "./protocol/mod.ts";
import type { PostEvent, StreamEvent } from "./protocol/mod.ts";

/** How to post an event and read what comes of it. The post is sent once, so there is nothing to say about retries. */
export interface StreamOptions extends OnceCallOptions {
  /**
   * The longest silence, in milliseconds, at most a day. It cannot be lifted: agents that crash or forget to say that
   * they are done leave the stream open for ever. @default that of the client, else 60_000
   */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * What to do when this client reads another answer in the same session: the server stops the agent that a second post
   * finds at work. `reject` posts nothing, `replace` closes the other answer and posts. @default "reject"
   */
  readonly whileBusy?: "reject" | "replace" | undefined;
}

/** What makes a stream of events: how it begins, and what it leaves. */
export interface EventSourceParts extends PulledStreamOptions {
  /** Posts and reads; the guard of the session knows the stream as `self`. */
  start(signal: AbortSignal, tell: TellStream): Pull<StreamEvent>;
}

/** Prepares a post whose answer is a stream. Sends nothing. */
export function prepareEvents(
  api: Flux0Api,
  sessionId: string,
  event: PostEvent,
  options: StreamOptions,
  self: Closeable,
): EventSourceParts {
  const { transport, open } = api;
  const at = operationAt("sessions.stream", sessionId);
  const { action } = at;
  const interrupted = (cause: unknown): StreamInterruptedError =>
    new StreamInterruptedError(action, undefined, {
      cause,
      retryable: false,
      hint:
        "the agent may still be at work: read the history of the session before you post again",
    });

  function start(signal: AbortSignal, tell: TellStream): Pull<StreamEvent> {
    let isOpen = false;
    const frames = pullFrames(
      {
        action,
        clock: transport.clock,
        idleTimeoutMs: options.idleTimeoutMs ?? api.options.idleTimeoutMs,
        tell,
      },
      signal,
      async (signal) => {
        const { data } = await transport.open({
          ...at,
          contract: "never",
          json: event,
          headers: { accept: "text/event-stream" },
          decode: () => undefined,
        }, { ...options, signal });
        isOpen = true;
        return data;
      },
    );
    let other = open.get(sessionId);
    if (other && options.whileBusy !== "replace") {
      throw new SessionBusyError(sessionId);
    }
    // Before anything is waited for, so that two posts at once see each other.
    open.set(sessionId, self);

    return async () => {
      await other?.close();
      other = undefined;
      try {
        const batch = await frames();
        if (!batch) return undefined;
        const [list, cut] = batch;
        const events = list.map(readFrame);
        // The end of a body that is not the end of an event is none.
        if (cut && events[0]?.event === "invalid") throw interrupted(undefined);
        return events;
      } catch (error) {
        const isCut = isOpen && TuttiError.is(error) && error.retryable;
        throw isCut ? interrupted(error) : error;
      }
    };
  }

  return {
    action,
    observe: transport.observe,
    clock: transport.clock,
    signal: options.signal,
    start,
    onEnd: () => {
      if (open.get(sessionId) === self) open.delete(sessionId);
    },
  };
}

/** Posts an event and gives what comes of it, as it comes. */
export function streamEvents(
  api: Flux0Api,
  sessionId: string,
  event: PostEvent,
  options: StreamOptions = {},
): PulledStream<StreamEvent> {
  const self: Closeable = { close: () => stream.close() };
  const { start, ...parts } = prepareEvents(
    api,
    sessionId,
    event,
    options,
    self,
  );
  const stream = createPulledStream<StreamEvent>(parts, start);
  return stream;
}
