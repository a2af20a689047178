// Web standards only.
import { parseJson } from "../../http/mod.ts";
import type { JsonObject, JsonValue, SseFrame } from "../../http/mod.ts";
import type { EventSource, EventType, StatusData } from "./events.ts";
import { isText } from "./text.ts";

/** An event to post. The servers that were seen take nothing but a message of the user. */
export interface PostEvent {
  /** What it is. */
  readonly type: EventType;
  /** Who says it. */
  readonly source: EventSource;
  /** What is said: a string that is not empty. */
  readonly content?: string | null | undefined;
}

/** One change of a document, as RFC 6902 writes it. The servers that were seen send `add` and `replace`. */
export interface JsonPatch {
  /** What to do. */
  readonly op: "add" | "replace" | "remove" | "move" | "copy" | "test";
  /** Where, as a JSON pointer; a last part `-` stands for the end of a list. */
  readonly path: string;
  /** What to put there. */
  readonly value?: JsonValue;
  /** Where to take it from, for `move` and `copy`. */
  readonly from?: string;
}

/** A piece of a document that the agent is writing. */
export interface ChunkEvent {
  /** Belongs to one message of the user. */
  readonly correlation_id: string;
  /** Which document; chosen by the agent, may be used again for another one, and is in no history. */
  readonly event_id: string;
  /** No order: many agents always say 0. Chunks count in the order in which they come. */
  readonly seq: number;
  /** What changes. */
  readonly patches: readonly JsonPatch[];
  /** Of the agent; that of the first chunk of a document counts. */
  readonly metadata: JsonObject;
  /** Unix time in seconds, with a fraction. */
  readonly timestamp: number;
}

/** The agent says where it stands. */
export interface StatusEvent {
  /** Chosen by the agent; may be empty. */
  readonly id: string;
  /** `ai_agent`. */
  readonly source: EventSource;
  /** `status`. */
  readonly type: "status";
  /** Belongs to one message of the user. */
  readonly correlation_id: string;
  /** The status. */
  readonly data: StatusData;
  /** What the agent added. */
  readonly metadata?: JsonObject | null;
}

/** One event of the stream, as it came. `invalid` is one that cannot be read, and does not end the stream. */
export type StreamEvent =
  | { readonly event: "chunk"; readonly data: ChunkEvent }
  | {
    readonly event: "status";
    /** The `id` of the frame; may be empty. */
    readonly id: string;
    readonly data: StatusEvent;
  }
  | { readonly event: "invalid"; readonly frame: SseFrame }
  | { readonly event: "unknown"; readonly frame: SseFrame };

/** Reads one frame. Never throws: what cannot be read is `invalid`, what nobody knows `unknown`. */
export function readFrame(frame: SseFrame): StreamEvent {
  const { event, id = "" } = frame;
  if (event !== "chunk" && event !== "status") {
    return { event: "unknown", frame };
  }
  try {
    // What lacks its shape ends in the catch below, like what is no JSON.
    const data = parseLoose(frame.data) as unknown as ChunkEvent & StatusEvent;
    if (event === "status" && isText(data.data.status)) {
      return { event, id, data };
    }
    if (
      event === "chunk" && isText(data.event_id) &&
      Array.isArray(data.patches) &&
      data.patches.every((patch) => Object(patch) === patch)
    ) return { event, data };
  } catch {
    // Said by the return below.
  }
  return { event: "invalid", frame };
}

/**
 * Reads JSON in which a Python server may have left `NaN` and `Infinity`, which become `null` as `JSON.stringify` has
 * it.
 */
function parseLoose(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    // Strings are matched whole, to be left alone; one that never ends, to the end, or each quote in it would be tried.
    return parseJson(text.replace(
      /"[^"\\]*(?:\\.[^"\\]*)*"?|-?\b(?:NaN|Infinity)\b/g,
      (match) => match[0] === '"' ? match : "null",
    ));
  }
}
