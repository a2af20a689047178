// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type {
  AgentEventType,
  ChannelType,
  EntityType,
  EventSeverity,
  MessageType,
} from "./enums.ts";

/** A place for messages. */
export interface Channel {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** Up to 100 characters; each name is there once. */
  readonly name: string;
  /** What it is for. */
  readonly type: ChannelType;
  /** UUID of the task it is about. */
  readonly taskId: string | null;
  /** Kept with it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** A new channel. */
export interface CreateChannel {
  /** Up to 100 characters. */
  readonly name: string;
  /** What it is for. */
  readonly type: ChannelType;
  /** UUID of the task it is about. */
  readonly taskId?: string | undefined;
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
}

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

/** Something that happened. It has no message in words. */
export interface AgentEvent {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** What happened. */
  readonly type: AgentEventType;
  /** UUID of who did it. */
  readonly actorId: string;
  /** What it is about. */
  readonly entityType: EntityType;
  /** UUID of that. */
  readonly entityId: string;
  /** What belongs to it. */
  readonly data: JsonObject;
  /** How serious it is. */
  readonly severity: EventSeverity;
  /** Why. */
  readonly reasoning: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Which events to list. */
export interface EventFilter {
  /** Exactly this one. */
  readonly type?: AgentEventType | undefined;
  /** UUID. */
  readonly actorId?: string | undefined;
  /** What they are about. */
  readonly entityType?: EntityType | undefined;
  /** UUID of that. */
  readonly entityId?: string | undefined;
  /** How serious. */
  readonly severity?: EventSeverity | undefined;
  /** From then on, itself included; a text must name its zone. */
  readonly startDate?: string | Date | undefined;
  /** Up to then, itself included; a text must name its zone. */
  readonly endDate?: string | Date | undefined;
}

/** Which page of events to list. */
export interface EventQuery extends EventFilter {
  /** From 1. @default 1 */
  readonly page?: number | undefined;
  /** How many on a page. @default 50 */
  readonly limit?: number | undefined;
}

/** A page of events. */
export interface EventPage {
  /** Newest first. */
  readonly data: readonly AgentEvent[];
  /** What was asked for, and how many there are in all. */
  readonly meta: {
    readonly total: number;
    readonly page: number;
    readonly limit: number;
  };
}
