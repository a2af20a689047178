// Web standards only.
import type { CallOptions, RetryOptions } from "../http/mod.ts";
import type {
  RunEvent,
  RunEventPayloads,
  RunSnapshot,
} from "./protocol/mod.ts";

/**
 * What a stream shows: `debug` every event; `updates` leaves starts and logs out; `messages` the text of models while it
 * is written; `values` the run itself after each change. Source: v2 §7.5, v1 §8.3.
 */
export type StreamMode = "debug" | "updates" | "messages" | "values";

/** One mode, or several at once; only `values` stands alone. */
export type StreamModes =
  | StreamMode
  | readonly Exclude<StreamMode, "values">[];

/** What a stream of these modes gives; all of it is told apart by `type`. */
export type StreamItem<Modes extends StreamModes> = StreamItemOf<
  Modes extends readonly (infer Mode)[] ? Mode : Modes
>;

/** What a single mode gives. */
export type StreamItemOf<Mode> = Mode extends "values" ? StateSnapshot
  : Mode extends "messages" ? MessageChunk
  : RunEvent;

/** The run after a change. Source: v2 §7.5. */
export interface StateSnapshot {
  /** Tells it from an event. */
  readonly type: "state.snapshot";
  /** The last event in it, where the host says so. */
  readonly sequence: number | undefined;
  /** The run. */
  readonly payload: RunSnapshot;
}

/** A piece of what a model writes. Source: v1 §7.4. */
export interface MessageChunk {
  /** Tells it from an event. */
  readonly type: "ai.message.chunk";
  /** Its place in the log, where the host says so. One without a place may come twice, or not at all, after a cut. */
  readonly sequence: number | undefined;
  /** The piece, and whether it is the last one. */
  readonly payload: RunEventPayloads["output.chunk"];
}

/** Settings of an event stream: `headers`, `trace`, `connectTimeoutMs` and `onAnswer` are those of each connection. */
export interface RunEventsOptions<Modes extends StreamModes = StreamModes>
  extends
    Pick<CallOptions, "headers" | "trace" | "connectTimeoutMs" | "onAnswer"> {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /** Only what comes after this sequence. @default everything */
  readonly afterSequence?: number | undefined;
  /**
   * What to show. A host that sends more than was asked for is filtered here. @default "debug", or all that `updates`
   * brings where the host has no `debug`
   */
  readonly streamMode?: Modes | undefined;
  /**
   * How long the host may gather events, to send several at once: milliseconds, 0 to 5_000. Hosts may ignore it.
   * @default 0
   */
  readonly bufferMs?: number | undefined;
  /** The longest silence before a reconnect, in milliseconds. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Reconnects in a row that fail. @default 10 retries from 250 ms to 10 s */
  readonly retry?: RetryOptions | false | undefined;
  /** `poll` never streams. @default "auto" */
  readonly transport?: "auto" | "poll" | undefined;
}
