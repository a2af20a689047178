// Web standards only.
import type { JsonObject } from "../../http/mod.ts";

/** How a session runs; only servers of the later revision know it. */
export type SessionMode = "auto" | "manual" | "record" | "replay";

/** What a session of the later revision may carry beside its messages. */
export interface SessionMetadata {
  /** Which recording is written, in mode `record`. */
  readonly recording?: { readonly recording_id: string };
  /** Which recording is played, in mode `replay`. */
  readonly replay?: {
    /** The recording. */
    readonly recording_id: string;
    /** 1 is as recorded, 0 instant, less than 1 faster, more than 1 slower. */
    readonly pacing?: number;
  };
  /** Whatever else there is. */
  readonly [name: string]: unknown;
}

/** A conversation with one agent. */
export interface Session {
  /** Ten characters. */
  readonly id: string;
  /** The agent that answers. */
  readonly agent_id: string;
  /** Who made it: the anonymous user, or the one of the cookie. */
  readonly user_id: string;
  /** At most 200 characters; absent or `null` where nobody gave one. */
  readonly title?: string | null;
  /** How far a client has read. No server updates it. */
  readonly consumption_offsets: { readonly client?: number | null };
  /** RFC 3339, UTC, with microseconds. */
  readonly created_at: string;
  /** Later revision only. */
  readonly mode?: SessionMode;
  /** Later revision only. */
  readonly metadata?: SessionMetadata | null;
}

/** A new session. What is left out is not sent: servers refuse fields that they do not know. */
export interface CreateSession {
  /** The agent that is to answer. */
  readonly agent_id: string;
  /**
   * Ten characters of your own, see `createSessionId()`. The server does not check that it is free: where it is taken,
   * the older session goes on answering.
   */
  readonly id?: string | null | undefined;
  /** At most 200 characters. */
  readonly title?: string | null | undefined;
  /** Runs the agent at once. What it says then is lost on the servers that were seen: nobody listens yet. */
  readonly allow_greeting?: boolean | undefined;
  /** Later revision only; others refuse it with 422. */
  readonly mode?: SessionMode | undefined;
  /** Later revision only; others refuse it with 422. */
  readonly metadata?: SessionMetadata | JsonObject | null | undefined;
}

const alphabet =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Makes a session id of ten random characters that are safe in a URL, to know it before the session exists. It begins
 * and ends with a letter or a digit, as the ids of servers do.
 *
 * @example
 * ```ts
 * import { createSessionId } from "@tutti/sdk/flux0";
 * import assert from "node:assert/strict";
 *
 * assert.match(createSessionId(), /^[A-Za-z0-9][A-Za-z0-9-]{8}[A-Za-z0-9]$/);
 * ```
 */
export function createSessionId(): string {
  let id = "";
  while (!/^[^-_][^_]{8}[^-_]$/.test(id)) {
    id = Array.from(
      crypto.getRandomValues(new Uint8Array(10)),
      (byte) => alphabet[byte & 63],
    ).join("");
  }
  return id;
}
