// Web standards only.
import type { PulledStream, TuttiError } from "../http/mod.ts";
import type { Flux0CallOptions } from "./api.ts";
import type { StreamOptions } from "./event_stream.ts";
import type {
  Draft,
  FinishedEvent,
  MessageData,
  StatusEvent,
  StoredEvent,
  StreamEvent,
  ToolCallPart,
  ToolResult,
} from "./protocol/mod.ts";

/** How to send a message and read the answer. */
export interface SendOptions extends StreamOptions {
  /** Whether `collect()` and `text()` read the history, so that they give what was stored. @default true */
  readonly reconcile?: boolean | undefined;
  /**
   * The most that is kept of one answer: a unit for each character and value, 32 for each list and object. An answer
   * that is larger ends with a `DecodeError`. @default 16 Mi
   */
  readonly maxTurnSize?: number | undefined;
}

/**
 * What happens while an agent answers. A `draft` grows: what you read from it is how it stands at that moment, so take
 * from it what you want to keep.
 */
export type TurnPart = DraftPart | StatusPart | WarningPart;

/** A draft has grown. */
export interface DraftPart {
  /** What the draft looks like so far. */
  readonly type: "message" | "reasoning" | "tool_call" | "tool_result";
  /** The draft. */
  readonly draft: Draft;
  /**
   * The text that came to the end of the draft; empty where something else came, `undefined` where the agent has
   * changed what it said before.
   */
  readonly delta: string | undefined;
}

/** The agent says where it stands. */
export interface StatusPart {
  /** Tells it from the others. */
  readonly type: "status";
  /** The word: `acknowledged`, `processing`, `typing`, `error`, `cancelled`, or any other. */
  readonly status: string;
  /** All of it. */
  readonly event: StatusEvent;
}

/** Something could not be read or applied; the rest goes on. */
export interface WarningPart {
  /** Tells it from the others. */
  readonly type: "warning";
  /** What, in words, without any content. */
  readonly problem: string;
  /** The event. */
  readonly event: StreamEvent;
}

/**
 * How an answer ended: `completed` is well; `failed` and `cancelled` are what the agent itself said last; `silent` is an
 * agent that stored all that it showed, and never said that it was done.
 */
export type TurnOutcome = "completed" | "failed" | "cancelled" | "silent";

/** A whole answer. */
export interface TurnResult {
  /** The session. */
  readonly sessionId: string;
  /** Belongs to everything of this turn; `undefined` where the agent said nothing at all. */
  readonly correlationId: string | undefined;
  /** How it ended. */
  readonly outcome: TurnOutcome;
  /** What was said; several messages with an empty line between, content that is no text as JSON. */
  readonly text: string;
  /** What the agent thought aloud, in the same way. */
  readonly reasoning: string;
  /** The messages, those included that ask for tools. */
  readonly messages: readonly MessageData[];
  /** The tools that the agent asked for. */
  readonly toolCalls: readonly ToolCallPart[];
  /** What they gave back. */
  readonly toolResults: readonly ToolResult[];
  /** Where the agent said that it stood, in order. */
  readonly statuses: readonly StatusEvent[];
  /** What could not be read or applied. */
  readonly warnings: readonly string[];
  /** The events behind it: as stored, where the history was read, with ids and offsets; else as put together here. */
  readonly events: readonly (FinishedEvent | StoredEvent)[];
  /** How the history compares. */
  readonly history: TurnHistory;
}

/** What the history says about an answer. */
export interface TurnHistory {
  /**
   * `exact`: what was shown is what is stored. `different`: it is not, for example because the agent used an id twice,
   * so that two messages looked like one, or did not say its name, so that nothing was stored. `unread`: nobody asked,
   * or it could not be read; see `error`.
   */
  readonly state: "exact" | "different" | "unread";
  /** What was stored, without the message of the user and without statuses. */
  readonly stored: readonly StoredEvent[];
  /** What was shown and is not stored like that. */
  readonly unstored: readonly Draft[];
  /** Why it could not be read. */
  readonly error?: TuttiError | undefined;
}

/**
 * One message of the user and what the agent makes of it, while it makes it. Iterate it once, or take `tokens()`,
 * `collect()` or `text()`, which read on from where it stands.
 *
 * Nothing is sent before it is read. The message is sent once, whatever happens. Leaving the loop closes the connection;
 * the agent goes on all the same, on the servers that were seen, and stores what it says.
 *
 * @example
 * ```ts
 * import { Flux0Client } from "@tutti/sdk/flux0";
 * import { eventReply, createScriptedFetch } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const chunk = (value: string) => ({
 *   event: "chunk",
 *   data: {
 *     correlation_id: "RID(a)::b",
 *     event_id: "e",
 *     seq: 0,
 *     patches: [{ op: "add", path: "/-", value }],
 *     metadata: { agent_id: "aB3dE6gH9j", agent_name: "Meteo" },
 *     timestamp: 0,
 *   },
 * });
 * const { fetch } = createScriptedFetch({
 *   replies: [eventReply([chunk("Prob"), chunk("ably dry.")])],
 * });
 * const client = new Flux0Client({ fetch });
 *
 * const turn = client.sessions.send("talk-00001", "Rain?", { reconcile: false });
 * const seen: string[] = [];
 * for await (const part of turn) {
 *   if (part.type === "message") seen.push(part.draft.text);
 * }
 * assert.deepEqual(seen, ["Prob", "Probably dry."]);
 * assert.equal((await turn.collect()).text, "Probably dry.");
 * ```
 */
export interface Turn extends PulledStream<TurnPart> {
  /** The session. */
  readonly sessionId: string;
  /** Known as soon as the agent says anything. */
  readonly correlationId: string | undefined;
  /** How it ended; `undefined` before it did, and after it was cut off. */
  readonly outcome: TurnOutcome | undefined;
  /** What the agent has shown so far, in the order in which it began. */
  readonly drafts: readonly Draft[];
  /**
   * The text of the messages, piece by piece, with an empty line where another message goes on. Of text that the agent
   * changes afterwards, only what it adds is given; `text()` knows better.
   *
   * @throws {AgentFailedError} `agent-failed`, at the end: the agent says so.
   */
  tokens(): AsyncIterableIterator<string>;
  /**
   * Reads to the end and gives everything. May be called as often as you like.
   *
   * @throws {StreamInterruptedError} `stream-interrupted`: the connection broke, or the agent fell silent before what it
   * showed was stored. `cause` says which; `drafts` has what there is. It is not known whether the agent goes on.
   * @throws {DecodeError} `decode`: the answer is larger than `maxTurnSize`, or no event stream.
   * @throws {SessionBusyError} `session-busy`: nothing was sent.
   * @throws {Flux0Error} the server refused the message: `isNotFound` for an unknown session.
   */
  collect(): Promise<TurnResult>;
  /**
   * Reads to the end and gives the text alone.
   *
   * @throws {AgentFailedError} `agent-failed`: the agent says that it failed or was cancelled.
   * @throws as `collect()` does.
   */
  text(): Promise<string>;
  /**
   * Reads what the history has of this turn, and compares it with what was shown. For after an interruption: the agent
   * may still be at work, so there may be more later. Retried.
   *
   * @param options Options of the call.
   */
  reconcile(options?: Flux0CallOptions): Promise<TurnHistory>;
}
