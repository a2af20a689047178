// Web standards only.
import {
  AbortedError,
  checkDuration,
  checkWhole,
  closeable,
  fillRetry,
  isJsonObject,
  NetworkError,
  retryDelay,
  StreamInterruptedError,
  TuttiError,
} from "../http/mod.ts";
import type { Closing } from "../http/mod.ts";
import type { RoundTableClient } from "./client.ts";
import { createCommands } from "./live_commands.ts";
import { checkTopics, readFrame } from "./live_frames.ts";
import type { Connected, Message } from "./live_frames.ts";
import { createInbox } from "./live_inbox.ts";
import type {
  LiveMessages,
  LiveMessagesOptions,
  LiveSocket,
} from "./live_types.ts";
import { socketPath } from "./protocol/mod.ts";
import type { LiveFrame } from "./protocol/mod.ts";

/**
 * Opens the socket of the server, for messages between agents that are sent over sockets. They and those of REST never
 * meet.
 *
 * It answers pings, notices silence, reconnects, and drops what the server sends again: its backlog comes anew with
 * every session, for 24 hours. The backlog is given in the order of time. Nothing is opened before the first frame or
 * command. The server asks for no token and believes every `agentId`: a name is no proof of who writes.
 *
 * What it cannot do: get a message that left the backlog (100 messages, 24 hours) while there was no session.
 *
 * @param client Of which server, with which clock.
 * @param options Who you are, and how to be patient.
 * @throws {TuttiError} `unsupported-runtime`, there is no `WebSocket` here and none was handed in.
 * @throws {StreamInterruptedError} `stream-interrupted`, from the loop: too many connections in a row failed. A server
 * whose Redis was down when it started refuses all of them until it starts again.
 * @throws {AbortedError} `aborted`, from the loop: the caller's signal.
 *
 * @example
 * ```ts
 * import { createLiveMessages, RoundTableClient } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a server; leave `WebSocket` out to talk to a real one.
 * class WebSocket extends EventTarget {
 *   constructor() {
 *     super();
 *     queueMicrotask(() => {
 *       this.#say({ type: "connected", connection_id: "conn_1", timestamp: 1 });
 *       const data = { message_id: "msg_1", content: { n: 1 }, timestamp: 1 };
 *       this.#say({ type: "message", data });
 *       this.#say({ type: "message", data }); // again, as the server does
 *     });
 *   }
 *   #say(frame: object): void {
 *     const data = JSON.stringify(frame);
 *     this.dispatchEvent(new MessageEvent("message", { data }));
 *   }
 *   send(): void {}
 *   close(): void {}
 * }
 * const client = new RoundTableClient({ baseUrl: "http://localhost:8000" });
 * const live = createLiveMessages(client, { agentId: "scout", WebSocket });
 * const types: string[] = [];
 * for await (const frame of live) {
 *   types.push(frame.type);
 *   if (frame.type === "message") {
 *     assert.deepEqual(frame.data.content, { n: 1 });
 *     break;
 *   }
 * }
 * assert.deepEqual(types, ["connected", "message"]);
 * ```
 */
export function createLiveMessages(
  client: RoundTableClient,
  options: LiveMessagesOptions = {},
): LiveMessages {
  const { clock, random, baseUrl } = client.transport;
  const {
    idleTimeoutMs = 75_000,
    refreshMs = 15_000,
    maxWaiting = 1_000,
    signal,
  } = options;
  const retry = fillRetry(
    { retries: 10, initialDelayMs: 250, maxDelayMs: 10_000 },
    options.retry,
  );
  checkWhole("maxWaiting", maxWaiting, 1, 1e6);
  checkDuration("idleTimeoutMs", idleTimeoutMs);
  checkDuration("refreshMs", refreshMs);
  const inbox = createInbox({
    maxWaiting,
    maxRemembered: options.maxRemembered ?? 10_000,
    onRoom: refresh,
  });
  const Socket = options.WebSocket ??
    (globalThis as { readonly WebSocket?: new (url: string) => LiveSocket })
      .WebSocket;
  const url = baseUrl.replace(/^http/, "ws") + socketPath(options);
  const topics = new Set(options.topics);
  const timers = new Map<string, () => void>();
  let backlog: Message[] = [];
  let socket: LiveSocket | undefined;
  let leaving: LiveSocket | undefined;
  let connectionId: string | undefined;
  let failures = 0;
  let isStarted = false;
  let isPushed = false;
  let isPlanned = false;

  // Last of all: options are refused alike in every runtime.
  if (!Socket) {
    throw new TuttiError(
      "unsupported-runtime",
      "Cannot open a socket: this runtime has no WebSocket",
      { hint: "hand one in as WebSocket, for example that of the package ws" },
    );
  }

  /** Starts a timer anew; without a length it only stops. */
  function after(name: string, ms = Infinity, act = (): void => {}): void {
    timers.get(name)?.();
    timers.delete(name);
    if (ms !== Infinity) timers.set(name, clock.schedule(ms, act));
  }

  const watch = (): void => after("silence", idleTimeoutMs, lose);

  function send(frame: object): boolean {
    if (connectionId === undefined) return false;
    try {
      socket!.send(JSON.stringify(frame));
    } catch {
      // It is closing: what was not sent waits for the next session.
      return false;
    }
    return true;
  }

  const commands = createCommands(clock, send);

  function connect(): void {
    leaving = undefined;
    after("connect");
    watch();
    let mine: LiveSocket;
    try {
      mine = socket = new Socket!(url);
    } catch (cause) {
      return end(new NetworkError("the live messages", cause));
    }
    const onEnd = (): void => {
      if (socket === mine) lose();
      // The server forgets an agent when any of its sockets closes, so the next one begins after the last one ended.
      else if (leaving === mine) connect();
    };
    mine.addEventListener("message", (event) => {
      if (socket === mine) receive((event as { readonly data: unknown }).data);
    });
    mine.addEventListener("close", onEnd);
    mine.addEventListener("error", onEnd);
  }

  /** Leaves the session that there is. */
  function leave(): void {
    const old = socket;
    socket = connectionId = undefined;
    flush();
    after("silence");
    after("refresh");
    commands.fail();
    try {
      old?.close();
    } catch {
      // Nothing to close.
    }
  }

  function lose(): void {
    leave();
    isPlanned = false;
    if (++failures > retry.retries) {
      return end(new StreamInterruptedError("the live messages", undefined));
    }
    after("connect", retryDelay(retry, failures, random), connect);
  }

  /** Ends the session for a new one, which brings the backlog again. */
  function refresh(): void {
    if (connectionId === undefined) return;
    // An answer that is due would be lost.
    if (commands.isWaiting) return after("refresh", 1_000, refresh);
    isPlanned = true;
    after("connect", 1_000, connect);
    leaving = socket;
    leave();
  }

  function receive(data: unknown): void {
    const frame = readFrame(data);
    const type = isJsonObject(frame) ? frame.type : undefined;
    if (
      isJsonObject(frame) &&
      /^(subscribed|unsubscribed|sent|broadcast|error)$/.test(String(type))
    ) {
      // A session that the server has forgotten goes on answering: answers are no sign of life.
      if (commands.answer(frame)) failures = 0;
      else if (type === "error") {
        inbox.push(frame as LiveFrame & { readonly type: "error" });
      } else inbox.push({ type: "unknown", frame });
      return;
    }
    watch();
    if (type === "connected") return begin(frame as Connected);
    failures = 0;
    if (type === "ping") return void send({ type: "pong" });
    const message = frame as unknown as Message;
    if (type !== "message" || typeof message.data?.message_id !== "string") {
      return inbox.push({ type: "unknown", frame });
    }
    if (message.queued) {
      backlog.push(message);
      return after("backlog", 100, flush);
    }
    if (!isPushed) after("refresh");
    isPushed = true;
    flush();
    inbox.push(message);
  }

  function begin(frame: Connected): void {
    connectionId = frame.connection_id;
    if (!isPlanned) inbox.push(frame);
    isPlanned = false;
    if (options.agentId !== undefined && !isPushed) {
      after("refresh", refreshMs, refresh);
    }
    if (topics.size > 0) {
      commands.run({ type: "subscribe", topics: [...topics] } as never)
        .catch(() => {});
    }
    commands.flush();
  }

  /** Gives what the backlog brought; the server sorts it by priority and then by text. */
  function flush(): void {
    after("backlog");
    const messages = backlog;
    backlog = [];
    messages.sort((a, b) => a.data.timestamp - b.data.timestamp);
    for (const message of messages) inbox.push(message);
  }

  function start(): void {
    if (isStarted || inbox.closed) return;
    isStarted = true;
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort);
    connect();
  }

  function onAbort(): void {
    end(new AbortedError("the live messages", signal?.reason));
    inbox.clear();
  }

  function end(error?: unknown): void {
    if (inbox.closed) return;
    inbox.end(error);
    signal?.removeEventListener("abort", onAbort);
    leaving = undefined;
    leave();
    after("connect");
    commands.fail(
      error ?? new NetworkError("the command", new Error("it was closed")),
    );
  }

  async function run<Reply>(
    frame: { readonly type: string },
    within?: Parameters<typeof commands.run>[1],
  ): Promise<Reply> {
    start();
    if (inbox.closed) {
      throw inbox.failure ?? new NetworkError("the command", undefined);
    }
    const { type: _, ...reply } = await commands.run(frame, within);
    return reply as Reply;
  }

  // deno-lint-ignore require-await
  async function close(): Promise<void> {
    end();
    // Who closes it wants nothing more of it, no failure either.
    inbox.clear();
    inbox.end();
  }

  return closeable<Omit<LiveMessages, keyof Closing>>({
    get connectionId(): string | undefined {
      return connectionId;
    },
    get closed(): boolean {
      return inbox.closed;
    },
    next: () => {
      start();
      return inbox.next();
    },
    send: (message, within) => run({ ...message, type: "send" }, within),
    broadcast: (message, within) =>
      run({ ...message, type: "broadcast" }, within),
    async subscribe(wanted, within): Promise<void> {
      checkTopics(wanted);
      for (const topic of wanted) topics.add(topic);
      await run({ type: "subscribe", topics: wanted } as never, within);
    },
    async unsubscribe(wanted, within): Promise<void> {
      if (wanted) checkTopics(wanted);
      for (const topic of wanted ?? topics) topics.delete(topic);
      await run({ type: "unsubscribe", topics: wanted } as never, within);
    },
  }, close);
}
