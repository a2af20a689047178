// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { MessageType } from "./enums.ts";

/** Something said in a channel. */
export interface Message {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** UUID. */
  readonly channelId: string;
  /** UUID of the agent that said it. */
  readonly senderId: string;
  /** UUID of the agent it is for, for direct messages. */
  readonly recipientId: string | null;
  /** What it is about. */
  readonly type: MessageType;
  /** The text. */
  readonly body: string;
  /** What it answers. */
  readonly parentMessageId: string | null;
  /** Kept with it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A new message. */
export interface SendMessage {
  /** UUID. */
  readonly channelId: string;
  /** The text; may be empty. */
  readonly body: string;
  /** What it is about. @default "text" */
  readonly type?: MessageType | undefined;
  /** UUID of what it answers. */
  readonly parentMessageId?: string | undefined;
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
}

/** How to go back through messages. */
export interface BackwardsQuery {
  /** How many at most. @default 50 */
  readonly limit?: number | undefined;
  /** UUID of a message: only older ones. That is the first one of a page, not the last one. */
  readonly before?: string | undefined;
}

/** Which messages to list. */
export interface MessageQuery extends BackwardsQuery {
  /** UUID. */
  readonly channelId: string;
}
