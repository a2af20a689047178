// Web standards only.
import {
  createEventStream,
  DecodeError,
  fillPath,
  HttpError,
  isJsonObject,
  parseJson,
  present,
  refuse,
} from "../http/mod.ts";
import type {
  Answer,
  CallOptions,
  EventStream,
  JsonObject,
  JsonValue,
  SseFrame,
  StreamSource,
} from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { invoke, openStream, segmentOf } from "./invoke.ts";
import { checkField } from "./check_input.ts";
import { OpenwopError } from "./openwop_error.ts";
import {
  isTerminalEvent,
  isTerminalStatus,
  wireTypeOf,
} from "./protocol/mod.ts";
import type {
  Codec,
  PollResponse,
  RunEvent,
  RunSnapshot,
} from "./protocol/mod.ts";
import type {
  MessageChunk,
  RunEventsOptions,
  StateSnapshot,
  StreamItem,
  StreamModes,
} from "./run_stream.ts";
import { UnsupportedError } from "./unsupported_error.ts";

/** Options of a poll. */
export interface PollOptions extends CallOptions {
  /** Only what comes after this sequence. @default everything */
  readonly afterSequence?: number | undefined;
  /** How long the host may wait for something new, in milliseconds, 1_000 to 60_000. @default 1_000 */
  readonly waitMs?: number | undefined;
}

/** Polls once. Source: v2 §7.6. */
export async function pollRun(
  api: OpenwopApi,
  runId: string,
  options: PollOptions = {},
): Promise<PollResponse> {
  const { afterSequence, waitMs = 1_000, ...call } = options;
  const seconds = Math.ceil(waitMs / 1_000);
  const page = await invoke<PollResponse>(api, "runs.poll", [runId], {
    query: {
      afterSequence: cursorOf(afterSequence),
      timeout: Math.min(60, Math.max(1, seconds)),
    },
  }, call);
  const { status, lastSequence, isTerminal, events } = page;
  return present({
    runId,
    events,
    isTerminal,
    status: typeof status === "string" ? status : undefined,
    lastSequence: Number.isSafeInteger(lastSequence) ? lastSequence : undefined,
  });
}

/** What a stream gives, whatever its modes are. */
type Item = RunEvent | MessageChunk | StateSnapshot;

/** Follows a run to its end, over as many connections as it takes. Source: v2 §7.5, v1 §8. */
export function streamRun<const Modes extends StreamModes = "debug">(
  api: OpenwopApi,
  runId: string,
  options: RunEventsOptions<Modes> = {},
): EventStream<StreamItem<Modes>> {
  const path = fillPath("/runs/{runId}/events", [runId], segmentOf);
  const action = `GET ${path}`;
  const { clock, random, observe } = api.transport;
  const { headers, trace, connectTimeoutMs, onAnswer } = options;
  const each = { headers, trace, connectTimeoutMs, onAnswer };
  const { bufferMs = 0, streamMode: given } = options;
  let mode = checkModes(given);
  const isValues = mode === "values";
  const shows = createFilter(mode);
  checkField("bufferMs", bufferMs);
  let codec: Codec;
  let noValues: DecodeError | undefined;
  let lastValues: string | undefined;
  let scanned: number | undefined;

  /** Remembers what was shown, so that a poll does not show it again. */
  function snapshotOf(payload: RunSnapshot, sequence?: number): Item[] {
    const text = JSON.stringify(payload);
    if (text === lastValues) return [];
    lastValues = text;
    return [{ type: "state.snapshot", sequence, payload }];
  }

  const source: StreamSource<Item> = {
    action,
    // Only the log without a filter has every sequence.
    get dense() {
      return mode === "debug";
    },
    async open({ lastSequence }, signal) {
      if (noValues) throw noValues;
      const subscribe = async (): Promise<Response> => {
        const opened = await openStream(api, "runs.stream", [runId], {
          // One host refuses a buffer of 0.
          query: { streamMode: mode, bufferMs: bufferMs || undefined },
          headers: { "last-event-id": lastSequence?.toString() },
        }, { ...each, signal });
        codec = opened.codec;
        return opened.response;
      };
      try {
        return await subscribe();
      } catch (error) {
        // `updates` is the one mode that every host must have.
        if (
          given !== undefined || mode === "updates" || !isUnsupported(error)
        ) throw error;
        mode = "updates";
        return await subscribe();
      }
    },
    decode(frame) {
      const parts = readFrame(codec, action, frame);
      if (!isValues) return parts.flatMap(shows);
      return parts.flatMap((part) => {
        if (!("other" in part)) {
          // The host does not know this mode: its snapshots are polled.
          throw noValues = new DecodeError(
            action,
            "an event came where a snapshot is wanted",
          );
        }
        const { other, id } = part;
        return typeof other.runId === "string" &&
            typeof other.status === "string"
          ? snapshotOf(readSnapshot(codec, path, other), id)
          : [];
      });
    },
    sequenceOf: (item) => item.sequence,
    isTerminal: (item) =>
      item.type === "state.snapshot"
        ? isTerminalStatus(item.payload.status)
        : item.type !== "ai.message.chunk" && isTerminalEvent(wireTypeOf(item)),
    async poll({ lastSequence }, signal) {
      if (isValues) {
        const snapshot = await invoke<RunSnapshot>(
          api,
          "runs.get",
          [runId],
          {},
          { ...each, signal },
        );
        const { status } = snapshot;
        const isOver = isTerminalStatus(status) ||
          // A word that nobody knows may stand for an end: the log tells. Source: v2 §8.3.
          (!going.test(status) &&
            (await pollRun(api, runId, { ...each, signal })).isTerminal);
        return { items: snapshotOf(snapshot), isOver };
      }
      // A filter may leave nothing of a page, and the next one begins behind it all the same.
      if (mode === "debug" || (scanned ?? -1) <= (lastSequence ?? -1)) {
        scanned = lastSequence;
      }
      for (;;) {
        const page = await pollRun(api, runId, {
          ...each,
          signal,
          afterSequence: scanned,
          waitMs: 20_000,
        });
        const last = page.events.at(-1);
        scanned = last?.sequence ?? scanned;
        const items = page.events.flatMap(shows);
        if (items.length > 0 || !last) {
          // A host may still append to a run that has ended, so an empty page must confirm it.
          return { items, isOver: page.isTerminal && !last };
        }
      }
    },
    isUnavailable: (error) =>
      DecodeError.is(error) || UnsupportedError.is(error) ||
      (isValues && isUnsupported(error)) ||
      (HttpError.is(error) && /404|405|406|501/.test(`${error.status}`)),
  };
  return createEventStream(source, {
    ...options,
    clock,
    random,
    observe,
    cursor: { lastSequence: cursorOf(options.afterSequence) },
    pollOnly: options.transport === "poll",
    // The modes say which items there are.
  }) as EventStream<unknown> as EventStream<StreamItem<Modes>>;
}

const going = /^(pending|running|paused|waiting-.*|cancelling)$/;

function isUnsupported(error: unknown): boolean {
  return OpenwopError.is(error) &&
    error.platformCode === "unsupported_stream_mode";
}

const known = /^(values|(updates|messages|debug)(,(updates|messages|debug))*)$/;

/** The modes as the wire wants them. Source: v2 §7.5. */
function checkModes(given: StreamModes = "debug"): string {
  const mode = [given].flat().join();
  if (!known.test(mode)) {
    refuse(
      "streamMode",
      `"values", or some of "updates", "messages" and "debug" are wanted, it is ${
        JSON.stringify(mode)
      }`,
    );
  }
  return mode;
}

/** A part of a frame: an event, or something else that a mode may want. */
type Part = RunEvent | {
  readonly other: JsonObject;
  readonly event: string;
  readonly id: number | undefined;
};

/** Leaves out what the modes do not have: not every host does. Source: v1 §8.3. */
function createFilter(mode: string): (part: Part) => Item[] {
  const modes = mode.split(",");
  return (part) => {
    const isOther = "other" in part;
    const type = isOther ? part.event : wireTypeOf(part);
    if (
      modes.includes("messages") && /^(ai\.message|output)\.chunk$/.test(type)
    ) {
      const payload = (isOther ? part.other : part.payload) as JsonObject;
      return typeof payload?.chunk === "string"
        ? [{
          type: "ai.message.chunk",
          sequence: isOther ? part.id : part.sequence,
          // The rest is the word of the host.
          payload: payload as unknown as MessageChunk["payload"],
        }]
        : [];
    }
    return !isOther &&
        (modes.includes("debug") ||
          (modes.includes("updates") && updates.test(type)))
      ? [part]
      : [];
  };
}

const updates =
  /^(run\.(started|completed|failed|cancelled|paused|resumed|annotated)|node\.(completed|failed|skipped|cancelled|suspended|dispatched)|approval\.re|(interrupt|clarification|artifact|eval|deployment|workspace|proposal|goal|import)\.)/;

function readFrame(
  codec: Codec,
  action: string,
  frame: SseFrame,
): readonly Part[] {
  const { data, event: name, id } = frame;
  let value: JsonValue;
  try {
    value = parseJson(data);
  } catch {
    // Some servers keep a connection warm with words of their own; an event always has an id or a dotted name.
    if (id === undefined && !name.includes(".")) return [];
    throw new DecodeError(action, "an event is not JSON");
  }
  // `batch` frames hold several events.
  if (Array.isArray(value)) {
    return value.map((one) => {
      const event = codec.readEvent(one);
      if (event) return event;
      throw new DecodeError(action, "an event lacks its type or its sequence");
    });
  }
  if (!isJsonObject(value)) return [];
  const sequence = /^\d{1,15}$/.test(id ?? "") ? Number(id) : undefined;
  return [
    codec.readEvent(value) ??
      // Only the frame says its place.
      codec.readEvent({ sequence: sequence ?? null, ...value }) ??
      { other: value, event: name, id: sequence },
  ];
}

/** A snapshot is read as the answer to a get. */
function readSnapshot(
  codec: Codec,
  path: string,
  value: JsonObject,
): RunSnapshot {
  const get = codec.write<RunSnapshot, "safe">({
    name: "runs.get",
    method: "GET",
    path,
    contract: "safe",
    decode: (body) => body as unknown as RunSnapshot,
  });
  return get.decode(value, {} as Answer);
}

/** The last sequence of an empty log is -1, and nobody's cursor: what comes after it is everything. */
function cursorOf(afterSequence: number | undefined): number | undefined {
  return afterSequence === -1 ? undefined : afterSequence;
}
