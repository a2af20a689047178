// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";

/** Who made an event. `system` is reserved. */
export type EventSource = "user" | "ai_agent" | "system";

/** What an event is. `custom` is reserved. */
export type EventType = "message" | "tool" | "status" | "custom";

/** A record in the history of a session. */
export interface StoredEvent {
  /** Ten characters, given by the server; not the id that the stream used. */
  readonly id: string;
  /** The same on everything that belongs to one message of the user. Opaque. */
  readonly correlation_id: string;
  /** What it is. */
  readonly type: EventType;
  /** Who made it. */
  readonly source: EventSource;
  /** Its place in the session, from 0, without gaps. */
  readonly offset: number;
  /** What it says; its `type` tells which it is. */
  readonly data: MessageData | ToolResultData | StatusData;
  /** Always `false` so far. */
  readonly deleted: boolean;
  /** What the agent added. */
  readonly metadata: JsonObject | null;
  /** RFC 3339, UTC, with microseconds. */
  readonly created_at: string;
}

/** A message, of the user or of the agent. */
export interface MessageData {
  /** Tells it from the others. */
  readonly type: "message";
  /** Its pieces, in order. */
  readonly parts: readonly MessagePart[];
  /** Who speaks. */
  readonly participant?: Participant | null;
  /** Labels; agents give none. */
  readonly tags?: readonly string[] | null;
  /** Whether moderation stopped it; agents give nothing. */
  readonly flagged?: boolean | null;
}

/** Who speaks. */
export interface Participant {
  /** Of the agent or the user; absent where an agent did not say. */
  readonly id?: string | null;
  /** To show. */
  readonly name: string;
}

/** A piece of a message. */
export type MessagePart = ContentPart | ReasoningPart | ToolCallPart;

/** What is said: text, or any JSON. */
export interface ContentPart {
  /** Tells it from the others. */
  readonly type: "content";
  /** A string from most agents. */
  readonly content: JsonValue;
}

/** What the agent thinks aloud. */
export interface ReasoningPart {
  /** Tells it from the others. */
  readonly type: "reasoning";
  /** A string from most agents. */
  readonly reasoning: JsonValue;
}

/** A tool that the agent asks for. */
export interface ToolCallPart {
  /** Tells it from the others. */
  readonly type: "tool_call";
  /** Pairs it with its result. */
  readonly tool_call_id: string;
  /** Which tool. */
  readonly tool_name: string;
  /** What it is called with. */
  readonly args: JsonValue;
}

/** What tools gave back. */
export interface ToolResultData {
  /** Tells it from the others. */
  readonly type: "tool_call_result";
  /** One for each call. */
  readonly tool_calls: readonly ToolResult[];
}

/** What one tool gave back. */
export interface ToolResult {
  /** Pairs it with its call. */
  readonly tool_call_id: string;
  /** Which tool. */
  readonly tool_name: string;
  /** What it was called with. */
  readonly args: JsonValue;
  /** What came out. */
  readonly result?: {
    /** Any JSON. */
    readonly data: JsonValue;
    /** What the agent added. */
    readonly metadata: JsonObject;
    /** Whether the agent or a person goes on with the session. */
    readonly control: { readonly mode: "auto" | "manual" };
  } | null;
  /** Why nothing came out. */
  readonly error?: string | null;
}

/** Where the agent stands. Agents may say any other word, too. */
export type StatusWord =
  | "acknowledged"
  | "processing"
  | "typing"
  | "error"
  | "cancelled"
  | "ready"
  | "completed"
  | (string & Record<never, never>);

/** Where the agent stands. */
export interface StatusData {
  /** Tells it from the others. */
  readonly type: "status";
  /** The word. */
  readonly status: StatusWord;
  /** The offset of the message that it is about. */
  readonly acknowledged_offset?: number | null;
  /** Whatever belongs to it, for example what went wrong. */
  readonly data?: JsonValue;
}

/** Which events of a session to read. Conditions hold together. */
export interface EventFilter {
  /** Only from this offset on. */
  readonly min_offset?: number | undefined;
  /** Only of this source. */
  readonly source?: EventSource | undefined;
  /** Only what belongs to one message of the user. */
  readonly correlation_id?: string | undefined;
  /** Only of these types. Applied here: the filter of the server refuses every spelling with 422. */
  readonly types?: readonly EventType[] | undefined;
}

/** An event of the history, before it is one. */
export interface FinishedEvent {
  /** What it is. */
  readonly type: "message" | "tool";
  /** What it says. */
  readonly data: MessageData | ToolResultData;
  /** What the agent added. */
  readonly metadata: JsonObject | null;
}
