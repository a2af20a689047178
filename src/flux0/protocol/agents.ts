// Web standards only.

/** An agent that a server has. */
export interface Agent {
  /** Ten characters. */
  readonly id: string;
  /** Not unique. */
  readonly name: string;
  /** Which implementation answers for it. The server checks it when a message is posted, not before. */
  readonly type: string;
  /** What it is for; absent or `null` where nobody said. */
  readonly description?: string | null;
  /** RFC 3339, UTC, with microseconds. */
  readonly created_at: string;
}

/** A new agent. */
export interface CreateAgent {
  /** 1 to 100 characters. */
  readonly name: string;
  /** 1 to 100 characters; names an implementation that is registered on the server. */
  readonly type: string;
  /** The empty string is kept as `null`. */
  readonly description?: string | null | undefined;
}
