// Web standards only.
import { parseJson, refuse } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";
import type { LiveFrame, LiveMessage } from "./protocol/mod.ts";

/** The first frame of a session. */
export type Connected = LiveFrame & { readonly type: "connected" };

/** A message, as it came. */
export interface Message {
  readonly type: "message";
  readonly data: LiveMessage;
  readonly queued?: boolean;
}

/** The server takes a text for a list of its letters. */
export function checkTopics(topics: readonly string[]): void {
  if (!Array.isArray(topics) || topics.length === 0) {
    refuse("topics", "a list of at least one topic is wanted");
  }
}

/** What came, as JSON; as text where it is none, and `null` for what is no text. */
export function readFrame(data: unknown): JsonValue {
  if (typeof data !== "string") return null;
  try {
    return parseJson(data);
  } catch {
    return data;
  }
}
