// Web standards only.
import type {
  AsyncCloseable,
  RetryOptions,
  WithinOptions,
} from "../http/mod.ts";
import type {
  BroadcastLive,
  BroadcastLiveResult,
  LiveFrame,
  SendLive,
  SentLive,
} from "./protocol/mod.ts";

/** The part of a `WebSocket` that is used. That of every runtime fits, and that of the package `ws`. */
export interface LiveSocket {
  /** Sends a text frame. */
  send(text: string): void;
  /** Begins to close. */
  close(): void;
  /** `message`, `close` and `error`. */
  addEventListener(
    type: "message" | "close" | "error",
    listener: (event: object) => void,
  ): void;
}

/** How to be live. */
export interface LiveMessagesOptions {
  /**
   * Who you are to others on sockets: any name, unrelated to the ids of sandboxes unless you make it one. Without it
   * you get no messages and can send none. A second socket of the same name takes over.
   */
  readonly agentId?: string | undefined;
  /** The workspace that broadcasts go to. */
  readonly workspaceId?: string | undefined;
  /** Shown by the server to whoever asks; nothing checks it. */
  readonly userId?: string | undefined;
  /** Topics to subscribe to, in every session. */
  readonly topics?: readonly string[] | undefined;
  /** The class to connect with; Node 20 has none of its own. @default the global `WebSocket` */
  readonly WebSocket?: (new (url: string) => LiveSocket) | undefined;
  /** Ends it with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Reconnects in a row that fail. @default 10 retries from 250 ms to 10 s */
  readonly retry?: RetryOptions | false | undefined;
  /** The longest silence, in milliseconds; the server sends a ping every 30 s. @default 75_000 */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Today's server hands messages out only when a socket connects, so a session ends after so many milliseconds for a
   * new one, until a message comes without that. `Infinity` for a server that is repaired. @default 15_000
   */
  readonly refreshMs?: number | undefined;
  /**
   * How many frames may wait for the loop. What comes when that many wait is left out; once half of them are taken, a new
   * session brings it again, as far as the server's backlog has it. @default 1_000
   */
  readonly maxWaiting?: number | undefined;
  /** How many ids of messages are remembered, so that none is given twice. @default 10_000 */
  readonly maxRemembered?: number | undefined;
}

/** A socket that heals. Iterate it once; leaving the loop closes it. */
export interface LiveMessages
  extends AsyncIterableIterator<LiveFrame>, AsyncCloseable {
  /** The session, `undefined` while there is none. */
  readonly connectionId: string | undefined;
  /** Whether it has ended, in whatever way. */
  readonly closed: boolean;
  /**
   * Sends a message to an agent, which gets it when it connects the next time. Waits for a session, and for the answer.
   * Not repeated when the connection breaks before the answer: a `NetworkError` does not say whether it was sent.
   *
   * @param message To whom, and what.
   * @param options Its signal, and its budget. @default 30 s
   * @throws {TuttiError} `command-refused`: the server's words are its `cause`.
   * @throws {NetworkError} `network`, the connection broke.
   * @throws {TimeoutError} `timeout`, budget `total`.
   * @throws {AbortedError} `aborted`.
   */
  send(message: SendLive, options?: WithinOptions): Promise<SentLive>;
  /**
   * Sends a message to a workspace. Today's server delivers it to nobody.
   *
   * @param message What.
   * @param options Its signal, and its budget. @default 30 s
   * @throws the same as `send()`.
   */
  broadcast(
    message: BroadcastLive,
    options?: WithinOptions,
  ): Promise<BroadcastLiveResult>;
  /**
   * Subscribes to topics, in this session and the following ones. Today's server never publishes anything to them.
   *
   * @param topics At least one.
   * @param options Its signal, and its budget. @default 30 s
   * @throws {InvalidArgumentError} `invalid-argument`: it is no list of texts; nothing was sent.
   * @throws the same as `send()`.
   */
  subscribe(
    topics: readonly string[],
    options?: WithinOptions,
  ): Promise<void>;
  /**
   * Ends subscriptions.
   *
   * @param topics Of which topics; all, where it is left out.
   * @param options Its signal, and its budget. @default 30 s
   * @throws the same as `send()`.
   */
  unsubscribe(
    topics?: readonly string[],
    options?: WithinOptions,
  ): Promise<void>;
  /** Ends it and gives the connection back; a pending `next()` says that it is done, and pending commands fail. */
  close(): Promise<void>;
}
