// Web standards only.
import { writeQuery } from "../../http/mod.ts";
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { MessageType } from "./messages.ts";

/** Where the server's socket is: at its root, not below `/api/v1`. */
export const SOCKET_PATH = "/ws/connect";

/** Who connects, as the query of {@linkcode SOCKET_PATH} says it. Source: the server asks for no token there. */
export function socketPath(
  { userId, workspaceId, agentId }: {
    readonly userId?: string | undefined;
    readonly workspaceId?: string | undefined;
    readonly agentId?: string | undefined;
  },
): string {
  const query = {
    user_id: userId,
    workspace_id: workspaceId,
    agent_id: agentId,
  };
  return `${SOCKET_PATH}?${writeQuery(query)}`;
}

/** A message that came over a socket. Messages of a socket and those of REST are two worlds that never meet. */
export interface LiveMessage {
  /** `msg_` and 16 hex digits. */
  readonly message_id: string;
  /** The `agent_id` of the socket that sent it. */
  readonly from_agent: string;
  /** The `agent_id` that it is for. */
  readonly to_agent: string;
  /** `null` where it was sent to one agent. */
  readonly workspace_id: string | null;
  /** What it says. */
  readonly content: JsonObject;
  /** What it is. */
  readonly message_type: MessageType | (string & Record<never, never>);
  /** Unix seconds, with a fraction. */
  readonly timestamp: number;
  /** Higher goes first in the server's backlog. */
  readonly priority: number;
  /** Free form. */
  readonly metadata: JsonObject;
}

/**
 * What a socket brings. Branch on `type`. What the server is not known to send, and what cannot be read at all, has the
 * type `unknown` and is in `frame` as it came.
 */
export type LiveFrame =
  | {
    /** A session has begun: the first one, or one after a break. */
    readonly type: "connected";
    /** `conn_…`, new for each session. */
    readonly connection_id: string;
    /** Unix seconds. */
    readonly timestamp: number;
  }
  | {
    /** A message, each id once. */
    readonly type: "message";
    /** The message. */
    readonly data: LiveMessage;
    /** Whether it waited in the backlog. */
    readonly queued?: boolean;
  }
  | {
    /** The server complains, and not about a command that waits for its answer. */
    readonly type: "error";
    /** In its words. */
    readonly message: string;
  }
  | {
    /** Something else. */
    readonly type: "unknown";
    /** As it came: JSON, or text that is none. */
    readonly frame: JsonValue;
  };

/** A message to send over a socket. */
export interface SendLive {
  /** The `agent_id` that it is for. */
  readonly to_agent: string;
  /** An object; empty where it is left out. */
  readonly content?: JsonObject | undefined;
  /** The server's default is `request`. */
  readonly message_type?: MessageType | undefined;
  /** Higher goes first. The server's default is 0. */
  readonly priority?: number | undefined;
}

/** A message to a workspace, over a socket. */
export interface BroadcastLive {
  /** The server's default is the workspace of the connection. */
  readonly workspace_id?: string | undefined;
  /** What it says. */
  readonly content: JsonObject;
}

/** What became of a message that was sent over a socket. */
export interface SentLive {
  /** `msg_` and 16 hex digits. */
  readonly message_id: string;
}

/** What became of a broadcast over a socket. */
export interface BroadcastLiveResult {
  /** The workspace. */
  readonly workspace_id: string;
  /** How many got it: none, on today's server. */
  readonly recipient_count: number;
}
