// Web standards only.
import {
  createEventStream,
  DecodeError,
  HttpError,
  parseJson,
} from "../http/mod.ts";
import type {
  CallOptions,
  EventStream,
  JsonValue,
  SseFrame,
  StreamSource,
} from "../http/mod.ts";
import { expecting } from "./api.ts";
import type { OpenwopApi } from "./api.ts";
import { OpenwopError } from "./openwop_error.ts";
import { isTerminalEvent, wireTypeOf } from "./protocol/mod.ts";
import type { Codec, PollResponse, RunEvent } from "./protocol/mod.ts";
import type { RunEventsOptions } from "./run_handle.ts";

/** Options of a poll. */
export interface PollOptions extends CallOptions {
  /** Only what comes after this sequence. @default everything */
  readonly afterSequence?: number | undefined;
  /** How long the host may wait for something new, in milliseconds, 1_000 to 60_000. @default 1_000 */
  readonly waitMs?: number | undefined;
}

/** Polls once. Source: v2 §7.6. */
export function pollRun(
  api: OpenwopApi,
  runId: string,
  options: PollOptions = {},
): Promise<PollResponse> {
  const path = api.path`/runs/${runId}/events/poll`;
  const seconds = Math.ceil((options.waitMs ?? 1_000) / 1_000);
  const read = expecting<PollResponse>(`GET ${path}`, {
    events: "array",
    isTerminal: "boolean",
  });
  return api.call({
    name: "runs.poll",
    method: "GET",
    path,
    query: {
      afterSequence: cursorOf(options.afterSequence),
      timeout: Math.min(60, Math.max(1, seconds)),
    },
    contract: "safe",
    decode: (body): PollResponse => {
      const { status, lastSequence, isTerminal, events } = read(body);
      return {
        runId,
        events,
        isTerminal,
        ...(typeof status === "string" ? { status } : {}),
        ...(Number.isSafeInteger(lastSequence) ? { lastSequence } : {}),
      };
    },
  }, options);
}

/** Follows the log of a run to its end, over as many connections as it takes. Source: v2 §7.5. */
export function streamRun(
  api: OpenwopApi,
  runId: string,
  options: RunEventsOptions = {},
): EventStream<RunEvent> {
  const path = api.path`/runs/${runId}/events`;
  const action = `GET ${path}`;
  const { headers, trace, connectTimeoutMs, onAnswer } = options;
  const each = { headers, trace, connectTimeoutMs, onAnswer };
  let mode = options.streamMode ?? "debug";
  let codec: Codec;
  const source: StreamSource<RunEvent> = {
    action,
    // Only the log without a filter has every sequence.
    get dense() {
      return mode === "debug";
    },
    async open({ lastSequence }, signal) {
      const subscribe = async (): Promise<Response> => {
        const opened = await api.open({
          name: "runs.stream",
          method: "GET",
          path,
          query: { streamMode: mode },
          headers: {
            accept: "text/event-stream",
            "last-event-id": lastSequence?.toString(),
          },
          contract: "safe",
          decode: () => undefined,
          // The stream above does its own waiting.
        }, { ...each, signal, retry: false });
        codec = opened.codec;
        return opened.response;
      };
      try {
        return await subscribe();
      } catch (error) {
        // `updates` is the one mode that every host must have.
        if (
          options.streamMode !== undefined || mode === "updates" ||
          !OpenwopError.is(error) ||
          error.platformCode !== "unsupported_stream_mode"
        ) throw error;
        mode = "updates";
        return await subscribe();
      }
    },
    decode: (frame) => readFrame(codec, action, frame),
    sequenceOf: (event) => event.sequence,
    isTerminal: (event) => isTerminalEvent(wireTypeOf(event)),
    async poll({ lastSequence }, signal) {
      const page = await pollRun(api, runId, {
        ...each,
        signal,
        afterSequence: lastSequence,
        waitMs: 20_000,
      });
      return {
        items: page.events,
        // A host may still append to a run that has ended, so an empty page must confirm it.
        isOver: page.isTerminal && page.events.length === 0,
      };
    },
    isUnavailable: (error) =>
      DecodeError.is(error) ||
      (HttpError.is(error) && unavailable.has(error.status)),
  };
  return createEventStream(source, {
    clock: api.transport.clock,
    random: api.transport.random,
    signal: options.signal,
    cursor: { lastSequence: cursorOf(options.afterSequence) },
    idleTimeoutMs: options.idleTimeoutMs,
    retry: options.retry,
    pollOnly: options.transport === "poll",
  });
}

const unavailable = new Set([404, 405, 406, 501]);

function readFrame(
  codec: Codec,
  action: string,
  frame: SseFrame,
): readonly RunEvent[] {
  let value: JsonValue;
  try {
    value = parseJson(frame.data);
  } catch {
    // Some servers keep a connection warm with words of their own; an event always has an id or a dotted name.
    if (frame.id === undefined && !frame.event.includes(".")) return [];
    throw new DecodeError(action, "an event is not JSON");
  }
  // `batch` frames hold several events; other frames that hold no event are not ours.
  if (Array.isArray(value)) {
    return value.map((one) => {
      const event = codec.readEvent(one);
      if (event) return event;
      throw new DecodeError(action, "an event lacks its type or its sequence");
    });
  }
  const event = codec.readEvent(value);
  return event ? [event] : [];
}

/** The last sequence of an empty log is -1, and nobody's cursor: what comes after it is everything. */
function cursorOf(afterSequence: number | undefined): number | undefined {
  return afterSequence === -1 ? undefined : afterSequence;
}
