// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { MessageType } from "./enums.ts";

/** A direct message, as the list of a conversation has it. */
export interface DirectMessage {
  /** UUID. */
  readonly id: string;
  /** UUID. */
  readonly fromAgentId: string;
  /** For people. */
  readonly fromAgentName: string;
  /** UUID. */
  readonly toAgentId: string;
  /** For people. */
  readonly toAgentName: string;
  /** The text. */
  readonly body: string;
  /** What it is about. */
  readonly type: MessageType;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Whether it was marked as read. */
  readonly read: boolean;
}

/** A new direct message. */
export interface SendDirectMessage {
  /** UUID. */
  readonly toAgentId: string;
  /** The text. */
  readonly body: string;
  /** What it is about. @default "text" */
  readonly type?: MessageType | undefined;
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
}

/** A conversation of two agents. */
export interface Conversation {
  /** UUID. */
  readonly channelId: string;
  /** UUID of the other one. */
  readonly otherAgentId: string;
  /** For people. */
  readonly otherAgentName: string;
  /** From 1 to 10. */
  readonly otherAgentLevel: number;
  /** Its text; empty where there is none. */
  readonly lastMessage: string;
  /** ISO 8601. */
  readonly lastMessageAt: string;
  /** How many. */
  readonly unreadCount: number;
}
