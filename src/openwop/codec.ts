// Web standards only.
import { pathTag } from "../http/mod.ts";
import type { HeaderRecord, JsonValue, PathTag } from "../http/mod.ts";
import {
  CLIENT_VERSION,
  HEADERS,
  projectId,
  PROTOCOL_VERSION,
  toRunEvent,
} from "./protocol/mod.ts";
import type { RunEvent } from "./protocol/mod.ts";

/**
 * Everything in which the majors of OpenWOP differ on the wire. A request's path, headers, ids and event names all
 * come from one codec; nothing else in the client knows which major it speaks. Source: v2 §2.5 rule 5.
 */
export interface Codec {
  /** Which major it speaks. */
  readonly major: 2;
  /** Sent with every request. */
  readonly headers: HeaderRecord;
  /** Writes a path with ids in it. */
  readonly path: PathTag;
  /** The query name of the poll cursor. */
  readonly pollCursor: string;
  /** Whether an answer with this version header speaks the same major. */
  matches(version: string | null): boolean;
  /** Reads an event into the shared model; `undefined` for what is none. */
  toEvent(value: JsonValue | undefined): RunEvent | undefined;
}

/** OpenWOP 2. Source: v2 §2.2, §4, §7.6. */
export const codecV2: Codec = {
  major: 2,
  headers: {
    [HEADERS.version]: PROTOCOL_VERSION,
    [HEADERS.clientVersion]: CLIENT_VERSION,
    accept: "application/json",
  },
  path: pathTag(projectId),
  pollCursor: "afterSequence",
  matches: (version) => version !== null && /^2(\.|$)/.test(version),
  toEvent: toRunEvent,
};
